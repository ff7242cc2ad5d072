"""Code and configurations use the words of CONTRIBUTING.md, and not those that they replaced.

Identifiers of Python files and keys of YAML files are searched, comments and docstrings are not.
Names of test functions are sentences, and are not searched either. Pages are searched for metaphors
and for documents that are not in the repository.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
THIS = Path(__file__).resolve()

EVERYWHERE = {
    "clock": "time_features",
    "decides": "primary",
    "dial": "rule_change_rate",
    "freedom": "degrees_of_freedom",
    "improvement": "probability_of_improvement",
    "recurrent_start": "recurrent_init",
    "slow_twin": "reference",
    "told_beside": "secondary",
    "twin": "reference",
    "walk_compiled": "unroll_compiled",
    "walk_plain": "unroll_eager",
    "walk_reference": "unroll_reference",
}
"""Old identifiers with those that replace them."""

IN_FOLDERS = {
    "recurrent": {
        "asked": "target_mask",
        "kept": "saved",
        "spread": "linear_backward",
        "walk": "unroll",
    },
    "training": {"asked": "target_mask", "walk": "unroll"},
    "cost": {"Subject": "BenchmarkCase", "subject": "case", "turn": "repetition"},
    "experiment": {"kinds": "names", "room": "group"},
    "registry.py": {"kinds": "names", "room": "group"},
}
"""Old identifiers that have another meaning outside of one folder of the package."""

ALLOWED = {
    "cost": {"clock"},  # measures time
    "experiment/models.py": {"clock", "recurrent_start"},  # names the new key for an old one
}
"""Identifiers that stay in a folder or file of the package and in its tests."""

OLD_MODULES = {
    "checkpoint",
    "choice",
    "collection",
    "curves",
    "evaluation",
    "faults",
    "feedforward",
    "forward",
    "gradients",
    "members",
    "runs",
    "start",
    "timing",
    "walk",
}
"""Modules of the package that have another name now."""

OLD_KEYS = {"clock", "decides", "dial", "hidden", "recurrent_start", "results", "reports"}
"""Keys that no configuration has any more."""


METAPHORS = re.compile(
    r"\b(houses?|slow twin|the design (names|says)|the question fixes|walls?(?! time|-clock))\b",
    re.I,
)
"""Words for packages and rules of imports, and for documents, that no page has any more."""


def pages() -> list[Path]:
    """Every page that is written for readers of the repository."""
    files = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return files + sorted((ROOT / "docs").rglob("*.md"))


def python_files() -> Iterator[Path]:
    for folder in ("src", "tests", "workflow", "benchmarks", "examples"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of each identifier, and of each string that is one (a column, a key)."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.keyword(arg=str(name)) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) if not name.startswith("test_"):
                yield node.lineno, name
            case ast.Constant(value=str(name)) if name.isidentifier():
                yield node.lineno, name


def belongs(path: Path, place: str) -> bool:
    """Whether a file lies in a folder of the package or of its tests, or is this file of it."""
    return (
        any(path.is_relative_to(ROOT / home / place) for home in ("src/timeshare", "tests"))
        or path.name == f"test_{place}"
    )


def forbidden(path: Path) -> dict[str, str]:
    """Old identifiers that the file must not have, each with the one that replaces it."""
    old = dict(EVERYWHERE)
    for place, names in IN_FOLDERS.items():
        old |= names if belongs(path, place) else {}
    for place, allowed in ALLOWED.items():
        if belongs(path, place):
            old = {name: new for name, new in old.items() if name not in allowed}
    return old


def yaml_keys(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """Line and name of each key of a YAML document."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.start_mark.line + 1, str(key.value)
            yield from yaml_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from yaml_keys(value)


def test_no_identifier_is_an_old_one() -> None:
    found = []
    for path in python_files():
        if path == THIS:
            continue
        old = forbidden(path)
        found += [
            f"{path.relative_to(ROOT)}:{line}: {name} is now {old[name]}"
            for line, name in identifiers(ast.parse(path.read_text(encoding="utf-8")))
            if name in old
        ]
    assert not found, "\n".join(found)


def test_no_module_has_an_old_name() -> None:
    package = ROOT / "src/timeshare"
    modules = (path.relative_to(package).with_suffix("") for path in package.rglob("*.py"))
    assert [str(module) for module in modules if OLD_MODULES & set(module.parts)] == []


def configurations() -> list[Path]:
    files = [ROOT / "config.yaml"]
    for folder in ("studies", "examples", "profiles"):
        files += sorted((ROOT / folder).rglob("*.yaml"))
    return files


@pytest.mark.parametrize("path", configurations(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_key_of_a_configuration_is_an_old_one(path: Path) -> None:
    document = yaml.compose(path.read_text(encoding="utf-8"))
    assert [(line, key) for line, key in yaml_keys(document) if key in OLD_KEYS] == []


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_has_a_metaphor_for_the_packages(path: Path) -> None:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    assert [(number, line) for number, line in lines if METAPHORS.search(line)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Why walls stand where they stand", True),
        ("## The house", True),
        ("The design names the percentile bootstrap.", True),
        ("Wall time on two cores", False),
        ("wall-clock time, medians of 9 rounds", False),
        ("what a design can decide", False),
    ],
)
def test_metaphors_are_told_from_plain_words(text: str, found: bool) -> None:
    assert bool(METAPHORS.search(text)) is found


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("def f(freedom): pass", "freedom"),
        ("x.recurrent_start = 1", "recurrent_start"),
        ("f(decides=True)", "decides"),
        ("table['decides']", "decides"),
        ("row = {'clock': 4}", "clock"),
        ("def walk_plain(): pass", "walk_plain"),
    ],
)
def test_identifiers_are_found_wherever_they_stand(code: str, name: str) -> None:
    assert name in {found for _, found in identifiers(ast.parse(code))}
    assert name in forbidden(ROOT / "src/timeshare/analysis/pairs.py")


def test_prose_is_not_searched() -> None:
    code = '"""The clock decides."""\n# freedom\n'
    assert list(identifiers(ast.parse(code))) == []
