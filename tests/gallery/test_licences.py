"""The page of licences lists every package that is installed, with its licence."""

import re
from pathlib import Path

import pytest

from timeshare.gallery.licences import constrained, licence, page


def test_every_package_and_version_is_listed_with_a_licence(root: Path) -> None:
    text = (root / "docs/licences.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", text, re.MULTILINE)
    rows = {name: version for name, version, _ in listed if name != "package"}
    assert rows == constrained(root / "constraints.txt")
    assert not [name for name, _, said in listed if not said.strip()]


def test_a_package_says_its_licence() -> None:
    assert licence("pydantic") == "MIT"
    assert licence("no-such-package-of-ours") is None


def test_a_package_of_which_nothing_is_known_is_named_in_a_sentence(tmp_path: Path) -> None:
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("no-such-package-of-ours==1.0\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no-such-package-of-ours is not installed, and the page"):
        page(constraints)
    line = "| no-such-package-of-ours | 1.0 | MIT |"
    assert line in page(constraints, before=line)
