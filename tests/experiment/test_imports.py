"""The closure of imports, on a package made for it and on this one."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from timeshare.experiment.imports import PACKAGE, imported, source_of

Find = Callable[..., set[str]]


@pytest.fixture
def find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Find:
    """Write the files of a package `p` and a script; say which files the script imports."""
    monkeypatch.syspath_prepend(tmp_path)

    def find(script: str, without: tuple[str, ...] = (), **files: str) -> set[str]:
        package = tmp_path / "p"
        names = {"__init__.py": "", "group/__init__.py": ""}
        names |= {f"{name.replace('__', '/')}.py": text for name, text in files.items()}
        for name, text in names.items():
            (package / name).parent.mkdir(parents=True, exist_ok=True)
            (package / name).write_text(text)
        (tmp_path / "script.py").write_text(script)
        found = imported(tmp_path / "script.py", without, package)
        inside = [path for path in found if path != tmp_path / "script.py"]
        return {str(path.relative_to(package)) for path in inside} - {"__init__.py"}

    return find


def test_imports_are_followed_through_modules_packages_and_functions(find: Find) -> None:
    found = find(
        "import os\nfrom p.a import something",
        a="def f():\n    import p.group.b",
        group__b="from p.group import c",
        group__c="from . import d\nfrom ..e import f",
        group__d="",
        e="from p import a",
        unused="import p.e",
    )
    inside = {f"group/{name}.py" for name in ("__init__", "b", "c", "d")}
    assert found == {"a.py", "e.py"} | inside


def test_what_only_a_type_checker_reads_is_not_followed(find: Find) -> None:
    script = "import typing\nif typing.TYPE_CHECKING:\n    import p.a\nelse:\n    import p.b"
    assert find(script, a="", b="") == {"b.py"}


def test_what_is_left_out_is_not_followed(find: Find) -> None:
    files = {"group__b": "import p.a", "groups": "", "a": ""}
    script = "from p.group import b\nimport p.group.b\nimport p.groups"
    assert find(script, ("p.group",), **files) == {"groups.py"}


def test_c_files_come_with_the_module_beside_them(find: Find, tmp_path: Path) -> None:
    (tmp_path / "p/group").mkdir(parents=True)
    (tmp_path / "p/group/fast.c").touch()
    (tmp_path / "p/group/fast.h").touch()
    inside = {f"group/{name}" for name in ("__init__.py", "b.py", "fast.c", "fast.h")}
    assert find("import p.group.b", group__b="", a="") == inside


def names(files: Iterable[Path]) -> set[str]:
    return {str(path.relative_to(PACKAGE)) for path in files if path.is_relative_to(PACKAGE)}


def test_training_runs_through_the_engine_but_through_no_schedule_it_is_not_told_of() -> None:
    script = PACKAGE.parent.parent / "workflow/scripts/train.py"
    found = names(imported(script))
    assert {
        "training/layout.py",
        "training/model_factory.py",
        "tasks/metrics.py",
        "tasks/base.py",
        "data/files.py",
    } <= found
    assert {"recurrent/kernels/window.c", "recurrent/kernels/cells.h"} <= found
    assert not {"recurrent/schedules/cyclic.py", "recurrent/cells/lstm.py"} & found
    assert "recurrent/cells/lstm.py" in names(imported(PACKAGE / "recurrent/cells/lstm.py"))


@pytest.mark.parametrize(
    ("group", "kind", "file"),
    [
        ("recurrent.schedules", "blocks", PACKAGE / "recurrent/schedules/blocks.py"),
        ("tasks", "tests.experiment.test_imports:Mine", Path(__file__)),
        ("tasks", "no.such:Thing", None),
        ("tasks", "math:Thing", None),
    ],
)
def test_a_kind_has_a_file(group: str, kind: str, file: Path | None) -> None:
    assert source_of(group, kind) == file


def test_a_file_of_the_users_is_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("from timeshare.tasks.parity import Parity\nfrom . import helper\n")
    assert {mine, PACKAGE / "tasks/parity.py"} <= imported(mine)
