"""Where Snakemake notes the seconds of each job, by step of the workflow."""

from collections.abc import Collection

from timeshare.experiment.conditions import Condition
from timeshare.experiment.lookups import evaluated
from timeshare.experiment.paths import DRAWING, DRAWING_TESTS, EVALUATING, Paths

SINGLE = ("collect", "equivalence", "judge", "report")
"""Steps of one job."""
COST = ("measure", "project", "learning")
"""Steps of the compute-cost study, of one job each."""


def benchmark_files(paths: Paths, conditions: Collection[Condition]) -> dict[str, list[str]]:
    """The benchmark files of every step, whether its jobs have run or not.

    Arguments:
        paths: of the experiment.
        conditions: of the experiment.
    """
    pairs = [{"task": task, "length": length} for task, length in evaluated(conditions)]
    jobs = {
        "generate": [
            *(DRAWING.format(**pair) for pair in pairs),
            *(DRAWING_TESTS.format(task=task) for task in sorted({one.task for one in conditions})),
        ],
        "train": [f"train/{condition.id}" for condition in conditions],
        "evaluate": [EVALUATING.format(**pair) for pair in pairs],
        **{f"cost: {name}": [f"cost/{name}"] for name in COST},
        **{name: [name] for name in SINGLE},
        "track": [f"track/{name}" for name in ("store", "all", "part-0")],
    }
    return {step: [paths.benchmark(job) for job in names] for step, names in jobs.items()}
