"""The page and its files."""

import re
from html import unescape
from pathlib import Path
from typing import Any

from tests.report.conftest import CONFIGURATION, HOSTILE
from timeshare.report.build import build
from timeshare.report.palette import COLOURS
from timeshare.report.results import Results


def test_every_figure_has_its_files(built: Path) -> None:
    page = (built / "report.html").read_text()
    linked = re.findall(r'href="((?:figures|tables)/[^"]+)"', page)
    assert len(linked) > 20
    assert all((built / name).exists() for name in linked)


def test_markup_in_a_name_is_shown_as_text(built: Path) -> None:
    page = (built / "report.html").read_text()
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)" in page
    assert HOSTILE not in (built / "report.md").read_text()


def test_markdown_holds_every_section_of_the_page(built: Path) -> None:
    page, text = ((built / name).read_text() for name in ("report.html", "report.md"))
    headings = re.findall(r"<h3[^>]*>(.*?)(?: <a class=\"anchor\".*?</a>)?</h3>", page)
    assert len(headings) > 15
    assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) == set(map(unescape, headings))


def test_nothing_is_loaded_from_elsewhere(built: Path) -> None:
    page = (built / "report.html").read_text()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.search(r"@import|url\((?!#)", page)


def test_identifiers_are_unique(built: Path) -> None:
    found = re.findall(r'\bid="([^"]+)"', (built / "report.html").read_text())
    assert len(found) == len(set(found))


def test_every_figure_says_its_finding(built: Path) -> None:
    page = (built / "report.html").read_text()
    labels = re.findall(r'class="plot" role="img" aria-label="([^"]+)"', page)
    assert len(labels) == page.count('class="plot"')
    assert all(len(label) > 40 and re.search(r"\d", label) for label in labels)


def test_text_of_figures_is_text_in_colours_of_the_page(built: Path) -> None:
    page = (built / "report.html").read_text()
    assert "<text" in page
    assert "var(--unshared)" in page
    assert COLOURS["unshared"] not in page.split("</style>", 1)[1]
    assert COLOURS["unshared"] in (built / "figures/lengths.svg").read_text()


def test_equal_tables_give_equal_files(
    winning: Results, runs: list[dict[str, Any]], tmp_path: Path
) -> None:
    for folder in ("one", "two"):
        build(winning, CONFIGURATION, runs, tmp_path / folder)
    for path in (tmp_path / "one").rglob("*.*"):
        again = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == again.read_bytes(), path.name
