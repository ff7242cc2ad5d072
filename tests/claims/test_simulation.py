"""Verdicts are seldom otherwise than the tables' truth; the module run as a script draws more."""

import pytest

from tests.claims.simulation import SAMPLED, simulated


@pytest.mark.slow
def test_verdicts_other_than_the_true_one_or_inconclusive_are_rare() -> None:
    shares = simulated(20, spread=0.1)
    print("\n".join(shares.lines()))
    # With 5 % of experiments, four or more of twenty would be seen in one of sixty.
    assert shares.wrong <= 3
    assert set(shares.found) and {name for name, _, _ in shares.found} == set(SAMPLED)


def test_with_little_noise_true_verdicts_are_reached() -> None:
    shares = simulated(1, spread=0.005)
    assert shares.wrong == 0
    reached = sum(count for (_, truth, found), count in shares.found.items() if truth is found)
    assert reached == len(SAMPLED)
