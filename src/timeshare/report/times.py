"""Where the time of a run went: core-minutes by step, the training loop apart from the rest."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from timeshare.report import wording

SECONDS = 60
"""Of a minute."""
LOOP = "training loop"
AROUND = "training: start-up and files"
TRAIN = "train"
MEASURE = "cost: measure"
"""The step that claims every core, so that nothing runs beside what it measures."""
STEPS = ("generate", "evaluate", MEASURE, "collect", "judge", "track", "report")
"""Steps beside training that the sentence lists where they have no benchmark."""


def benchmark_times(files: Mapping[str, Sequence[Path]]) -> pd.DataFrame | None:
    """Jobs and seconds of each step, from Snakemake's benchmark files; None where there are none.

    Arguments:
        files: the benchmark files of each step; those of jobs that did not run are missing.
    """
    rows = []
    for step, paths in files.items():
        seconds = [pd.read_csv(path, sep="\t")["s"].sum() for path in paths if path.exists()]
        if seconds:
            rows.append((step, len(seconds), sum(seconds)))
    return pd.DataFrame(rows, columns=["rule", "jobs", "seconds"]) if rows else None


def core_minutes(times: pd.DataFrame, conditions: pd.DataFrame, cores: int) -> pd.DataFrame:
    """Core-minutes of each step, most first, with its share of the whole.

    Arguments:
        times: of `benchmark_times`.
        conditions: one row a condition, with the seconds of its training loop, those of the
            search of its setting apart.
        cores: of the machine, all claimed while costs are measured.
    """
    seconds = times["seconds"].where(times["rule"] != MEASURE, times["seconds"] * cores)
    rest = times.assign(seconds=seconds)
    loop = loop_seconds(conditions)
    training = rest[rest["rule"] == TRAIN]
    around = max(0.0, float(training["seconds"].sum()) - loop)
    rows = [
        (LOOP, len(conditions), loop),
        *([(AROUND, int(training["jobs"].iloc[0]), around)] if len(training) else []),
        *rest[rest["rule"] != TRAIN].itertuples(index=False, name=None),
    ]
    table = pd.DataFrame(rows, columns=["step", "jobs", "core-minutes"])
    table = table.sort_values("core-minutes", ascending=False, kind="stable", ignore_index=True)
    whole = table["core-minutes"].sum()
    share = (100 * table["core-minutes"] / whole).round(1)
    minutes = (table["core-minutes"] / SECONDS).round(2)
    return table.assign(**{"core-minutes": minutes, "share, %": share})


def loop_seconds(conditions: pd.DataFrame) -> float:
    """The seconds of all training loops, with the search of settings."""
    return float(conditions[["seconds", "search_seconds"]].to_numpy(float).sum())


def sentence(table: pd.DataFrame, jobs: Iterable[int]) -> str:
    """The training loop's share of all core-seconds, and what is not counted.

    Arguments:
        table: of `core_minutes`.
        jobs: of the rule `train`, one count or none.
    """
    steps = table.set_index("step")["core-minutes"]
    whole = steps.sum()
    trained = sum(jobs)
    missing = [step for step in STEPS if not any(name.startswith(step) for name in steps.index)]
    if not trained:
        missing.insert(0, "the start-up of training")
    lost = wording.listed(["Snakemake itself", *missing])
    text = (
        f"The training loop's own {steps[LOOP]:,.1f} core-minutes are "
        f"{steps[LOOP] / whole:.0%} of the {whole:,.1f} that were counted: the wall time of each "
        "job, times the cores it claims. "
        f"Not counted: {lost}."
    )
    if trained and trained < int(table.loc[table["step"] == LOOP, "jobs"].sum()):
        text += " Some conditions were trained in an earlier run, whose other times are not kept."
    if "report" in steps:
        text += " The time of the report is that of the one before."
    return text
