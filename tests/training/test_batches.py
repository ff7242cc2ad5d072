"""Every member reads its own sequences, in an order that depends on nothing else."""

from typing import Any

import numpy as np
import pytest
import torch

from tests.conftest import planned, read_by, small
from timeshare.data.fresh import fresh
from timeshare.data.splits import Unit, training_of
from timeshare.experiment import Condition, Experiment, Member, expand
from timeshare.experiment.conditions import FRESH
from timeshare.tasks.base import Sequences, Split
from timeshare.training.batches import RENEWED, Batches, order
from timeshare.training.layout import Batch

UNIT = Unit(1, 2)


def made(name: str, **training: Any) -> Condition:
    """A condition of a task with two train sizes and new sequences."""
    content = small(tasks={name: {}})
    content["members"]["train_sizes"] = [16, 40, "fresh"]
    content["sweeps"]["main"]["tasks"] = [name]
    content["training"] |= training
    return expand(Experiment.parse(content))[f"{name}/unshared/length-10/truncation-full"]


def batches_of(condition: Condition, members: tuple[Member, ...] | None = None) -> Batches:
    read = read_by(condition)[Split.TRAIN]
    return Batches(condition, members or condition.members, condition.build_task(), read)


def rows(batch: Batch, place: int) -> set[bytes]:
    """The inputs and the targets that a member reads."""
    inputs = batch.symbols if batch.features is None else batch.features
    assert inputs is not None
    read = np.ascontiguousarray(inputs[:, place].numpy().swapaxes(0, 1))
    targets = batch.targets[:, place].T.numpy()
    return {x.tobytes() + y.tobytes() for x, y in zip(read, targets, strict=True)}


def listed(sequences: Sequences) -> set[bytes]:
    """Inputs and targets of sequences, as `rows` gives them."""
    inputs = np.ascontiguousarray(sequences.inputs)
    targets = sequences.targets.reshape(sequences.count, -1).astype(np.int64)
    return {x.tobytes() + y.tobytes() for x, y in zip(inputs, targets, strict=True)}


def test_an_epoch_reads_each_training_sequence_once() -> None:
    epochs = order(UNIT, 24, 0, 3 * 24).reshape(3, 24)
    for epoch in epochs:
        assert sorted(epoch) == list(range(24))
    assert not np.array_equal(epochs[0], epochs[1])


@pytest.mark.parametrize("size", [7, 24, 3000])
def test_an_order_read_in_parts_is_the_order_read_at_once(size: int) -> None:
    whole = order(UNIT, size, 0, 6000)
    parts = [order(UNIT, size, first, 60) for first in range(0, 6000, 60)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_the_order_depends_on_rule_seed_and_train_size() -> None:
    first = order(UNIT, 24, 0, 24)
    np.testing.assert_array_equal(order(Unit(1, 2), 24, 0, 24), first)
    for unit, size in ((Unit(0, 2), 24), (Unit(1, 1), 24), (UNIT, 25)):
        assert not np.array_equal(order(unit, size, 0, 24), first)


def test_members_that_differ_in_their_setting_alone_read_the_same(condition: Condition) -> None:
    members = condition.search_members
    batches = batches_of(condition, members)
    for update in (0, 5, 11):
        batch = batches.at(update)
        seen: dict[tuple[Unit, int], set[bytes]] = {}
        for place, one in enumerate(members):
            read = rows(batch, place)
            assert seen.setdefault((one.unit, one.train_size), read) == read
        assert len(seen) == 2


def test_a_member_reads_the_first_n_sequences_of_its_unit(condition: Condition) -> None:
    training = read_by(condition)[Split.TRAIN]
    batches = batches_of(condition)
    read: dict[int, set[bytes]] = {place: set() for place in range(len(condition.members))}
    for update in range(condition.training.most):
        batch = batches.at(update)
        for place in read:
            read[place] |= rows(batch, place)
    for place, one in enumerate(condition.members):
        assert read[place] == listed(training[one.unit.part].first(one.train_size))


@pytest.mark.parametrize("name", ["drift", "keyword"])
@pytest.mark.parametrize("lengths", ["fixed", "up-to"])
def test_longer_training_begins_like_shorter_training(name: str, lengths: str) -> None:
    shorter, longer = (
        batches_of(made(name, lengths=lengths, updates=updates)) for updates in (9, 300)
    )
    for update in range(9):
        one, other = shorter.at(update), longer.at(update)
        assert one.length == other.length
        assert torch.equal(one.targets, other.targets)


@pytest.mark.parametrize("lengths", ["fixed", "up-to"])
@pytest.mark.parametrize("name", ["drift", "keyword"])
def test_a_member_reads_the_same_whoever_else_reads(name: str, lengths: str) -> None:
    condition = made(name, lengths=lengths, updates=150)
    together, left = batches_of(condition), batches_of(condition)
    left.keep([1, 4])
    members = condition.members
    for place in (1, 4):
        alone = batches_of(condition, (members[place],))
        for update in (0, 1, 70, 140):
            wanted = rows(together.at(update), place)
            assert rows(alone.at(update), 0) == wanted
            assert rows(left.at(update), [1, 4].index(place)) == wanted


def test_batches_are_the_same_at_every_call_and_in_any_order() -> None:
    batches = batches_of(made("drift", updates=200))
    first = {update: batches.at(update).targets for update in (0, 63, 64, 130)}
    for update in reversed(first):
        assert torch.equal(batches.at(update).targets, first[update])


def fresh_only(condition: Condition) -> tuple[Member, ...]:
    return tuple(member for member in condition.members if member.train_size == FRESH)


@pytest.mark.parametrize("name", ["drift", "keyword"])
def test_a_fresh_member_reads_new_sequences_that_are_never_held_out(name: str) -> None:
    condition = made(name, updates=200)
    members = fresh_only(condition)
    batches, splits = batches_of(condition, members), read_by(condition)
    read = set()
    for update in range(100):
        read |= rows(batches.at(update), 0)
    assert len(read) > 300
    held = {
        row
        for split in (Split.VALIDATION, Split.TEST)
        for row in listed(splits[split][members[0].unit.part])
    }
    assert held
    assert not read & held


def test_a_fresh_member_reads_the_blocks_of_its_rule_one_after_the_other() -> None:
    condition = made("drift", updates=200)
    members = fresh_only(condition)
    batches, size = batches_of(condition, members), condition.training.batch
    for update in (0, 3, RENEWED, RENEWED + 1):
        block, place = divmod(update, RENEWED)
        for row, member in enumerate(members):
            drawn = fresh(condition.build_task(), 10, member.unit, block, RENEWED * size)
            own = drawn.select(slice(place * size, (place + 1) * size))
            assert rows(batches.at(update), row) == listed(own)


def test_sequences_that_score_the_training_of_a_fresh_member_are_never_trained_on() -> None:
    condition = made("keyword", updates=200)
    batches = batches_of(condition, fresh_only(condition))
    scored = rows(batches.sample(32), 0)
    read = set().union(*(rows(batches.at(update), 0) for update in range(40)))
    assert len(scored) == 32
    assert not scored & read


def test_a_sample_holds_each_members_own_sequences_and_masks_the_rest(condition: Condition) -> None:
    batches, training = batches_of(condition), read_by(condition)[Split.TRAIN]
    sample = batches.sample(100)
    counted = (sample.targets >= 0).sum(dim=(0, 2))
    sizes = [one.train_size for one in condition.members]
    assert torch.equal(counted, torch.tensor(sizes) * condition.length)
    for place, one in enumerate(condition.members):
        own = Batch(
            sample.symbols[:, :, : one.train_size] if sample.symbols is not None else None,
            None,
            sample.targets[:, :, : one.train_size],
            None,
            sample.width,
        )
        assert rows(own, place) == listed(training[one.unit.part].first(one.train_size))


def test_the_chance_of_a_member_is_that_of_the_sequences_it_is_scored_on(
    condition: Condition,
) -> None:
    training, task = read_by(condition)[Split.TRAIN], condition.build_task()
    chances = batches_of(condition).chances(20)
    for chance, member in zip(chances, condition.members, strict=True):
        own = training[member.unit.part].first(min(20, member.train_size))
        assert chance == task.chance(own)


@pytest.mark.parametrize("name", ["parity", "keyword"])
def test_training_at_lengths_up_to_t_draws_every_length(name: str) -> None:
    condition = made(name, lengths="up-to", updates=300)
    batches = batches_of(condition)
    drawn = {batches.at(update).length for update in range(300)}
    shortest = 1 if name == "parity" else 2
    assert drawn == set(range(shortest, condition.length + 1))


def test_at_lengths_up_to_t_a_final_task_reads_sequences_of_their_own_length() -> None:
    condition = made("keyword", lengths="up-to", updates=300)
    training, batches = read_by(condition)[Split.TRAIN], batches_of(condition)
    share = {size: -(-size // 9) for size in (16, 40)}
    for update in range(0, 300, 7):
        batch = batches.at(update)
        for place, member in enumerate(condition.members):
            if member.train_size != FRESH:
                own = training_of(training, member.unit)[batch.length]
                assert rows(batch, place) <= listed(own.first(share[member.train_size]))


def test_at_lengths_up_to_t_every_sequence_of_a_length_is_read_once_an_epoch() -> None:
    condition = made("keyword", lengths="up-to", updates=400)
    batches = batches_of(condition, condition.members[2:3])
    assert condition.members[2].train_size == 40
    read: dict[int, list[bytes]] = {}
    for update in range(400):
        batch = batches.at(update)
        assert batch.symbols is not None
        inputs = batch.symbols[:, 0].T.contiguous().numpy()
        read.setdefault(batch.length, []).extend(map(bytes, inputs))
    share = 5
    for length, rows_ in read.items():
        if length > 3:
            for first in range(0, len(rows_) - share, share):
                assert len(set(rows_[first : first + share])) == share


def test_a_dense_task_trained_at_lengths_up_to_t_reads_the_beginnings_of_its_sequences() -> None:
    condition = made("drift", lengths="up-to", updates=30)
    fixed = condition.model_copy(update={"training": planned(condition, lengths="fixed").training})
    varied, whole = batches_of(condition), batches_of(fixed)
    for update in range(30):
        cropped, full = varied.at(update), whole.at(update)
        assert torch.equal(cropped.targets, full.targets[: cropped.length])
