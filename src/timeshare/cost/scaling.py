"""How cost grows: exponents against T and K, by regression on logarithms."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from timeshare.cost.parts import UPDATE, Part
from timeshare.experiment import Variant
from timeshare.members import build_schedule
from timeshare.recurrent.schedules.soft import Soft

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


def scaling(
    counted: pd.DataFrame, measured: pd.DataFrame, variants: dict[str, Variant]
) -> pd.DataFrame:
    """Exponents of parameters, operations, memory and time.

    Arguments:
        counted: as `counting.counted` gives it.
        measured: as `measurement.measured` gives it.
        variants: the experiment's, by name.

    Returns:
        one row a variant, quantity, part of the update (times only) and line of points. A line
        goes along `against`, the length or the truncation, while `fixed` names the other one:
        `full` where K = T, else the number of steps. `exponent`, `low` and `high` are the slope
        and its interval, `expected` what the formulas say for large sizes, `points`, `first` and
        `last` the sizes fitted.
    """
    rows: list[dict[str, Any]] = []
    for quantity, table in _quantities(counted, measured):
        parts = ["part"] if "part" in table else []
        for names, group in table.groupby([*KEYS, *parts], sort=False):
            facts: dict[str, Any] = dict(zip([*KEYS, *parts], names, strict=True))
            growing = _grows(variants[facts["variant"]])
            penalised = _penalised(variants[facts["variant"]])
            for against, fixed, line in _lines(group):
                slope, low, high = exponent(line[against].to_list(), line["cost"].to_list())
                rows.append(
                    {
                        **facts,
                        "quantity": quantity,
                        "against": against,
                        "fixed": fixed,
                        "exponent": slope,
                        "low": low,
                        "high": high,
                        "expected": expected(
                            quantity, facts.get("part"), against, fixed, growing, penalised
                        ),
                        "points": len(line),
                        "first": int(line[against].min()),
                        "last": int(line[against].max()),
                    }
                )
    return pd.DataFrame(rows)


def expected(
    quantity: str,
    part: str | None,
    against: str,
    fixed: str,
    growing: bool,
    penalised: bool = False,
) -> float:
    """The exponent for large sizes, by the formulas.

    Arguments:
        quantity: as the table names it.
        part: of the update, where the quantity is a time.
        against: `length` or `truncation`.
        fixed: the other one: `full`, or a number of steps.
        growing: whether the parameters grow with T.
        penalised: whether a penalty on the weights of all steps takes the most memory.
    """
    if quantity in ("parameters", "bytes_weights") or part == str(Part.OPTIMISER):
        return float(growing and against == "length")
    if quantity == "bytes_peak" and penalised:
        return float(against == "length")
    if quantity == "bytes_peak":
        return float(against == "truncation" or fixed == "full")
    return float(against == "length")


def _grows(variant: Variant) -> bool:
    """Whether a variant's parameters grow with T without bound."""
    schedule = build_schedule(variant)
    return variant.readout == "per-step" or schedule.matrices(10**6) > schedule.matrices(10**5)


def _penalised(variant: Variant) -> bool:
    schedule = build_schedule(variant)
    return isinstance(schedule, Soft) and schedule.strength > 0


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
