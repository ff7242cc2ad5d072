"""Sequences and batches in the layout of the engine: steps first, then members."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from timeshare.tasks.base import Sequences, Task
from timeshare.tasks.metrics import Metric
from timeshare.training.scoring import target_tensor


@dataclass(frozen=True)
class Batch:
    """Sequences in the engine's layout.

    Arguments:
        symbols: `[T, E, B]` integers, or None where inputs are features.
        features: `[T, E, B, D]`, or None where inputs are symbols.
        targets: `[T, E, B]` when dense, `[1, E, B]` when final.
        last: each sequence's last true step `[E, B]` (final tasks), or None: step T-1.
        width: input features D.

    The member axis E has extent 1 where all members read the same sequences.
    """

    symbols: Tensor | None
    features: Tensor | None
    targets: Tensor
    last: Tensor | None
    width: int

    @property
    def length(self) -> int:
        """Steps T."""
        inputs = self.features if self.symbols is None else self.symbols
        assert inputs is not None
        return inputs.shape[0]

    @property
    def size(self) -> int:
        """Sequences B."""
        return self.targets.shape[-1]

    def of_members(self, places: Sequence[int]) -> "Batch":
        """The sequences of the members at these places."""
        rows = torch.tensor(places, device=self.targets.device)
        symbols = None if self.symbols is None else self.symbols[:, rows]
        features = None if self.features is None else self.features[:, rows]
        last = None if self.last is None else self.last[rows]
        return Batch(symbols, features, self.targets[:, rows], last, self.width)

    def window(self, steps: range, members: int) -> Tensor:
        """Inputs `[K, E, D, B]` of a window; symbols become one-hot."""
        part = slice(steps.start, steps.stop)
        if self.symbols is not None:
            symbols = self.symbols[part].unsqueeze(2)
            shape = (len(steps), symbols.shape[1], self.width, self.size)
            inputs = torch.zeros(shape, device=symbols.device).scatter_(2, symbols, 1.0)
        else:
            assert self.features is not None
            inputs = self.features[part].transpose(2, 3)
        return inputs.expand(-1, members, -1, -1)

    def ends(self, steps: range) -> list[int]:
        """Steps of the window at which some sequence of a final task ends."""
        if self.last is None:
            return [self.length - 1] if self.length - 1 in steps else []
        return [step for step in sorted(set(self.last.flatten().tolist())) if step in steps]

    def final_targets(self, step: int, metric: Metric) -> Tensor:
        """Final targets `[1, E, B]` of the sequences that end at the step; others are masked."""
        if self.last is None:
            return self.targets
        masked = -1 if metric.classifies else float("nan")
        return self.targets.masked_fill(self.last.unsqueeze(0) != step, masked)


class Store:
    """Sequences ready to be gathered into batches.

    Arguments:
        task: what the sequences are of.
        sequences: N of them.
        device: where batches live.
    """

    def __init__(
        self, task: Task, sequences: Sequences, device: torch.device | str = "cpu"
    ) -> None:
        self.count = sequences.count
        self._width = task.input_size
        inputs = np.ascontiguousarray(np.moveaxis(sequences.inputs, 0, 1))
        self._inputs = torch.from_numpy(inputs).to(device)
        self._symbolic = task.symbolic
        self._targets = target_tensor(task.metric, sequences.targets).to(device)
        self._last = None
        if sequences.lengths is not None:
            self._last = torch.from_numpy(sequences.lengths - 1).to(device)

    def gather(self, rows: Tensor, length: int | None = None) -> Batch:
        """The sequences at `rows` `[E, B]`, cropped to `length` steps where given.

        Only a task whose prefixes are sequences of its own may be cropped.
        """
        inputs = self._inputs[:length, rows]
        targets = self._targets[:length, rows] if len(self._targets) > 1 else self._targets[:, rows]
        last = None if self._last is None else self._last[rows]
        if last is not None and length is not None:
            last = last.clamp(max=length - 1)
        if self._symbolic:
            return Batch(inputs.long(), None, targets, last, self._width)
        return Batch(None, inputs, targets, last, self._width)
