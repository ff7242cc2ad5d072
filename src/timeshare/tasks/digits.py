"""Handwritten digits read pixel by pixel."""

from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.storage.streams import stream
from timeshare.tasks.base import Sequences, Split, Targets, Task

PIXELS = 64
IMAGES = 1797
HELD = {Split.VALIDATION: (0, 180), Split.TEST: (180, 540), Split.TRAIN: (540, IMAGES)}
"""Which of the images, in one fixed order, belong to each split."""


class Digits(Task):
    """Tell handwritten digits apart, 8x8 pixels read one a step, row by row.

    `permuted` reads them in one fixed random order, the same for all images: neighbours on
    paper are then far apart in time. One fixed random division makes 1257 training, 180
    validation and 360 test images.

    Remember: strokes, which lie eight steps apart, up to 64 steps back.

    Chance: the share of the commonest digit in the split, near 1/10.

    Unseen length: the first T pixels in reading order; there are no more than 64.

    Source: sequential and permuted reading, Le, Jaitly & Hinton (2015), "A simple way to
    initialize recurrent networks of rectified linear units". The images are the test part of
    "Optical recognition of handwritten digits" (Alpaydin & Kaynak, 1998), which UCI offers under
    CC BY 4.0, as shipped by scikit-learn (code under BSD-3-Clause).
    """

    targets = Targets.FINAL

    permuted: bool = Field(default=False, description="read pixels in one fixed random order")

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
        return ("ink",)

    @property
    def prefixes(self) -> bool:
        """The first steps of a sequence, with its target, are a sequence of the task."""
        return True

    def size(self, split: Split) -> int:
        """Number of images in the split."""
        first, last = HELD[split]
        return last - first

    def length_fault(self, length: int) -> str | None:
        """Lengths end at the 64 pixels of an image."""
        if 1 <= length <= PIXELS:
            return None
        return f"images have 1 to {PIXELS} pixels, not {length}"

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Give the first `count` images of the split in an order drawn from `rng`."""
        images, digits = _images()
        rows = stream("digits", "division").permutation(IMAGES)[slice(*HELD[split])]
        chosen = rng.permutation(rows)[:count]
        pixels = np.arange(PIXELS)
        if self.permuted:
            pixels = stream("digits", "pixels").permutation(PIXELS)
        inputs = images[chosen][:, pixels[:length], None]
        return Sequences(inputs=inputs, targets=digits[chosen])


@cache
def _images() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Ink `[N, 64]` in 0..1, and digits `[N]`."""
    from sklearn.datasets import load_digits

    pixels, digits = load_digits(return_X_y=True)
    return (pixels / 16).astype(np.float32), digits.astype(np.int64)
