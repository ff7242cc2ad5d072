"""The report as one HTML page, and as Markdown."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from timeshare.experiment.conditions import FRESH
from timeshare.report.sections import Section
from timeshare.report.summary import Summary
from timeshare.report.terms import Term
from timeshare.report.verdicts import plain
from timeshare.report.words import WORDS


@dataclass(frozen=True)
class Content:
    """All that the page shows.

    Arguments:
        summary: its first screen.
        sections: with what their figures show.
        figures: inline SVG of each finding, for a wide page and for a phone.
        appendix: tables and texts by name, as the template knows them.
        terms: the tasks by their titles.
        left_out: titles of sections that such an experiment has nothing for.
        words: what readers may not know, each with its meaning.
    """

    summary: Summary
    sections: Sequence[Section]
    figures: Mapping[str, tuple[str, str]]
    appendix: Mapping[str, Any]
    terms: Mapping[str, Term]
    left_out: Sequence[str] = ()
    words: Sequence[tuple[str, str]] = WORDS


def html(content: Content) -> str:
    """The page; names and values are escaped, so that markup in them is shown as text."""
    # Figures are drawn by this package, whose drawing escapes names
    safe = {
        name: tuple(Markup(part) for part in parts)  # noqa: S704 # nosec
        for name, parts in content.figures.items()
    }
    code = _part("report.js")
    digest = b64encode(hashlib.sha256(code.encode()).digest()).decode()
    return (
        _environment(True)
        .get_template("report.html.j2")
        .render(content=content, figures=safe, style=_part("style.css"), code=code, script=digest)
    )


def markdown(content: Content) -> str:
    """The same content, for reading in a repository."""
    return _environment(False).get_template("report.md.j2").render(content=content)


@cache
def _environment(escape: bool) -> Environment:
    loader = PackageLoader("timeshare.report", "template")
    # Markdown is not escaped as HTML is, but by `_plain`
    environment = Environment(  # nosec B701
        loader=loader,
        autoescape=escape,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=None if escape else _plain,
    )
    environment.filters["cell"] = cell
    environment.filters["whole"] = whole
    environment.filters["linked"] = linked
    environment.filters["plain"] = plain
    return environment


def _plain(value: object) -> object:
    """Text that Markdown neither takes for markup nor for the end of a table's cell."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return value.replace("|", "\\|").replace("<", "&lt;")


def cell(value: object) -> str:
    """A value as a table shows it."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return "\N{EN DASH}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        text = f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
        return "0" if text == "-0" else text.replace("-", "\N{MINUS SIGN}")
    if value == FRESH:
        return "new at each update"
    return f"{value:,}" if isinstance(value, int) else str(value)


def whole(text: str) -> str:
    """Text in which no line ends between a number and its interval."""
    space = "\N{NO-BREAK SPACE}"
    return re.sub(r" \[([^\s\[\],]+), ([^\s\]]+)\]", rf"{space}[\1,{space}\2]", text)


def linked(text: str) -> Markup:
    """Text in which the ids of claims, in brackets, lead to their rows."""
    whole = re.sub(r"\((\w+)\)", r'(<a href="#claim-\1">\1</a>)', str(escape(text)))
    return Markup(whole)  # noqa: S704 # nosec B704


def _part(name: str) -> Markup:
    """A file of the page's own, which is trusted as it is."""
    text = (Path(__file__).parent / "template" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 # nosec B704
