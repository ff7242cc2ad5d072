"""One update of all members. Training and the cost study share this code."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from timeshare.experiment import Condition
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.tasks.base import Task
from timeshare.training.layout import Batch
from timeshare.training.parts import Part
from timeshare.training.windows import AnyNetwork, window_losses

log = logging.getLogger(__name__)

Observer = Callable[[Part], None]
"""Called at the end of each part of an update; a part ends once in every window."""


def _unobserved(part: Part) -> None:
    """Training does not time the parts of an update."""


@dataclass
class Divergence:
    """For each member the update at which its loss or gradient was not finite, or None."""

    updates: list[int | None]

    @property
    def active(self) -> list[bool]:
        """Members that still train."""
        return [update is None for update in self.updates]

    def note(self, update: int, finite: Tensor) -> None:
        """Record the members whose loss or gradient is not finite.

        Arguments:
            update: number of the update.
            finite: whether a member's loss and gradient norm are finite, `[E]` booleans.
        """
        for member, good in enumerate(finite.tolist()):
            if not good and self.updates[member] is None:
                self.updates[member] = update
                log.warning("member %d diverged at update %d and is frozen", member, update)


def optimiser_of(condition: Condition, network: AnyNetwork) -> MemberAdamW:
    """The optimiser of a condition's members, each with its own learning rate."""
    rates = [member.learning_rate for member in condition.members]
    decays = [condition.training.weight_decay] * len(rates)
    return MemberAdamW(network, rates, decays)


class UpdateStep:
    """Backward passes of a batch, then gradient clipping and AdamW, for all members at once.

    Arguments:
        condition: its truncation K and its training plan are used. With `training.update` of
            `sequence`, the windows of a sequence make one update together; with `window`, each
            makes one.
        network: E members.
        optimiser: of these members.
        task: has the metric and whether targets are dense or final.
    """

    def __init__(
        self, condition: Condition, network: AnyNetwork, optimiser: MemberAdamW, task: Task
    ) -> None:
        self._network, self._optimiser, self._task = network, optimiser, task
        self._truncation, self._clip = condition.truncation, condition.training.clip
        self._update = condition.training.update

    def __call__(
        self, batch: Batch, number: int, divergence: Divergence, observe: Observer = _unobserved
    ) -> None:
        """Make one update.

        Arguments:
            batch: B sequences of each member.
            number: number of the update, which `divergence` records; the masks of dropout follow
                from it.
            divergence: members that diverged are left as they are; new ones are added.
            observe: called at the end of each part.
        """
        finite = torch.ones(self._network.members, dtype=torch.bool)
        self._network.zero_grad()
        for losses in self.backward_windows(batch, number, observe):
            finite &= losses.isfinite().cpu()
            if self._update == "window":
                self._apply(number, finite, divergence, observe)
                self._network.zero_grad()
        if self._update == "sequence":
            self._apply(number, finite, divergence, observe)

    def backward_windows(
        self, batch: Batch, number: int, observe: Observer = _unobserved
    ) -> Iterator[Tensor]:
        """Forward and backward pass of each window; the gradients accumulate.

        Arguments: as of the update.

        Yields:
            the losses `[E]` of each window with targets, detached, after its backward pass.
        """
        for losses in window_losses(
            self._network, self._task, batch, self._truncation, self._update, number
        ):
            observe(Part.FORWARD)
            if losses is not None:
                losses.sum().backward()  # type: ignore[no-untyped-call]
                observe(Part.BACKWARD)
                yield losses.detach()

    def backward_penalty(self) -> None:
        """Add the gradient of the schedule's penalty, if it has one."""
        penalty = self._network.penalty()
        if penalty.requires_grad:
            penalty.sum().backward()  # type: ignore[no-untyped-call]

    def _apply(
        self, number: int, finite: Tensor, divergence: Divergence, observe: Observer
    ) -> None:
        self.backward_penalty()
        observe(Part.BACKWARD)
        norms = self._optimiser.clip(self._clip)
        divergence.note(number, finite & norms.isfinite().cpu())
        self._optimiser.step(divergence.active)
        observe(Part.OPTIMISER)
