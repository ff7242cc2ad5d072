"""Metrics of a task: what they measure, which way is better, and what chance scores."""

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Metric(StrEnum):
    """How a task's predictions are scored."""

    ACCURACY = "accuracy"
    """Share of targets predicted; 1 is perfect."""
    BITS = "bits"
    """Mean negative log2-probability of the target; 0 is perfect."""
    ERROR = "error"
    """Mean squared error; 0 is perfect."""

    @property
    def perfect(self) -> float:
        """Value of a perfect predictor."""
        return 1.0 if self is Metric.ACCURACY else 0.0

    @property
    def classifies(self) -> bool:
        """Whether targets are classes, trained with cross-entropy; else values, squared error."""
        return self is not Metric.ERROR

    def targets_in(self, targets: NDArray[Any]) -> bool:
        """Whether there is anything to score: a class, or a value."""
        return bool((targets >= 0).any() if self.classifies else np.isfinite(targets).any())


def normalised(
    value: float | NDArray[np.floating], chance: float | NDArray[np.floating], metric: Metric
) -> float | NDArray[np.floating]:
    """The score: 0 at chance, 1 when perfect, whatever the metric; below 0 worse than chance."""
    return (value - chance) / (metric.perfect - chance)


def constant_score(metric: Metric, targets: NDArray[Any], output_size: int) -> float:
    """Value of the best predictor that ignores the inputs: its output is one constant.

    The majority class, the entropy of the classes in bits, or the variance about the mean.
    Targets that ask nothing (negative classes, NaN) do not count; where none is left, the value
    is NaN. One constant serves all steps of a dense task. Equal targets give exactly the perfect
    value, beside which no score has a meaning.
    """
    if not metric.targets_in(targets):
        return float("nan")
    if metric is Metric.ERROR:
        values = targets.astype(np.float64)
        values = values[np.isfinite(values)]
        return 0.0 if values.min() == values.max() else float(values.var())
    classes = targets.astype(np.int64)
    classes = classes[classes >= 0]
    shares = np.bincount(classes, minlength=output_size) / classes.size
    if metric is Metric.ACCURACY:
        return float(shares.max())
    seen = shares[shares > 0]
    return float(-(seen * np.log2(seen)).sum())
