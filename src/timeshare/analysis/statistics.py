"""Aggregates over seeds and tasks, with intervals that hold for few seeds.

A *unit* is one seed of one task; the task is its *stratum*. Tasks are fixed and seeds are a
sample, so a bootstrap resamples seeds within each task. The aggregate is the interquartile mean,
as Agarwal et al. (2021), "Deep reinforcement learning at the edge of the statistical precipice",
propose, and so is the probability of improvement. Their percentile interval is not used: with
the three to ten seeds of an experiment it covers too rarely. The interval here is Student's, with
the bootstrap's standard error; `docs/method.md` has the measured coverage of both.
"""

import math
from collections.abc import Callable, Mapping, Sequence
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
        standard_error: of the effect.
        degrees_of_freedom: of the standard error.
        strata: strata the units belong to.
        resamples: bootstrap resamples behind the standard error.
    """

    effect: float
    low: float
    high: float
    units: int
    standard_error: float = math.nan
    degrees_of_freedom: float = math.nan
    strata: int = 1
    resamples: int = 0

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


def _middle_mean(ordered: Values, counts: Values) -> Values:
    """Interquartile mean of sorted values `[N]` of which each counts so often `[B, N]`."""
    ends = counts.cumsum(axis=1)
    quarter = ends[:, -1:] / 4
    inside = np.clip(ends, quarter, 3 * quarter)
    shares = np.diff(inside, axis=1, prepend=quarter)
    middle: Values = shares @ ordered / (2 * quarter[:, 0])
    return middle


def aggregate(strata: Mapping[str, Values], confidence: float, resamples: int) -> Estimate:
    """The interquartile mean over all units of all strata.

    Arguments:
        strata: the values of each stratum's units, two or more.
        confidence: of the interval.
        resamples: bootstrap resamples.
    """
    values = np.concatenate(list(strata.values()))
    order = np.argsort(values, kind="stable")
    ordered = values[order]

    def statistic(counts: list[Values]) -> Values:
        return _middle_mean(ordered, np.concatenate(counts, axis=1)[:, order])

    return interval(statistic, [len(units) for units in strata.values()], confidence, resamples)


def probability_of_improvement(
    strata: Mapping[str, tuple[Values, Values]], confidence: float, resamples: int
) -> Estimate:
    """Probability that X beats Y, mean over strata; a tie counts half.

    It compares each seed of X with each of Y in the same setting (Mann & Whitney's statistic); a
    resample draws the seeds of X and of Y together, as they are paired. Where one side always
    wins, resamples do not vary although the next seed might; the variance of a stratum is
    therefore at least that of a share by Agresti & Coull (1998), who add two successes and two
    failures.

    Arguments:
        strata: X and Y of each stratum, `[settings, n]` each, over the same seeds.
        confidence: of the interval, which is cut at 0 and 1.
        resamples: bootstrap resamples.
    """
    found = [_share(_wins(*pair), confidence, resamples) for pair in strata.values()]
    n = np.array([each.units for each in found], dtype=float)
    effects = np.array([each.effect for each in found])
    shrunk = (n * effects + 2) / (n + 4)
    variances = np.maximum(
        [each.standard_error**2 for each in found], shrunk * (1 - shrunk) / (n + 4)
    )
    effect, error = float(effects.mean()), float(np.sqrt(variances.sum())) / len(found)
    degrees_of_freedom = float(variances.sum() ** 2 / (variances**2 / (n - 1)).sum())
    half = float(stats.t.ppf((1 + confidence) / 2, degrees_of_freedom)) * error
    low, high = max(effect - half, 0.0), min(effect + half, 1.0)
    units = int(n.sum())
    return Estimate(effect, low, high, units, error, degrees_of_freedom, len(found), resamples)


def _share(wins: Values, confidence: float, resamples: int) -> Estimate:
    """The mean of a matrix of wins `[n, n]`, its seeds resampled on both sides together."""

    def statistic(counts: list[Values]) -> Values:
        shares: Values = ((counts[0] @ wins) * counts[0]).sum(axis=1) / len(wins) ** 2
        return shares

    return interval(statistic, [len(wins)], confidence, resamples)


def _wins(x: Values, y: Values) -> Values:
    """How often, over settings, seed i of X beats seed j of Y: `[n, n]`."""
    difference = np.sign(x[:, :, None] - y[:, None, :])
    shares: Values = (0.5 + 0.5 * difference).mean(axis=0)
    return shares


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
