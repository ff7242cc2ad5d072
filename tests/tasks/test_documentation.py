"""The pages and pictures of the tasks are those the tasks give."""

import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from timeshare import registry
from timeshare.data.drawing import draw
from timeshare.experiment.build import build_task
from timeshare.gallery.catalogue import page
from timeshare.gallery.exhibits import EXHIBITS
from timeshare.gallery.pictures import write_pictures
from timeshare.tasks.base import Split


def test_the_page_of_tasks_is_the_one_made_from_them(root: Path) -> None:
    assert (root / "docs/tasks.md").read_text(encoding="utf-8") == page()


def test_every_kind_but_the_users_own_is_shown() -> None:
    assert {exhibit.kind for exhibit in EXHIBITS.values()} == set(registry.names("tasks")) - {"csv"}


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_exhibit_has_its_pictures(root: Path, name: str) -> None:
    assert (root / f"docs/tasks/{name}.svg").exists()
    assert (root / f"docs/tasks/{name}.png").exists()


@pytest.mark.parametrize("name", ["copy", "keyword", "shift"])
def test_drawing_again_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    pictures = []
    for folder in ("one", "other"):
        paths = tmp_path / folder / "it.svg", tmp_path / folder / "it.png"
        write_pictures(name, *paths)
        pictures.append([path.read_bytes() for path in paths])
    assert pictures[0] == pictures[1]


def test_the_task_of_the_documentation_works(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (root / "docs/adding-a-task.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    (tmp_path / "my_tasks.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    task = build_task("my_tasks:Majority", {"share": 0.4})
    drawn = draw(task, 50, 21, Split.TRAIN)
    assert np.array_equal(drawn.targets == 1, drawn.inputs.mean(axis=1) > 0.5)
    del sys.modules["my_tasks"]


def test_every_link_of_the_pages_leads_somewhere(root: Path) -> None:
    for name in ("tasks.md", "adding-a-task.md"):
        text = (root / "docs" / name).read_text(encoding="utf-8")
        for file, anchor in re.findall(r"\]\(([\w./-]*)#?([\w-]*)\)", text):
            target = root / "docs" / (file or name)
            assert target.exists(), f"{name}: {file}"
            assert not anchor or f"\n## {anchor}\n" in target.read_text(encoding="utf-8")
