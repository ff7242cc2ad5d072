"""Files and functions are short enough to be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("src", "workflow", "tests", "benchmarks")
FILE, FUNCTION = 300, 50
"""The most lines of a file and of a function."""


def files() -> Iterator[Path]:
    for folder in FOLDERS:
        for ending in ("*.py", "*.smk", "*.c", "*.h"):
            yield from sorted((ROOT / folder).rglob(ending))


def test_no_file_is_longer_than_300_lines() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files()}
    assert {path: count for path, count in lines.items() if count > FILE} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    lines = {}
    for path in files():
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno is not None
                place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                lines[place] = node.end_lineno - node.lineno + 1
    assert {place: count for place, count in lines.items() if count > FUNCTION} == {}
