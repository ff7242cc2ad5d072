"""Score outputs against targets, member by member, and turn them into losses."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from timeshare.tasks.metrics import Metric, normalised


def target_mask(metric: Metric, targets: Tensor) -> Tensor:
    """Where there is a target to score, booleans shaped like `targets`."""
    return targets >= 0 if metric.classifies else ~targets.isnan()


def losses(metric: Metric, logits: Tensor, targets: Tensor) -> Tensor:
    """The loss of each target, 0 where the target mask is false.

    Arguments:
        metric: determines whether outputs are classes (cross-entropy in nats) or values (squared
            error).
        logits: outputs `[S, E, O, B]` at the S scored steps.
        targets: `[S, E, B]`, or `[S, 1, B]` when all members share them.

    Returns:
        `[S, E, B]`, differentiable in `logits`.
    """
    S, E, _, B = logits.shape
    targets = targets.expand(S, E, B)
    if metric.classifies:
        flat = functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(0, 1), ignore_index=-1, reduction="none"
        )
        return flat.view(S, E, B)
    present = ~targets.isnan()
    return (logits[:, :, 0] - targets.nan_to_num()).square() * present


def per_target_metric(metric: Metric, logits: Tensor, targets: Tensor) -> Tensor:
    """What each target adds to the metric, `[S, E, B]`; 0 where the target mask is false."""
    if metric is Metric.ACCURACY:
        return (logits.max(dim=2).indices == targets).to(torch.float64)
    scale = 1 / math.log(2) if metric is Metric.BITS else 1.0
    return losses(metric, logits, targets).to(torch.float64) * scale


def scores(
    values: NDArray[np.floating], chance: NDArray[np.floating], metric: Metric
) -> NDArray[np.float64]:
    """Values of the metric, scaled to 0 at chance and 1 when perfect.

    The score is missing where chance is already perfect, as on sequences with one class alone.
    """
    known = chance != metric.perfect
    below = np.where(known, chance, np.nan)
    return np.asarray(normalised(np.asarray(values, np.float64), below, metric))


def target_tensor(metric: Metric, targets: NDArray[np.generic]) -> Tensor:
    """Targets in the engine's layout, steps first: `[T, N]`, or `[1, N]` of a final task."""
    kind = np.int64 if metric.classifies else np.float32
    rows = targets[:, None] if targets.ndim == 1 else targets
    return torch.from_numpy(np.ascontiguousarray(rows.T.astype(kind)))
