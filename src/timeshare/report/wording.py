"""Numbers, lists and comparisons in words."""

from collections.abc import Mapping, Sequence
from math import isfinite

from timeshare.analysis.statistics import Estimate


def decimal(value: float) -> str:
    """Two decimals, with a true minus sign."""
    text = f"{value:.2f}"
    return ("0.00" if text == "-0.00" else text).replace("-", "\N{MINUS SIGN}")


def compact(value: float) -> str:
    """A count of any size in at most four digits: 950, 12.4k, 3.1M, 2.0G."""
    for size, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            scaled = value / (1e3 if unit == "k" else size)
            return f"{scaled:.3g}{unit}"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.3g}"


def spoken(found: Estimate) -> str:
    """A centre with its interval."""
    if found.units < 2:
        return f"{decimal(found.effect)} (one rule or seed)"
    return ranged(found.effect, found.low, found.high)


def ranged(centre: float, low: float, high: float) -> str:
    """A number with the ends of its interval; an end that is not known is `unknown`."""
    ends = [decimal(each) if isfinite(each) else "unknown" for each in (low, high)]
    return f"{decimal(centre)} [{ends[0]}, {ends[1]}]"


def listed(items: Sequence[str]) -> str:
    """Items as a sentence lists them."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def counted(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def changes(found: Mapping[str, Estimate], margin: float) -> tuple[list[str], list[str]]:
    """Differences with their intervals, and the names of those that do not matter.

    Arguments:
        found: the differences by name.
        margin: the smallest difference that matters; the whole interval must lie within it.
    """
    slight = [name for name, each in found.items() if each.within(margin)]
    shown = [f"{spoken(each)} for {name}" for name, each in found.items() if name not in slight]
    return shown, slight


def against(one: str, other: str, found: Estimate, more: str = "above", less: str = "below") -> str:
    """Whether one lies above the other, as its paired difference says."""
    if not found.clear or decimal(found.effect) == "0.00":
        return f"{one} and {other} do not differ clearly: {spoken(found)}"
    return f"{one} lies {more if found.effect > 0 else less} {other} by {spoken(found.positive)}"


def quoted(name: object) -> str:
    """A title as a sentence holds it, so that its commas are not the sentence's."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"
