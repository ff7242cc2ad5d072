"""The bootstrap's distribution of a mean over tasks, from its cumulants instead of from draws.

A resample draws each task's units with equal weights and replacement. The sum of what the draws
contribute has the cumulant generating function K(t), the sum over tasks of n log mean exp(t a). The
signed root r = sign(t) sqrt(2 (t K'(t) - K(t))) of a distance K'(t) from the mean is nearly normal,
so the distance at r = 1.96 is nearly the bootstrap's 97.5 % quantile (Efron 1981, nonparametric
tilting). No random number is drawn, so far quantiles, which simultaneous intervals ask for, cost no
more than near ones; and no distance passes what the units can add up to.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
POINTS = 400
"""Values of t between which is interpolated."""
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
        roots, distances = self._sides[side]
        return side * float(np.interp(root, roots, distances))

    def root(self, distance: float) -> float:
        """The absolute value of the signed root of a distance; infinite where no unit reaches."""
        roots, distances = self._sides[1 if distance > 0 else -1]
        return float(np.interp(abs(distance), distances, roots, right=np.inf))

    @cached_property
    def _sides(self) -> dict[int, tuple[Values, Values]]:
        """The absolute roots and distances on either side, from zero outward."""
        error = self.standard_error or 1.0
        grid = np.geomspace(SMALLEST, LARGEST, POINTS) / error
        return {side: self._curve(side * grid) for side in (-1, 1)}

    def _curve(self, tilts: Values) -> tuple[Values, Values]:
        """The absolute roots and distances `[1 + P]` at zero and at values of t `[P]`."""
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
        outward = [np.maximum.accumulate(each) for each in (roots, np.abs(distance))]
        return np.append(0.0, outward[0]), np.append(0.0, outward[1])
