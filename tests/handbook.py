"""The rules of the invented university as numbers: its handbook, its law summary, its calendar."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import cached_property

from tests.printed import Printed, tables, told


class Handbook:
    """Amounts, limits and days, each taken from the sentence that trainees look up."""

    def __init__(self, printed: Printed) -> None:
        text = printed.body("mat-handbook") + printed.body("mat-state-federal-summary")
        parts = re.split(r"\*\*(\d+\.\d+|[FS]\d)[. ]", text)
        self.sections = dict(zip(parts[1::2], parts[2::2], strict=True))
        self.calendar = tables(printed.body("mat-practice-calendar"))[0]
        self.offices = {row[0]: row for row in tables(printed.body("mat-handbook"))[0].rows}

    def says(self, section: str, words: str) -> list[Decimal]:
        """The numbers that stand for each # in the words of a section."""
        return told(self.sections[section], words)

    def one(self, section: str, words: str) -> Decimal:
        (found,) = self.says(section, words)
        return found

    def days(self, section: str, words: str) -> int:
        return int(self.one(section, words))

    # ── money ────────────────────────────────────────────────────────────────────────

    def loan(self, days: int) -> Decimal:
        """The fine of a general loan that came back so many calendar days late."""
        each, most = self.says(
            "4.1", "General loans $# per item and calendar day overdue, at most $#"
        )
        return min(each * days, most)

    def hourly(self, hours: int) -> Decimal:
        """The fine of a reserve item or of equipment that came back so many hours late."""
        each, most = self.says("4.1", "equipment $# per item and hour, at most $#")
        return min(each * hours, most)

    @property
    def processing(self) -> Decimal:
        return self.one("4.1", "and $# processing")

    def citation(self, kind: str, paid_after: int | None = None, unpaid_for: int = 0) -> Decimal:
        """What a citation costs: paid so many business days later, or unpaid for so many."""
        full = self.one("4.2", f"{kind} $#")
        early, less = self.says("4.2", "Paid within # business days: $# less")
        late, more = self.says("4.2", "Unpaid after # business days: $# more")
        if paid_after is not None and paid_after <= early and "accessible" not in kind:
            return full - less
        return full + (more if unpaid_for > late else 0)

    @property
    def late_payment(self) -> Decimal:
        return self.one("4.3", "an unpaid bill gets a $#")

    @property
    def late_registration(self) -> Decimal:
        return self.one("4.3", "after day 5: $# late")

    def plan(self, bill: Decimal | int) -> Decimal:
        """What is paid when a payment plan begins."""
        self.says("4.4", "a quarter of the bill")
        return self.one("4.4", "with a $# set-up fee") + Decimal(bill) / 4

    def back(self, tuition: Decimal | int, week: int) -> Decimal:
        """Tuition that comes back for a form complete in that week, or through day 10."""
        full, first, last, half, third, fourth, quarter = self.says(
            "5.3", "through day 10, #%; in weeks #–#, #%; in weeks #–#, #%"
        )
        shares = {1: full, 2: full, int(first): half, int(last): half}
        shares |= {int(third): quarter, int(fourth): quarter}
        return Decimal(tuition) * shares.get(week, Decimal(0)) / 100

    def waived_by(self, charge: Decimal | int) -> str:
        """Who may waive a charge of that size."""
        clerk = self.one("4.6", "CSS up to $#")
        lead = self.one("4.6", "supervisor up to $#")
        head = self.one("4.6", "director up to $#")
        for limit, post in ((clerk, "CSS"), (lead, "supervisor"), (head, "director")):
            if charge <= limit:
                return post
        return "VPS"

    def held(self, hold: str, amount: Decimal | int, citations: int = 0) -> bool:
        """Whether so much unpaid places that hold."""
        if hold == "LB":
            return amount >= self.one("3.4", "LB: unpaid library charges of $# or more")
        self.says("3.4", "or three unpaid citations")
        return amount >= self.one("3.4", "PK: unpaid parking charges of $#") or citations >= 3

    # ── days ─────────────────────────────────────────────────────────────────────────

    def appeal(self, form: str, event: int) -> int:
        """The last day of an appeal, counted from a citation, a notice or a decision."""
        words = {
            "PK-3": ("4.7", "Parking PK-3 within # business days of the citation"),
            "LB-2": ("4.7", "library LB-2 within # "),
            "BU-7": ("4.7", "fees BU-7 within # business days of the notice"),
            "AB-1": ("4.7", "form AB-1 within # business days of the decision"),
            "FA-6": ("6.3", "appeal FA-6 within # business days of the notice"),
            "S5": ("S5", "on form BU-7 within # business days of the notice"),
        }
        return event + self.days(*words[form])

    def complete_by(self, returned: int) -> int:
        """The last day on which an incomplete form keeps its first date."""
        return returned + self.days("1.3", "comes back complete within # business days")

    @property
    def adding(self) -> list[int]:
        """The first and the last day on which a class is added with form RG-2."""
        return [int(n) for n in self.says("5.1", "Days #–#: form RG-2")]

    def reminded(self, day: int) -> int:
        return day + self.days("3.3", "one reminder after # business days")

    def answered(self, mail: str, day: int) -> int:
        """The last day of the answer to a piece of mail of class A, B or C."""
        self.says("9.1", "A (answered or passed on the same day)")
        return day if mail == "A" else day + self.days("9.1", f"{mail} (# business days)")

    def week(self, day: int) -> int:
        return (day - 1) // 5 + 1

    def week_ends(self, week: int) -> int:
        return 5 * week

    @cached_property
    def dates(self) -> dict[int, dt.date]:
        """The date of every day of the practice term."""
        year = self.calendar.rows[0][1].split()[-1]
        found: dict[int, dt.date] = {}
        for _, monday, *days in self.calendar.rows:
            first = dt.datetime.strptime(
                f"{' '.join(monday.split()[:2])} {year}", "%d %B %Y"
            ).date()
            found |= {int(day): first + dt.timedelta(n) for n, day in enumerate(days)}
        return found

    def written(self, day: int) -> str:
        """A day as letters write it: Wednesday 23 January."""
        return self.dates[day].strftime("%A ") + self.short(day)

    def short(self, day: int) -> str:
        date = self.dates[day]
        return f"{date.day} {date:%B}"

    def stamp(self, day: int) -> str:
        return self.dates[day].strftime("%Y%m%d")
