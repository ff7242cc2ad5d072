"""Reference, eager and compiled unrolling compute the same, whatever the shape of the window."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from timeshare.recurrent.cells.base import HandDerived
from timeshare.recurrent.kernels.threads import threads_used
from timeshare.recurrent.kernels.unrolling import available, unroll_compiled
from timeshare.recurrent.unrolling import unroll_eager, unroll_reference
from timeshare.registry import find

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
UNROLLINGS = [unroll_eager, unroll_compiled]


@dataclass(frozen=True)
class Window:
    """A window of steps: its sizes, and which of S matrices each step uses."""

    cell: str
    members: int
    batch: int
    input_size: int
    hidden_size: int
    index: tuple[int, ...]
    dtype: torch.dtype
    device: str = "cpu"
    every_step: bool = True
    """Whether the loss reads every hidden state, or the last state alone."""
    learned: str = "weights, inputs, state"
    """What has a gradient."""

    def tensors(self) -> list[Tensor]:
        """Weights, inputs and the state, the same ones at each call."""
        cell = self.type()
        generator = torch.Generator().manual_seed(0)
        E, B, D, H = self.members, self.batch, self.input_size, self.hidden_size
        C, rows, S = cell.columns(D, H), cell.gates * H, max(self.index) + 1

        def draw(name: str, *shape: int, scale: float = 1.0) -> Tensor:
            drawn = torch.randn(shape, generator=generator, dtype=torch.float64) * scale
            placed = drawn.to(self.device, self.dtype)
            return placed.requires_grad_(name in self.learned)

        return [
            draw("weights", E, S, rows, C, scale=C**-0.5),
            draw("inputs", len(self.index), E, D, B),
            *(draw("state", E, H, B) for _ in range(cell.states)),
        ]

    def type(self) -> HandDerived:
        cell = find("recurrent.cells", self.cell)()
        assert isinstance(cell, HandDerived)
        return cell

    def results(self, unroll: Any) -> list[Tensor]:
        """Hidden states, the state after, and all gradients of a loss on them."""
        weights, inputs, *state = self.tensors()
        hidden, after = unroll(self.type(), weights, self.index, inputs, tuple(state))
        loss = sum((part.square().sum() for part in after), start=hidden[-1].sum())
        if self.every_step:
            loss = (
                loss
                + (
                    hidden
                    * torch.linspace(-1, 1, hidden[0].numel()).to(hidden).reshape(hidden[0].shape)
                ).sum()
            )
        leaves = [tensor for tensor in (weights, inputs, *state) if tensor.requires_grad]
        torch.autograd.backward(loss)
        gradients = [leaf.grad for leaf in leaves]
        return [hidden.detach(), *(part.detach() for part in after), *gradients]


@st.composite
def indices(draw: st.DrawFn) -> tuple[int, ...]:
    """Matrices by step: all alike, all different, in blocks, in cycles, or in any order."""
    K = draw(st.integers(1, 12))
    first = draw(st.integers(0, 2))  # a window may begin past matrices that it does not use
    kind = draw(st.sampled_from(["shared", "unshared", "blocks", "cyclic", "any"]))
    if kind == "any":
        return tuple(draw(st.lists(st.integers(0, 3), min_size=K, max_size=K)))
    size = draw(st.integers(1, 5))
    rules: dict[str, Callable[[int], int]] = {
        "shared": lambda k: 0,
        "unshared": lambda k: k,
        "blocks": lambda k: k // size,
        "cyclic": lambda k: k % size,
    }
    return tuple(first + rules[kind](k) for k in range(K))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    return Window(
        cell=draw(st.sampled_from(["rnn", "gru", "lstm"])),
        members=draw(st.integers(1, 4)),
        # Batches and widths on both sides of whole registers and strips of registers.
        batch=draw(st.one_of(st.integers(1, 40), st.sampled_from([63, 64, 65, 128, 130, 260]))),
        input_size=draw(st.integers(1, 9)),
        hidden_size=draw(st.one_of(st.integers(1, 40), st.sampled_from([63, 64, 65]))),
        index=draw(indices()),
        dtype=draw(st.sampled_from([torch.float32, torch.float64])),
        device=draw(st.sampled_from(DEVICES)),
        every_step=draw(st.booleans()),
        learned=draw(st.sampled_from(["weights, inputs, state", "weights", "inputs", "state"])),
    )


def check(window: Window, unroll: Any) -> None:
    """Compare with the reference in float64: by the scale of each tensor, within rounding."""
    if unroll is unroll_compiled and not available(window.type(), window.tensors()[0]):
        return  # eager unrolling takes its place there
    exact = Window(**{**vars(window), "dtype": torch.float64}).results(unroll_reference)
    tolerance = 1e-12 if window.dtype == torch.float64 else 1e-5
    for got, expected in zip(window.results(unroll), exact, strict=True):
        scale = max(float(expected.abs().max()), 1e-3)
        assert float((got.double() - expected).abs().max()) <= tolerance * scale, window


@pytest.mark.parametrize("unroll", UNROLLINGS)
@settings(max_examples=60, deadline=None)
@given(window=windows())
def test_every_window_is_that_of_the_reference(unroll: Any, window: Window) -> None:
    check(window, unroll)


@settings(max_examples=25, deadline=None)
@given(window=windows(), number=st.integers(2, 5))
def test_the_number_of_threads_changes_no_bit(window: Window, number: int) -> None:
    if not available(window.type(), window.tensors()[0]):
        return
    expected = window.results(unroll_compiled)
    with threads_used(number):
        got = window.results(unroll_compiled)
    assert all(torch.equal(one, other) for one, other in zip(got, expected, strict=True))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("index", [(0, 0), (0, 1)], ids=["shared", "unshared"])
def test_weights_that_exceed_the_caches_are_read_in_blocks(
    cell: str, dtype: torch.dtype, index: tuple[int, ...]
) -> None:
    """A matrix from which on the kernels copy blocks of the weights: see `product_blocked`."""
    hidden_size = {"rnn": 370, "gru": 220, "lstm": 190}[cell]
    window = Window(cell, 1, 72, 5, hidden_size, index, dtype)
    assert window.tensors()[0][0, 0].numel() > 131072
    check(window, unroll_compiled)


@pytest.mark.parametrize("columns", [8, 16, 24, 32, 40, 64, 72])
@pytest.mark.parametrize("index", [(0, 0, 0), (0, 1, 2)], ids=["shared", "unshared"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_biases_beside_whole_registers_get_the_gradient_of_the_reference(
    columns: int, index: tuple[int, ...], dtype: torch.dtype
) -> None:
    """Where inputs and state fill registers, the kernels sum the biases' gradient by itself."""
    for batch in (5, 48):
        check(Window("lstm", 2, batch, 3, columns - 3, index, dtype), unroll_compiled)


@pytest.mark.parametrize("axes", [(0, 1, 3, 2), (1, 3, 0, 2), (3, 1, 0, 2)], ids=str)
@pytest.mark.parametrize("sizes", [(3, 5), (8, 64), (21, 33)], ids=str)
def test_inputs_of_any_layout_give_the_same_bits(
    axes: tuple[int, ...], sizes: tuple[int, int]
) -> None:
    """The axes lie in memory in the order in which `axes` lists them."""
    window = Window("lstm", 2, sizes[1], sizes[0], 7, (0, 1, 1), torch.float32)
    if not available(window.type(), window.tensors()[0]):
        return
    weights, inputs, *state = (tensor.detach() for tensor in window.tensors())
    places = [axes.index(axis) for axis in range(4)]
    moved = inputs.permute(axes).contiguous().permute(places)
    assert torch.equal(moved, inputs) and moved.stride(3) != 1
    results = [
        unroll_compiled(window.type(), weights, window.index, given, tuple(state))[0]
        for given in (inputs, moved)
    ]
    assert torch.equal(*results)


@pytest.mark.parametrize("unroll", UNROLLINGS)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("size", [1e4, 1e9, 1e30])
def test_saturated_activations_are_those_of_the_reference(
    cell: str, size: float, unroll: Any
) -> None:
    window = Window(cell, 1, 17, 2, 5, (0, 0), torch.float32)
    weights, inputs, *state = window.tensors()
    results = [
        function(window.type(), weights * size, (0, 0), inputs, tuple(state))[0]
        for function in (unroll_reference, unroll)
    ]
    # A sum of large terms that nearly cancel is not saturated and rounds by its order.
    torch.testing.assert_close(results[1], results[0], rtol=0, atol=1e-3)
