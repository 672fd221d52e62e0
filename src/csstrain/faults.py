"""What the stages beside the rules report: the name and page of each fault."""

from __future__ import annotations

# What a stage finds before rules can run, or beside them; each is an error unless said.
FAULTS: dict[str, str] = {
    "duplicate-id": (
        "An id is used twice.\n\nEverything refers to everything by id, so an id names one "
        "thing only, over all kinds."
    ),
    "duplicate-key": (
        "A field stands twice in one mapping.\n\nYAML would keep the last and drop the first "
        "in silence; the author of the first would never know."
    ),
    "empty-file": "A content file is empty.\n\nDelete it, or fill it.",
    "file-too-large": (
        "A file or a text in it is larger than csstrain reads.\n\nLimits: 2,000,000 bytes and"
        " 200,000 values a file, 100,000 characters a text."
    ),
    "hidden-character": (
        "A character that nobody sees stands in a text.\n\nControls and characters that "
        "reorder a line let a text say something other than what its reader sees."
    ),
    "infeasible-hours": (
        "The hours cannot hold what must be taught.\n\nNothing that must be taught, practised"
        " or assessed is squeezed below its floor: plan more hours, or change the content."
    ),
    "material-without-text": (
        "A material has neither a body nor a file, or both.\n\nA trainer who opens the binder"
        " finds an empty sheet. Only equipment needs no text."
    ),
    "missing-field": "A field that must be there is missing.",
    "missing-file": "A material names a file that is not below content/materials/.",
    "missing-program": (
        "The content has no program.\n\nOne file holds `program:` with its title, cohort and "
        "working day."
    ),
    "no-break-space": (
        "A line is indented with no-break spaces.\n\nThey come along when text is pasted from"
        " a web page or a word processor; YAML takes them for part of a word."
    ),
    "not-utf-8": (
        "A file is not saved as UTF-8.\n\nOther encodings read differently on other machines."
    ),
    "prerequisite-cycle": (
        "Modules require each other in a circle.\n\nNone of them could ever be taught first."
    ),
    "second-document": "A second YAML document begins in a file.\n\nA file holds one document.",
    "second-program": "The content has a second program.\n\nA project holds one.",
    "template-fault": (
        "A template of the project cannot be used.\n\nIt names something that is not there, "
        "or its syntax is broken."
    ),
    "too-deep": (
        "Values are nested more than 40 deep.\n\nNo content needs that, and parsers break on it."
    ),
    "unknown-field": "A field is not one that its kind has.",
    "unknown-id": "Something refers to an id that does not exist, or to one of another kind.",
    "unknown-kind": "The top of a file names something that is not a kind of content.",
    "unknown-rule": "A waiver or a threshold names a rule that does not exist.",
    "unknown-threshold": "The program sets a threshold that its rule does not have.",
    "unused-waiver": (
        "A waiver waives nothing (a warning).\n\nWhat it accepted has been mended; left in "
        "place it would hide the next finding."
    ),
    "waiver-of-error": (
        "A waiver names a rule whose findings are errors, or a fault.\n\nErrors mean that the "
        "training does not hold; nobody can wish that away."
    ),
    "wrong-shape": "A list stands where fields belong, or the other way round.",
    "wrong-value": "A value is not one that its field can have.",
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
    "yaml-syntax": "A line cannot be read as YAML.",
    "yaml-tag": (
        "A text begins with `!`, which YAML takes for a tag.\n\nTags change what a value is."
    ),
}
