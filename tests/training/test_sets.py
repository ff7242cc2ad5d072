"""The sequences of several units in one store, who need not have equally many."""

import numpy as np
import pytest
import torch

from timeshare.data.drawing import draw
from timeshare.data.splits import Unit
from timeshare.tasks.adding import Adding
from timeshare.tasks.base import NO_TARGET, Sequences, Split
from timeshare.tasks.parity import Parity
from timeshare.tasks.vowels import Vowels
from timeshare.training.layout import Batch
from timeshare.training.sets import UnitSets

ONE, OTHER, TWIN = Unit(0, 0), Unit(1, 0), Unit(2, 0)


def numbered(count: int, first: int, lengths: list[int] | None = None) -> Sequences:
    """Padded sequences of features whose first feature is a number of their own."""
    inputs = np.zeros((count, 5, 12), np.float32)
    inputs[:, :, 0] = np.arange(first, first + count)[:, None]
    targets = np.arange(count) % 9
    known = None if lengths is None else np.array(lengths)
    return Sequences(inputs, targets, lengths=known)


@pytest.fixture
def sets() -> UnitSets:
    shared = numbered(4, 10, [3, 5, 3, 2])
    found = {ONE: numbered(3, 0, [2, 5, 2]), OTHER: shared, TWIN: shared}
    return UnitSets(Vowels(), found)


def read(batch: Batch, place: int) -> list[int]:
    """The numbers of the sequences with a target that a member reads."""
    assert batch.features is not None
    real = batch.targets[0, place] != NO_TARGET
    return [int(number) for number in batch.features[0, place, real, 0]]


def test_units_that_share_a_set_store_it_once(sets: UnitSets) -> None:
    places = np.arange(4)
    np.testing.assert_array_equal(sets.rows(OTHER, places), sets.rows(TWIN, places))
    assert not set(sets.rows(ONE, np.arange(3))) & set(sets.rows(OTHER, places))


def test_the_count_is_that_of_the_unit_that_has_most(sets: UnitSets) -> None:
    assert sets.count([ONE, OTHER]) == 4
    assert sets.count([ONE]) == 3


def test_a_member_with_fewer_sequences_has_no_targets_in_their_place(sets: UnitSets) -> None:
    batch = sets.padded([ONE, OTHER, TWIN], [np.array([2]), np.array([0, 3, 1]), np.array([1, 1])])
    assert batch.size == 3
    assert [read(batch, place) for place in range(3)] == [[2], [10, 13, 11], [11, 11]]


def test_values_of_padding_are_missing() -> None:
    sequences = draw(Adding(), 3, 6, Split.TRAIN)
    batch = UnitSets(Adding(), {ONE: sequences}).padded([ONE, ONE], [np.arange(3), np.arange(1)])
    assert batch.targets[0, 1].isnan().tolist() == [False, True, True]
    assert not batch.targets[0, 0].isnan().any()


def test_chunks_hold_every_sequence_of_each_unit_once(sets: UnitSets) -> None:
    units = [OTHER, ONE, OTHER]
    chunks = list(sets.chunks(units, 2))
    assert [batch.size for batch in chunks] == [2, 2]
    found = [[n for batch in chunks for n in read(batch, place)] for place in range(3)]
    assert found == [[10, 11, 12, 13], [0, 1, 2], [10, 11, 12, 13]]


def test_without_padding_each_chunk_has_sequences_of_one_true_length(sets: UnitSets) -> None:
    units = [OTHER, ONE]
    chunks = list(sets.chunks(units, 8, unpadded=True))
    assert [batch.length for batch in chunks] == [2, 3, 5]
    assert [[read(batch, place) for place in range(2)] for batch in chunks] == [
        [[13], [0, 2]],
        [[10, 12], []],
        [[11], [1]],
    ]


def test_sequences_without_padding_are_chunks_of_their_whole_length() -> None:
    sequences = Sequences(np.zeros((5, 4), np.int64), np.zeros((5, 4), np.int64))
    chunks = list(UnitSets(Parity(), {ONE: sequences}).chunks([ONE], 2, unpadded=True))
    assert [(batch.length, batch.size) for batch in chunks] == [(4, 2), (4, 2), (4, 1)]


def test_a_batch_may_be_cropped(sets: UnitSets) -> None:
    batch = sets.gather(sets.rows(ONE, np.array([[1]])), length=4)
    assert batch.length == 4
    assert batch.last is not None
    assert torch.equal(batch.last, torch.tensor([[3]]))
