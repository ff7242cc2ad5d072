"""The worked examples of the guides in `docs`."""

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

DOCS = Path(__file__).resolve().parent.parent / "docs"


@contextmanager
def guide(
    name: str, module: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Any]]:
    """Make the code of a guide importable; it has one block of Python and one of configuration.

    Arguments:
        name: of the guide's file.
        module: which the guide puts its code into.
        folder: where the module is written.
        monkeypatch: by which Python finds the folder.

    Yields:
        the guide's part of the configuration.
    """
    text = (DOCS / name).read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    (section,) = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    importlib.invalidate_caches()
    yield yaml.safe_load(section)
    sys.modules.pop(module, None)
