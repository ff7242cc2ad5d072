"""Every member reads its own sequences, in an order that depends on nothing else."""

import numpy as np
import torch

from tests.conftest import read_by
from timeshare.experiment import Condition, Member
from timeshare.training.batches import Batches, order


def member(size: int, rate: float = 0.01) -> Member:
    return Member(seed=1, train_size=size, learning_rate=rate)


def test_an_epoch_reads_each_training_sequence_once() -> None:
    rows = order(member(24), updates=9, batch=8).reshape(3, 24)
    for epoch in rows:
        assert sorted(epoch) == list(range(24))
    assert not np.array_equal(rows[0], rows[1])


def test_the_order_does_not_depend_on_the_learning_rate() -> None:
    np.testing.assert_array_equal(order(member(24), 5, 8), order(member(24, 0.5), 5, 8))


def test_longer_training_begins_like_shorter_training() -> None:
    np.testing.assert_array_equal(order(member(24), 30, 8)[:5], order(member(24), 5, 8))


def test_a_member_reads_the_first_n_sequences_of_its_seed(condition: Condition) -> None:
    splits = read_by(condition)
    training = splits[next(iter(splits))]
    batches = Batches(condition, condition.build_task(), training)
    for update in range(condition.training.updates):
        batch = batches.at(update)
        assert batch.symbols is not None
        for place, one in enumerate(condition.members):
            allowed = {bytes(row) for row in training[f"seed-{one.seed}"].inputs[: one.train_size]}
            read = batch.symbols[:, place].T.numpy()
            assert {bytes(np.ascontiguousarray(row)) for row in read} <= allowed


def test_the_targets_of_padding_are_masked(condition: Condition) -> None:
    splits = read_by(condition)
    batches = Batches(condition, condition.build_task(), splits[next(iter(splits))])
    counted = (batches.sample(100).targets >= 0).sum(dim=(0, 2))
    sizes = torch.tensor([one.train_size * condition.length for one in condition.members])
    assert torch.equal(counted, sizes)
