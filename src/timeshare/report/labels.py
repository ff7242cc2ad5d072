"""Labels beside what they name, in the place of legends; titles that fit their panels."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from timeshare.analysis.statistics import Values
from timeshare.report.palette import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE_HEIGHT = 0.155
"""Inches from one line of a label to the next."""
HIGHEST = 0.94
"""Where the highest label may lie, as a share of the panel, so that it does not reach the title."""
CHARACTERS = 13.0
"""Characters of a label on an inch."""


def wrapped(text: str, inches: float, capital: bool = True) -> str:
    """Text in lines that are as wide as that, with a capital letter at its start if wanted."""
    lines = textwrap.wrap(text, max(12, int(CHARACTERS * inches)), break_long_words=False)
    whole = "\n".join(lines)
    return whole[:1].upper() + whole[1:] if capital else whole


def spread(places: Sequence[float], least: float) -> list[float]:
    """Places as near to the given ones as can be, no two nearer than a least distance.

    Arguments:
        places: between 0 and 1, in any order.
        least: the distance; smaller where so many labels do not fit between 0 and 1.
    """
    if not len(places):
        return []
    least = min(least, 1 / len(places))
    order = np.argsort(places, kind="stable")
    found = np.asarray(places, float)[order]
    steps = least * np.arange(len(found))
    # Least distances become an ordering of what is left of each place; runs of equals are pooled.
    free = _increasing(found - steps)
    room = 1 - steps[-1]
    moved = np.clip(free, 0, max(room, 0)) + steps
    back = np.empty(len(found))
    back[order] = moved
    return [float(each) for each in back]


def _increasing(values: Values) -> Values:
    """The nearest sequence that never falls, by pooling neighbours that do."""
    pools: list[list[float]] = []
    for value in values:
        pools.append([float(value)])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    return np.array([np.mean(pool) for pool in pools for _ in pool])


def at_ends(
    axis: "Axes", ends: Sequence[tuple[str, float, float, str]], height: float, inches: float = 1.1
) -> None:
    """Labels to the right of a panel, in the order of the lines' ends, each with its colour.

    Arguments:
        axis: the panel, with its final limits.
        ends: label, last point of the line, and its colour.
        height: of the panel, in inches.
        inches: that a line of a label may be wide.
    """
    shown = [wrapped(label, inches, capital=False) for label, *_ in ends]
    lines = max((text.count("\n") + 1 for text in shown), default=1)
    inside = axis.transAxes.inverted()
    heights = []
    for _, x, y, _ in ends:
        _, up = inside.transform(axis.transData.transform((x, y)))
        heights.append(float(np.clip(up, 0, HIGHEST)))
    places = spread(heights, lines * LINE_HEIGHT / height)
    for (_, _, _, shade), text, up in zip(ends, shown, places, strict=True):
        axis.plot(
            [1.03, 1.08], [up] * 2, transform=axis.transAxes, color=shade, lw=2, clip_on=False
        )
        axis.annotate(
            text,
            (1.1, up),
            xycoords="axes fraction",
            va="center",
            ha="left",
            color=INK,
            fontsize=8.5,
            linespacing=1.0,
            annotation_clip=False,
        )
