"""MNIST-1D: small one-dimensional digits as time series."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.storage.streams import stream
from timeshare.tasks.base import Sequences, Split, Targets, Task

PUBLISHED_LENGTH = 40
TRAINING = 4000
TESTING = 1000
HELD = 400


class Mnist1d(Task):
    """Tell ten digits apart, each drawn as one noisy, stretched and shifted curve.

    The published data set of 4000 training and 1000 test curves of 40 steps, made by its own
    package from its own seed; 400 of the training curves are the validation split. `shuffled`
    is the published control: one fixed permutation of the steps, which leaves all information
    and destroys the order.

    Remember: the last few turns of the curve; where on the time axis they came does not matter.

    Chance: the share of the commonest digit in the split, near 1/10.

    Unseen length: the same curves sampled at fewer or more points in the same time, as the
    package's `final_seq_length` does. Shuffled curves have the published length only.

    Source: Greydanus & Kobak (2024), "Scaling down deep learning with MNIST-1D"; published
    test accuracy: GRU .91, multi-layer perceptron .68, logistic regression .32; shuffled: GRU
    .57. The package mnist1d (Apache-2.0) makes the data; nothing is downloaded.
    """

    targets = Targets.FINAL

    shuffled: bool = Field(default=False, description="permute the steps, all curves alike")

    @property
    def input_size(self) -> int:
        """The one feature of a step."""
        return 1

    @property
    def output_size(self) -> int:
        """Ten classes, one for each digit."""
        return 10

    @property
    def symbolic(self) -> bool:
        """The inputs are features, not symbols."""
        return False

    @property
    def input_names(self) -> tuple[str, ...]:
        """Name of the feature."""
        return ("height",)

    @property
    def resampled(self) -> bool:
        """True: a curve of more points is the same curve, drawn more finely."""
        return True

    def size(self, split: Split) -> int:
        """Number of curves; those for validation are held out of the published training ones."""
        sizes = {Split.TRAIN: TRAINING - HELD, Split.VALIDATION: HELD, Split.TEST: TESTING}
        return sizes[split]

    def length_fault(self, length: int) -> str | None:
        """A permutation belongs to one length, and a curve has two ends."""
        if self.shuffled and length != PUBLISHED_LENGTH:
            return f"shuffled curves have {PUBLISHED_LENGTH} steps, not {length}"
        return None if length >= 2 else f"a curve has at least 2 steps, not {length}"

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Give the first `count` curves of the split in an order drawn from `rng`."""
        curves, digits = _curves(length, self.shuffled)
        rows = np.arange(TRAINING, TRAINING + TESTING)
        if split is not Split.TEST:
            order = stream("mnist1d", "held-out").permutation(TRAINING)
            rows = order[:HELD] if split is Split.VALIDATION else order[HELD:]
        chosen = rng.permutation(rows)[:count]
        return Sequences(inputs=curves[chosen, :, None], targets=digits[chosen])


@cache
def _curves(length: int, shuffled: bool) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Curves `[N, T]` and digits `[N]`: the published training ones, then the test ones."""
    from mnist1d.data import get_dataset_args, make_dataset

    arguments = get_dataset_args()
    arguments.final_seq_length = length
    arguments.shuffle_seq = shuffled
    with _global_streams_kept():
        made = make_dataset(arguments)
    curves = np.concatenate([made["x"], made["x_test"]]).astype(np.float32)
    return curves, np.concatenate([made["y"], made["y_test"]]).astype(np.int64)


@contextmanager
def _global_streams_kept() -> Iterator[None]:
    """Put back the global random state, which the package seeds."""
    ours, numpys = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)  # noqa: NPY002
