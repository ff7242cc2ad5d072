"""The page of licences: what the installed packages say of themselves.

Run as a module it writes `docs/licences.md` from `constraints.txt`; packages that are not installed
keep the line that the page has.
"""

import re
import sys
from collections.abc import Mapping
from email.message import Message
from importlib.metadata import PackageNotFoundError, files, metadata
from pathlib import Path
from typing import cast

from timeshare.storage.files import replacing

INTRODUCTION = """# Licences

<!-- Made by `python -m timeshare.gallery.licences constraints.txt docs/licences.md`; a test
compares it with constraints.txt. -->

timeshare itself is under the MIT licence, and contains no code of others. It installs the packages
below, none of which is distributed with it; what each says of its own licence was read from its
metadata. Real data sets keep their own licences, which [the tasks](tasks.md) name.

| package | version | licence |
|---|---|---|
"""
STATED = {
    "huey": "MIT",
    "jax": "Apache-2.0",
    "jaxlib": "Apache-2.0",
    "ml_dtypes": "Apache-2.0",
    "opt_einsum": "MIT",
    "torch": "BSD-3-Clause",
}
"""What their repositories state of packages whose metadata names no licence."""
CLASSIFIER = "License :: "
LONGEST = 60
"""Characters of a licence's name; a longer field holds the text of a licence."""


def constrained(constraints: Path) -> dict[str, str]:
    """The version of each package, by its name."""
    lines = constraints.read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def licence(package: str) -> str | None:
    """What an installed package says of its licence; None where it is not installed."""
    try:
        facts = cast(Message, metadata(package))
    except PackageNotFoundError:
        return None
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in facts.get_all("Classifier", [])
        if each.startswith(CLASSIFIER) and each != "License :: OSI Approved"
    ]
    named = (facts.get("License-Expression"), facts.get("License"), ", ".join(classifiers))
    short = (each.strip() for each in named if each and len(each.strip()) <= LONGEST)
    stated = next((each for each in short if each and each != "UNKNOWN"), None)
    return stated or STATED.get(package) or _first_words(package) or "see its documentation"


def _first_words(package: str) -> str | None:
    """The licence that the file of a package's licence begins with, such as `MIT License`."""
    for file in files(package) or []:
        own = any(part.endswith(".dist-info") for part in file.parts)
        if own and file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING")):
            text = Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
            if found := re.search(r"(MIT|BSD|Apache)\b", text[:300]):
                return f"{found[1]} (its file {file.name})"
    return None


def _kept(name: str, kept: Mapping[str, str]) -> str:
    if name not in kept:
        raise ValueError(f"{name} is not installed, and the page has no licence of it: install it.")
    return kept[name]


def page(constraints: Path, before: str = "") -> str:
    """The page.

    Arguments:
        constraints: file of the packages and their versions.
        before: the page as it was, whose lines stay for packages that are not installed.

    Raises `ValueError` for a package that is not installed and has no line.
    """
    kept = dict(re.findall(r"^\| (\S+) \| \S+ \| (.+) \|$", before, re.MULTILINE))
    rows = [
        f"| {name} | {version} | {licence(name) or STATED.get(name) or _kept(name, kept)} |"
        for name, version in sorted(
            constrained(constraints).items(), key=lambda row: row[0].lower()
        )
    ]
    return INTRODUCTION + "\n".join(rows) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[2])
    known = target.read_text(encoding="utf-8") if target.exists() else ""
    try:
        text = page(Path(sys.argv[1]), known)
    except ValueError as error:
        sys.exit(str(error))
    with replacing(target) as temporary:
        temporary.write_text(text, encoding="utf-8")
