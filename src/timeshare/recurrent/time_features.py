"""Fixed bounded functions of time, defined at every step t >= 0 for any training length."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SHORTEST_PERIOD = 4.0
"""Steps of the fastest period: the shortest whose sine and cosine differ between neighbours."""


def cosines(steps: Sequence[int], length: int, count: int) -> NDArray[np.float64]:
    """The first `count` cosines of (t + 1/2) / T; the first is the constant one.

    On steps 0..T-1 they are orthogonal (the DCT-II basis), so that `count = T` spans every function
    of those steps. They are defined past T, too, and bounded by one.

    Returns:
        `[len(steps), count]`.
    """
    moments = (np.asarray(steps, dtype=np.float64) + 0.5) / length
    return np.cos(np.pi * np.outer(moments, np.arange(count)))


def time_features(steps: Sequence[int], length: int, count: int) -> NDArray[np.float64]:
    """Sinusoidal features of the absolute step: sine and cosine of geometrically spaced periods.

    The slowest period is 4T, so that its pair has different values at all steps up to T; the
    fastest is four steps. An odd `count` leaves out the cosine of the fastest period.

    Returns:
        `[len(steps), count]`.
    """
    pairs = (count + 1) // 2
    slowest = max(4.0 * length, SHORTEST_PERIOD)
    periods = np.geomspace(slowest, SHORTEST_PERIOD, pairs) if pairs > 1 else [slowest]
    angles = 2 * np.pi * np.outer(np.asarray(steps, dtype=np.float64), 1 / np.asarray(periods))
    features = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    return features.reshape(len(steps), 2 * pairs)[:, :count]
