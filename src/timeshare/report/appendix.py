"""The appendix: conditions with their results, learning rates, machine, times, configuration."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from timeshare.analysis.tables import CONDITION
from timeshare.report import times
from timeshare.report.results import Results
from timeshare.storage.files import read_json

SHOWN = {
    "task": "task",
    "variant": "variant",
    "schedule": "schedule",
    "cell": "cell",
    "length": "T",
    "truncation": "K",
    "train_size": "train size",
    "hidden_size": "H",
    "parameters": "parameters",
    "train": "train score",
    "test": "test score",
    "gap": "gap",
    "learning_rate": "learning rate",
    "diverged": "diverged",
    "seconds": "seconds",
}
"""Columns of the table of conditions, and their headings."""


def appendix(
    results: Results, configuration: Mapping[str, Any], runs: Sequence[Path]
) -> dict[str, Any]:
    """What the template calls the appendix, by name."""
    facts = [read_json(path) for path in sorted(runs)]
    return {
        "conditions": conditions(results),
        "diverged": _diverged(results),
        "choices": _choices(results),
        "edge": _edge(results),
        **_times(results, facts),
        "citation": _citation(facts),
        "machines": _together(facts, "machine"),
        "versions": _together(facts, "versions"),
        "revisions": sorted({str(each["revision"]) for each in facts}),
        "configuration": yaml.safe_dump(
            without_nothing(configuration),
            sort_keys=False,
            width=96,
            default_flow_style=None,
        ),
    }


def without_nothing(value: Any) -> Any:
    """Plain values without the keys that have none."""
    if isinstance(value, Mapping):
        return {key: without_nothing(each) for key, each in value.items() if each is not None}
    return [without_nothing(each) for each in value] if isinstance(value, list) else value


def conditions(results: Results) -> pd.DataFrame:
    """One row a condition and train size: mean scores over seeds at T, with the chosen rate."""
    scores = results.scores
    rows = scores[
        (scores["selection"] == "best")
        & (scores["evaluated_length"] == scores["length"])
        & (scores["group"] == "all")
    ]
    keys = [*CONDITION, "train_size"]
    means = rows.pivot_table(index=keys, columns="split", values="score")
    for split in ("train", "test"):
        if split not in means:
            means[split] = float("nan")
    rates = rows.groupby(keys)["learning_rate"].first()
    table = means[["train", "test"]].join(rates).reset_index()
    table["gap"] = table["train"] - table["test"]
    facts = results.conditions[
        [*CONDITION, "schedule", "cell", "hidden_size", "parameters", "diverged", "seconds"]
    ]
    joined = table.merge(facts, on=CONDITION, how="right")
    return joined[list(SHOWN)].rename(columns=SHOWN)


def _times(results: Results, facts: list[dict[str, Any]]) -> dict[str, Any]:
    """The table of core-seconds and its sentence; nothing where no job was timed."""
    if results.times is None:
        return {"times": None, "share": ""}
    cores = max((int(each["machine"]["cores"]) for each in facts), default=1)
    table = times.core_seconds(results.times, results.conditions, cores)
    jobs = results.times.loc[results.times["rule"] == times.TRAIN, "jobs"]
    return {"times": table, "share": times.sentence(table, jobs)}


def _citation(facts: list[dict[str, Any]]) -> str:
    known = sorted({str(each["versions"].get("timeshare", "unknown")) for each in facts})
    return (
        "timeshare: a reproducible experiment on why recurrent networks share their weights "
        f"through time, version {', '.join(known) or 'unknown'}. See CITATION.cff beside the code."
    )


def _diverged(results: Results) -> pd.DataFrame:
    rows = results.conditions
    return rows.loc[rows["diverged"] > 0, [*CONDITION, "diverged", "members"]]


def _choices(results: Results) -> pd.DataFrame:
    """How often each learning rate was chosen, by variant, and the seconds all of them took."""
    rows = results.choices
    rows = rows[rows["selection"] == "best"]
    chosen = rows[rows["chosen"]]
    counts = pd.crosstab(chosen["variant"], chosen["learning_rate"])
    counts.columns = [f"{rate:g} chosen" for rate in counts.columns]
    return counts.join(rows.groupby("variant")["seconds"].sum().round(1)).reset_index()


def _edge(results: Results) -> str:
    """How often the best rate was the largest or smallest of the list, by the compared schedules.

    There a longer list might have served better; it is unfair if it happens to one side only.
    """
    rows = results.choices[results.choices["selection"] == "best"]
    schedules = results.conditions.drop_duplicates("variant").set_index("variant")["schedule"]
    rates = rows["learning_rate"]
    chosen = rows[rows["chosen"]].assign(schedule=rows["variant"].map(schedules))
    shares = []
    for schedule in ("shared", "unshared"):
        mine = chosen.loc[chosen["schedule"] == schedule, "learning_rate"]
        if len(mine) and rates.max() > rates.min():
            shares.append(
                f"{(mine == rates.max()).mean():.0%} of the choices for {schedule} variants are "
                f"the largest rate of the list, {(mine == rates.min()).mean():.0%} the smallest"
            )
    return f"{'; '.join(shares)}." if shares else ""


def _together(facts: list[dict[str, Any]], name: str) -> list[tuple[str, int]]:
    """Each distinct value as text, and how many runs have it."""
    found = Counter(json.dumps(each[name], sort_keys=True) for each in facts)
    return [
        (", ".join(f"{key} {value}" for key, value in json.loads(text).items()), count)
        for text, count in sorted(found.items())
    ]
