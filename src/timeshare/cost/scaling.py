"""How cost grows: exponents against T and K, by regression on logarithms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from timeshare.experiment import Variant
from timeshare.training.model_factory import build_schedule
from timeshare.training.parts import UPDATE, Part

CONFIDENCE = 0.95
KEYS = ["variant", "cell", "schedule"]


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> tuple[float, float, float]:
    """The slope of log cost on log size, with its interval (Student's t, n - 2 degrees).

    Without two different sizes there is no slope (NaN); with two there is no interval.
    """
    x, y = np.log(np.asarray(sizes, float)), np.log(np.asarray(costs, float))
    if len(np.unique(x)) < 2:
        return np.nan, np.nan, np.nan
    if np.ptp(y) == 0:
        return 0.0, 0.0, 0.0
    fit = stats.linregress(x, y)
    if len(x) < 3:
        return float(fit.slope), np.nan, np.nan
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(x) - 2) * fit.stderr)
    return float(fit.slope), float(fit.slope) - half, float(fit.slope) + half


@dataclass(frozen=True)
class Line:
    """What a line of points shows, as far as its expected exponent depends on it.

    Arguments:
        quantity: as in the table.
        part: of the update, where the quantity is a time.
        against: `length` or `truncation`.
        fixed: the other one: `full`, or a number of steps.
        growing: whether the parameters grow with T.
        penalised: whether a penalty on the weights of all steps takes the most memory.
        by_window: whether each window makes an update, or all windows of a sequence together.
    """

    quantity: str
    part: str | None
    against: str
    fixed: str
    growing: bool
    penalised: bool = False
    by_window: bool = False


def scaling(
    counted: pd.DataFrame,
    measured: pd.DataFrame,
    variants: Mapping[str, Variant],
    update: str = "sequence",
) -> pd.DataFrame:
    """Exponents of parameters, operations, memory and time.

    Arguments:
        counted: as `counting.counted` gives it.
        measured: as `measurement.measured` gives it.
        variants: the experiment's, by name.
        update: what made one update where it was measured, a `sequence` or a `window`.

    Returns:
        one row a variant, quantity, part of the update (times only) and line of points. A line
        goes along `against`, the length or the truncation, while `fixed` is the other one: `full`
        where K = T, else the number of steps. `exponent`, `low` and `high` are the slope and its
        interval, `expected` the exponent that the formulas give for large sizes, `points`, `first`
        and `last` the sizes fitted.
    """
    rows: list[dict[str, Any]] = []
    for quantity, table in _quantities(counted, measured):
        parts = ["part"] if "part" in table else []
        for names, group in table.groupby([*KEYS, *parts], sort=False):
            facts: dict[str, Any] = dict(zip([*KEYS, *parts], names, strict=True))
            variant = variants[facts["variant"]]
            traits = (_grows(variant), _penalised(variant), update == "window")
            for against, fixed, line in _lines(group):
                shown = Line(quantity, facts.get("part"), against, fixed, *traits)
                rows.append({**facts, **_fitted(shown, line)})
    return pd.DataFrame(rows)


def _fitted(line: Line, points: pd.DataFrame) -> dict[str, Any]:
    slope, low, high = exponent(points[line.against].to_list(), points["cost"].to_list())
    return {
        "quantity": line.quantity,
        "against": line.against,
        "fixed": line.fixed,
        "exponent": slope,
        "low": low,
        "high": high,
        "expected": expected(line),
        "points": len(points),
        "first": int(points[line.against].min()),
        "last": int(points[line.against].max()),
    }


def expected(line: Line) -> float:
    """The exponent for large sizes, by the formulas."""
    along_length = line.against == "length"
    if line.part == str(Part.OPTIMISER) and line.by_window and line.fixed != "full":
        # There are T / K updates, each of all parameters.
        return float(1 + line.growing) if along_length else -1.0
    if line.quantity in ("parameters", "bytes_weights") or line.part == str(Part.OPTIMISER):
        return float(line.growing and along_length)
    if line.quantity == "bytes_peak" and line.penalised:
        return float(along_length)
    if line.quantity == "bytes_peak":
        return float(not along_length or line.fixed == "full")
    if line.part == UPDATE and line.by_window and along_length and line.fixed != "full":
        return float(1 + line.growing)
    return float(along_length)


def _grows(variant: Variant) -> bool:
    """Whether a variant's parameters grow with T without bound."""
    return variant.readout == "per-step" or build_schedule(variant).grows_with_length()


def _penalised(variant: Variant) -> bool:
    return build_schedule(variant).penalty_numbers(2, 1) > 0


def _quantities(
    counted: pd.DataFrame, measured: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each quantity with its table, the values in the column `cost`."""
    counted = counted[counted["variant"].isin(measured["variant"])]
    parameters = counted["parameters_cell"] + counted["parameters_readout"]
    yield "parameters", counted.assign(cost=parameters)
    for name in ("bytes_weights", "flops_update"):
        yield name, counted.assign(cost=counted[name])
    yield "seconds", measured.assign(cost=measured["seconds_median"])
    whole = measured[measured["part"] == UPDATE]
    yield "bytes_peak", whole.assign(cost=whole["bytes_peak"]).drop(columns="part")


def _lines(table: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Along T at K = T and at each fixed K, and along K at each T; three points and more."""
    full = table["truncation"] == table["length"]
    lines = [("length", "full", table[full])]
    lines += [("length", str(k), line) for k, line in table[~full].groupby("truncation")]
    lines += [("truncation", str(t), line) for t, line in table.groupby("length")]
    yield from (line for line in lines if len(line[2]) >= 3)
