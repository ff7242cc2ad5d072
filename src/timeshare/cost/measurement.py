"""Measure updates: one thread, warmed up, all networks in turn in every round.

A round times every network once, in an order drawn anew, so that drift of the machine hits all
alike; medians and quartiles are over rounds. A short update is repeated within its turn, because a
clock's tick and the cold cache another network left behind would weigh more than the update.
"""

import gc
import logging
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
import pandas as pd
import torch

from timeshare.cost.clock import Clock, clock_of
from timeshare.cost.parts import UPDATE, Part
from timeshare.cost.peak import peak_bytes
from timeshare.cost.plan import factors
from timeshare.experiment import Condition
from timeshare.forward import window_losses
from timeshare.members import network_of
from timeshare.recurrent.network import Network
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.streams import stream
from timeshare.tasks.base import Split
from timeshare.walk import Batch, Store

log = logging.getLogger(__name__)

TURN_SECONDS = 0.01
"""A turn repeats its update for at least this long."""


class Subject:
    """The networks of one condition, ready to be updated again and again.

    Arguments:
        condition: what is measured; its T, K and clip are the update's.
        network: its members; networks that differ in K alone are one.
        optimiser: of these members.
        batch: the sequences of every update.
    """

    def __init__(
        self, condition: Condition, network: Network, optimiser: MemberAdamW, batch: Batch
    ) -> None:
        self.condition = condition
        self.network = network
        self._optimiser, self._batch = optimiser, batch
        self._task = condition.build_task()
        self.turns: list[dict[str, float]] = []

    def update(self, clock: Clock) -> None:
        """One update as training makes it."""
        clock.start()
        self.network.zero_grad()
        for losses in self._windows():
            clock.lap(Part.FORWARD)
            if losses is not None:
                losses.sum().backward()  # type: ignore[no-untyped-call]
            clock.lap(Part.BACKWARD)
        self._penalise()
        clock.lap(Part.BACKWARD)
        self._optimiser.clip(self.condition.training.clip)
        self._optimiser.step()
        clock.lap(Part.OPTIMISER)

    def turn(self, clock: Clock) -> None:
        """Time the update once, or as often as fits into a turn, and note the median."""
        times: list[dict[Part, float]] = []
        while not times or sum(sum(each.values()) for each in times) < TURN_SECONDS:
            self.update(clock)
            times.append(clock.seconds())
        parts = {str(part): [each[part] for each in times] for part in Part}
        parts[UPDATE] = [sum(each.values()) for each in times]
        self.turns.append({part: float(np.median(each)) for part, each in parts.items()})

    def peak(self) -> int:
        """Peak bytes of an update beyond inputs, weights, gradients and optimiser."""
        for parameter in self.network.parameters():
            parameter.grad = torch.zeros_like(parameter)
        # Apart, because peaks of two allocators add up only where they coincide.
        moments = (self._gradients, self._penalise)
        return max(peak_bytes(moment, self.network.device) for moment in moments)

    def _gradients(self) -> None:
        for losses in self._windows():
            if losses is not None:
                losses.sum().backward()  # type: ignore[no-untyped-call]

    def _windows(self) -> Iterator[torch.Tensor | None]:
        truncation = self.condition.truncation
        return window_losses(self.network, self._task, self._batch, truncation)

    def _penalise(self) -> None:
        penalty = self.network.penalty()
        if penalty.requires_grad:
            penalty.sum().backward()  # type: ignore[no-untyped-call]


def subjects(conditions: Sequence[Condition], device: str = "cpu") -> list[Subject]:
    """The networks of the conditions; one network serves all truncations of a variant and T."""
    made = []
    for _, group in groupby(conditions, key=lambda each: (each.variant, each.length)):
        same = list(group)
        network = network_of(same[0], device)
        rates = [member.learning_rate for member in same[0].members]
        optimiser = MemberAdamW(network, rates, same[0].training.weight_decay)
        batch = _batch(same[0], device)
        made += [Subject(condition, network, optimiser, batch) for condition in same]
    return made


def _batch(condition: Condition, device: str) -> Batch:
    task, training = condition.build_task(), condition.training
    members = len(condition.members)
    count = members * training.batch
    available = task.size(Split.TRAIN)
    drawn = count if available is None else min(count, available)
    rng = stream("cost", condition.task, condition.length)
    store = Store(task, task.sample(drawn, condition.length, Split.TRAIN, rng), device)
    rows = torch.arange(count) % drawn
    return store.gather(rows.view(members, training.batch).to(device))


def measured(conditions: Sequence[Condition], rounds: int, device: str = "cpu") -> pd.DataFrame:
    """Measure all conditions.

    Arguments:
        conditions: what is measured, those of one variant and T next to each other.
        rounds: times each condition has its turn, after one turn that only warms up.
        device: any torch device.

    Returns:
        one row a condition and part: its factors, median and quartiles of the seconds, and the peak
        of an update's memory beyond inputs, weights, gradients and optimiser.
    """
    torch.set_num_threads(1)
    everyone = subjects(conditions, device)
    clock = clock_of(torch.device(device))
    rng = stream("cost", "rounds")
    collecting = gc.isenabled()
    for number in range(rounds + 1):
        # The collector would stop one turn or another; here it runs between rounds.
        gc.collect()
        gc.disable()
        try:
            for place in rng.permutation(len(everyone)):
                everyone[place].turn(clock)
        finally:
            if collecting:
                gc.enable()
        log.info("round %d of %d is done", number, rounds)
    return pd.concat([_rows(subject, device) for subject in everyone], ignore_index=True)


def _rows(subject: Subject, device: str) -> pd.DataFrame:
    """The table of one condition; its first turn only warmed up."""
    turns = pd.DataFrame(subject.turns[1:])
    quartiles = turns.quantile([0.25, 0.5, 0.75])
    table = pd.DataFrame([factors(subject.condition)] * turns.shape[1])
    return table.assign(
        part=list(turns.columns),
        device=device,
        rounds=len(turns),
        seconds_median=quartiles.loc[0.5].to_numpy(),
        seconds_low=quartiles.loc[0.25].to_numpy(),
        seconds_high=quartiles.loc[0.75].to_numpy(),
        bytes_peak=subject.peak(),
    )
