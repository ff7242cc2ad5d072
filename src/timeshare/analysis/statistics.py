"""Aggregates over units and tasks, with intervals that hold for few units.

A *unit* is one rule of one task, or one seed where the task has a single rule; the task is its
*stratum*. Tasks are fixed and units are a sample, so a bootstrap resamples units within each
task. The aggregate is the mean over tasks of the mean within each: a unit that failed counts as
much as one that did not, and the mean of differences is the difference of the means.

The interval is the bootstrap's, with Student's quantiles in place of the normal ones and the
unbiased standard error in place of the bootstrap's, as far out as the units reach; see `tilting`.
With few units it is Student's own, since a bootstrap never leaves the range of its units, which
is then too narrow. `docs/method.md` has the measured coverage.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import special

from timeshare.analysis.tilting import Tilting, Values

__all__ = ["FEWEST", "Estimate", "Values", "aggregate"]
FEWEST = 2
"""Units that a stratum needs to have a variance."""
BOOTSTRAPPED = 7.0
"""Degrees of freedom, eight units of one task, from which the interval is the bootstrap's."""
SMALLEST_P = 1e-4
"""No p-value is given as smaller: so few units say nothing of rarer events."""


@dataclass(frozen=True)
class Estimate:
    """An effect with its interval.

    Arguments:
        effect: the estimate.
        low: lower end of the interval, missing where too few units were measured.
        high: upper end of the interval.
        units: units it rests on.
        sampled_error: standard error of the effect over draws of the units.
        degrees_of_freedom: of that error.
        strata: strata the units belong to.
        item_error: standard error over draws of test sequences which all units share; more units do
            not lessen it.
        tilting: the bootstrap of the units; none where an estimate was read from a table.
    """

    effect: float
    low: float
    high: float
    units: int
    sampled_error: float = math.nan
    degrees_of_freedom: float = math.nan
    strata: int = 1
    item_error: float = 0.0
    tilting: Tilting | None = field(default=None, repr=False)

    @property
    def standard_error(self) -> float:
        """Of the effect, from units and test sequences together."""
        return math.hypot(self.sampled_error, self.item_error)

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0

    @property
    def identical(self) -> bool:
        """Whether all units have one value, so that the interval has no width and means little."""
        return self.units >= FEWEST and self.low == self.high

    def within(self, bound: float) -> bool:
        """Whether the whole interval is nearer to zero than a bound."""
        return -bound < self.low and self.high < bound

    @property
    def positive(self) -> "Estimate":
        """The same amount without its sign."""
        if self.effect >= 0:
            return self
        turned = self.tilting.mirrored if self.tilting else None
        return replace(self, effect=-self.effect, low=-self.high, high=-self.low, tilting=turned)

    def at(self, confidence: float) -> "Estimate":
        """The same effect with the two-sided interval of another confidence."""
        return replace(self, low=self.end(confidence, -1), high=self.end(confidence, 1))

    def end(self, confidence: float, side: int, factor: float = 1.0) -> float:
        """An end of the two-sided interval of another confidence.

        Arguments:
            confidence: of the interval.
            side: 1 for the upper end, -1 for the lower one.
            factor: how many times as many units there are, spread like those measured.
        """
        probability = (1 + confidence) / 2
        quantile = self._quantile(probability, factor) / math.sqrt(factor)
        sampled = side * quantile * self.sampled_error
        if self.tilting and self._bootstrapped:
            root = quantile * self.sampled_error / self.tilting.standard_error
            sampled = self.tilting.distance(root, side)
        items = float(special.ndtri(probability)) * self.item_error
        return self.effect + side * math.hypot(sampled, items)

    @property
    def _bootstrapped(self) -> bool:
        """Whether enough units vary that the interval is the bootstrap's."""
        return self.sampled_error > 0 and self.degrees_of_freedom >= BOOTSTRAPPED

    def _quantile(self, probability: float, factor: float = 1.0) -> float:
        """Student's quantile; `factor` is how many times as many units there are."""
        return float(special.stdtrit(self.degrees_of_freedom * factor, probability))

    def smallest_decided(self, confidence: float, power: float = 0.8) -> float:
        """Distance from a threshold at which an effect is decided with this probability.

        Arguments:
            confidence: of the two-sided interval that decides.
            power: the probability.
        """
        quantiles = self._quantile((1 + confidence) / 2) + self._quantile(power)
        return quantiles * self.standard_error

    def units_to_decide(self, threshold: float, confidence: float, most: int) -> int:
        """Units of each stratum at which the interval would leave the threshold out.

        The effect, the spread of the units and the error of shared test sequences are taken to
        stay as they are.

        Arguments:
            threshold: what the effect is held against.
            confidence: of the two-sided interval that decides.
            most: the largest number that is tried.

        Returns:
            the number, or `most` + 1 where that many are not enough.
        """
        now = self.units / self.strata
        side = 1 if threshold > self.effect else -1

        def suffices(units: int) -> bool:
            return (threshold - self.end(confidence, side, units / now)) * side > 0

        low, high = max(math.ceil(now), FEWEST), most + 1
        if self.effect == threshold:
            return high
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if suffices(middle) else (middle + 1, high)
        return low

    def p_value(self, threshold: float) -> float:
        """Two-sided p-value of the effect being the threshold: the interval of 1 - p ends there."""
        if self.effect == threshold:
            return 1.0
        if self.item_error > 0:
            return self._searched_p(threshold)
        if self.sampled_error == 0:
            return SMALLEST_P
        distance = abs(threshold - self.effect) / self.sampled_error
        if self.tilting and self._bootstrapped:
            root = self.tilting.root(threshold - self.effect)
            distance = root * self.tilting.standard_error / self.sampled_error
        p = 2 * float(special.stdtr(self.degrees_of_freedom, -distance))
        return max(p, SMALLEST_P)

    def _searched_p(self, threshold: float) -> float:
        """The p-value where test sequences add to the interval, by halving its logarithm."""
        side = 1 if threshold > self.effect else -1
        low, high = math.log(SMALLEST_P), 0.0
        for _ in range(30):
            middle = (low + high) / 2
            outside = (threshold - self.end(1 - math.exp(middle), side)) * side > 0
            low, high = (low, middle) if outside else (middle, high)
        return math.exp(high)


def aggregate(
    strata: Mapping[str, Values],
    confidence: float,
    item_variances: Mapping[str, float] | None = None,
) -> Estimate:
    """The mean over strata of the mean of each stratum's units.

    The degrees of freedom are Satterthwaite's (1946): many where many strata contribute to the
    error, n - 1 where one does.

    Arguments:
        strata: the values of each stratum's units, two or more.
        confidence: of the interval.
        item_variances: variance of a stratum's mean that comes from test sequences which all its
            units share; none where each unit has test sequences of its own.
    """
    values = [np.asarray(units, float) for units in strata.values()]
    sizes = np.array([len(units) for units in values], float)
    if sizes.min() < FEWEST:
        raise ValueError(f"a stratum needs at least {FEWEST} units, not {sizes.min():.0f}")
    effect = float(np.mean([units.mean() for units in values]))
    # The mean of equal numbers may differ from them in the last digit.
    spreads = [0.0 if np.ptp(units) == 0 else float(np.var(units, ddof=1)) for units in values]
    shares = np.array(spreads) / sizes / len(values) ** 2
    variance = float(shares.sum())
    degrees_of_freedom = float(sizes.sum() - len(values))
    if variance > 0:
        degrees_of_freedom = variance**2 / float((shares**2 / (sizes - 1)).sum())
    items = sum((item_variances or {}).values()) / len(values) ** 2
    found = Estimate(
        effect=effect,
        low=effect,
        high=effect,
        units=int(sizes.sum()),
        sampled_error=math.sqrt(variance),
        degrees_of_freedom=degrees_of_freedom,
        strata=len(values),
        item_error=math.sqrt(items),
        tilting=Tilting.of(values),
    )
    return found.at(confidence) if variance > 0 or items > 0 else found
