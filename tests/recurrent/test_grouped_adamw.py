"""Members in groups get the update that each gets by itself."""

import pytest
import torch
from torch import Tensor

from timeshare.recurrent.grouped_adamw import GroupedArithmetic
from timeshare.recurrent.kernels.adamw import Quadruple, Rule

E = 5


def quadruples(members: int = E) -> list[Quadruple]:
    generator = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        return torch.rand((E, *shape), generator=generator)[:members].contiguous()

    matrices = (drawn(3, 4), drawn(3, 4), drawn(3, 4), drawn(3, 4))
    return [matrices, (drawn(2), drawn(2), drawn(2), drawn(2))]


def rule(rate: float, updates: int = 3) -> Rule:
    return Rule(rate, 0.1, 0.9, 0.999, 1e-8, updates)


def test_each_member_gets_the_update_of_its_rule() -> None:
    tensors, before = quadruples(), quadruples()
    rules = [rule(0.1), rule(0.2), None, rule(0.1, updates=7), rule(0.2)]
    tensors[0][1][2] = float("nan")
    GroupedArithmetic().adamw(tensors, rules)
    for (w, g, m, v), (w0, g0, m0, v0) in zip(tensors, before, strict=True):
        for member, own in enumerate(rules):
            if own is None:
                assert torch.equal(w[member], w0[member]) and torch.equal(m[member], m0[member])
                continue
            assert torch.equal(g[member], g0[member])
            first = 0.9 * m0[member] + 0.1 * g0[member]
            second = 0.999 * v0[member] + 0.001 * g0[member].square()
            root = (second / (1 - 0.999**own.updates)).sqrt() + 1e-8
            step = own.rate * first / (1 - 0.9**own.updates) / root
            expected = w0[member] * (1 - own.rate * 0.1) - step
            for one, other in ((m[member], first), (v[member], second), (w[member], expected)):
                torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("members", [1, 3])
def test_a_member_does_not_depend_on_others(members: int) -> None:
    together, fewer = quadruples(), quadruples(members)
    GroupedArithmetic().adamw(together, [rule(0.1)] * E)
    GroupedArithmetic().adamw(fewer, [rule(0.1)] * members)
    for many, few in zip(together, fewer, strict=True):
        for one, other in zip(many, few, strict=True):
            assert torch.equal(one[:members], other)


def test_squares_are_summed_over_tensors_by_member() -> None:
    gradients = [quadruple[1] for quadruple in quadruples()]
    squares = GroupedArithmetic().squares(gradients)
    for member, total in enumerate(squares):
        expected = sum(float(part[member].double().square().sum()) for part in gradients)
        assert total == pytest.approx(expected, rel=1e-12)
