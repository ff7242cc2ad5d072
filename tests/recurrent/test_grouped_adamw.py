"""Members in groups get the update that each gets by itself."""

import pytest
import torch
from torch import Tensor

from timeshare.recurrent.grouped_adamw import GroupedArithmetic
from timeshare.recurrent.kernels.adamw import Quadruple, Rules

E = 5


def quadruples(members: int = E) -> list[Quadruple]:
    generator = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        return torch.rand((E, *shape), generator=generator)[:members].contiguous()

    matrices = (drawn(3, 4), drawn(3, 4), drawn(3, 4), drawn(3, 4))
    return [matrices, (drawn(2), drawn(2), drawn(2), drawn(2))]


def rules(rates: list[float]) -> Rules:
    """Of members that update for the third time, with unclipped gradients."""
    members = len(rates)
    return Rules(rates, [0.1] * members, [3] * members, [True] * members, [1.0] * members)


def test_each_member_gets_the_update_of_its_rule() -> None:
    tensors, before = quadruples(), quadruples()
    rates, updates, factors = [0.1, 0.2, 0.3, 0.1, 0.2], [3, 3, 3, 7, 3], [1.0, 0.5, 1.0, 1.0, 1.0]
    active = [True, True, False, True, True]
    tensors[0][1][2] = float("nan")
    GroupedArithmetic().adamw(tensors, Rules(rates, [0.1] * E, updates, active, factors))
    for (w, _, m, v), (w0, g0, m0, v0) in zip(tensors, before, strict=True):
        for member in range(E):
            if not active[member]:
                assert torch.equal(w[member], w0[member]) and torch.equal(m[member], m0[member])
                continue
            gradient = g0[member] * factors[member]
            first = 0.9 * m0[member] + 0.1 * gradient
            second = 0.999 * v0[member] + 0.001 * gradient.square()
            root = (second / (1 - 0.999 ** updates[member])).sqrt() + 1e-8
            step = rates[member] * first / (1 - 0.9 ** updates[member]) / root
            expected = w0[member] * (1 - rates[member] * 0.1) - step
            for one, other in ((m[member], first), (v[member], second), (w[member], expected)):
                torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("members", [1, 3])
def test_a_member_does_not_depend_on_others(members: int) -> None:
    together, fewer = quadruples(), quadruples(members)
    GroupedArithmetic().adamw(together, rules([0.1] * E))
    GroupedArithmetic().adamw(fewer, rules([0.1] * members))
    for many, few in zip(together, fewer, strict=True):
        for one, other in zip(many, few, strict=True):
            assert torch.equal(one[:members], other)


def test_squares_are_summed_over_tensors_by_member() -> None:
    gradients = [quadruple[1] for quadruple in quadruples()]
    squares = GroupedArithmetic().squares(gradients)
    for member, total in enumerate(squares):
        expected = sum(float(part[member].double().square().sum()) for part in gradients)
        assert total == pytest.approx(expected, rel=1e-12)
