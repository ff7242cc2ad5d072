"""Where the time of a run went: core-seconds by step, the training loop apart from the rest."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from timeshare.report import wording

LOOP = "training loop"
AROUND = "training: start-up and files"
TRAIN = "train"
MEASURE = "cost: measure"
"""The step that claims every core, so that nothing runs beside what it measures."""
STEPS = ("generate", "evaluate", MEASURE, "collect", "judge", "track", "report")
"""Steps beside training whose absence from the benchmarks is said."""


def benchmark_times(folder: Path) -> pd.DataFrame | None:
    """Jobs and seconds of each rule, from Snakemake's benchmark files.

    The first folder, or the file's name where there is none, is the rule; the cost study has
    several rules in one folder.
    """
    rows = []
    for path in sorted(folder.rglob("*.tsv")) if folder.exists() else []:
        first, *rest = path.relative_to(folder).with_suffix("").parts
        rule = f"cost: {rest[0]}" if first == "cost" and rest else first
        rows.append((rule, 1, pd.read_csv(path, sep="\t")["s"].sum()))
    if not rows:
        return None
    table = pd.DataFrame(rows, columns=["rule", "jobs", "seconds"])
    return table.groupby("rule", as_index=False).sum()


def core_seconds(times: pd.DataFrame, conditions: pd.DataFrame, cores: int) -> pd.DataFrame:
    """Core-seconds of each step, most first, with its share of the whole.

    Arguments:
        times: of `benchmark_times`.
        conditions: one row a condition, with the seconds of its training loop.
        cores: of the machine, all claimed while costs are measured.
    """
    seconds = times["seconds"].where(times["rule"] != MEASURE, times["seconds"] * cores)
    rest = times.assign(seconds=seconds)
    loop = float(conditions["seconds"].sum())
    training = rest[rest["rule"] == TRAIN]
    around = max(0.0, float(training["seconds"].sum()) - loop)
    rows = [
        (LOOP, len(conditions), loop),
        *([(AROUND, int(training["jobs"].iloc[0]), around)] if len(training) else []),
        *rest[rest["rule"] != TRAIN].itertuples(index=False, name=None),
    ]
    table = pd.DataFrame(rows, columns=["step", "jobs", "core-seconds"])
    table = table.sort_values("core-seconds", ascending=False, kind="stable", ignore_index=True)
    whole = table["core-seconds"].sum()
    share = (100 * table["core-seconds"] / whole).round(1)
    return table.assign(**{"share, %": share, "core-seconds": table["core-seconds"].round(1)})


def sentence(table: pd.DataFrame, jobs: Iterable[int]) -> str:
    """The training loop's share of all core-seconds, and what is not counted.

    Arguments:
        table: of `core_seconds`.
        jobs: of the rule `train`, one count or none.
    """
    steps = table.set_index("step")["core-seconds"]
    whole = steps.sum()
    trained = sum(jobs)
    missing = [step for step in STEPS if not any(name.startswith(step) for name in steps.index)]
    if not trained:
        missing.insert(0, "the start-up of training")
    lost = wording.listed(["Snakemake itself", *missing])
    said = (
        f"The training loop's own time is {steps[LOOP] / whole:.0%} of the {whole:,.0f} "
        "core-seconds that were counted: the wall time of each job, times the cores it claims. "
        f"Not counted: {lost}."
    )
    if trained and trained < int(table.loc[table["step"] == LOOP, "jobs"].sum()):
        said += " Some conditions were trained in an earlier run, whose other times are not kept."
    if "report" in steps:
        said += " The time of the report is that of the one before."
    return said
