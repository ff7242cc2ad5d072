"""The appendix: conditions with their results, settings, machine, times."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from timeshare.analysis.tables import ALL, BEST, CONDITION, as_trained
from timeshare.report import times, wording
from timeshare.report.results import PAIR, Results
from timeshare.tasks.base import Split

SETTING = {
    "learning_rate": "learning rate",
    "weight_decay": "weight decay",
    "strength": "strength of the tie",
    "dropout": "dropout",
}
"""Columns of the searched hyperparameters, and their headings."""
SHOWN = {
    "task_title": "task",
    "variant_title": "network",
    "length": "T",
    "truncation": "K",
    "train_size": "training sequences",
    "test": "test score",
    "gap": "gap",
    "train": "train score",
    "held": "held-out positions",
    "trained_out": "share trained out",
    "parameters": "parameters",
    "schedule": "schedule",
    "cell": "cell",
    "hidden_size": "H",
    **SETTING,
    "diverged": "diverged",
    "seconds": "seconds",
    "task": "name of the task",
    "variant": "name of the network",
}
"""Columns of the table of conditions, and their headings."""


def appendix(results: Results, facts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the template calls the appendix, by name.

    Arguments:
        results: what was measured.
        facts: machine, versions and revision of each run.
    """
    return {
        "conditions": conditions(results),
        "diverged": _diverged(results),
        "settings": settings(results),
        "edge": edge(results),
        **_times(results, facts),
        "citation": _citation(facts),
        "machines": _together(facts, "machine"),
        "versions": _together(facts, "versions"),
        "names": [SHOWN["task"], SHOWN["variant"]],
        "revisions": sorted({str(each["revision"]) for each in facts}),
    }


def conditions(results: Results) -> pd.DataFrame:
    """One row a condition and train size: mean scores at T, with the setting chosen for it."""
    scores = results.scores
    rows = scores[
        ((scores["selection"] == BEST) | ~scores["learnable"])
        & (scores["evaluated_length"] == scores["length"])
    ]
    held = rows["holds_out"] & (rows["group"] != ALL) & ~as_trained(rows)
    elsewhere = rows[held].groupby([*CONDITION, "train_size"])["score"].mean()
    rows = rows[as_trained(rows) | ((rows["split"] != Split.TEST) & (rows["group"] == ALL))]
    keys = [*CONDITION, "train_size"]
    means = rows.pivot_table(index=keys, columns="split", values="score")
    for split in (Split.TRAIN, Split.TEST):
        if split not in means:
            means[str(split)] = float("nan")
    chosen = rows.groupby(keys)[list(SETTING)].first()
    table = means[[str(Split.TRAIN), str(Split.TEST)]].join(chosen).reset_index()
    table["gap"] = table["train"] - table["test"]
    table = table.join(elsewhere.rename("held"), on=keys)
    scored = ["train", "test", "gap", "held"]
    table[scored] = table[scored].round(3)
    facts = [name for name in SHOWN if name not in table or name in CONDITION]
    joined = table.merge(results.conditions[facts], on=CONDITION, how="right")
    return joined[list(SHOWN)].rename(columns=SHOWN)


def _times(results: Results, facts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The table of core-minutes and its sentence; nothing where no job was timed."""
    if results.times is None:
        return {"times": None, "share": ""}
    cores = max((int(each["machine"]["cores"]) for each in facts), default=1)
    table = times.core_minutes(results.times, results.conditions, cores)
    jobs = results.times.loc[results.times["rule"] == times.TRAIN, "jobs"]
    return {"times": table, "share": times.sentence(table, jobs)}


def _citation(facts: Sequence[Mapping[str, Any]]) -> str:
    known = sorted({str(each["versions"].get("timeshare", "unknown")) for each in facts})
    return (
        "timeshare: a reproducible experiment on why recurrent networks share their weights "
        f"through time, version {', '.join(known) or 'unknown'}. See CITATION.cff beside the code."
    )


def _diverged(results: Results) -> pd.DataFrame:
    rows = results.conditions
    names = {name: SHOWN.get(name, name) for name in ("task_title", "variant_title")}
    columns = [*names, "length", "truncation", "diverged", "members"]
    return rows.loc[rows["diverged"] > 0, columns].rename(columns=names)


def settings(results: Results) -> pd.DataFrame:
    """How often each setting was tried and chosen, by network; empty where nothing was searched."""
    rows = results.choices
    if rows.empty:
        return pd.DataFrame()
    titles = results.conditions.drop_duplicates("variant").set_index("variant")["variant_title"]
    known = rows.assign(network=rows["variant"].map(titles))
    table = known.groupby(["network", *SETTING], dropna=False, as_index=False).agg(
        tried=("chosen", "size"), chosen=("chosen", "sum"), seconds=("seconds", "sum")
    )
    table["seconds"] = table["seconds"].round(1)
    return table.rename(columns=SETTING | {"seconds": "seconds of the search"})


def edge(results: Results) -> str:
    """How often the chosen setting lies at the edge of those tried, by the compared schedules.

    There a wider search might have served better; it is unfair if it happens to one side only.
    """
    rows = results.choices
    if rows.empty:
        return ""
    schedules = results.conditions.drop_duplicates("variant").set_index("variant")["schedule"]
    chosen = rows[rows["chosen"]].assign(schedule=rows["variant"].map(schedules))
    shares = []
    for schedule in PAIR:
        mine = chosen.loc[chosen["schedule"] == schedule, "edge"]
        if len(mine):
            shares.append(f"{(mine != '').sum()} of {len(mine)} for {schedule} networks")
    return (
        "Choices at the edge of what was tried that beat their neighbours by more than the margin, "
        f"so that a better setting may lie beyond: {wording.listed(shares)}."
        if shares
        else ""
    )


def _together(facts: Sequence[Mapping[str, Any]], name: str) -> list[tuple[str, int]]:
    """Each distinct value as text, and how many runs have it."""
    found = Counter(json.dumps(each[name], sort_keys=True) for each in facts)
    return [
        (", ".join(f"{key} {value}" for key, value in json.loads(text).items()), count)
        for text, count in sorted(found.items())
    ]
