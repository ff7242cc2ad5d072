"""Measure updates: one thread, after a warm-up round, every network once in each round.

Each round times the networks in an order drawn anew, so that drift of the machine affects all
alike; medians and quartiles are over rounds. A short update is repeated within one repetition,
because otherwise the resolution of the clock, and a cache that holds another network's data, would
weigh more than the update itself.
"""

import gc
import logging
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
import torch

from timeshare.cost.clock import Clock, clock_of
from timeshare.cost.peak import peak_bytes
from timeshare.cost.plan import factors
from timeshare.experiment import Condition
from timeshare.recurrent.network import Network
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.recurrent.subnormals import subnormals_flushed
from timeshare.storage.streams import stream
from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.training.layout import Batch, Store
from timeshare.training.model_factory import network_of
from timeshare.training.parts import UPDATE, Part
from timeshare.training.update import Divergence, UpdateStep, optimiser_of

log = logging.getLogger(__name__)

REPETITION_SECONDS = 0.01
"""A repetition makes updates for at least this long."""


class BenchmarkCase:
    """The networks of one condition, ready to be updated again and again.

    Arguments:
        condition: what is measured; its T, K and clip are the update's.
        network: its members; conditions that differ in K alone share one network.
        optimiser: of these members.
        batch: the sequences of every update.
    """

    def __init__(
        self, condition: Condition, network: Network, optimiser: MemberAdamW, batch: Batch
    ) -> None:
        self.condition = condition
        self.network = network
        self.step = UpdateStep(condition, network, optimiser, condition.build_task())
        self.repetitions: list[dict[str, float]] = []
        self._batch = batch
        self._divergence = Divergence(network.members)

    def update(self, clock: Clock) -> None:
        """One update, by the code that training runs."""
        clock.start()
        self.step(self._batch, 0, self._divergence, clock.lap)

    def repetition(self, clock: Clock) -> None:
        """Time the update for at least `REPETITION_SECONDS` and note the median of its parts."""
        times: list[dict[Part, float]] = []
        while not times or sum(sum(each.values()) for each in times) < REPETITION_SECONDS:
            self.update(clock)
            times.append(clock.seconds())
        parts = {str(part): [each[part] for each in times] for part in Part}
        parts[UPDATE] = [sum(each.values()) for each in times]
        self.repetitions.append({part: float(np.median(each)) for part, each in parts.items()})

    def peak(self) -> int:
        """Peak bytes of an update beyond inputs, weights, gradients and optimiser."""
        for parameter in self.network.parameters():
            parameter.grad = torch.zeros_like(parameter)
        # One by one, because the peaks of two allocators add up only where they coincide.
        phases = (self._backward_windows, self.step.backward_penalty)
        return max(peak_bytes(phase, self.network.device) for phase in phases)

    def _backward_windows(self) -> None:
        for _ in self.step.backward_windows(self._batch, 0):
            pass


def benchmark_cases(conditions: Sequence[Condition], device: str = "cpu") -> list[BenchmarkCase]:
    """The networks of the conditions; one network serves all truncations of a variant and T."""
    made = []
    for _, group in groupby(conditions, key=lambda each: (each.variant, each.length)):
        same = list(group)
        members = same[0].members
        network = network_of(same[0], members, device)
        optimiser, batch = optimiser_of(same[0], members, network), _batch(same[0], device)
        made += [BenchmarkCase(condition, network, optimiser, batch) for condition in same]
    return made


def _batch(condition: Condition, device: str) -> Batch:
    task, training = condition.build_task(), condition.training
    members = len(condition.members)
    count = members * training.batch
    available = task.size(Split.TRAIN)
    drawn = count if available is None else min(count, available)
    rng = stream("cost", condition.task, condition.length)
    if task.length_fault(condition.length) is None:
        sequences = task.sample(drawn, condition.length, Split.TRAIN, rng)
    else:
        sequences = synthetic(task, drawn, condition.length, rng)
    store = Store(task, sequences, device)
    rows = torch.arange(count) % drawn
    return store.gather(rows.view(members, training.batch).to(device))


def synthetic(task: Task, count: int, length: int, rng: np.random.Generator) -> Sequences:
    """Sequences of the shape of a task's, at a length that the task itself cannot make.

    They cost what those of the task would: time and memory do not depend on what is learned.

    Arguments:
        task: its inputs, targets and metric.
        count: sequences N.
        length: steps T.
        rng: the source of randomness.
    """
    steps = (count, length)
    inputs: Any = rng.normal(size=(*steps, task.input_size)).astype(np.float32)
    if task.symbolic:
        inputs = rng.integers(0, task.input_size, steps)
    asked = steps if task.targets is Targets.DENSE else (count,)
    targets: Any = rng.normal(size=asked).astype(np.float32)
    if task.metric.classifies:
        targets = rng.integers(0, task.output_size, asked)
    return Sequences(inputs, targets)


@subnormals_flushed()
def measured(conditions: Sequence[Condition], rounds: int, device: str = "cpu") -> pd.DataFrame:
    """Measure all conditions.

    Arguments:
        conditions: what is measured, those of one variant and T next to each other.
        rounds: repetitions of each condition that count, after one that warms up.
        device: any torch device.

    Returns:
        one row a condition and part: its factors, median and quartiles of the seconds, and the peak
        of an update's memory beyond inputs, weights, gradients and optimiser. Where each window
        makes an update, a row is all updates of a sequence together. Without conditions there is
        nothing, not even columns.
    """
    if not conditions:
        return pd.DataFrame()
    torch.set_num_threads(1)
    cases = benchmark_cases(conditions, device)
    clock = clock_of(torch.device(device))
    rng = stream("cost", "rounds")
    collecting = gc.isenabled()
    for number in range(rounds + 1):
        # Garbage collection inside a repetition would count as its time.
        gc.collect()
        gc.disable()
        try:
            for place in rng.permutation(len(cases)):
                cases[place].repetition(clock)
        finally:
            if collecting:
                gc.enable()
        log.info("round %d of %d is done", number, rounds)
    return pd.concat([_rows(case, device) for case in cases], ignore_index=True)


def _rows(case: BenchmarkCase, device: str) -> pd.DataFrame:
    """The table of one condition; its first repetition only warmed up."""
    repetitions = pd.DataFrame(case.repetitions[1:])
    quartiles = repetitions.quantile([0.25, 0.5, 0.75])
    table = pd.DataFrame([factors(case.condition)] * repetitions.shape[1])
    return table.assign(
        part=list(repetitions.columns),
        update=case.condition.training.update,
        device=device,
        rounds=len(repetitions),
        seconds_median=quartiles.loc[0.5].to_numpy(),
        seconds_low=quartiles.loc[0.25].to_numpy(),
        seconds_high=quartiles.loc[0.75].to_numpy(),
        bytes_peak=case.peak(),
    )
