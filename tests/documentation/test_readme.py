"""The README says what the committed report found, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from timeshare.gallery.answer import BEGINNING, END, REPORT, answer, with_answer

LINES = 150


@pytest.fixture
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def block(readme: str) -> str:
    return readme.partition(BEGINNING)[2].partition(END)[0].strip()


def test_its_answer_is_that_of_the_committed_report(root: Path, readme: str) -> None:
    report = (root / REPORT).read_text(encoding="utf-8")
    command = "python -m timeshare.gallery.answer"
    assert block(readme) == answer(report, str(REPORT.parent)), command


def test_each_of_its_sentences_is_one_that_the_report_computed(root: Path, readme: str) -> None:
    report = (root / REPORT).read_text(encoding="utf-8").splitlines()
    _picture, *sentences = [line for line in block(readme).splitlines() if line]
    assert len(sentences) >= 4
    assert set(sentences) <= set(report)


def test_it_is_short(readme: str) -> None:
    assert len(readme.splitlines()) < LINES


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_leads_to_a_file(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([\w./-]+)(?:#[\w-]*)?\)", text)
    assert links
    assert [link for link in links if not (root / link).exists()] == []


def test_every_folder_and_target_it_names_exists(root: Path, readme: str) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make (\w+)`", readme):
        assert f"\n{target}: " in makefile
    for path in ("Snakefile", "config.yaml", "studies/", "workflow/", "src/timeshare/"):
        assert f"`{path}`" in readme
        assert (root / path).exists()


def test_another_answer_takes_the_place_of_the_old_one() -> None:
    page = f"Before.\n{BEGINNING}\nold\n{END}\nAfter.\n"
    assert with_answer(page, "new") == f"Before.\n{BEGINNING}\nnew\n{END}\nAfter.\n"
    with pytest.raises(ValueError, match="no place for an answer"):
        with_answer("Nothing.", "new")
    with pytest.raises(ValueError, match="no answer in sentences"):
        answer("# Title\n\nQuestion?\n\nNothing.\n\n## Section\n", "reports/study")
