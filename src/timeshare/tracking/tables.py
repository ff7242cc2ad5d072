"""The tables of a run, as MLflow's pages show them, and its result in a sentence."""

from collections.abc import Sequence
from statistics import fmean

import pandas as pd

from timeshare.tasks.base import Split
from timeshare.tracking.measures import NO_EXTENSION, Measures, Score
from timeshare.tracking.points import DECIMALS, GAP

UNITS, SPREAD, SETTINGS = "members.json", "spread.json", "settings.json"
"""Files of tables: the single rules or seeds, their spread, and the settings that were tried."""


def members_table(measures: Measures) -> pd.DataFrame:
    """One row a member: score and metric of each split at T, the gap, the scores at each length."""
    tests = measures.tests
    columns: dict[str, Sequence[object]] = {
        "rule": [score.rule for score in tests],
        "seed": [score.seed for score in tests],
        "test score": _scores(tests),
        GAP: [round(gap, DECIMALS) for gap in measures.gaps],
        **{f"{split} score": _scores(measures.finals[str(split)]) for split in _OTHERS},
        **{
            f"{split} {measures.metric}": [
                round(each.value, DECIMALS) for each in measures.finals[str(split)]
            ]
            for split in (Split.TEST, *_OTHERS)
        },
    }
    for (length, extension), scores in measures.by_extension.items():
        if length != measures.length:
            columns[_at(length, extension)] = _scores(scores)
    columns["diverged"] = [score.diverged for score in tests]
    return pd.DataFrame(columns)


def spread_table(measures: Measures) -> pd.DataFrame:
    """Mean, lowest and highest member of each result, and of the score at each length."""
    found: dict[str, Sequence[float]] = {
        "test score": [each.score for each in measures.tests],
        GAP: measures.gaps,
        **{
            f"{split} score": [each.score for each in measures.finals[str(split)]]
            for split in _OTHERS
        },
    }
    for (length, extension), scores in measures.by_extension.items():
        if length != measures.length:
            found[f"test score at {_at(length, extension)}"] = [each.score for each in scores]
    for group, scores in measures.by_group.items():
        found[f"test score, {group}"] = [each.score for each in scores]
    rows = [
        (what, *(round(of(values), DECIMALS) for of in (fmean, min, max)), len(values))
        for what, values in found.items()
    ]
    return pd.DataFrame(rows, columns=["result", "mean", "lowest", "highest", "members"])


def as_json(table: pd.DataFrame) -> bytes:
    """A table as MLflow's pages show it."""
    return table.to_json(orient="split", index=False).encode()


def note(measures: Measures, units: str) -> str:
    """The result in a sentence.

    Arguments:
        measures: of the members.
        units: what the members differ in, `rules` or `seeds`.
    """
    others = {f"at length {n}": each for n, each in measures.by_length.items()}
    others.pop(f"at length {measures.length}")
    parts = [
        f"{what} **{_range(scores)}**"
        for what, scores in {
            f"Test {measures.metric} at T={measures.length}": measures.tests,
            f"training {measures.metric}": measures.finals[str(Split.TRAIN)],
            **others,
        }.items()
    ]
    count = len(measures.tests)
    kind = (
        f"Mean of {count} {units}, the lowest and the highest; {_EXTENDED}."
        if count > 1
        else f"One of the {units}."
    )
    return f"{', '.join(parts)}; chance {measures.chance:.2f}. {kind}"


def settings_table(tried: pd.DataFrame, chosen: int | None) -> pd.DataFrame:
    """The settings that were tried for a train size, best first.

    Arguments:
        tried: their values and their scores in the search.
        chosen: number of the setting of the reported members.
    """
    best = tried.sort_values(["score", "loss"], ascending=[False, True], kind="stable")
    table = best.dropna(axis="columns", how="all").round({"score": DECIMALS, "loss": DECIMALS})
    table["chosen"] = table["setting"] == chosen
    return table.rename(columns={"score": "score in the search", "loss": "loss in the search"})


_OTHERS = (Split.TRAIN, Split.VALIDATION)
_EXTENDED = "unseen lengths under the extension that does best"


def _scores(scores: Sequence[Score]) -> list[float]:
    return [round(score.score, DECIMALS) for score in scores]


def _at(length: int, extension: str) -> str:
    return f"length {length}" + ("" if extension == NO_EXTENSION else f", {extension}")


def _range(scores: Sequence[Score]) -> str:
    values = [score.value for score in scores]
    spread = f" ({min(values):.2f} to {max(values):.2f})" if len(values) > 1 else ""
    return f"{fmean(values):.2f}{spread}"
