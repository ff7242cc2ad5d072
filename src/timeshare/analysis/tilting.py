"""The bootstrap's distribution of a mean over tasks, from its cumulants instead of from draws.

A resample draws each task's units with equal weights and replacement. The sum of what the draws
contribute has the cumulant generating function K(t), the sum over tasks of n log mean exp(t a). The
signed root r = sign(t) sqrt(2 (t K'(t) - K(t))) of a distance K'(t) from the mean is nearly normal,
so the distance at r = 1.96 is nearly the bootstrap's 97.5 % quantile (Efron 1981, nonparametric
tilting). No random number is drawn, so far quantiles, which simultaneous intervals ask for, cost no more
than near ones; and no distance passes what the units can add up to.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
POINTS = 128
"""Values of t tried in each of two passes."""
SMALLEST, LARGEST = 1e-3, 1e4
"""Range of t times the standard error in which a distance is looked for."""


@dataclass(frozen=True)
class Tilting:
    """How far the mean over tasks may lie from what was found, by the spread of the units.

    Arguments:
        contributions: what a draw of each unit adds to the distance, a stratum each; they sum to
            zero in each stratum.
    """

    contributions: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, strata: Sequence[Values]) -> "Tilting":
        """The distances of the mean over strata of each stratum's mean."""
        return cls(
            tuple(
                tuple(((units - units.mean()) / (len(strata) * len(units))).tolist())
                for units in strata
            )
        )

    @property
    def mirrored(self) -> "Tilting":
        """The same with distances of the other sign."""
        return Tilting(tuple(tuple(-each for each in units) for units in self.contributions))

    @cached_property
    def standard_error(self) -> float:
        """The bootstrap's standard error."""
        return math.sqrt(sum(each**2 for units in self.contributions for each in units))

    def distance(self, root: float, side: int) -> float:
        """How far the end lies whose signed root this is; no farther than the units reach.

        Arguments:
            root: its absolute value.
            side: 1 for the upper end, -1 for the lower one.
        """
        error = self.standard_error
        if error == 0 or root == 0:
            return 0.0
        grid = np.geomspace(SMALLEST, LARGEST, POINTS)
        for _ in range(2):
            roots, _distances = self._curve(side * grid / error)
            place = int(np.searchsorted(roots, root))
            if place == 0:
                return side * root * error
            if place == POINTS:
                break
            grid = np.linspace(grid[place - 1], grid[place], POINTS)
        roots, distances = self._curve(side * grid / error)
        return float(np.interp(root, roots, side * distances)) * side

    def _curve(self, tilts: Values) -> tuple[Values, Values]:
        """The absolute roots `[P]` and the distances `[P]` at values of t `[P]`."""
        cumulant, distance = np.zeros_like(tilts), np.zeros_like(tilts)
        for units in self.contributions:
            each = np.array(units)
            exponents = np.outer(tilts, each)
            largest = exponents.max(axis=1)
            weights = np.exp(exponents - largest[:, None])
            cumulant += len(each) * (largest + np.log(weights.mean(axis=1)))
            distance += len(each) * (weights @ each) / weights.sum(axis=1)
        roots = np.sqrt(np.maximum(2 * (tilts * distance - cumulant), 0.0))
        # Rounding may bend the curve where it is flat, far out.
        return np.maximum.accumulate(roots), distance
