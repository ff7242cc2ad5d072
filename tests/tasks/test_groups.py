"""What is held out of training is in the test split alone, and there by name."""

import numpy as np
import pytest

from timeshare.data.drawing import draw
from timeshare.tasks.base import HELD_OUT, Sequences, Split, Task
from timeshare.tasks.keyword import Keyword
from timeshare.tasks.parity import Parity
from timeshare.tasks.snow import Snow

HOLDING: list[tuple[Task, int]] = [
    *(
        (Keyword(held_out=held), length)
        for held in ("scattered", "late", "early")
        for length in (7, 12)
    ),
    *((Snow(language=language), 8) for language in ("english", "spanish", "both")),
    (Snow(held_out="day-first"), 11),
]


def held(sequences: Sequences) -> np.ndarray:
    assert sequences.groups is not None
    inside: np.ndarray = sequences.groups == HELD_OUT
    return inside


def keyword_positions(task: Keyword, sequences: Sequences) -> np.ndarray:
    positions: np.ndarray = np.isin(sequences.inputs, task.symbols[: task.keywords]).argmax(axis=1)
    return positions


@pytest.mark.parametrize(("task", "length"), HOLDING)
@pytest.mark.parametrize("split", [Split.TRAIN, Split.VALIDATION])
def test_nothing_held_out_is_seen_while_training_or_tuning(
    task: Task, length: int, split: Split
) -> None:
    assert not held(draw(task, 200, length, split)).any()


@pytest.mark.parametrize(("task", "length"), HOLDING)
def test_about_half_of_the_test_sequences_are_held_out(task: Task, length: int) -> None:
    assert 0.4 < held(draw(task, 512, length, Split.TEST)).mean() < 0.6


@pytest.mark.parametrize(("task", "length"), HOLDING)
def test_both_groups_ask_for_all_classes_alike(task: Task, length: int) -> None:
    test = draw(task, 2048, length, Split.TEST)
    shares = [
        np.bincount(test.targets[rows], minlength=task.output_size) / rows.sum()
        for rows in (held(test), ~held(test))
    ]
    assert np.abs(shares[0] - shares[1]).max() < 0.1


@pytest.mark.parametrize("held_out", ["scattered", "late", "early"])
@pytest.mark.parametrize("length", [2, 7, 12])
def test_a_keyword_stands_where_its_group_says(held_out: str, length: int) -> None:
    task = Keyword(held_out=held_out)
    test = draw(task, 512, length, Split.TEST)
    positions = keyword_positions(task, test)
    expected = {
        "scattered": np.isin(positions, [1, 3, 6, 8, 9, 11]),
        "late": positions * 2 >= length,
        "early": positions * 2 < length,
    }[held_out]
    assert np.array_equal(held(test), expected)


def test_scattered_positions_favour_neither_odd_nor_even_nor_late_ones() -> None:
    held_out = Keyword().held_out_positions(64)
    for part in (held_out[::2], held_out[1::2], held_out[:32], held_out[32:]):
        assert part.mean() == pytest.approx(0.5, abs=0.07)


def test_every_position_of_a_group_occurs() -> None:
    test = draw(Keyword(), 512, 12, Split.TEST)
    assert set(keyword_positions(Keyword(), test).tolist()) == set(range(12))


@pytest.mark.parametrize("held_out", ["weather-first", "day-first"])
def test_the_phrases_of_a_sentence_stand_in_the_order_of_its_group(held_out: str) -> None:
    task = Snow(held_out=held_out)
    test = draw(task, 256, 9, Split.TEST)
    day, weather = (
        np.isin(test.inputs, [task.words.index(word) for word in names]).argmax(axis=1)
        for names in (task.languages[0].day_names, task.languages[0].weather_names)
    )
    first = weather < day if held_out == "weather-first" else day < weather
    assert np.array_equal(held(test), first)


@pytest.mark.parametrize(
    ("language", "length"),
    [
        ("english", 5),
        ("english", 6),
        ("english", 7),
        ("spanish", 4),
        ("spanish", 5),
        ("spanish", 6),
    ],
)
def test_the_number_of_sentences_is_counted_exactly(language: str, length: int) -> None:
    task = Snow(language=language)
    many = task.sample(25_000, length, Split.TRAIN, np.random.default_rng(0))
    assert len(np.unique(many.inputs, axis=0)) == pytest.approx(task.space(length), rel=0.02)


def test_a_task_of_one_kind_has_no_groups() -> None:
    assert Parity().group_names == ()
    assert draw(Parity(), 8, 16, Split.TEST).groups is None
