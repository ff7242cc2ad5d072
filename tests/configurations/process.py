"""Run the scripts of the workflow one after the other in this process, as its rules would.

Inputs, outputs and parameters are those of the rules in `workflow/rules`; tracking is left out.
"""

import re
import runpy
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from timeshare.cost.plan import counted_variants, measured_variants
from timeshare.cost.study import study
from timeshare.experiment import Experiment, expand
from timeshare.experiment.benchmarks import benchmark_files
from timeshare.experiment.lookups import (
    evaluated,
    evaluation_files,
    evaluation_request,
    run_files,
    training_request,
)
from timeshare.experiment.paths import CHECKPOINT, RUN, TRAINED, WEIGHTS, Paths
from timeshare.experiment.titles import titles
from timeshare.tasks.base import Split

SCRIPTS = Path(__file__).resolve().parents[2] / "workflow" / "scripts"
RULES = SCRIPTS.parent / "rules"


def _written(file: str, rule: str) -> list[str]:
    """The tables that a rule writes, by their names in its file."""
    text = (RULES / file).read_text(encoding="utf-8").split(f"rule {rule}:")[1]
    outputs = text.partition("    output:")[2].partition("    log:")[0]
    return re.findall(r"(\w+)=paths\.\w+\(", outputs)


MEASURED, PROJECTED, LEARNED = (
    _written("cost.smk", f"cost_{name}") for name in ("measure", "project", "learning")
)
COLLECTED = _written("evaluate.smk", "collect")


class Files(list[str]):
    """The files of a rule, in order and by their names; a name may have several."""

    def __init__(self, **named: str | Sequence[str]) -> None:
        super().__init__()
        for name, files in named.items():
            self.extend([files] if isinstance(files, str) else files)
            setattr(self, name, files)


def run_all(experiment: Experiment) -> Path:
    """Run an experiment in the working directory; returns the page of its report."""
    paths = experiment.paths
    _draw_and_train(experiment, paths)
    conditions = expand(experiment).values()
    collected = {name: paths.table(name) for name in COLLECTED}
    _script(
        "collect",
        paths,
        Files(
            scores=evaluation_files(paths, conditions, "scores"),
            runs=run_files(paths, conditions, RUN),
        ),
        Files(**collected),
        titles=titles(experiment),
        margin=experiment.claims.margin,
    )
    _cost(experiment, paths, collected)
    _report(experiment, paths, collected)
    return Path(paths.report("report.html"))


def _draw_and_train(experiment: Experiment, paths: Paths) -> None:
    grid = expand(experiment)
    for task in dict.fromkeys(each.task for each in grid.values()):
        _script(
            "generate_tests",
            paths,
            Files(),
            Files(data=paths.test_data(task)),
            drawn=evaluation_request(experiment, grid.values(), task),
            lengths=experiment.evaluated_lengths(task),
        )
    for task, length in evaluated(grid.values()):
        data = {str(split): paths.training_data(str(split), task, length) for split in Split}
        wildcards = {"task": task, "length": str(length)}
        drawn = training_request(experiment, grid.values(), task, length)
        _script("generate", paths, Files(), Files(**data), wildcards, drawn=drawn)
        own = [each for each in grid.values() if (each.task, each.length) == (task, length)]
        for condition in own:
            run = {Path(name).stem: paths.run(name, condition.id) for name in TRAINED}
            _script(
                "train",
                paths,
                Files(**data),
                Files(**run),
                condition=condition.resolved(),
                checkpoint=paths.run(CHECKPOINT, condition.id),
            )
        tables = {
            name: paths.evaluation(name, task, length)
            for name in ("scores", "positions", "test_sequences")
        }
        runs = {
            name: run_files(paths, own, file)
            for name, file in (("weights", WEIGHTS), ("runs", RUN))
        }
        _script(
            "evaluate",
            paths,
            Files(**runs, **data, tests=paths.test_data(task)),
            Files(**tables),
            sequences=experiment.evaluation.sequences,
        )


def _cost(experiment: Experiment, paths: Paths, collected: Mapping[str, str]) -> None:
    cost, projection = experiment.cost, experiment.cost.projection.model_dump(mode="json")
    files = _cost_files(paths)
    _script(
        "cost_measure",
        paths,
        Files(),
        Files(measured=files["measured"]),
        study=study(experiment, measured_variants(experiment, cost)),
        rounds=cost.rounds,
        device=cost.device,
    )
    _script(
        "cost_project",
        paths,
        Files(measured=files["measured"]),
        Files(**{name: files[name] for name in PROJECTED}),
        study=study(experiment, counted_variants(experiment, cost)),
        enabled=cost.enabled,
        projection=projection,
    )
    _script(
        "cost_learning",
        paths,
        Files(**collected),
        Files(**{name: files[name] for name in LEARNED}),
        level=cost.level,
        solved=experiment.claims.solved,
        projection=projection,
    )


def _cost_files(paths: Paths) -> dict[str, str]:
    return {name: paths.cost(name) for name in (*MEASURED, *PROJECTED, *LEARNED)}


def _report(experiment: Experiment, paths: Paths, collected: Mapping[str, str]) -> None:
    conditions = expand(experiment).values()
    thresholds = experiment.claims.model_dump(mode="json")
    cells = sorted({each.cell for each in experiment.variants.values() if each.reference is None})
    equivalence = paths.table("equivalence")
    _script("equivalence", paths, Files(), Files(table=equivalence), cells=cells)
    cost = _cost_files(paths)
    judged = {name: paths.table(name) for name in ("claims", "outcomes")}
    _script(
        "judge",
        paths,
        Files(**collected, equivalence=equivalence, **cost),
        Files(**judged),
        thresholds=thresholds,
    )
    _script(
        "report",
        paths,
        Files(
            **collected,
            **judged,
            equivalence=equivalence,
            cost=list(cost.values()),
            runs=run_files(paths, conditions, RUN),
        ),
        Files(html=paths.report("report.html")),
        configuration=experiment.model_dump(mode="json", exclude={"tracking": {"store"}}),
        thresholds=thresholds,
        projection=experiment.cost.projection.model_dump(mode="json"),
        benchmarks=benchmark_files(paths, conditions),
    )


def _script(
    name: str,
    paths: Paths,
    inputs: Files,
    outputs: Files,
    wildcards: Mapping[str, str] | None = None,
    **params: Any,
) -> None:
    """Run a script of the workflow with what Snakemake would give it."""
    for file in outputs:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    log = paths.log(name)
    snakemake = SimpleNamespace(
        input=inputs,
        output=outputs,
        params=SimpleNamespace(**params),
        wildcards=SimpleNamespace(**(wildcards or {})),
        log=[log],
        threads=1,
        config={},
    )
    try:
        runpy.run_path(str(SCRIPTS / f"{name}.py"), init_globals={"snakemake": snakemake})
    except SystemExit:
        raise AssertionError(f"{name}: {Path(log).read_text(encoding='utf-8')}") from None
    missing = [file for file in outputs if not Path(file).exists()]
    assert not missing, f"{name} left out {missing}"
