"""What the stages beside the rules report: the name and page of each fault."""

from __future__ import annotations

# What a stage finds before rules can run, or beside them; each is an error unless said.
FAULTS: dict[str, str] = {
    "doubled-entry": (
        "A table of what trainees bring along names a trainee and a KSA twice.\n\nOf two levels "
        "nobody could say which holds, and of two pieces of evidence one is enough."
    ),
    "duplicate-id": (
        "An id is used twice.\n\nEverything refers to everything by id, so an id names one "
        "thing only, over all kinds. Two files that share several ids are told once: one of them "
        "is probably a copy."
    ),
    "duplicate-key": (
        "A field stands twice in one mapping.\n\nYAML would keep the last and drop the first "
        "in silence; the author of the first would never know."
    ),
    "empty-file": "A content file is empty.\n\nDelete it, or fill it.",
    "entry-above-ceiling": (
        "A level at entry is higher than its evidence can show (a warning).\n\nThe house scale "
        "says up to which level training, and so a test or a simulation, can certify; what lies "
        "above shows on the job alone. The row counts up to that level."
    ),
    "entry-of-another-cohort": (
        "A table of what trainees bring along names more or fewer trainees than the cohort has (a "
        "warning).\n\nThe hours are planned for the cohort of the program. Where trainees are "
        "missing from the table, nothing in it counts as known to the whole group: whoever is not "
        "named has shown nothing. A row with no more than a name stands for somebody who brings "
        "nothing along."
    ),
    "entry-off-scale": (
        "A level at entry does not stand on the house scale.\n\nLevels of another scale, such as "
        "five steps of an agency, mean something else with the same numbers: translate them first."
    ),
    "entry-without-effect": (
        "A table of what trainees bring along names a KSA that is not trained here (a warning)."
        "\n\nNobody can be excused from what is not taught. KSAs that are required at entry have "
        "their screening in the content, and those that are exempt their reason."
    ),
    "file-too-large": (
        "A file or a text in it is larger than csstrain reads.\n\nLimits: 2,000,000 bytes and"
        " 200,000 values a file, 1,000 fields in one mapping, 100,000 characters a text."
    ),
    "hidden-character": (
        "A character that nobody sees stands in a text.\n\nControls and characters that "
        "reorder a line let a text say something other than what its reader sees."
    ),
    "infeasible-hours": (
        "The hours cannot hold what must be taught.\n\nNothing that must be taught, practiced"
        " or assessed is squeezed below its floor: plan more hours, or change the content."
    ),
    "material-without-text": (
        "A material has neither a body nor a file, an empty file, or both.\n\nA trainer who opens "
        "the binder finds an empty sheet. Only equipment needs no text."
    ),
    "missing-field": "A field that must be there is missing.",
    "missing-file": "A material names a file that is not below content/materials/.",
    "missing-program": (
        "The content has no program.\n\nOne file holds `program:` with its title, cohort and "
        "working day."
    ),
    "no-break-space": (
        "No-break spaces stand where YAML needs ordinary ones: before a line, or behind its dash "
        "or its colon.\n\nThey come along when text is pasted from a web page or a word "
        "processor; YAML takes them for part of a word. Inside a text they may stay."
    ),
    "not-utf-8": (
        "A file is not saved as UTF-8.\n\nOther encodings read differently on other machines. "
        "Word processors and spreadsheets often save as Windows-1252 or UTF-16: choose UTF-8 "
        "when you save, or paste the text into an editor."
    ),
    "prerequisite-cycle": (
        "Modules require each other in a circle.\n\nNone of them could ever be taught first. At "
        "most twenty circles are told at once; mend these, and the next show."
    ),
    "ragged-table": (
        "A row of a CSV file has not as many cells as its first row (a warning).\n\nA comma in a "
        "text without quotes, or a quote that is not closed, moves what follows into the wrong "
        "column, and trainees work with figures that nobody meant. Some spreadsheets write "
        "semicolons instead of commas; then the whole table stands in one column."
    ),
    "repeated-reference": (
        "The same id stands twice in one list of references, or one objective names a KSA "
        "twice.\n\nThe second adds nothing that is meant: an instrument would be counted twice in "
        "the hours, and of two levels nobody could say which holds. Delete one of the two."
    ),
    "repeated-threshold": (
        "The program sets the same threshold of a rule twice.\n\nOnly one of the two could "
        "count, and a reader would not know which."
    ),
    "second-document": "A second YAML document begins in a file.\n\nA file holds one document.",
    "second-list": (
        "The content has a second verb list, word list or method matrix.\n\nSuch a list replaces "
        "the built-in one as a whole; of two, nobody could say which counts. Join them."
    ),
    "second-program": "The content has a second program.\n\nA project holds one.",
    "template-fault": (
        "A template of the project cannot be used.\n\nIt names something that is not there, "
        "or its syntax is broken."
    ),
    "text-lost-to-comment": (
        "Text behind a space and a number sign is lost (a warning).\n\nYAML takes everything "
        "behind ` #` for a comment, so `title: Module #1` is the title `Module`. The trainee would "
        "read half a sentence, and nobody would be told. Put the text in quotes: "
        '`title: "Module #1"`.\n\nWhat is meant as a comment is told from lost text by its form: '
        "two spaces before the `#`, a line of its own, or one space on both sides of the `#` "
        "behind a single word, number or date in small letters, as in `minutes: 45 # was 60`."
    ),
    "too-deep": (
        "Values are nested more than 40 deep.\n\nNo content needs that, and parsers break on it."
    ),
    "trainee-written-otherwise": (
        "A table of what trainees bring along writes the same trainee in two ways.\n\nThe two "
        "would count as two people, each with half of the evidence."
    ),
    "unfit-evidence": (
        "The evidence of a level at entry cannot show such a KSA.\n\nThe leading class of a KSA "
        "decides. Knowledge of facts and of how and when shows in a written test, a credential or "
        "a performance; knowledge of how to plan in a performance. A skill or an ability must be "
        "seen: in a work sample, a simulation or an observation at work; a credential shows an "
        "ability too. An attitude shows only in what somebody does unasked, so in observation at "
        "work; experience in a record of it. A written test or a credential never shows a KSA that "
        "has a skill or an attitude in it, and a self-report alone shows nothing: whoever is "
        "excused on that must do later what nobody has seen him or her do."
    ),
    "unknown-field": "A field is not one that its kind has.",
    "unknown-id": (
        "Something refers to an id that does not exist, or to one of another kind.\n\nAn id that "
        "is missing is told once, at the first place that names it; the message counts the others."
    ),
    "unknown-kind": "The top of a file names something that is not a kind of content.",
    "unknown-rule": "A waiver or a threshold names a rule that does not exist.",
    "unknown-threshold": "The program sets a threshold that its rule does not have.",
    "unreadable-table": (
        "A table of what trainees bring along cannot be read as one.\n\nIt is another kind of "
        "file, a quote in it is not closed, a row has more cells than the first row, or it has a "
        "column for each KSA, so that levels stand there without evidence. Then no cell surely "
        "stands in the column that it was meant for, and somebody would be excused on the evidence "
        "of somebody else, or on none."
    ),
    "unused-waiver": (
        "A waiver waives nothing (a warning).\n\nWhat it accepted has been mended; left in "
        "place it would hide the next finding. A waiver of an agenda rule is held against the "
        "hours that the program plans, not against others that somebody tries out."
    ),
    "waiver-of-error": (
        "A waiver names a rule whose findings are errors, or a fault.\n\nErrors mean that the "
        "training does not hold; nobody can wish that away."
    ),
    "unusable-picture": (
        "A picture below content/ cannot be shown.\n\nPictures are PNG or JPEG files of at most "
        "2,000,000 bytes and 20,000,000 pixels, whole and without motion. A page that leaves one "
        "out would look as if it were complete."
    ),
    "wrong-shape": "A list stands where fields belong, or the other way round.",
    "wrong-value": (
        "A value is not one that its field can have.\n\nNumbers are written in digits with a "
        "point and without a unit, a percent sign or zeros in front (`45`, `7.4`), times as "
        "`08:30`, dates as `2027-01-11`, yes and no as `true` and `false`, ids in lower-case "
        "words joined by hyphens. Then a value means the same to every reader and every program."
    ),
    "yaml-alias": (
        "A text begins with `*`, which YAML takes for an alias.\n\nAliases make a file mean "
        "what stands elsewhere, and a few lines can grow to gigabytes."
    ),
    "yaml-anchor": (
        "A text begins with `&`, which YAML takes for an anchor.\n\nAnchors serve aliases, "
        "which content does not have."
    ),
    "yaml-directive": "A file opens with a `%` directive.\n\nContent needs none.",
    "yaml-key": "A list or mapping stands where the name of a field belongs.",
    "yaml-merge": (
        "`<<` merges one mapping into another.\n\nWrite the fields out, so that a reader sees"
        " them where they count."
    ),
    "yaml-syntax": (
        "A line cannot be read as YAML.\n\nThe signs of YAML in short: a colon and a space behind "
        "the name of a field, a dash and a space before each entry of a list, spaces (never a "
        "Tab) before what belongs to the line above, and quotes around a text that begins with "
        "a sign or holds `: ` or ` #`. Where a line can be mended without a doubt, the message "
        "shows it and the rest of the file is checked in the same run; a file that holds a guess "
        "is looked at for slips of this kind only, until the guess is settled."
    ),
    "yaml-tag": (
        "A text begins with `!`, which YAML takes for a tag.\n\nTags change what a value is."
    ),
}
