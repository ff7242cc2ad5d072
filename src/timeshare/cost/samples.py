"""Samples to solve: the smallest train size with which a member solves its task, and its growth.

Only a grid of train sizes is tried, so a member gives an interval: it fails with one size and
solves the task with the next, or fails with all of them. The growth with T is fitted to these
intervals.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, stats

from timeshare.experiment.conditions import FRESH
from timeshare.experiment.cost import Projection
from timeshare.tasks.base import Split
from timeshare.tasks.metrics import Metric

LINE = ["task", "variant", "length", "truncation"]
SELECTION = "best"
"""The weights that are tested: those with the best validation score."""
NARROWEST = 0.1
"""Smallest spread of log size between members: a grid of sizes cannot show a smaller one."""
STEEPEST = 12.0
"""An exponent's interval that reaches this far from zero counts as unbounded on that side."""


def samples(scores: pd.DataFrame, solved: float) -> pd.DataFrame:
    """The smallest train size with which each unit (rule or seed) solves its task, by T.

    Arguments:
        scores: the experiment's scores.
        solved: the test score (0 is chance, 1 perfect) from which a task counts as solved; the
            claims use the same one. Only tasks scored by accuracy count, as the others' perfect
            score cannot always be reached.

    Returns:
        one row a condition with K = T and several train sizes, and a unit: `train_size`, the
        smallest that solved (missing where none did), `failed`, the largest below it that did
        not (0 if none), `largest`, the largest tried. Fresh sequences are no train size.
    """
    tested = scores[
        (scores["metric"] == str(Metric.ACCURACY))
        & (scores["split"] == str(Split.TEST))
        & (scores["evaluated_length"] == scores["length"])
        & (scores["truncation"] == scores["length"])
        & (scores["selection"] == SELECTION)
        & (scores["train_size"] != FRESH)
    ]
    rows = []
    for names, group in tested.groupby([*LINE, "unit"]):
        sizes = group.groupby("train_size")["score"].max().sort_index()
        if len(sizes) < 2:
            continue
        good = sizes.index[sizes >= solved]
        below = sizes.index[sizes.index < (good[0] if len(good) else np.inf)]
        rows.append(
            {
                **dict(zip([*LINE, "unit"], names, strict=True)),
                "solved": solved,
                "train_size": good[0] if len(good) else pd.NA,
                "failed": below[-1] if len(below) else 0,
                "largest": sizes.index[-1],
            }
        )
    columns = [*LINE, "unit", "solved", "train_size", "failed", "largest"]
    return pd.DataFrame(rows, columns=columns).astype({"train_size": "Int64"})


@dataclass(frozen=True)
class Growth:
    """Members' sizes as intervals of log size, against log T.

    Arguments:
        lengths: log T of each member.
        low: log of the largest size that failed; -inf where none did.
        high: log of the smallest that solved; inf where none did.
    """

    lengths: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def centre(self) -> float:
        """The mean log T, where the level is read."""
        return float(self.lengths.mean())

    def loss(self, level: float, slope: float, spread: float) -> float:
        """Minus the log-likelihood of a normal spread of log size about the line."""
        line = level + slope * (self.lengths - self.centre)
        upper = stats.norm.logcdf((self.high - line) / spread)
        lower = stats.norm.logcdf((self.low - line) / spread)
        with np.errstate(divide="ignore"):
            each = upper + np.log1p(-np.exp(np.minimum(lower - upper, 0)))
        return float(-np.maximum(each, -1e6).sum())

    def best(self, slope: float | None = None) -> tuple[float, float, float]:
        """The least loss with its level and slope; the slope is free unless given."""
        finite = np.concatenate(
            [self.low[np.isfinite(self.low)], self.high[np.isfinite(self.high)]]
        )
        start = [float(finite.mean()), 0.5] + ([1.0] if slope is None else [])

        def loss(at: NDArray[np.float64]) -> float:
            return self.loss(at[0], slope_of(at), NARROWEST + abs(at[1]))

        def slope_of(at: NDArray[np.float64]) -> float:
            return float(np.clip(at[2], -STEEPEST, STEEPEST)) if slope is None else slope

        options = {"maxiter": 2000, "xatol": 1e-4, "fatol": 1e-6}
        found = optimize.minimize(loss, start, method="Nelder-Mead", options=options)
        return float(found.fun), float(found.x[0]), slope_of(found.x)

    def bound(self, slope: float, least: float, side: int) -> float:
        """Where the profile likelihood's 95 % interval ends on a side; infinite if nowhere."""
        allowed = least + float(stats.chi2.ppf(0.95, 1)) / 2

        def excess(at: float) -> float:
            return self.best(at)[0] - allowed

        if excess(side * STEEPEST) < 0:
            return float(side * np.inf)
        return float(optimize.brentq(excess, slope, side * STEEPEST, xtol=1e-2))


def growth(table: pd.DataFrame) -> pd.DataFrame:
    """How the size that solves grows with T: an exponent by interval-censored regression.

    Arguments:
        table: as `samples` gives it.

    Returns:
        one row a task and variant with two lengths and more: `members`, how many `solved`, the
        number of `lengths` with the `first` and `last`; and, where at least one member solved, the
        `exponent` with its profile-likelihood interval and `level`, the typical size at `centre`,
        the geometric mean of the lengths. An infinite end of the interval means that the data set
        no bound there; the exponent is then missing.
    """
    rows = []
    for (task, variant), group in table.groupby(["task", "variant"]):
        if group["length"].nunique() < 2:
            continue
        sizes = group["train_size"]
        facts = {
            "task": task,
            "variant": variant,
            "members": len(group),
            "solved": int(sizes.notna().sum()),
            "lengths": group["length"].nunique(),
            "first": group["length"].min(),
            "last": group["length"].max(),
        }
        rows.append(facts | _fitted(group))
    fitted = ["exponent", "low", "high", "level", "centre"]
    columns = ["task", "variant", "members", "solved", "lengths", "first", "last", *fitted]
    return pd.DataFrame(rows, columns=columns)


def _fitted(group: pd.DataFrame) -> dict[str, float]:
    if not group["train_size"].notna().any():
        return {}
    sizes = group["train_size"].to_numpy(float, na_value=np.inf)
    with np.errstate(divide="ignore"):
        low = np.log(group["failed"].to_numpy(float))
    fit = Growth(np.log(group["length"].to_numpy(float)), low, np.log(sizes))
    least, level, slope = fit.best()
    low_end, high_end = (fit.bound(slope, least, side) for side in (-1, 1))
    return {
        "exponent": slope if np.isfinite([low_end, high_end]).all() else np.nan,
        "low": low_end,
        "high": high_end,
        "level": float(np.exp(level)) if np.isfinite([low_end, high_end]).any() else np.nan,
        "centre": float(np.exp(fit.centre)),
    }


def sequences(fits: pd.DataFrame, projection: Projection) -> pd.DataFrame:
    """How many training sequences would be needed at long T if the measured growth went on.

    Arguments:
        fits: as `growth` gives it.
        projection: the range of lengths.

    Returns:
        one row a task, variant and decade of T: the `sequences`, and those for both ends of the
        exponent's interval, through the centre of the measured lengths. Past the `last` length
        measured a row is `extrapolated`. A fit whose interval is unbounded on both sides is left
        out.
    """
    decades = round(np.log10(projection.longest / projection.shortest))
    lengths = np.geomspace(projection.shortest, projection.longest, max(decades, 1) + 1)
    rows = []
    ends = fits[["low", "high"]].to_numpy(float)
    bounded = fits.loc[np.isfinite(ends).any(axis=1)]
    for fit in bounded.to_dict("records"):
        for length in lengths.round().astype(int).tolist():
            at_ends = _power(length / fit["centre"], [fit["exponent"], fit["low"], fit["high"]])
            # No network learns from less than one sequence, even where the line falls below one.
            needed, one, other = np.maximum(fit["level"] * at_ends, 1.0)
            rows.append(
                {
                    "task": fit["task"],
                    "variant": fit["variant"],
                    "length": length,
                    "sequences": needed,
                    "low": min(one, other),
                    "high": max(one, other),
                    "extrapolated": length > fit["last"],
                }
            )
    columns = ["task", "variant", "length", "sequences", "low", "high", "extrapolated"]
    return pd.DataFrame(rows, columns=columns)


def _power(ratio: float, exponents: list[float]) -> NDArray[np.float64]:
    """The ratio to each power; infinite where it is too large for a number."""
    with np.errstate(over="ignore"):
        return np.power(np.float64(ratio), np.asarray(exponents, np.float64))
