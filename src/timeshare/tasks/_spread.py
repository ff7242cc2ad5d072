"""Numbers in 0..1 that are evenly spread and follow no period."""

import math

import numpy as np
from numpy.typing import NDArray

GOLDEN = (math.sqrt(5) - 1) / 2


def spread(places: NDArray[np.int64]) -> NDArray[np.float64]:
    """A number in 0..1 for each place.

    Multiples of the golden ratio, less their whole part, fill 0..1 evenly and without period:
    the share of places whose number lies below a threshold is nearly that threshold in any run
    of places, and no block, nor every second place, is favoured.
    """
    numbers: NDArray[np.float64] = np.modf(places * GOLDEN)[0]
    return numbers
