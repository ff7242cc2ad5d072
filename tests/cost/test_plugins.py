"""A cell and a schedule from outside the package are costed like built-in ones."""

import pytest

from tests.cost.plugins import Decayed, Drifting
from tests.cost.test_formulas import SCHEDULES, Trained, operations, peak_of, update_of
from timeshare.cost.activations import bytes_activations
from timeshare.cost.formulas import flops_update
from timeshare.recurrent.schedules.base import Schedule
from timeshare.tasks.keyword import Keyword
from timeshare.tasks.parity import Parity

pytestmark = pytest.mark.usefixtures("eager")

COUPLED = "tests.cost.plugins:Coupled"


@pytest.mark.parametrize("truncation", [1, 3, 7])
def test_operations_of_a_schedule_that_computes_weights(truncation: int) -> None:
    update = update_of("lstm", Drifting(), Parity(), 7, truncation)
    assert flops_update(update) == operations(Trained(update, Parity()))


def test_operations_of_a_cell_that_only_defines_its_step() -> None:
    """The formula counts a little more than ordinary autograd computes.

    Such a cell may add the biases instead of multiplying them with ones, and the zero initial state
    has no gradient.
    """
    update = update_of(COUPLED, SCHEDULES[0], Parity(), 7, 7, hidden=32)
    counted = operations(Trained(update, Parity()))
    assert counted <= flops_update(update) <= 1.1 * counted


@pytest.mark.parametrize("cell", ["lstm", COUPLED])
@pytest.mark.parametrize("schedule", [Drifting(), *SCHEDULES], ids=str)
@pytest.mark.parametrize("truncation", [16, 64])
def test_activations_are_what_the_allocators_hand_out(
    cell: str, schedule: Schedule, truncation: int
) -> None:
    update = update_of(cell, schedule, Parity(), 64, truncation, 32, 64)
    measured = peak_of(update, Parity())
    assert bytes_activations(update) == pytest.approx(measured, rel=0.05)


def test_activations_with_time_features_and_a_final_target() -> None:
    update = update_of(COUPLED, SCHEDULES[1], Keyword(), 64, 64, 32, 64, time_features=3)
    assert bytes_activations(update) == pytest.approx(peak_of(update, Keyword()), rel=0.05)


def test_gradients_of_the_weights_may_outweigh_the_activations() -> None:
    update = update_of(COUPLED, SCHEDULES[1], Parity(), 256, 16, 32, 16)
    assert bytes_activations(update) == pytest.approx(peak_of(update, Parity()), rel=0.05)


def test_a_penalty_is_bounded_by_what_its_matrices_need() -> None:
    update = update_of("rnn", Decayed(), Parity(), 256, 1, 32, 8)
    measured = peak_of(update, Parity())
    assert measured <= bytes_activations(update) <= 3 * measured


@pytest.mark.parametrize(
    ("schedule", "grows"), [(Drifting(), False), (Decayed(), True), (SCHEDULES[3], False)]
)
def test_whether_parameters_grow_is_read_off_their_number(schedule: Schedule, grows: bool) -> None:
    assert schedule.grows_with_length() == grows
