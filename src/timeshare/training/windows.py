"""Run members over sequences: the losses of training windows, the outputs for evaluation."""

from collections.abc import Iterator
from contextlib import nullcontext

import torch
from torch import Tensor

from timeshare.recurrent.dropout import Masks
from timeshare.recurrent.network import Network, detached
from timeshare.recurrent.schedules.base import Extension
from timeshare.references.network import ReferenceNetwork
from timeshare.tasks.base import Targets, Task
from timeshare.tasks.metrics import Metric
from timeshare.training.layout import Batch
from timeshare.training.scoring import losses, per_target_metric, target_mask

AnyNetwork = Network | ReferenceNetwork
"""Members of the recurrent family, or of a reference outside it."""
EVALUATION_WINDOW = 16
"""Steps evaluated at once; the results are the same for any number."""


def windows(length: int, truncation: int, targets: Targets, offset: int = 0) -> list[range]:
    """The steps of a sequence in consecutive windows of K.

    A dense task's windows begin at step 0, so its last window may be shorter. A final task's
    windows end at step T-1, so that its target's gradient reaches K steps; its first window may be
    shorter.

    Arguments:
        length: steps T of the sequence.
        truncation: steps K of a window.
        targets: which steps have targets.
        offset: steps (0 to K-1) by which the borders of a dense task's windows are shifted; the
            steps before the first border are a shorter window.
    """
    if targets is Targets.DENSE:
        starts = range(offset, length, truncation)
        first = [range(min(offset, length))] if offset else []
        return first + [range(start, min(start + truncation, length)) for start in starts]
    ends = range(length, 0, -truncation)
    return [range(max(end - truncation, 0), end) for end in reversed(ends)]


def window_losses(
    network: AnyNetwork,
    task: Task,
    batch: Batch,
    truncation: int,
    update: str = "sequence",
    number: int | None = None,
    offset: int = 0,
) -> Iterator[Tensor | None]:
    """The loss of each window of a batch, in order: truncated back-propagation through time.

    The state is carried from window to window, detached at each border. Where the windows of a
    sequence make one update, a window's loss is each member's sum over its targets, divided by the
    targets of the whole sequence, so that the gradients of all windows add up to that of the mean
    over all targets whatever K is. Where each window updates, its loss is the mean over its own
    targets. Windows without targets run without a graph and give None. A reference reads it whole.

    Arguments:
        network: E members.
        task: has the metric and whether targets are dense or final.
        batch: B sequences a member.
        truncation: steps K of a window.
        update: `sequence` or `window`, what makes one update.
        number: of the update, from which the masks of dropout follow; None drops nothing.
        offset: of the windows; see `windows`.

    Yields:
        losses `[E]`; call `backward` on each before the next is taken.
    """
    metric, dense = task.metric, task.targets is Targets.DENSE
    total = _target_count(metric, batch.targets)
    masks = None if number is None else network.masks(batch.size, number)
    if isinstance(network, ReferenceNetwork):
        logits = _read_whole(network, batch, masks)
        yield losses(metric, logits, batch.targets).sum(dim=(0, 2)) / total.clamp(min=1)
        return
    state = network.initial_state(batch.size)
    for steps in windows(batch.length, truncation, task.targets, offset):
        ends = list(steps) if dense else batch.ends(steps)
        with nullcontext() if ends else torch.no_grad():
            inputs, state = batch.window(steps, network.members), detached(state)
            hidden, state = network.run(inputs, state, steps, batch.length, masks=masks)
        if not ends:
            yield None
            continue
        chosen = hidden if dense else hidden[[step - steps.start for step in ends]]
        logits = network.read(chosen, ends, total=batch.length, masks=masks)
        targets = _targets(batch, ends, dense, metric)
        count = _target_count(metric, targets) if update == "window" else total
        yield losses(metric, logits, targets).sum(dim=(0, 2)) / count.clamp(min=1)


def read_outputs(
    network: AnyNetwork, task: Task, batch: Batch, extension: Extension | None
) -> Iterator[tuple[list[int] | None, Tensor]]:
    """The outputs of members on sequences of any length, without a graph.

    Yields:
        the steps at which some sequence is asked, one part of the sequence after the other, with
        the outputs there `[S, E, O, B]`. Where a reference reads whole sequences the steps are None
        and the outputs are those of all steps, or one for each sequence.
    """
    dense = task.targets is Targets.DENSE
    with torch.no_grad():
        if isinstance(network, ReferenceNetwork):
            yield None, _read_whole(network, batch, None)
            return
        state = network.initial_state(batch.size)
        for steps in windows(batch.length, EVALUATION_WINDOW, Targets.DENSE):
            inputs = batch.window(steps, network.members)
            hidden, state = network.run(inputs, state, steps, batch.length, extension)
            ends = list(steps) if dense else batch.ends(steps)
            if not ends:
                continue
            chosen = hidden if dense else hidden[[step - steps.start for step in ends]]
            yield ends, network.read(chosen, ends, batch.length, extension)


def score_targets(
    network: AnyNetwork, task: Task, batch: Batch, extension: Extension | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Score members on sequences of any length.

    Returns:
        the per-target metric, the losses and the target mask, each `[T, E, B]` for a dense task
        and `[1, E, B]` for a final one.
    """
    metric, dense = task.metric, task.targets is Targets.DENSE
    rows: list[tuple[Tensor, Tensor, Tensor]] = []
    for ends, logits in read_outputs(network, task, batch, extension):
        if ends is None:
            return _scored(metric, logits, batch.targets)
        rows.append(_scored(metric, logits, _targets(batch, ends, dense, metric)))
    scored, lost, where = (torch.cat(parts) for parts in zip(*rows, strict=True))
    if dense:
        return scored, lost, where
    return scored.sum(0, keepdim=True), lost.sum(0, keepdim=True), where.sum(0, keepdim=True) > 0


def _read_whole(network: ReferenceNetwork, batch: Batch, masks: Masks | None) -> Tensor:
    """The outputs of a reference, which reads whole sequences at once."""
    inputs = batch.window(range(batch.length), network.members)
    return network.outputs(inputs, batch.last, masks)


def _scored(metric: Metric, logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The per-target metric, the losses and the target mask of some steps, `[S, E, B]` each."""
    where = target_mask(metric, targets).expand(-1, logits.shape[1], -1)
    return per_target_metric(metric, logits, targets), losses(metric, logits, targets), where


def _target_count(metric: Metric, targets: Tensor) -> Tensor:
    """Number of targets of each member, `[E]` or `[1]`, in memory that does not grow with T."""
    parts = [
        target_mask(metric, part).sum(dim=(0, 2))
        for part in torch.split(targets, EVALUATION_WINDOW)
    ]
    return torch.stack(parts).sum(dim=0)


def _targets(batch: Batch, ends: list[int], dense: bool, metric: Metric) -> Tensor:
    if dense:
        return batch.targets[ends[0] : ends[-1] + 1]
    return torch.cat([batch.final_targets(step, metric) for step in ends])
