"""The tests of the keys can fail: each one refuses a copy in which one figure is another.

For every test one figure is changed where trainees read it, or one in the key; for most of them
both. `{a→b}` marks what is changed, in the words around it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType

import pytest

from tests import (
    test_keys,
    test_keys_of_accounts,
    test_keys_of_cards,
    test_keys_of_cuts,
    test_keys_of_desks,
    test_keys_of_rules,
    test_keys_sources,
)
from tests.printed import Printed

ACCOUNTS = "materials/m2-accounts.md"
ASSESSORS = "materials/assessors.yaml"
BOOK = "materials/handbook.md"
CALIBRATION = "materials/calibration.yaml"
EXAMPLES = "materials/worked-examples.yaml"
CHECKS_2 = "instruments/m2.yaml"
CHECKS_3 = "instruments/m3.yaml"
CHECKS_7 = "instruments/m7.yaml"
CHECKS_8 = "instruments/m8.yaml"
FINAL = "instruments/final.yaml"
LAWS = "materials/state-federal-summary.md"
LOG = "materials/request-log.csv"
M2 = "modules/m2-policy.yaml"
M3 = "modules/m3-systems.yaml"
M7 = "modules/m7-problems.yaml"
M8 = "modules/m8-leading.yaml"
MAIL = "materials/m2-mail.md"
MERGE = "materials/m3-merge-practice.csv"
RECORDS = "materials/m3-practice-records.csv"
SHEETS_2 = "materials/m2.yaml"
SHEETS_3 = "materials/m3.yaml"
SHEETS_4 = "materials/m4.yaml"
SHEETS_5 = "materials/m5.yaml"
SHEETS_7 = "materials/m7.yaml"
SHEETS_8 = "materials/m8.yaml"
SHEETS_9 = "materials/m9.yaml"
TEAM = "materials/m8-two-weeks.csv"

# By test: the file, the change, and what the test is parametrized with.
SLIPS: dict[str, list[tuple[str, ...]]] = {
    "the_log_is_what_its_notes_say": [
        (LOG, "{R31,3→R32,3},Mon"),
        (SHEETS_3, "rows 2 to {61→60} the"),
    ],
    "the_formulas_of_the_aid_reach_the_whole_log": [
        (SHEETS_3, "$G${61→60},L2)"),
    ],
    "the_tables_by_cause": [
        (LOG, "FV-1 incomplete,{1,12→1,13},"),
        (LOG, "not signed,{FV-1 incomplete,2,18→Other,2,18}"),
        (M3, "| FV-1 incomplete | {21→22} | 35.0%"),
        (M3, "| Payment not yet shown | 6 | {10.0→10.1}%"),
        (CHECKS_3, "| 38 | {13→14} |"),
    ],
    "what_the_trainer_says_about_the_log": [
        (LOG, "R01,1,Mon,counter,{access→aid}"),
        (M3, "tax paper {5, a field 4→4, a field 5}"),
    ],
    "the_channels": [
        (LOG, "R01,1,Mon,{counter→phone}"),
        (M3, "phone 21 ({199→198})"),
    ],
    "the_counts_in_the_anchors_of_the_table": [
        (CHECKS_3, "(21, 13, 8, {6, 5→5, 6}, 4, 3)"),
    ],
    "the_ranking_of_the_team_case": [
        (LOG, "Transfer credit not posted,{3,45→2,45}"),
        (M7, "{49.1→49.2}% of the minutes"),
        (M7, "R41–R50 {129→128}"),
    ],
    "what_the_trainer_says_about_the_ranking": [
        (M7, "weeks 3 and 4 {407→408} minutes"),
        (LOG, "R31,3,Mon,counter,{fines→aid}"),
    ],
    "the_causes_of_fv_1_in_the_log": [
        (LOG, "{household→income} field left blank,FV"),
        (M7, "By week 1, 5, {9, 6→8, 7}"),
    ],
    "the_worked_example": [
        (SHEETS_7, "| 41 | {4→5} | 164 |"),
        (SHEETS_7, "60, of which {27→26} unsigned"),
        (M7, "E 6 + 10 + 6 + 20 = {42→43}"),
    ],
    "the_evidence_on_fv_1": [
        (SHEETS_7, "90 forms, {29→28} went back"),
        (M7, "({43.4→43.5}%)"),
        (M7, "A 38, B {40→41}, C 40, D 44"),
    ],
    "the_plan_cases": [
        (CHECKS_7, "| 34 | {8→9} | 12 |", "a"),
        (CHECKS_7, "{41→42} of 1,200 (3.4%)", "a"),
        (CHECKS_7, "9 after meetings in person, {30→31}", "b"),
    ],
    "the_ranking_of_the_in_basket": [
        (FINAL, "| 46 | {14→15} | 31 |", "a"),
        (FINAL, "793, 572, {297→298}", "b"),
    ],
    "the_rankings_of_the_pre_test": [
        (FINAL, "50 contacts of {12→13} minutes"),
    ],
    "the_five_measures": [
        (SHEETS_7, "{425→430} of 500"),
        (M7, "7,482 / 9,975 = {75.0→75.1}%"),
    ],
    "the_two_weeks_hold_the_five_variances_and_no_other": [
        (TEAM, "1,Mon,Emeka,{420,404,25,22,223,79,0,5,5→420,404,25,22,223,79,0,5,0}"),
    ],
    "the_key_of_the_two_weeks": [
        (TEAM, "1,Wed,Chen,{420,412,24,14→420,412,24,15}"),
        (M8, "1,192/169 = **{7.1→7.0}"),
    ],
    "the_report_on_two_weeks": [
        (CHECKS_8, "| 2,039 / {1,764→1,765} |"),
        (CHECKS_8, "| within 10 minutes | {143→243} |"),
    ],
    "the_coverage_case": [
        (SHEETS_8, "| Contacts expected | 12 | 14 | {22→26} |"),
        (SHEETS_8, "| Kai | {11→12}–17 |"),
        (M8, "{200→201} plans are right"),
        (M8, "Imani 11:30, Sunita 12:{00→30}, Kai 12:30"),
    ],
    "the_coverage_plan_that_is_scored": [
        (CHECKS_8, "| Thandi | 09–{14→15} |"),
        (CHECKS_8, "{36→34} plans are"),
    ],
    "the_plan_for_tomorrow_in_the_basket": [
        (FINAL, "Ben 09–{13→14},", "a"),
        (FINAL, "Jules 11:{00→30} to 12:30; Hana", "b"),
    ],
    "the_coverage_demonstration": [
        (M8, "contacts 8, {20→21}, 27"),
        (M8, "72, 180, 243 minutes, 2, 4 and {6→5}"),
    ],
    "the_candidate_who_counted_calls": [
        (SHEETS_8, "those calls fell from {60→64} to 35 a week"),
    ],
    "sums_that_texts_work_out_are_right": [
        (M2, "75.00 + 50.00 + 12.00 = {137.00→138.00}"),
    ],
    "shares_that_texts_work_out_are_right": [
        (M7, "46 of 106 ({43.4→43.3}%)"),
    ],
    "every_office_is_named_with_its_own_extension": [
        (FINAL, "REG records officer, ext. {5119→5110}"),
    ],
    "a_posted_balance_agrees_with_its_lines": [
        (ACCOUNTS, "| **{2,877.00→2,878.00}** |", "1:", "## Account 2"),
    ],
    "account_d": [
        (ACCOUNTS, "loan was {12→13} calendar days"),
        (M2, "Right balance 3.00, difference {60.00→50.00}"),
    ],
    "account_1": [
        (ACCOUNTS, "first registration of this term on day {4→6}"),
        (BOOK, "at most ${40→45}."),
    ],
    "account_2": [
        (ACCOUNTS, "$750.00) on day {17→21}"),
        (ACCOUNTS, "12 credits at ${250.00→255.00}"),
    ],
    "account_3": [(M2, "**Right balance {2,440.00→2,430.00}**")],
    "the_account_that_is_scored": [
        (CHECKS_2, "one piece of equipment, 14 hours overdue | {28.00→26.00} |"),
        (CHECKS_2, "balance reads 38.00 or {78.00→68.00}"),
    ],
    "the_counting_of_days": [
        (BOOK, "fees BU-7 within {15→14} business days"),
    ],
    "the_look_up_drill": [
        (SHEETS_2, "${3,200→3,600} tuition and term fees"),
        (M2, "17:00. 10. S1: {12→11} months"),
    ],
    "the_jigsaw_cases": [
        (SHEETS_2, "$40 citation of day {3→4} for"),
    ],
    "the_state_and_federal_search": [
        (LAWS, "is paid within {30→20} calendar days"),
    ],
    "the_mail_of_day_13": [
        (MAIL, "citation written on day {4→5}"),
        (M2, "| {15→16} | supervisor |"),
    ],
    "the_mail_that_is_scored": [
        (CHECKS_2, "notice of suspension is of day {8→7}"),
    ],
    "the_records_lab": [
        (RECORDS, "LB {32.00→31.00}"),
        (M3, "asked to write from the university address | you | {25→24} Jan"),
    ],
    "the_records_that_are_scored": [
        (RECORDS, "{83→84} Sunflower Way"),
        (CHECKS_3, "{25→26} Jan (8 + 2 = day 10)"),
    ],
    "the_papers_to_file": [
        (SHEETS_3, "T50115, stamped {23→24} January", "mat-m3-files-slips", "m3-files"),
        (CHECKS_3, "FIN_FA6_T50175_20300206_v1, FIN, {5→3}", "i-files-a", "i-files-a"),
    ],
    "the_practice_letters": [
        (SHEETS_3, "payment of $15 on day {9→10}"),
        (M3, "day 23, Wednesday {13→14} February"),
    ],
    "the_letters_that_are_scored": [
        (CHECKS_3, "my bill of ${1,240→1,250}"),
        (CHECKS_3, "Monday 25 February (day {31→32})"),
    ],
    "the_merge_data": [
        (MERGE, "Tuesday {29→30} January"),
    ],
    "one_option_of_an_item_is_right_and_it_is_the_key": [
        (FINAL, "{7→8} hours late and a general-loan", "written-b04"),
        (BOOK, "wrong zone ${25→30}", "written-a05"),
    ],
    "a_rationale_takes_its_figures_from_its_case_and_the_rules_that_it_cites": [
        (FINAL, "under ${300→310} and day 9"),
        (FINAL, "is {58→59}%, under 67%"),
    ],
    "a_rationale_comes_to_its_key": [
        (FINAL, "11 + 10 = {21→22}"),
    ],
    "cut_scores_are_the_share_that_they_say": [
        (FINAL, "value: {13→12}"),
    ],
    "the_plans_that_came_back_are_counted_in_the_key": [
        (SHEETS_9, "four had no signature, {three→two} no first"),
    ],
    "a_rule_is_said_again_as_it_is": [
        (BOOK, "and fees BU-7 within {15→14} business days", r"BU-7,? within (\d+) business"),
    ],
    "hours_are_said_again_as_they_are": [
        (BOOK, "drop-in 13:00–{16:00→15:30}"),
    ],
    "the_ten_requests_go_as_far_as_the_limits_say": [
        (BOOK, "expired meter ${20→30}"),
    ],
    "a_barrier_walk_uses_seven_cards_and_leaves_the_false_one": [
        ("modules/m1-role.yaml", "D, G, B, F, A, H, {E→C}. False"),
    ],
    "an_account_to_be_restated_holds_ten_facts": [
        (SHEETS_4, "on Tuesday at ten in the morning {[5]→}"),
    ],
    # specifications, calibration, cut scores, worked examples
    "the_specifications_count_what_the_form_holds": [
        (ASSESSORS, "form A {7→8} a, 8 b", "A"),
        (FINAL, "level: {apply→analyze} stem: >- An adviser signs", "A"),
    ],
    "the_barriers_carry_most_of_the_test": [(ASSESSORS, "fines with holds {7→6}, aid")],
    "how_often_chance_decides": [(ASSESSORS, "({60→65} of 100 pass)")],
    "weighted_kappa_by_hand": [(ASSESSORS, "= {0.15→0.16}, so 0.85")],
    "the_reference_ratings_have_the_means_that_they_say": [
        (CALIBRATION, "| Restates | {1→2} | Nothing"),
        (CALIBRATION, "| Complaint | 10 | 2.90 | {0.69→0.79} |"),
    ],
    "the_worksheet_of_the_judges": [(ASSESSORS, "sums 1,214, {1,286→1,296} and")],
    "the_worksheet_of_the_stations": [(ASSESSORS, "means 1.8, {2.4→2.5}, 2.8")],
    "the_worked_examples_of_the_basket": [(EXAMPLES, "1 Holds 46, 31, {644→646}.")],
    "the_worked_examples_of_plan_and_report": [(EXAMPLES, "cost {2→3}, authority 1 = 10")],
    # where figures come from
    "no_figure_of_a_key_comes_from_nowhere": [
        (FINAL, "Appeal BU-7 within {15→17} business days, by day 21"),
        ("instruments/m5.yaml", "wrong zone {25→26}; expired meter 20"),
        ("instruments/m2.yaml", "{275.00→276.00} was open on day 11"),
    ],
    "every_section_that_a_key_cites_is_there": [
        (M2, "RL-1 names the account only ({7.3→7.9})"),
    ],
    "what_is_said_to_be_worked_out_stands_in_its_key": [
        (M2, "**Right balance {2,740.00→2,741.00}**"),
    ],
}  # fmt: skip

# By card: its name, the file, the change.
CARD_SLIPS = [
    ("a payment plan", SHEETS_5, "term bill {1,840.00→1,880.00}"),
    ("aid that was stopped", SHEETS_4, "notice sent {11→10} business days"),
    ("station 1, form A", FINAL, "{55→65} in all today"),
    ("station 3, form B", FINAL, "by day {26→27}; while"),
    ("a plan that was denied", SHEETS_9, "Term bill {2,480.00→2,400.00}"),
    ("a first meter", BOOK, "CSS up to ${25→15}"),
]


def checks(module: ModuleType) -> dict[str, Callable[..., None]]:
    """The tests that a module holds itself, by their names behind `test_`."""
    found = inspect.getmembers(module, inspect.isfunction)
    own = {name: test for name, test in found if test.__module__ == module.__name__}
    return {name[5:]: test for name, test in own.items() if name.startswith("test_")}


MODULES = (
    test_keys,
    test_keys_of_accounts,
    test_keys_of_cards,
    test_keys_of_cuts,
    test_keys_of_desks,
    test_keys_of_rules,
    test_keys_sources,
)
CHECKS = {name: check for module in MODULES for name, check in checks(module).items()}


@pytest.mark.parametrize(
    ("name", "file", "change", "given"),
    [(name, *slip[:2], slip[2:]) for name, slips in SLIPS.items() for slip in slips],
)
def test_a_changed_figure_is_noticed(
    printed: Printed, name: str, file: str, change: str, given: tuple[str, ...]
) -> None:
    with pytest.raises(AssertionError):
        CHECKS[name](printed.changed(file, change), *given)


@pytest.mark.parametrize(("name", "file", "change"), CARD_SLIPS)
def test_a_changed_figure_on_a_card_is_noticed(
    printed: Printed, name: str, file: str, change: str
) -> None:
    (card,) = (card for card in test_keys_of_cards.CARDS if card.name == name)
    with pytest.raises(AssertionError):
        test_keys_of_cards.check(printed.changed(file, change), card)


def test_every_test_of_a_key_is_shown_to_notice() -> None:
    assert SLIPS.keys() == CHECKS.keys() - {"the_keys_of_cards_and_stations"}
