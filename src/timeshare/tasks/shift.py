"""Regression whose weights walk at random from step to step."""

import math
from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.storage.streams import stream
from timeshare.tasks._bounds import LARGEST_RULE
from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.tasks.metrics import Metric

SHARE = 0.1
"""Share of the inputs that are not zero."""
DEVIATION = math.sqrt(SHARE / 3 - (SHARE / 2) ** 2)
"""Standard deviation of an input that is zero or uniform in 0..1."""


class Shift(Task):
    """Weigh the last inputs, with weights that walk at random from one step to the next.

    The target at step t is the sum over the `window` steps before t, and over `features`
    channels, of input times weight of the lag times weight of the channel. Both sets of weights
    start at random, and at each step move by up to `walk` and are normalised again; 0 leaves
    them as they are, so that one rule holds at every step. The weights come from the task's own
    seed and are the same in every sequence. One input in ten is not zero; inputs are scaled to
    a standard deviation of 1. The first `window` steps have no targets.

    Remember: the last `window` inputs, and the weights of every step.

    Chance: mean squared error of the mean, the variance of the targets.

    Unseen length: fewer or more steps. Unless `walk` is 0, the weights of steps past T are in no
    training sequence; the longer T has run, the less they resemble those that are.

    Source: Oh et al. (2019), "Relaxed parameter sharing: effectively modeling time-varying
    relationships in clinical time-series", whose defaults these are (T = 30; inputs there are
    100 times larger and not scaled).
    """

    targets = Targets.DENSE
    metric = Metric.ERROR

    window: int = Field(default=10, ge=2, le=256, description="past steps that are weighed")
    features: int = Field(default=3, ge=2, le=64, description="channels")
    walk: float = Field(default=0.05, ge=0, le=1, description="largest move of a weight in a step")
    rule_seed: int = Field(default=0, ge=0, le=LARGEST_RULE, description="seed of the weights")

    @property
    def input_size(self) -> int:
        """Number of channels."""
        return self.features

    @property
    def output_size(self) -> int:
        """One predicted value."""
        return 1

    @property
    def symbolic(self) -> bool:
        """The inputs are features, not symbols."""
        return False

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the channels."""
        return tuple(f"channel {number}" for number in range(1, self.features + 1))

    @property
    def output_names(self) -> tuple[str, ...]:
        """Name of the predicted value."""
        return ("weighted sum",)

    @property
    def continues(self) -> bool:
        """True where the weights stay the same at every step."""
        return self.walk == 0

    def length_fault(self, length: int) -> str | None:
        """The sequence is longer than the window, so that it has a target."""
        if length > self.window:
            return None
        return f"a window of {self.window} needs at least {self.window + 1} steps, not {length}"

    def weights(self, length: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weights of the lags `[T, window]`, oldest first, and of the channels `[T, features]`.

        Rows of steps without a target are NaN.
        """
        return _weights(length, self.rule_seed, self.window, self.features, self.walk)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw sparse inputs, and give their weighted sums."""
        shape = (count, length, self.features)
        inputs = rng.random(shape) * (rng.random(shape) < SHARE) / DEVIATION
        lags, channels = self.weights(length)
        targets = np.full((count, length), np.nan)
        for step in range(self.window, length):
            past = inputs[:, step - self.window : step]
            targets[:, step] = np.einsum("nld,l,d->n", past, lags[step], channels[step])
        return Sequences(inputs.astype(np.float32), targets.astype(np.float32))


@cache
def _weights(
    length: int, rule_seed: int, window: int, features: int, walk: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights of the lags `[T, window]` and of the channels `[T, features]`, read-only."""
    lags = np.full((length, window), np.nan)
    channels = np.full((length, features), np.nan)
    for step in range(window, length):
        rng = stream("shift", rule_seed, window, features, step)
        for weights in (lags, channels):
            if step == window:
                weights[step] = _shares(rng.random(weights.shape[1]))
            else:
                move = walk * rng.uniform(-1, 1, weights.shape[1])
                weights[step] = _shares(weights[step - 1] + move)
    lags.flags.writeable = channels.flags.writeable = False
    return lags, channels


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights with the smallest moved to 0 and the sum to 1."""
    above = weights - weights.min()
    shares: NDArray[np.float64] = above / above.sum()
    return shares
