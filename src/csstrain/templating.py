"""The templates of all documents: where they lie, what they may use, where one went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from csstrain.marks import mark
from csstrain.markup import markdown
from csstrain.model import clock_text

if TYPE_CHECKING:
    from jinja2 import Environment, TemplateError


class TemplateFault(Exception):
    """A template that cannot be used: its name, the line where that is known, and why."""

    def __init__(self, template: str, line: int | None, why: str) -> None:
        place = f"line {line}: " if line else ""
        super().__init__(f"template {template}: {place}{why}")
        self.template = template
        self.line = line


def environment(templates: Path | None = None) -> Environment:
    """The Jinja environment: everything escaped, nothing undefined, the project's files first."""
    from jinja2 import ChoiceLoader, Environment, StrictUndefined
    from markupsafe import Markup  # noqa: PLC0415

    folders = [built_in_templates()] if templates is None else [templates, built_in_templates()]
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=ChoiceLoader([_folder_loader(folder) for folder in folders]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    # Markdown comes back as HTML in which every character of the author's is escaped.
    made.filters["md"] = lambda text, under=3: Markup(markdown(text, under))  # noqa: S704
    made.filters["clock"] = clock_text
    made.filters["length_text"] = length_text
    made.filters["number"] = number_text
    made.globals["mark"] = mark
    return made


def _folder_loader(folder: Path) -> Any:
    from jinja2 import FileSystemLoader

    class Folder(FileSystemLoader):
        """Templates of one folder; a link that leads out of it is not followed."""

        def get_source(self, environment: Environment, template: str) -> Any:
            try:
                source = super().get_source(environment, template)
            except UnicodeDecodeError as fault:
                raise TemplateFault(template, None, "it is not saved as UTF-8") from fault
            if not Path(source[1]).resolve().is_relative_to(folder.resolve()):
                raise TemplateFault(template, None, "a link that leads out of its folder")
            return source

    return Folder(folder, encoding="utf-8")


def fill(environment: Environment, template: str, values: Mapping[str, object]) -> str:
    """A template with its values. Raises TemplateFault."""
    from jinja2 import TemplateError
    from markupsafe import Markup  # noqa: PLC0415

    # Filled-in sections are finished HTML of our own templates, escaped when they were made;
    # a style sheet is ours too.
    made: dict[str, Any] = dict(values)
    for name in made.keys() & {"body", "parts", "style"}:
        whole = made[name]
        made[name] = Markup(whole) if isinstance(whole, str) else [Markup(m) for m in whole]  # noqa: S704
    try:
        return environment.get_template(template).render(made)
    except TemplateError as fault:
        raise TemplateFault(*_where(fault, template), str(fault)) from fault


def source(environment: Environment, name: str) -> str:
    """A file among the templates as it is: a style sheet, a script, an icon."""
    assert environment.loader is not None  # environment() always sets it
    return environment.loader.get_source(environment, name)[0]


def _where(fault: TemplateError, template: str) -> tuple[str, int | None]:
    """The template, perhaps one that `template` includes, and the line where it went wrong."""
    from jinja2 import TemplateSyntaxError

    if isinstance(fault, TemplateSyntaxError):
        return fault.name or template, fault.lineno
    # Jinja puts templates in the place of the code that it made of them.
    frames = [f for f in extract_tb(fault.__traceback__) if f.filename.endswith(".html")]
    return (Path(frames[-1].filename).name, frames[-1].lineno) if frames else (template, None)


def length_text(minutes: int) -> str:
    """Minutes as people say them.

    >>> length_text(95), length_text(60), length_text(20)
    ('1 h 35 min', '1 h', '20 min')
    """
    hours, rest = divmod(minutes, 60)
    return (
        " ".join(
            word for word in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if word
        )
        or "0 min"
    )


def number_text(number: Decimal) -> str:
    """A number without zeros at the end.

    >>> number_text(Decimal("7.40")), number_text(Decimal("40"))
    ('7.4', '40')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# ── the files ────────────────────────────────────────────────────────────────────────


@cache
def built_in_templates() -> Path:
    """The folder of our own templates: inside an installed package, or at the top of a checkout."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parents[1] / "templates"


@cache
def icon_names() -> tuple[str, ...]:
    """The names of all icons, as templates name them."""
    return tuple(sorted(f"icons/{p.name}" for p in (built_in_templates() / "icons").glob("*.svg")))


def icons_inside(style: str, read: Callable[[str], str]) -> str:
    """A style sheet with its icons as data, so that a page which holds it needs no other file.

    >>> icons_inside('a { background: url("icons/eye.svg"); }', lambda name: "<svg/>")
    'a { background: url("data:image/svg+xml,%3Csvg/%3E"); }'
    """
    for name in icon_names():
        if name in style:
            data = "data:image/svg+xml," + quote(read(name), safe="/:=' ")
            style = style.replace(f'url("{name}")', f'url("{data}")')
    return style
