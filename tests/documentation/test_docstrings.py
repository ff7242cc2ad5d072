"""Examples in docstrings give what they say."""

import doctest
import importlib
import re
from pathlib import Path


def documented_modules(root: Path) -> set[str]:
    """The modules that the pages of the interface name, or that define what they name."""
    found = set()
    for page in (root / "docs/api").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for kind, name in re.findall(r"\.\. auto(module|class|function|exception):: (\S+)", text):
            if kind == "module":
                found.add(name)
                continue
            module, _, attribute = name.rpartition(".")
            found.add(str(getattr(importlib.import_module(module), attribute).__module__))
    return found


def test_examples_of_docstrings_run(root: Path) -> None:
    modules = documented_modules(root)
    assert {"timeshare.nn.layers", "timeshare.tasks.base", "timeshare.claims.base"} <= modules
    counts = {
        name: doctest.testmod(importlib.import_module(name), verbose=False) for name in modules
    }
    assert not [name for name, found in counts.items() if found.failed]
    with_examples = {name for name, found in counts.items() if found.attempted}
    assert {
        "timeshare.nn.layers",
        "timeshare.recurrent.schedules.base",
        "timeshare.tasks.base",
        "timeshare.experiment.configuration",
    } <= with_examples
