"""Aggregates over units and tasks, with intervals that hold for few units.

A *unit* is one rule of one task, or one seed where the task has a single rule; the task is its
*stratum*. Tasks are fixed and units are a sample, so a bootstrap resamples units within each
task. The aggregate is the mean over tasks of the interquartile mean within each, so that no task
is trimmed because it differs from the others; the interquartile mean is what Agarwal et al. (2021),
"Deep reinforcement learning at the edge of the statistical precipice", propose. Their percentile
interval is not used: with the three to ten units of an experiment it covers too rarely. The
interval here is Student's, with the bootstrap's standard error; `docs/method.md` has the measured
coverage of both.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from timeshare.storage.streams import stream

Values = NDArray[np.float64]
Statistic = Callable[[list[Values]], Values]
"""From how often each unit counts, `[B, n]` a stratum, to the value of each resample `[B]`."""

FEWEST = 2
"""Seeds that a stratum needs to have a variance."""


@dataclass(frozen=True)
class Estimate:
    """An effect with its interval.

    Arguments:
        effect: the estimate.
        low: lower end of the interval, missing where too few units were measured.
        high: upper end of the interval.
        units: units it rests on.
        standard_error: of the effect, from units and test sequences together.
        degrees_of_freedom: of the standard error.
        strata: strata the units belong to.
        resamples: bootstrap resamples behind the standard error.
        item_error: the part of the standard error that comes from test sequences which all units
            share; more units do not lessen it.
    """

    effect: float
    low: float
    high: float
    units: int
    standard_error: float = math.nan
    degrees_of_freedom: float = math.nan
    strata: int = 1
    resamples: int = 0
    item_error: float = 0.0

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0

    def within(self, bound: float) -> bool:
        """Whether the whole interval is nearer to zero than a bound."""
        return -bound < self.low and self.high < bound

    @property
    def positive(self) -> "Estimate":
        """The same amount without its sign."""
        if self.effect >= 0:
            return self
        return replace(self, effect=-self.effect, low=-self.high, high=-self.low)

    def end(self, confidence: float, side: int) -> float:
        """An end of the two-sided interval of another confidence.

        Arguments:
            confidence: of the interval.
            side: 1 for the upper end, -1 for the lower one.
        """
        return self.effect + side * self._quantile((1 + confidence) / 2) * self.standard_error

    def _quantile(self, probability: float, factor: float = 1.0) -> float:
        """Student's quantile; `factor` is how many times as many units there are."""
        degrees_of_freedom = self.degrees_of_freedom * factor
        return float(stats.t.ppf(probability, degrees_of_freedom))

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
        distance = abs(self.effect - threshold)
        shared = self.item_error**2
        sampled = self.standard_error**2 - shared
        for units in range(max(math.ceil(now), FEWEST), most + 1):
            error = math.sqrt(sampled * now / units + shared)
            if self._quantile((1 + confidence) / 2, units / now) * error < distance:
                return units
        return most + 1

    def p_value(self, threshold: float) -> float:
        """Two-sided p-value of the effect being the threshold; at least one in the resamples."""
        if self.standard_error == 0:
            p = float(self.effect == threshold)
        else:
            distance = abs(self.effect - threshold) / self.standard_error
            p = float(2 * stats.t.sf(distance, self.degrees_of_freedom))
        return max(p, 1 / self.resamples)


def interquartile_mean(values: Values) -> float:
    """Mean of the middle half of the values; a value cut by a quartile counts in part.

    Where the number of values is a multiple of four it equals `scipy.stats.trim_mean(x, 0.25)`.
    """
    ones = np.ones((1, len(values)))
    return float(_middle_mean(np.sort(values), ones)[0])


def mean_of_middles(strata: Iterable[Values]) -> float:
    """The mean over strata of the interquartile mean of each."""
    return float(np.mean([interquartile_mean(values) for values in strata]))


def _middle_mean(ordered: Values, counts: Values) -> Values:
    """Interquartile mean of sorted values `[N]` of which each counts so often `[B, N]`."""
    ends = counts.cumsum(axis=1)
    quarter = ends[:, -1:] / 4
    inside = np.clip(ends, quarter, 3 * quarter)
    shares = np.diff(inside, axis=1, prepend=quarter)
    middle: Values = shares @ ordered / (2 * quarter[:, 0])
    return middle


def aggregate(
    strata: Mapping[str, Values],
    confidence: float,
    resamples: int,
    item_variances: Mapping[str, float] | None = None,
) -> Estimate:
    """The mean over strata of the interquartile mean of each stratum's units.

    Arguments:
        strata: the values of each stratum's units, two or more.
        confidence: of the interval.
        resamples: bootstrap resamples.
        item_variances: variance of a stratum's mean that comes from test sequences which all its
            units share; none where each unit has test sequences of its own.
    """
    orders = [np.argsort(values, kind="stable") for values in strata.values()]
    sorted_values = [np.sort(values, kind="stable") for values in strata.values()]

    def statistic(counts: list[Values]) -> Values:
        means = [
            _middle_mean(ordered, count[:, order])
            for ordered, count, order in zip(sorted_values, counts, orders, strict=True)
        ]
        whole: Values = np.mean(means, axis=0)
        return whole

    found = interval(statistic, [len(units) for units in strata.values()], confidence, resamples)
    known = item_variances or {}
    return with_items(found, sum(known.values()) / len(strata) ** 2, confidence)


def with_items(found: Estimate, variance: float, confidence: float) -> Estimate:
    """An estimate whose error includes that of test sequences which all units share.

    The degrees of freedom are Satterthwaite's; those of the test sequences are taken as infinite.

    Arguments:
        found: the estimate of the units alone.
        variance: of the effect over draws of the test sequences.
        confidence: of the interval.
    """
    if variance == 0:
        return found
    sampled = found.standard_error**2
    whole = sampled + variance
    ratio = (whole / sampled) ** 2 if sampled > 0 else 1e12
    wider = replace(
        found,
        standard_error=math.sqrt(whole),
        degrees_of_freedom=min(found.degrees_of_freedom * ratio, 1e12),
        item_error=math.sqrt(variance),
    )
    return replace(wider, low=wider.end(confidence, -1), high=wider.end(confidence, 1))


def interval(
    statistic: Statistic, sizes: Sequence[int], confidence: float, resamples: int
) -> Estimate:
    """Student's interval about a statistic, with the stratified bootstrap's standard error.

    The variance over resamples is too small by (n - 1)/n in a stratum of n units; it is scaled up
    by that factor, weighted by each stratum's share in it. The shares are sums of squared
    influences, the covariance of the statistic with how often a unit was drawn (the infinitesimal
    jackknife, Efron 2014, "Estimation and accuracy after model selection"). They also give the
    degrees of freedom (Satterthwaite 1946): many where many strata contribute, n - 1 where one
    does.

    Arguments:
        statistic: of the resampled units.
        sizes: units n of each stratum, two or more.
        confidence: of the interval.
        resamples: bootstrap resamples B.
    """
    if min(sizes) < FEWEST:
        raise ValueError(f"a stratum needs at least {FEWEST} units, not {min(sizes)}")
    counts = _draws(tuple(sizes), resamples)
    effect = float(statistic([np.ones((1, size)) for size in sizes])[0])
    replicates = statistic(counts)
    centred = replicates - replicates.mean()
    shares = np.array([(((count - 1).T @ centred / resamples) ** 2).sum() for count in counts])
    units, strata = int(sum(sizes)), len(sizes)
    if np.ptp(replicates) < 1e-12 or shares.sum() == 0:
        degrees_of_freedom = float(units - strata)
        return Estimate(effect, effect, effect, units, 0.0, degrees_of_freedom, strata, resamples)
    n = np.array(sizes, dtype=float)
    scale = (shares * n / (n - 1)).sum() / shares.sum()
    error = float(np.sqrt((centred**2).mean() * scale))
    degrees_of_freedom = float(shares.sum() ** 2 / (shares**2 / (n - 1)).sum())
    half = float(stats.t.ppf((1 + confidence) / 2, degrees_of_freedom)) * error
    low, high = effect - half, effect + half
    return Estimate(effect, low, high, units, error, degrees_of_freedom, strata, resamples)


@lru_cache(maxsize=32)
def _draws(sizes: tuple[int, ...], resamples: int) -> list[Values]:
    """How often each unit is drawn, `[B, n]` a stratum; the same for equal sizes."""
    rng = stream("bootstrap", resamples, *sizes)
    return [
        rng.multinomial(size, np.full(size, 1 / size), resamples).astype(float) for size in sizes
    ]
