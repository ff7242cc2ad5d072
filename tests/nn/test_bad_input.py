"""What does not fit is refused with a sentence that says what is allowed."""

from collections.abc import Callable

import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

from timeshare.nn import GRU, LSTM

B, T, D, H = 4, 6, 3, 5


def inputs(*shape: int) -> torch.Tensor:
    return torch.zeros(shape or (B, T, D))


def unshared(extension: str | None = None, members: int | None = None) -> LSTM:
    return LSTM(
        D,
        H,
        batch_first=True,
        steps=T,
        schedule="unshared",
        extension=extension,
        members=members,
    )


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: LSTM(D, H, num_layers=2), "num_layers is 1, not 2: stack modules"),
        (lambda: LSTM(D, H, schedule="unshared"), "steps: give the number of steps T"),
        (lambda: LSTM(D, H, time_features=2), "steps: give the number of steps T"),
        (
            lambda: LSTM(D, H, steps=T, schedule="blocks"),
            r"has parameters: give Blocks\(size=...\)",
        ),
        (lambda: LSTM(D, H, steps=T, schedule="square"), "'square' is not a registered name"),
        (
            lambda: LSTM(D, H, extension="loop"),
            "extension is one of 'hold', 'cycle', 'align-right'",
        ),
        (lambda: LSTM(D, H, members=0), "members is at least 1, or None, not 0"),
        (lambda: LSTM(D, 0), "hidden_size is at least 1, not 0"),
        (lambda: LSTM(D, H)(inputs(D)), r"\[T, B, D\], or \[T, D\] for one sequence, not \[3\]"),
        (lambda: LSTM(D, H)(inputs(0, B, D)), r"at least one step, not shape \[0, 4, 3\]"),
        (lambda: LSTM(D, H)(inputs(T, B, D + 1)), "the input has 4 features, not 3"),
        (
            lambda: unshared(members=2)(inputs(3, B, T, D)),
            r"2 members is \[B, T, D\], the same for all, or \[2, B, T, D\], not \[3, 4, 6, 3\]",
        ),
        (lambda: unshared()(inputs(B, T + 1, D)), "step 6 lies past the training length 6"),
        (lambda: unshared()(inputs(), first_step=-1), "first_step is at least 0, not -1"),
        (
            lambda: unshared("align-right")(inputs(), first_step=2),
            "first_step: with the extension 'align-right'",
        ),
        (lambda: unshared()(inputs(), lengths=[1, 2]), "one integer for each of the 4 sequences"),
        (lambda: unshared()(inputs(), lengths=[1.0] * B), "one integer for each"),
        (lambda: unshared()(inputs(), lengths=[0, 1, 2, 7]), "lie between 1 and 6"),
        (
            lambda: unshared()(inputs(), (inputs(1, B, H), inputs(1, B, 2))),
            r"a state is \[1, 4, 5\], not \[1, 4, 2\]",
        ),
        (lambda: GRU(D, H, members=2)(inputs(), inputs(1, T, H)), r"a state is \[2, 1, 6, 5\]"),
    ],
)
def test_a_sentence_says_what_is_wrong(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()


def test_a_packed_sequence_is_refused() -> None:
    with pytest.raises(TypeError, match="give the padded tensor and `lengths`"):
        LSTM(D, H)(pack_sequence([inputs(T, D)]))


def test_a_state_of_another_number_of_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="the state has 1 parts, not 2"):
        LSTM(D, H)(inputs(T, B, D), (inputs(1, B, H),))
