"""Which source files a job's results depend on."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import small
from timeshare.experiment import Condition, Experiment, expand
from timeshare.experiment.imports import PACKAGE
from timeshare.experiment.staleness import all_of, names_of, sources, task_names, tasks_of

LIGHT = (
    "timeshare.experiment.benchmarks",
    "timeshare.experiment.digests",
    "timeshare.experiment.lookups",
    "timeshare.experiment.selection",
    "timeshare.experiment.staleness",
    "timeshare.cost.staleness",
    "timeshare.cost.study",
    "timeshare.gallery.exhibits",
    "timeshare.tracking.inputs",
)
"""Modules that the rules of the workflow import."""


def relative(files: list[str]) -> set[str]:
    package = [Path(file) for file in files if Path(file).is_relative_to(PACKAGE)]
    return {str(path.relative_to(PACKAGE)) for path in package}


def test_a_job_depends_on_its_script_and_on_what_its_conditions_name(condition: Condition) -> None:
    files = sources("train", names_of([condition]))
    assert any(file.endswith("workflow/scripts/train.py") for file in files)
    assert {
        "tasks/drift.py",
        "recurrent/cells/lstm.py",
        "recurrent/schedules/unshared.py",
        "recurrent/kernels/cells.h",
        "training/update.py",
    } <= relative(files)


@pytest.mark.parametrize("script", ["train", "evaluate", "generate", "judge", "collect"])
def test_how_a_configuration_is_read_makes_no_result_stale(script: str) -> None:
    found = relative(sources(script))
    assert not any(file.startswith(("experiment/", "registry")) for file in found)
    assert not {"storage/logs.py", "storage/provenance.py"} & found


def test_the_variant_whose_parameters_are_matched_is_among_the_names() -> None:
    content = small()
    content["variants"]["wide"] = {
        "cell": "gru",
        "schedule": {"kind": "shared"},
        "match": "unshared",
    }
    content["sweeps"]["main"]["variants"] = ["wide"]
    names = names_of(expand(Experiment.parse(content)).values())
    assert ("recurrent.schedules", "unshared") in names
    assert {("recurrent.cells", "gru"), ("recurrent.cells", "lstm")} <= names


def test_tasks_that_a_task_is_made_of_are_among_the_names(conditions: dict[str, Condition]) -> None:
    assert task_names("wrapper", {"inner": "parity", "other": "a.b:C", "label": "none"}) == {
        ("tasks", "wrapper"),
        ("tasks", "parity"),
        ("tasks", "a.b:C"),
    }
    assert tasks_of(conditions.values()) == {("tasks", "parity"), ("tasks", "drift")}


def test_every_claim_is_judged_again_when_its_file_changes() -> None:
    files = sources("judge", all_of("claims", ["tests.experiment.test_staleness:Mine"]))
    assert "claims/c5_overfitting.py" in relative(files)
    assert str(Path(__file__)) in files


def test_what_the_rules_import_loads_neither_torch_nor_mlflow() -> None:
    heavy = "{'torch', 'mlflow'} & set(sys.modules)"
    code = f"import sys, {', '.join(LIGHT)}; print(sorted({heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_rules_import_no_other_module_of_the_package(root: Path) -> None:
    files = [root / "Snakefile", *(root / "workflow/rules").glob("*.smk")]
    lines = [line for file in files for line in file.read_text().splitlines()]
    imported = {line.split()[1] for line in lines if line.startswith("from timeshare")}
    code = f"import sys, {', '.join(sorted(imported))}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
