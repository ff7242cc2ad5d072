"""The closed formulas against PyTorch's operation counter, real tensors and measured peaks."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from timeshare.cost.activations import bytes_activations
from timeshare.cost.formulas import (
    Update,
    at_length,
    bytes_gradients,
    bytes_optimiser,
    bytes_weights,
    flops_reference,
    flops_update,
)
from timeshare.cost.peak import peak_bytes
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.kernels import build
from timeshare.recurrent.network import Network
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.recurrent.schedules.base import Schedule
from timeshare.recurrent.schedules.basis import Basis
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.recurrent.schedules.cyclic import Cyclic
from timeshare.recurrent.schedules.mixture import Mixture
from timeshare.recurrent.schedules.shared import Shared
from timeshare.recurrent.schedules.soft import Soft
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.references.architecture import ReferenceArchitecture
from timeshare.references.base import Reference
from timeshare.references.cnn import Cnn
from timeshare.references.logistic import Logistic
from timeshare.references.mlp import Mlp
from timeshare.references.network import ReferenceNetwork
from timeshare.storage.streams import stream
from timeshare.tasks.base import Split, Targets, Task
from timeshare.tasks.keyword import Keyword
from timeshare.tasks.parity import Parity
from timeshare.training.layout import Batch, Store
from timeshare.training.windows import window_losses

CELLS = ["rnn", "gru", "lstm"]
SCHEDULES = [
    Shared(),
    Unshared(),
    Blocks(size=3),
    Cyclic(period=2),
    Soft(strength=0.1),
    Basis(functions=1),
    Basis(functions=3),
    Mixture(components=3, features=2),
]


class Trained:
    """Members, their optimiser and a batch, as an update finds them."""

    def __init__(self, update: Update, task: Task) -> None:
        self.update, self.task = update, task
        architecture, members = update.architecture, update.members
        self.network = Network(architecture, range(members))
        self.optimiser = MemberAdamW(self.network, [0.01] * members, [0.0] * members)
        drawn = task.sample(update.batch, architecture.length, Split.TRAIN, stream("test"))
        rows = torch.arange(update.batch).expand(members, -1)
        self.batch: Batch = Store(task, drawn).gather(rows)

    def gradients(self) -> None:
        """What an update does before its optimiser."""
        for losses in window_losses(self.network, self.task, self.batch, self.update.truncation):
            if losses is not None:
                losses.sum().backward()  # type: ignore[no-untyped-call]

    def penalise(self) -> None:
        """The penalty of its schedule, after the windows."""
        penalty = self.network.penalty()
        if penalty.requires_grad:
            penalty.sum().backward()  # type: ignore[no-untyped-call]


def in_place(
    to: torch.Size, one: torch.Size, other: torch.Size, *, out_shape: object, **_: object
) -> int:
    """Operations of `to.baddbmm_(one, other)`."""
    return 2 * one[0] * one[1] * one[2] * other[2]


def operations(trained: Trained) -> int:
    """What PyTorch counts; its table has no entry for the product in place."""
    known = {torch.ops.aten.baddbmm_: in_place}
    with FlopCounterMode(display=False, custom_mapping=known) as counter:
        trained.gradients()
    return int(counter.get_total_flops())


def update_of(
    cell: str,
    schedule: Schedule,
    task: Task,
    length: int,
    truncation: int,
    hidden: int = 16,
    batch: int = 16,
    time_features: int = 0,
    compiled: bool = False,
    embedding: int = 0,
) -> Update:
    architecture = Architecture(
        cell,
        schedule,
        hidden,
        task.input_size,
        task.output_size,
        length,
        time_features=time_features,
        embedding=embedding,
    )
    dense = task.targets is Targets.DENSE
    return Update(architecture, truncation, 2, batch, dense, compiled)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("truncation", [1, 3, 7])
def test_operations_are_those_torch_counts(cell: str, schedule: Schedule, truncation: int) -> None:
    update = update_of(cell, schedule, Parity(), 7, truncation)
    trained = Trained(update, Parity())
    assert flops_update(update) == operations(trained)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("cell", CELLS)
def test_operations_with_time_features_are_those_torch_counts(cell: str) -> None:
    update = update_of(cell, Unshared(), Parity(), 6, 4, time_features=3)
    trained = Trained(update, Parity())
    assert flops_update(update) == operations(trained)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("time_features", [0, 3])
@pytest.mark.parametrize("task", [Parity(), Keyword()], ids=["dense", "final"])
def test_operations_with_an_embedding_are_those_torch_counts(
    task: Task, time_features: int
) -> None:
    update = update_of("gru", Unshared(), task, 6, 4, time_features=time_features, embedding=5)
    assert flops_update(update) == operations(Trained(update, task))


@pytest.mark.parametrize("time_features", [0, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_activations_with_an_embedding(cell: str, time_features: int) -> None:
    if build.library("float") is None:
        pytest.skip("no compiled kernels here")
    update = update_of(
        cell, Unshared(), Keyword(), 64, 64, 32, 64, time_features, compiled=True, embedding=8
    )
    assert bytes_activations(update) == pytest.approx(peak_of(update, Keyword()), rel=0.05)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("truncation", [1, 4, 10])
def test_of_a_final_task_only_the_last_window_goes_backward(truncation: int) -> None:
    task = Keyword()
    update = update_of("lstm", Mixture(components=2), task, 10, truncation)
    trained = Trained(update, task)
    assert flops_update(update) == operations(trained)


@pytest.mark.parametrize("task", [Parity(), Keyword()], ids=["dense", "final"])
@pytest.mark.parametrize(
    "reference", [Cnn(kernel_size=2), Mlp(), Mlp(layers=1), Logistic()], ids=str
)
def test_operations_of_references_are_those_torch_counts(reference: Reference, task: Task) -> None:
    dense = task.targets is Targets.DENSE
    if dense and not reference.every_step:
        pytest.skip("it does not answer at every step")
    hidden = 6 if reference.sized else 0
    architecture = ReferenceArchitecture(
        reference, hidden, task.input_size, task.output_size, 7, dense
    )
    network = ReferenceNetwork(architecture, [1, 2])
    batch = Store(task, task.sample(16, 7, Split.TRAIN, stream("test"))).gather(
        torch.arange(16)[None]
    )
    with FlopCounterMode(display=False) as counter:
        for losses in window_losses(network, task, batch, 7):
            assert losses is not None
            losses.sum().backward()  # type: ignore[no-untyped-call]
    assert counter.get_total_flops() == 2 * flops_reference(architecture, 16)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_bytes_are_those_of_the_tensors(cell: str, schedule: Schedule) -> None:
    update = update_of(cell, schedule, Parity(), 7, 7)
    trained = Trained(update, Parity())
    trained.gradients()
    trained.optimiser.step()
    parameters = trained.network.parameters()
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    state = trained.optimiser.state_dict()
    moments = [tensor for name, tensor in state.items() if name != "updates"]
    assert bytes_weights(update) == sum(tensor.nbytes for tensor in parameters)
    assert bytes_gradients(update) == sum(tensor.nbytes for tensor in gradients)
    assert bytes_optimiser(update) == sum(tensor.nbytes for tensor in moments)


def peak_of(update: Update, task: Task) -> int:
    trained = Trained(update, task)
    trained.gradients()
    moments = (trained.gradients, trained.penalise)
    return max(peak_bytes(moment, torch.device("cpu")) for moment in moments)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("length", "truncation"), [(128, 128), (128, 32), (32, 32)])
def test_activations_are_what_the_allocators_hand_out(
    cell: str, schedule: Schedule, length: int, truncation: int
) -> None:
    if build.library("float") is None:
        pytest.skip("no compiled kernels here")
    update = update_of(cell, schedule, Parity(), length, truncation, 32, 64, compiled=True)
    measured = peak_of(update, Parity())
    assert bytes_activations(update) == pytest.approx(measured, rel=0.05)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_activations_of_eager_unrolling(cell: str, schedule: Schedule) -> None:
    update = update_of(cell, schedule, Parity(), 64, 64, 32, 64)
    measured = peak_of(update, Parity())
    assert bytes_activations(update) == pytest.approx(measured, rel=0.05)


def test_with_short_windows_memory_does_not_grow_with_the_sequence() -> None:
    short, long = (update_of("rnn", Shared(), Parity(), T, 1, 32, 512) for T in (128, 512))
    grown = peak_of(long, Parity()) - peak_of(short, Parity())
    mask = long.batch * (long.architecture.length - short.architecture.length)
    assert grown < long.members * mask, "less than one byte a target"


@settings(max_examples=60, deadline=None)
@given(
    cell=st.sampled_from(CELLS),
    schedule=st.sampled_from(SCHEDULES),
    length=st.integers(2, 200),
    truncation=st.integers(1, 200),
    batch=st.integers(1, 64),
)
def test_each_cost_grows_as_it_must(
    cell: str, schedule: Schedule, length: int, truncation: int, batch: int
) -> None:
    window = min(truncation, length)
    update = update_of(cell, schedule, Parity(), length, window, batch=batch)
    longer = replace(at_length(update, 2 * length), truncation=window)
    assert flops_update(longer) == 2 * flops_update(update)
    if not isinstance(schedule, Soft):
        assert bytes_activations(longer) == bytes_activations(update)
    assert bytes_weights(longer) >= bytes_weights(update)
    more = replace(update, members=2 * update.members)
    for cost in (flops_update, bytes_weights, bytes_activations):
        assert cost(more) == 2 * cost(update)
    if window > 1:
        shorter = replace(update, truncation=window - 1)
        assert flops_update(shorter) == flops_update(update)
        assert bytes_activations(shorter) <= bytes_activations(update)
        if not isinstance(schedule, Soft):
            assert bytes_activations(shorter) < bytes_activations(update)
