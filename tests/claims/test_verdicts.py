"""Each claim, fed tables that give it each of its verdicts, and tables that lack what it needs."""

import re

import numpy as np
import pytest

from tests.analysis.synthetic import TASKS, WIDE, at, trained
from tests.claims.cases import CASES, empty
from tests.claims.judging import judged
from timeshare.claims.base import Claim
from timeshare.claims.judging import claims
from timeshare.claims.outcomes import Verdict

EACH = [(name, verdict) for name, cases in CASES.items() for verdict in cases]


@pytest.mark.parametrize(("name", "verdict"), EACH, ids=lambda value: str(value))
def test_the_verdict_follows_the_tables(name: str, verdict: Verdict) -> None:
    claim = claims()[name]
    judgement = judged(claim, CASES[name][verdict](spread=0.01, seeds=12))
    assert judgement.verdict is verdict, judgement.sentence
    assert judgement.main is not None and np.isfinite(judgement.main.effect)
    assert judgement.sentence.endswith(".")
    assert len(re.findall(r"[.](?= |$)", judgement.sentence)) <= 4


NOISY = [name for name, claim in claims().items() if claim.factors and name not in ("C11", "C12")]
"""Claims of which every level is sampled."""


@pytest.mark.parametrize("name", NOISY)
def test_noise_decides_nothing(name: str) -> None:
    for verdict in {Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.DEPENDS}:
        judgement = judged(claims()[name], CASES[name][verdict](**WIDE))
        assert judgement.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_TESTED), judgement.sentence


@pytest.mark.parametrize("claim", claims().values(), ids=list(claims()))
def test_a_claim_without_its_conditions_says_what_to_add(claim: Claim) -> None:
    judgement = judged(claim, empty())
    assert judgement.verdict is Verdict.NOT_TESTED
    assert judgement.missing == claim.needs
    assert judgement.sentence.startswith("Not tested")
    assert judgement.sentence.endswith(claim.needs)


def test_every_claim_of_the_question_has_its_cases() -> None:
    assert list(claims()) == list(CASES) == [f"C{n}" for n in range(1, len(claims()) + 1)]


def test_a_claim_depends_on_its_factor_where_it_has_one() -> None:
    for name, claim in claims().items():
        assert bool(claim.factors) is (Verdict.DEPENDS in CASES[name]), name
        assert len(claim.factors) <= 2


def test_a_claim_true_by_definition_has_no_other_verdict_than_that_or_a_fault() -> None:
    for name, claim in claims().items():
        wanted = {Verdict.BY_CONSTRUCTION, Verdict.CONTRADICTED}
        assert (set(CASES[name]) == wanted) is claim.by_construction


def test_the_synthetic_tasks_are_what_the_claims_take_them_for() -> None:
    tables = trained(at(shared=1.0), list(TASKS), ["shared"])
    assert len(tables.conditions) == len(TASKS)
