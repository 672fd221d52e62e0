"""What an author may write: one frozen model for each kind of content.

Annotations are not postponed here: pydantic would have to compile each of them from its text,
which is a fifth of the time that `check` needs to start.
"""

import datetime as dt
import re
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from csstrain.diagnostic import Route

T = TypeVar("T")

# Scalars reach the models as the text that the author wrote; each number, date and
# time has one grammar here, so that `007`, `1.10` and `no` never turn into something else.

_WHOLE = re.compile(r"(0|[1-9][0-9]{0,11})", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?", re.ASCII)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _whole(value: object) -> int:
    if not isinstance(value, str) or not _WHOLE.fullmatch(value):
        raise PydanticCustomError("whole_number", "must be a whole number such as 45")
    return int(value)


def _number(value: object) -> Decimal:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise PydanticCustomError("number", "must be a number such as 7.4")
    return Decimal(value)


def clock_minutes(value: object) -> int:
    """Minutes after midnight from a time of day that somebody wrote; ValueError for all else.

    >>> clock_minutes("08:30")
    510
    """
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise PydanticCustomError("clock", "must be a time of day such as 08:30")
    return int(found[1]) * 60 + int(found[2])


def _date(value: object) -> dt.date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass  # a well-formed date that no calendar has, such as 2027-02-30
    raise PydanticCustomError("date", "must be a date such as 2027-01-11")


def quarter_hours(value: object) -> Decimal:
    """Hours in quarters from the text that somebody wrote; ValueError for anything else.

    >>> quarter_hours("37.5")
    Decimal('37.5')
    """
    hours = _number(value)
    if hours <= 0 or hours > 2000 or hours * 4 % 1:
        raise PydanticCustomError("hours", "must be hours in quarters, such as 40 or 37.5")
    return hours


def _flag(value: object) -> bool:
    if value not in ("true", "false"):
        raise PydanticCustomError("flag", "must be true or false")
    return value == "true"


def _filled(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() in ("", "~", "null"):
        raise PydanticCustomError("empty", "is empty")
    return value


def clock_text(minutes: int) -> str:
    """Minutes after midnight as a clock shows them.

    >>> clock_text(510)
    '08:30'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _disordered(message: str) -> PydanticCustomError:
    """The fault of a value whose fields do not fit each other."""
    return PydanticCustomError("disordered", "{words}", {"words": message})


class Ref(NamedTuple):
    """Marks a field that names an entity of a kind by its id; `resolve` checks each one."""

    kind: str


ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_ID = StringConstraints(min_length=1, max_length=64, pattern=ID_PATTERN)

_ID_SCHEMA: dict[str, Any] = {"type": "string", "pattern": ID_PATTERN, "maxLength": 64}
_ONE_OR_MANY = {"anyOf": [_ID_SCHEMA, {"type": "array", "items": _ID_SCHEMA}]}

Id = Annotated[str, _ID]
AnyRef = Annotated[str, _ID, Ref("any")]
ActivityRef = Annotated[str, _ID, Ref("activity")]
CompetencyRef = Annotated[str, _ID, Ref("competency")]
DutyRef = Annotated[str, _ID, Ref("duty")]
InstrumentRef = Annotated[str, _ID, Ref("instrument")]
KsaRef = Annotated[str, _ID, Ref("ksa")]
MaterialRef = Annotated[str, _ID, Ref("material")]
ModuleRef = Annotated[str, _ID, Ref("module")]
ObjectiveRef = Annotated[str, _ID, Ref("objective")]
PartRef = Annotated[str, _ID, Ref("part")]
ScaleRef = Annotated[str, _ID, Ref("scale")]
SourceRef = Annotated[str, _ID, Ref("source")]

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=r"^[^\n]*$"),
    BeforeValidator(_filled),
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000), BeforeValidator(_filled)]
Whole = Annotated[int, BeforeValidator(_whole)]
Minutes = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=10_000)]
Staff = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=1_000)]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=10_000)]
Level = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=9)]
Rating = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=3)]
Fitness = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=3)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Percent = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=100)]
# Editors see what stands in the file: an unquoted 37.5 is a number to them, 08:30 is a string.
Hours = Annotated[
    Decimal,
    BeforeValidator(quarter_hours),
    WithJsonSchema(
        {
            "type": ["number", "string"],
            "exclusiveMinimum": 0,
            "maximum": 2000,
            "multipleOf": 0.25,
            "pattern": r"^(0|[1-9][0-9]{0,3})(\.(00?|25|50?|75))?$",
            "errorMessage": "Hours in quarters belong here, such as 40 or 37.5.",
        }
    ),
]
Clock = Annotated[
    int,
    BeforeValidator(clock_minutes),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^({_CLOCK.pattern})$",
            "errorMessage": "A time of day belongs here, such as 08:30.",
        }
    ),
]
Day = Annotated[
    dt.date,
    BeforeValidator(_date),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
            "errorMessage": "A date belongs here, such as 2027-01-11.",
        }
    ),
]
Flag = Annotated[bool, BeforeValidator(_flag)]
Many = Annotated[tuple[T, ...], Strict(False)]  # strict mode refuses a YAML list for a tuple


class Value(BaseModel):
    """A frozen value that an author writes as a mapping of fields."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        defer_build=True,
    )


class Entity(Value):
    """A value with an id that is unique over all kinds; everything else refers to it by that id."""

    kind: ClassVar[str]
    label_field: ClassVar[str] = "title"

    id: Id = Field(description="Lower-case words joined by hyphens, unique over all kinds.")

    @property
    def label(self) -> str:
        """The words that a reader knows this entity by."""
        return str(getattr(self, self.label_field))


# ── sources ──────────────────────────────────────────────────────────────────────────


class Part(Entity):
    """One citable part of a source document: a duty, a qualification, a behavior, a topic."""

    kind: ClassVar[str] = "part"
    label_field: ClassVar[str] = "at"

    at: Line = Field(description="Where it stands in the document, as one would say it aloud.")
    lines: Line | None = Field(None, description="Line numbers in the document, such as 61-62.")
    unused: Text | None = Field(None, description="Why no content cites this part, if none does.")


class Source(Entity):
    """A document that the program is made from, with the inventory of its parts."""

    kind: ClassVar[str] = "source"

    title: Line = Field(description="What the document is.")
    file: Line = Field(description="Its file name.")
    date: Line | None = Field(None, description="The dates that the document carries.")
    note: Text | None = Field(None, description="What a reader must know about it.")
    parts: Many[Part] = Field((), description="Everything in it that the program must account for.")


# ── what the job needs ───────────────────────────────────────────────────────────────


class Fact(Entity):
    """One fact of a job profile, with the use that the program makes of it."""

    kind: ClassVar[str] = "fact"
    label_field: ClassVar[str] = "name"

    name: Line = Field(description="What the fact is about.")
    value: Text = Field(description="What the source gives, in our own words where it is prose.")
    use: Text = Field(description="What the program does with it, or why it does nothing.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class Profile(Entity):
    """A job profile: introduction, requirements, characteristics, working conditions."""

    kind: ClassVar[str] = "profile"

    title: Line = Field(description="The job or role that it describes.")
    source: SourceRef = Field(description="The document it comes from.")
    facts: Many[Fact] = Field((), description="Its facts, each with the use made of it.")


class Task(Entity):
    """One task of a duty: trained, or the reason why not."""

    kind: ClassVar[str] = "task"
    label_field: ClassVar[str] = "text"

    text: Text = Field(description="What the job holder does.")
    status: Literal["trained", "not-applicable", "not-trained"] = Field(
        description="Whether this program trains it."
    )
    reason: Text | None = Field(None, description="Why it is not applicable or not trained.")
    ksas: Many[KsaRef] = Field((), description="The KSAs that it calls for.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class Duty(Entity):
    """A duty or task group of the job."""

    kind: ClassVar[str] = "duty"
    label_field: ClassVar[str] = "name"

    name: Line = Field(description="The duty in a few words.")
    weight: Number | None = Field(None, description="Its weight, where the source gives one.")
    tasks: Many[Task] = Field((), description="What is done in it.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


KsaClass = Literal[
    "declarative", "procedural", "strategic", "skill", "ability", "attitude", "experience"
]


class Ksa(Entity):
    """Knowledge, a skill, an ability, an attitude or experience that the job requires."""

    kind: ClassVar[str] = "ksa"
    label_field: ClassVar[str] = "statement"

    statement: Text = Field(description="What the person knows or can do, one thing only.")
    name: Line | None = Field(None, description="The statement in two to five words, for tables.")
    classes: Many[KsaClass] = Field(
        min_length=1, description="Its classes; the first leads and decides evidence and method."
    )
    status: Literal["trained", "entry", "exempt"] = Field(
        "trained", description="Trained here, required at entry, or exempt from training."
    )
    screening: Text | None = Field(None, description="For entry: the evidence that shows it.")
    reason: Text | None = Field(None, description="For exempt: why it cannot be trained.")
    difficulty: Rating = Field(2, description="How hard it is to learn, 1 to 3.")
    importance: Rating = Field(2, description="What depends on it, 1 to 3.")
    frequency: Rating = Field(2, description="How often the job calls for it, 1 to 3.")
    legal: Flag = Field(False, description="Whether a legal or privacy duty rests on it.")
    target_job: Level | None = Field(
        None, description="The level the job needs, on the house scale."
    )
    target_end_of_training: Level | None = Field(
        None, description="The level at the end of training, on the house scale; 1 if not given."
    )
    duties: Many[DutyRef] = Field((), description="The duties that call for it.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")

    @property
    def short(self) -> str:
        """Its name, or its statement without the full stop, for messages and tables."""
        return self.name or self.statement.rstrip(".")

    @property
    def priority(self) -> str:
        """must, should or nice, from difficulty, importance and frequency (DIF analysis)."""
        if self.legal or (self.importance == 3 and max(self.difficulty, self.frequency) >= 2):
            return "must"
        return "should" if self.importance >= 2 else "nice"

    @property
    def required(self) -> int:
        """The level that training must reach on the house scale; 0 where it is not trained here."""
        return (self.target_end_of_training or 1) if self.status == "trained" else 0


class Statement(Value):
    """A behavior or statement that a source gives, in our own words."""

    text: Text = Field(description="What a person at this point does.")
    level: Level | None = Field(None, description="Its level, where the source gives one.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class ScaleLevel(Value):
    """One level of a proficiency scale."""

    level: Level = Field(description="Its number; levels stand in rising order.")
    name: Line = Field(description="Its name.")
    definition: Text | None = Field(None, description="What it means.")
    house: Level | None = Field(None, description="The level of the house scale that it equals.")
    statements: Many[Statement] = Field((), description="What people at this level do.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class InterviewQuestion(Value):
    """A question for an interview or a coaching talk that shows a competency."""

    text: Text = Field(description="The question.")
    use: Text | None = Field(None, description="Where the program uses it.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class Scale(Entity):
    """A proficiency scale; others are joined to the house scale only by their crosswalk."""

    kind: ClassVar[str] = "scale"

    title: Line = Field(description="What it is called.")
    definition: Text | None = Field(None, description="What it measures.")
    levels: Many[ScaleLevel] = Field(min_length=1, description="Its levels in rising order.")
    ceiling: Level | None = Field(
        None, description="The highest level that training alone can certify."
    )
    crosswalk: Text | None = Field(None, description="How it was joined to the house scale.")
    questions: Many[InterviewQuestion] = Field((), description="Interview questions.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class Target(Value):
    """A level on a named scale."""

    scale: ScaleRef = Field(description="The scale.")
    level: Level = Field(description="The level on it.")


class Competency(Entity):
    """A measurable pattern of knowledge, skills and abilities, shown by behaviors."""

    kind: ClassVar[str] = "competency"
    label_field: ClassVar[str] = "name"

    name: Line = Field(description="What it is called.")
    origin: SourceRef = Field(description="The document that defines it.")
    definition: Text = Field(description="What it means.")
    weight: Percent | None = Field(None, description="Its weight in percent, where given.")
    target: Target | None = Field(None, description="The level the job needs, on its own scale.")
    behaviors: Many[Statement] = Field((), description="What it looks like on the job.")
    duties: Many[DutyRef] = Field((), description="The duties or task groups it is linked to.")
    ksas: Many[KsaRef] = Field((), description="The KSAs that make it up here.")
    coverage_note: Text | None = Field(
        None, description="Why it is covered weakly or not at all, where that is on purpose."
    )
    questions: Many[InterviewQuestion] = Field((), description="Interview questions.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


# ── how it is taught ─────────────────────────────────────────────────────────────────

Domain = Literal["cognitive", "affective", "psychomotor", "interpersonal"]
ObjectiveLevel = Literal[
    "remember", "understand", "apply", "analyze", "evaluate", "create",
    "receive", "respond", "value", "organize", "characterize",
    "imitate", "manipulate", "precision", "articulate", "naturalize",
]  # fmt: skip
THINKING = ("remember", "understand", "apply", "analyze", "evaluate", "create")
# The levels of each domain in rising order; dealing with people is leveled as thinking is.
LEVELS: dict[str, tuple[str, ...]] = {
    "cognitive": THINKING,
    "interpersonal": THINKING,
    "affective": ("receive", "respond", "value", "organize", "characterize"),
    "psychomotor": ("imitate", "manipulate", "precision", "articulate", "naturalize"),
}
Method = Literal[
    "lecture", "discussion", "demonstration", "e-learning", "reading", "case-study", "in-basket",
    "role-play", "behavior-modeling", "simulation", "game", "lab", "drill", "quiz", "test",
    "ojt", "coaching", "mentoring", "job-aid", "project", "reflection", "briefing",
]  # fmt: skip
Phase = Literal["present", "demonstrate", "practice", "debrief", "assess", "admin"]
Event = Literal[
    "gain-attention", "state-objective", "recall", "present-content", "guide", "elicit-performance",
    "give-feedback", "assess", "retain-and-transfer",
]  # fmt: skip
Priority = Literal["must", "should", "nice"]


class KsaLevel(Value):
    """A KSA and the proficiency level that an objective brings the trainee to."""

    ksa: KsaRef = Field(description="The KSA.")
    level: Level = Field(description="The level on the house scale.")


class Degree(Value):
    """How well a performance must go to count."""

    text: Text = Field(description="The standard in words.")
    metric: Literal["count", "share", "mean", "time", "checklist"] = Field(
        description="What is measured."
    )
    value: Number = Field(description="The number that must be reached.")
    out_of: Number | None = Field(None, description="The number that is possible.")
    reason: Text | None = Field(
        None, description="For a standard of time: why the job needs that speed."
    )


class Objective(Entity):
    """What a trainee will do, under which condition, how well: a terminal or enabling objective."""

    kind: ClassVar[str] = "objective"

    type: Literal["terminal", "enabling"] = Field(
        alias="kind", description="Terminal mirrors a job task; enabling leads up to one."
    )
    parent: ObjectiveRef | None = Field(None, description="For enabling: the terminal objective.")
    audience: Line | None = Field(None, description="Who; by default the program's audience.")
    verb: Line = Field(description="One action verb that an observer can see.")
    behavior: Text = Field(description="What follows the verb.")
    indicator: Text | None = Field(None, description="For a covert verb: the act that shows it.")
    condition: Text | None = Field(None, description="What is given, with which limits.")
    degree: Degree | None = Field(None, description="How well it must go to count.")
    domain: Domain = Field(description="The domain of learning.")
    level: ObjectiveLevel = Field(description="The level within the domain.")
    ksas: Many[KsaLevel] = Field((), description="The KSAs it serves, each with its level.")
    play: Minutes | None = Field(None, description="Minutes of one live performance.")
    book: Literal["open", "closed"] | None = Field(
        None, description="Whether aids are allowed when it is performed."
    )
    gate: Flag = Field(False, description="Whether missing it stops the trainee from passing.")
    critical: Flag = Field(False, description="Whether one error fails it (law, privacy, safety).")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")

    @property
    def label(self) -> str:
        """Verb and behavior, as in `conduct a customer contact from greeting to close`."""
        return f"{self.verb} {self.behavior}"


class Range(Value):
    """Minutes an activity may take: the least that works, the plan, the most that is useful."""

    min: Minutes = Field(description="The least that still works.")
    plan: Minutes = Field(description="What is planned.")
    max: Minutes = Field(description="The most that is useful.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 1 <= self.min <= self.plan <= self.max:
            raise _disordered(
                "`min` must be 1 or more, `plan` no less than `min`, `max` no less than `plan`"
            )
        return self


class Grouping(Value):
    """How a cohort practices in small groups; the practice floor is computed from it."""

    size: Count = Field(description="Trainees in a group.")
    rounds: Count = Field(description="How often each role is played.")
    roles: Count | None = Field(None, description="Turns in a round; by default the size.")
    prepare: Minutes = Field(description="Minutes to prepare each turn.")
    feedback: Minutes = Field(description="Minutes of feedback after each turn.")


class Station(Value):
    """One stop of a rotation: a circuit of instruments, perhaps several circuits side by side."""

    title: Line = Field(description="What the group finds there.")
    instruments: Many[InstrumentRef] = Field(
        min_length=1, description="The instruments of the circuit, visited one after the other."
    )
    circuits: Count = Field(1, description="How many equal circuits run side by side.")
    room: Line | None = Field(None, description="Where it is.")


class Rotation(Value):
    """Groups of the cohort that change through stations at the same time."""

    groups: Count = Field(description="How many groups the cohort is divided into.")
    stations: Many[Station] = Field(min_length=1, description="The stations in order.")


class Step(Value):
    """One thing that the trainer does, says or asks."""

    do: Text | None = Field(None, description="What the trainer does.")
    say: Text | None = Field(None, description="Words to say aloud.")
    ask: Text | None = Field(None, description="A question to the group.")
    expect: Text | None = Field(None, description="The answers to expect from a question.")
    minutes: Minutes | None = Field(None, description="Minutes it takes of the planned time.")


class Debrief(Value):
    """Three questions after practice: what happened, what it means, what to do next."""

    what: Text = Field(description="What happened?")
    so_what: Text = Field(description="What does it mean?")
    now_what: Text = Field(description="What will you do?")


class Mistake(Value):
    """An error that trainees commonly make, and the trainer's answer to it."""

    error: Text = Field(description="What they do.")
    response: Text = Field(description="What the trainer does about it.")


class Activity(Entity):
    """A stretch of time in which one thing happens, by one method."""

    kind: ClassVar[str] = "activity"

    title: Line | None = Field(None, description="What it is called in the agenda.")
    method: Method = Field(description="The training method.")
    phase: Phase = Field(description="What it is for.")
    event: Event | None = Field(None, description="The event of instruction (Gagné).")
    delivery: Literal["session", "prework"] = Field(
        "session", description="In the room, or as paid pre-work beside the hours."
    )
    retrieval: Flag = Field(
        False, description="Whether trainees recall earlier content from memory."
    )
    minutes: Range = Field(description="Least, planned and most minutes.")
    priority: Priority = Field("should", description="Must, should or nice to have.")
    objectives: Many[ObjectiveRef] = Field((), description="The objectives that it serves.")
    instruments: Annotated[
        Many[InstrumentRef], BeforeValidator(_listed), WithJsonSchema(_ONE_OR_MANY)
    ] = Field(
        (),
        alias="instrument",
        description="The instrument, where it assesses; a list where several follow each other.",
    )
    rotation: Rotation | None = Field(None, description="Stations in parallel, where it assesses.")
    grouping: Grouping | None = Field(None, description="Small groups, where it is practice.")
    purpose: Text | None = Field(None, description="Why it is here.")
    setup: Text | None = Field(None, description="What must stand ready.")
    trainer: Many[Step] = Field((), description="What the trainer does and says, in order.")
    trainees: Text | None = Field(None, description="What trainees do.")
    materials: Many[MaterialRef] = Field((), description="What is used.")
    debrief: Debrief | None = Field(None, description="The questions afterwards.")
    answers: Text | None = Field(None, description="Expected answers, for the trainer only.")
    mistakes: Many[Mistake] = Field((), description="Common errors and how to respond.")
    if_short: Text | None = Field(None, description="What to drop when time is short.")
    if_long: Text | None = Field(None, description="What to add when there is time.")
    instead: Literal["handout", "prework", "job-aid", "ojt", "none"] = Field(
        "none", description="What replaces it when it is cut."
    )
    cites: Many[PartRef] = Field((), description="The parts of the sources that it teaches.")

    @property
    def label(self) -> str:
        """Its title, or its id where it has none."""
        return self.title or self.id

    @property
    def assesses(self) -> tuple[str, ...]:
        """The ids of all instruments that it uses, alone or in a rotation."""
        stations = self.rotation.stations if self.rotation else ()
        return self.instruments + tuple(
            each for station in stations for each in station.instruments
        )


class Module(Entity):
    """A part of the program with a goal of its own."""

    kind: ClassVar[str] = "module"

    title: Line = Field(description="What it is called.")
    goal: Text | None = Field(
        None, description="What it brings the trainee to, in a sentence or two."
    )
    rationale: Text | None = Field(None, description="Why these methods, for these KSAs.")
    requires: Many[ModuleRef] = Field((), description="Modules whose teaching comes first.")
    objectives: Many[Objective] = Field((), description="Its objectives, terminal first.")
    activities: Many[Activity] = Field((), description="Its activities in order.")
    materials: Many[MaterialRef] = Field((), description="What is used throughout the module.")
    preparation: Many[Line] = Field(
        (),
        description="What the trainer prepares; `Seven days before: …` puts it under that date.",
    )
    room: Text | None = Field(None, description="How the room is set up.")
    learning_points: Many[Line] = Field((), description="Rules of behavior to take away.")
    transition: Text | None = Field(None, description="How to lead over to the next module.")
    final: Flag = Field(False, description="Whether it holds the final assessment.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


# ── how it is measured ───────────────────────────────────────────────────────────────


class Option(Value):
    """One answer to choose from."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-f]$")] = Field(description="a, b, c …")
    text: Text = Field(description="The answer.")


class Item(Entity):
    """One question of a test, with its key."""

    kind: ClassVar[str] = "item"
    label_field: ClassVar[str] = "stem"

    form: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")] = Field(
        "A", description="The form that it belongs to."
    )
    stem: Text = Field(description="The question.")
    options: Many[Option] = Field((), description="The answers to choose from; none if written.")
    key: Text = Field(description="The letter of the right option, or the expected answer.")
    rationale: Text | None = Field(None, description="Why the key is right, with the reference.")
    objective: ObjectiveRef | None = Field(None, description="The objective that it measures.")
    level: ObjectiveLevel | None = Field(None, description="The cognitive level that it calls for.")
    critical: Flag = Field(False, description="Whether missing it must be followed up at once.")


class Anchor(Value):
    """What a rater sees at one level of a criterion."""

    level: Level = Field(description="The score.")
    text: Text = Field(description="What the rater sees or hears.")


class Criterion(Entity):
    """One thing that a rater scores, with an observable anchor for each level."""

    kind: ClassVar[str] = "criterion"
    label_field: ClassVar[str] = "name"

    name: Line = Field(description="What is scored.")
    objective: ObjectiveRef | None = Field(None, description="The objective that it measures.")
    anchors: Many[Anchor] = Field((), description="What a rater sees at each level.")
    critical: Text | None = Field(None, description="What fails the performance at once.")


class Question(Entity):
    """One question of a form."""

    kind: ClassVar[str] = "question"
    label_field: ClassVar[str] = "text"

    text: Text = Field(description="The question.")
    type: Literal[
        "frequency", "quality", "independence", "incident", "evidence", "opportunity", "support",
        "choice", "rating", "open",
    ] = Field(description="The type of answer.")  # fmt: skip
    waves: Many[Count] = Field((), description="Days after training at which it is asked.")
    ksas: Many[KsaRef] = Field((), description="The KSAs that it follows up.")
    options: Many[Line] = Field((), description="The answers to choose from.")


class Scenario(Entity):
    """One version of a simulation: what the customer knows, feels, says and wants."""

    kind: ClassVar[str] = "scenario"

    form: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")] = Field(
        "A", description="The form that it belongs to."
    )
    title: Line = Field(description="What it is called.")
    candidate: Text = Field(description="What the trainee is told before.")
    script: Text = Field(description="The role player's script.")
    notes: Text | None = Field(None, description="For the rater: what a good solution holds.")


class Cut(Value):
    """The score that passes, and how it was set."""

    method: Line = Field(description="How it was set (Angoff, borderline group …).")
    value: Number = Field(description="The score that passes.")
    out_of: Number | None = Field(None, description="The score that is possible.")
    lowest: Level | None = Field(
        None, description="The level below which no criterion may be; 2 means none at 1."
    )
    judges: Many[Line] = Field((), description="Who set it.")
    date: Day | None = Field(None, description="When it was set.")
    provisional: Flag = Field(False, description="Whether it still waits for judges and data.")


class BlueprintCell(Value):
    """One cell of a table of specifications: how many items of each form measure what."""

    objective: ObjectiveRef = Field(description="The objective.")
    level: ObjectiveLevel | None = Field(
        None, description="The cognitive level of the items; none means any level."
    )
    items: Count = Field(description="How many items of each form.")


class Calibration(Value):
    """How raters come to score alike, and the agreement they must reach before they count."""

    how: Text = Field(description="What raters score together, and how they settle differences.")
    metric: Literal["weighted-kappa", "icc", "percent"] = Field(
        description="How agreement is measured."
    )
    value: Number = Field(description="The agreement that must be reached.")

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        most = 100 if self.metric == "percent" else 1
        if not 0 < self.value <= most:
            raise _disordered(f"`value` must be above 0 and no more than {most} for {self.metric}")
        return self


class Retest(Value):
    """The second chance after a miss."""

    form: Line = Field(description="Which form or scenario is used.")
    after: Line = Field(description="When: after which remediation and how many days.")


InstrumentKind = Literal[
    "pre-test", "written-test", "check", "role-play", "work-sample", "in-basket", "product",
    "observation", "reaction-form", "supervisor-form", "self-form", "retrospective-form",
    "mystery-shopper-form", "results-record",
]  # fmt: skip


class Instrument(Entity):
    """A means of evaluation: a test, a simulation, a product, an observation or a form."""

    kind: ClassVar[str] = "instrument"

    title: Line = Field(description="What it is called.")
    type: InstrumentKind = Field(alias="kind", description="What it is.")
    kirkpatrick: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=4)] = Field(
        description="Level of evaluation: 1 reaction, 2 learning, 3 behavior, 4 results."
    )
    when: Literal["baseline", "daily", "in-course", "end-of-course", "follow-up"] = Field(
        description="When it is used."
    )
    objectives: Many[ObjectiveRef] = Field((), description="The objectives that it measures.")
    ksas: Many[KsaRef] = Field((), description="The KSAs it measures where no objective is named.")
    minutes: Minutes | None = Field(
        None, description="Minutes for one trainee, change-over included."
    )
    at_once: Count = Field(1, description="How many trainees are assessed at the same time.")
    book: Literal["open", "closed"] | None = Field(None, description="Whether aids are allowed.")
    instructions: Text | None = Field(None, description="What the trainee is told.")
    blueprint: Many[BlueprintCell] = Field(
        (), description="The table of specifications: what the items of each form must sample."
    )
    items: Many[Item] = Field((), description="Questions of a test, each with its key.")
    scenarios: Many[Scenario] = Field((), description="Versions of a simulation.")
    criteria: Many[Criterion] = Field((), description="What raters score.")
    questions: Many[Question] = Field((), description="Questions of a form.")
    cut: Cut | None = Field(None, description="The score that passes.")
    raters: Count | None = Field(None, description="Raters for each performance.")
    double_rating: Text | None = Field(None, description="When a second rater scores too.")
    calibration: Calibration | None = Field(
        None, description="How raters are brought to agree before they score."
    )
    retest: Retest | None = Field(None, description="The second chance.")
    confidentiality: Text | None = Field(None, description="Use of the answers, and who sees them.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")

    @property
    def gate(self) -> bool:
        """Whether it can decide: it has a cut score and a retest."""
        return self.cut is not None and self.retest is not None

    @property
    def written(self) -> bool:
        """Whether it shows what someone knows or writes, rather than what someone does."""
        return self.type in ("pre-test", "written-test", "check")


class Material(Entity):
    """A handout, job aid, role card, slide, data file or anything else that is used."""

    kind: ClassVar[str] = "material"

    title: Line = Field(description="What it is called.")
    type: Literal[
        "handout", "job-aid", "role-card", "slide", "data", "case", "worksheet", "form",
        "equipment", "handbook", "key", "dialogue", "pre-reading", "transfer-plan", "briefing",
        "picture",
    ] = Field(alias="kind", description="What it is.")  # fmt: skip
    shows: Literal["good", "bad", "both"] | None = Field(
        None, description="For a dialogue: whether it shows the behavior done well, badly or both."
    )
    reader: Literal["trainee", "trainer", "assessor"] = Field(description="Who may see it.")
    per: Literal["trainee", "group", "room"] = Field("trainee", description="One copy for each …")
    copies: Count = Field(1, description="How many copies for each.")
    body: Text | None = Field(
        None, description="The text, as Markdown; `---` parts role cards, which are cut out."
    )
    file: Line | None = Field(
        None, description="A Markdown, CSV, PNG or JPEG file below content/materials/."
    )
    alt: Line | None = Field(
        None, description="For a picture: what it shows, for whoever does not see it."
    )
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")

    @property
    def needs_no_text(self) -> bool:
        """Whether it is a thing rather than a text: markers, a headset, a projector."""
        return self.type == "equipment"


# ── the program ──────────────────────────────────────────────────────────────────────


class Approval(Value):
    """Somebody who must approve the program."""

    role: Line = Field(description="The function.")
    name: Line | None = Field(None, description="The person, once known.")
    date: Day | None = Field(None, description="When it was approved.")


class Revision(Value):
    """One line of the history."""

    version: Line = Field(description="The version.")
    date: Day = Field(description="When it was made.")
    change: Text = Field(description="What changed.")


class EntryCondition(Value):
    """What a trainee brings along, and the evidence for it."""

    text: Text = Field(description="The condition.")
    ksas: Many[KsaRef] = Field((), description="The KSAs that it covers.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class Cohort(Value):
    """The people in the room."""

    trainees: Count = Field(description="Trainees in one cohort.")
    trainers: Count = Field(1, description="Lead trainers.")
    coaches: Staff = Field(0, description="Practice coaches beside the lead.")
    assessors: Staff = Field(0, description="Assessors on the final day.")
    role_players: Staff = Field(0, description="Role players on the final day.")
    note: Text | None = Field(None, description="How the numbers came about.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class Lunch(Value):
    """The unpaid meal."""

    minutes: Minutes = Field(description="How long it is.")
    earliest: Clock = Field(description="It starts no earlier than this.")
    latest: Clock = Field(description="It starts no later than this.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.earliest > self.latest:
            raise _disordered("`earliest` must not be later than `latest`")
        return self


class Breaks(Value):
    """The paid breaks."""

    minutes: Minutes = Field(description="How long each is.")
    count: Annotated[int, BeforeValidator(_whole), Field(ge=0, le=12)] = Field(
        description="How many a full day has."
    )


class Slack(Value):
    """Time held back for what takes longer, as a share of paid time in percent."""

    min: Percent = Field(description="The least share.")
    max: Percent = Field(description="The greatest share.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min > self.max:
            raise _disordered("`min` must not be greater than `max`")
        return self


class WorkingDay(Value):
    """The shape of a training day."""

    start: Clock = Field(description="When it begins.")
    end: Clock = Field(description="When it ends.")
    lunch: Lunch = Field(description="The unpaid meal.")
    breaks: Breaks = Field(description="The paid breaks.")
    longest_run: Annotated[int, BeforeValidator(_whole), Field(ge=15, le=480)] = Field(
        90, description="The longest stretch without a break, in minutes."
    )
    opening: Minutes = Field(description="Opening recap on every day but the first, in minutes.")
    closing: Minutes = Field(description="Closing of every day, in minutes.")
    slack: Slack = Field(description="Time held back.")

    @model_validator(mode="after")
    def _holds_time(self) -> Self:
        if self.paid <= 0:
            raise _disordered("`end` must be later than `start` and the minutes of lunch together")
        return self

    @property
    def paid(self) -> int:
        """Paid minutes of a full day: presence less the unpaid lunch."""
        return self.end - self.start - self.lunch.minutes


class Aim(Entity):
    """What the program is for, with the indicator that will show it."""

    kind: ClassVar[str] = "aim"
    label_field: ClassVar[str] = "text"

    type: Literal["reaction", "learning", "transfer", "results"] = Field(
        alias="kind", description="Which of the four kinds of aims."
    )
    text: Text = Field(description="The aim.")
    degree: Text = Field(description="How much, by when.")
    indicator: Text = Field(description="What is counted, and where it is recorded.")
    instruments: Many[InstrumentRef] = Field((), description="The instruments that measure it.")


class Deferral(Value):
    """A gate that a named approver may move to signed on-the-job training."""

    objective: ObjectiveRef = Field(description="The gate objective.")
    approved_by: Line = Field(description="Who may approve it.")
    within_days: Count = Field(description="Days after training by which it is signed off.")
    why: Text = Field(description="Why it may wait.")


class DecisionPart(Value):
    """A part of the decision about mastery: instruments that all have to be passed."""

    title: Line = Field(description="What the part is called.")
    instruments: Annotated[Many[InstrumentRef], Field(min_length=1)] = Field(
        description="The instruments that it rests on."
    )
    mean: Number | None = Field(
        None,
        description="Where they are scored together: the mean of their means that passes. Their "
        "own cut scores then do not count.",
    )
    floor: Number | None = Field(
        None,
        description="Where they are scored together: the mean that each must reach by itself.",
    )
    only_where: Line | None = Field(
        None, description="The posts for which it is asked, where it is not asked for all."
    )

    @model_validator(mode="after")
    def _floor_of_a_mean(self) -> Self:
        if self.floor is not None and self.mean is None:
            raise _disordered("`floor` needs the `mean` that the instruments reach together")
        return self


class Mastery(Value):
    """How it is decided whether a trainee has mastered the job."""

    decision: Text = Field(description="The rule of decision.")
    status_during: Text = Field(description="The trainee's status until the decision.")
    retest: Text = Field(description="The second chance.")
    panel: Text = Field(description="Who decides after the second miss, and how.")
    appeal: Text = Field(description="How a trainee appeals.")
    accommodation: Text = Field(description="How barriers of a disability are removed.")
    attendance: Text = Field(description="What happens when somebody misses a session.")
    records: Text = Field(description="What is kept, by whom, for how long.")
    adverse_impact: Text | None = Field(None, description="How group differences are watched.")
    parts: Many[DecisionPart] = Field(
        (),
        description="The parts of the decision, as the score book counts them; by default each "
        "gate with its instruments is one.",
    )
    deferrals: Many[Deferral] = Field((), description="Gates that may wait, and who approves.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class CaseAnswer(Value):
    """The answer to one question that the program's owner asks."""

    question: Text = Field(description="The question, in our own words.")
    answer: Text = Field(description="The answer in half a page.")
    details: Text | None = Field(None, description="What stands behind it: tables, sources.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class Term(Value):
    """An acronym or a term of the trade that trainees may not know."""

    term: Line = Field(description="The term as it is written.")
    meaning: Line = Field(description="What it stands for, in plain words.")


class Threshold(Value):
    """A number that a rule compares with, set for this program."""

    rule: Line = Field(description="The rule.")
    name: Line = Field(description="The threshold's name, as on the rule's page.")
    value: Number = Field(description="The number.")
    reason: Text = Field(description="Why it differs from the default.")


class Program(Entity):
    """The program as a whole: audience, cohort, working day, aims and policy."""

    kind: ClassVar[str] = "program"

    title: Line = Field(description="What it is called.")
    version: Line = Field(description="Its version.")
    status: Literal["draft", "released"] = Field(
        "draft", description="Some rules bind at release only."
    )
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = Field(
        "en-US", description="The language of the content."
    )
    organization: Line | None = Field(None, description="Who gives it.")
    audience: Line | None = Field(
        None, description="Who is trained; the audience of every objective."
    )
    need: Text | None = Field(None, description="Why the program exists.")
    approvals: Many[Approval] = Field((), description="Who approves it.")
    history: Many[Revision] = Field((), description="Versions so far.")
    entry: Many[EntryCondition] = Field((), description="What trainees bring along.")
    cohort: Cohort = Field(description="The people in the room.")
    scale: ScaleRef | None = Field(None, description="The house scale.")
    day: WorkingDay = Field(description="The shape of a training day.")
    holidays: Many[Day] = Field((), description="Days without training.")
    hours: Hours = Field(Decimal(40), description="Hours planned by default, in quarter hours.")
    basis: Literal["paid", "contact"] = Field("paid", description="What an hour is by default.")
    aims: Many[Aim] = Field((), description="Aims of the four kinds.")
    mastery: Mastery | None = Field(None, description="How mastery is decided.")
    answers: Many[CaseAnswer] = Field((), description="Answers to the owner's questions.")
    glossary: Many[Term] = Field((), description="Acronyms and terms, each with its meaning.")
    thresholds: Many[Threshold] = Field((), description="Thresholds of rules, where not default.")
    cites: Many[PartRef] = Field((), description="The parts of the sources it comes from.")


class Waiver(Value):
    """A finding that somebody accepted, with the reason."""

    rule: Line = Field(description="The rule that is set aside.")
    id: AnyRef = Field(description="The entity for which it is set aside.")
    reason: Text = Field(description="Why that is right.")
    by: Line = Field(description="Who decided.")
    date: Day = Field(description="When.")


class VerbGroup(Value):
    """The verbs of one level of a domain."""

    domain: Domain = Field(description="The domain.")
    level: ObjectiveLevel | None = Field(None, description="The level; none means any level.")
    verbs: Many[Line] = Field(description="The verbs.")


class VerbList(Entity):
    """Verbs that objectives may use, and those that nobody can observe."""

    kind: ClassVar[str] = "verb-list"
    label_field: ClassVar[str] = "language"

    language: Line = Field(description="The language of the verbs.")
    groups: Many[VerbGroup] = Field((), description="Verbs by domain and level.")
    unmeasurable: Many[Line] = Field((), description="Verbs that nobody can observe.")
    covert: Many[Line] = Field((), description="Verbs that need an indicator.")
    nouns: Many[Line] = Field(
        (), description="Verbs of the list that are nouns or adjectives too, such as plan."
    )


class Article(Value):
    """An article whose form depends on the word that follows, such as a and an."""

    word: Line = Field(description="The article.")
    letters: Line = Field(description="The letters that the next word may begin with.")
    before: Many[Line] = Field((), description="Words that it stands before all the same.")
    never: Many[Line] = Field((), description="Words that it does not stand before.")


class WordList(Entity):
    """Words and phrases by which rules judge a text, in the language of the content.

    A phrase counts where its words stand together as whole words, in small or capital letters.
    """

    kind: ClassVar[str] = "word-list"
    label_field: ClassVar[str] = "language"

    language: Line = Field(description="The language of the words.")
    vague: Many[Line] = Field((), description="Words of a standard that measure nothing.")
    praise: Many[Line] = Field((), description="Adjectives that judge without describing.")
    conjunctions: Many[Line] = Field((), description="Words that join two things in one.")
    determiners: Many[Line] = Field((), description="Words that open the object of a verb.")
    pairing: Many[Line] = Field((), description="Words by which a question asks two things.")
    pairs: Many[Line] = Field((), description="Fixed pairs for one thing, such as back and forth.")
    negations: Many[Line] = Field((), description="Words that turn a question into its contrary.")
    absolutes: Many[Line] = Field((), description="Words without exception, such as always.")
    frequencies: Many[Line] = Field((), description="Words of frequency without a number.")
    harmless: Many[Line] = Field(
        (), description="Phrases in which a negation denies nothing, such as at least."
    )
    clauses: Many[Line] = Field((), description="Words that open a side clause, such as if.")
    ranges: Many[Line] = Field((), description="Words between the two ends of a range.")
    articles: Many[Article] = Field((), description="Articles that change before some sounds.")
    everything: Many[Line] = Field((), description="Options such as all of the above.")
    nothing: Many[Line] = Field((), description="Options such as none of the above.")
    teaching: Many[Line] = Field((), description="Phrases that tell what the trainer does.")
    placeholders: Many[Line] = Field(
        (), description="Words that stand in for what is still to be written."
    )
    leading: Many[Line] = Field((), description="Phrases that put an answer into a mouth.")
    unseen: Many[Line] = Field((), description="Options that say it could not be observed.")
    common: Many[Line] = Field((), description="Words too common to compare two texts by.")
    known: Many[Line] = Field((), description="Acronyms that need no meaning, such as PDF.")


class MethodRow(Value):
    """How well one method serves each class of KSA, 0 to 3."""

    method: Method = Field(description="The method.")
    declarative: Fitness = Field(description="Facts.")
    procedural: Fitness = Field(description="How and when to apply them.")
    strategic: Fitness = Field(description="Planning and revising.")
    skill: Fitness = Field(description="Proficiency at a task.")
    attitude: Fitness = Field(description="What moves motivation.")


class MethodMatrix(Entity):
    """Which method serves which class of KSA."""

    kind: ClassVar[str] = "method-matrix"

    title: Line = Field(description="Where the ratings come from.")
    rows: Many[MethodRow] = Field(description="A row for each method.")


KINDS: dict[str, type[Value]] = {
    "program": Program,
    "source": Source,
    "profile": Profile,
    "duty": Duty,
    "ksa": Ksa,
    "scale": Scale,
    "competency": Competency,
    "module": Module,
    "instrument": Instrument,
    "material": Material,
    "waiver": Waiver,
    "verb-list": VerbList,
    "word-list": WordList,
    "method-matrix": MethodMatrix,
}

PLURALS: dict[str, str] = {
    kind: {"duty": "duties", "competency": "competencies", "method-matrix": "method-matrices"}.get(
        kind, kind + "s"
    )
    for kind in KINDS
}


def field_name(model: type[BaseModel], name: str) -> str:
    """The name under which an author writes a field of a model."""
    return model.model_fields[name].alias or name


def walk(value: Value, route: Route = ()) -> list[tuple[Value, Route, str]]:
    """A value and all inside it: each with its route and the id of the entity around it.

    Outer values come first. Routes go on from the one that is given.
    """
    found: list[tuple[Value, Route, str]] = []
    _walk(value, route, "", found)
    return found


def _walk(value: Value, route: Route, owner: str, found: list[tuple[Value, Route, str]]) -> None:
    if isinstance(value, Entity):
        owner = value.id
    found.append((value, route, owner))
    for name, step in _inner_fields(type(value)):
        inner: Any = getattr(value, name)
        if type(inner) is tuple:
            for index, each in enumerate(inner):
                _walk(each, (*route, step, index), owner, found)
        elif inner is not None:
            _walk(inner, (*route, step), owner, found)


def texts(value: Value) -> list[tuple[str, Route, str]]:
    """Every text in a value: the id of the nearest entity around it, the keys from there, itself.

    >>> texts(Statement(text="Greets first."))
    [('', ('text',), 'Greets first.')]
    """
    found: list[tuple[str, Route, str]] = []
    _texts(value, "", (), found)
    return found


def _texts(value: Value, owner: str, route: Route, found: list[tuple[str, Route, str]]) -> None:
    if isinstance(value, Entity):
        owner, route = value.id, ()
    for name, step in _text_fields(type(value)):
        held: Any = getattr(value, name)
        if type(held) is str:
            found.append((owner, (*route, step), held))
        elif held:
            found += ((owner, (*route, step, index), each) for index, each in enumerate(held))
    for name, step in _inner_fields(type(value)):
        inner: Any = getattr(value, name)
        if type(inner) is tuple:
            for index, each in enumerate(inner):
                _texts(each, owner, (*route, step, index), found)
        elif inner is not None:
            _texts(inner, owner, (*route, step), found)


V = TypeVar("V", bound=Value)


def without_texts(value: V) -> V:
    """A copy of a value in which every line and text is empty: what remains is structure.

    >>> without_texts(Statement(text="Greets first.")).text
    ''
    """
    emptied: dict[str, Any] = {}
    for name, _ in _text_fields(type(value)):
        held: Any = getattr(value, name)
        emptied[name] = "" if type(held) is str else type(held)()
    for name, _ in _inner_fields(type(value)):
        inner: Any = getattr(value, name)
        if type(inner) is tuple:
            emptied[name] = tuple(without_texts(each) for each in inner)
        elif inner is not None:
            emptied[name] = without_texts(inner)
    return value.model_copy(update=emptied)


@cache
def _text_fields(model: type[Value]) -> tuple[tuple[str, str], ...]:
    """The fields of a model that hold a line or a text, each with its name in the file."""
    return tuple(
        (name, field_name(model, name))
        for name, info in model.model_fields.items()
        if _is_text((info.annotation, *info.metadata))
    )


def _is_text(parts: tuple[Any, ...]) -> bool:
    """Whether an annotation such as `Many[Line] | None` holds a line or a text somewhere."""
    return any(
        (isinstance(part, BeforeValidator) and part.func is _filled) or _is_text(get_args(part))
        for part in parts
    )


@cache
def _inner_fields(model: type[Value]) -> tuple[tuple[str, str], ...]:
    """The fields of a model that hold values of their own, each with its name in the file."""
    return tuple(
        (name, field_name(model, name))
        for name, info in model.model_fields.items()
        if inner_model(info.annotation)
    )


def inner_model(annotation: Any) -> type[Value] | None:
    """The model that an annotation such as `Many[Step] | None` holds, if it holds one."""
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return annotation
    found = (inner_model(part) for part in get_args(annotation))
    return next((model for model in found if model), None)
