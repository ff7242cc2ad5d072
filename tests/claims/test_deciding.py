"""The order of rules by which outcomes make a verdict, over sets of outcomes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeshare.analysis.statistics import Estimate
from timeshare.claims.deciding import (
    DECIDED,
    Combination,
    Decision,
    Design,
    Factor,
    by_level,
    comparisons,
    decide,
    sides,
)
from timeshare.claims.outcomes import Kind, Level, Outcome, Verdict

S, C, D = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.DEPENDS
I, N = Verdict.INCONCLUSIVE, Verdict.NOT_TESTED  # noqa: E741
ENDS = {S: (0.6, 0.7), C: (0.3, 0.4), I: (0.4, 0.6)}
RULE = Factor("the rule", ("stays", "changes", "real"))
SIZE = Factor("the size")
ALL, ANY = Combination.ALL, Combination.ANY


def outcome(
    verdict: Verdict, level: Level = (), part: str = "", kind: Kind = Kind.PRIMARY
) -> Outcome:
    low, high = ENDS[verdict]
    return Outcome("", (low + high) / 2, low, high, 0.5, "score", kind=kind, part=part, level=level)


def of(*verdicts: Verdict, design: Design | None = None) -> Verdict:
    return decide([outcome(each) for each in verdicts], design or Design()).verdict


def by_rule(design: Design, **levels: Verdict) -> Decision:
    return decide([outcome(each, (name,)) for name, each in levels.items()], design)


def test_all_must_hold_and_one_contradicts() -> None:
    assert [of(S, S), of(S, I), of(S, C), of(I, C)] == [S, I, C, C]


def test_any_suffices_and_only_all_contradict() -> None:
    either = Design(ANY)
    found = [of(*each, design=either) for each in ((S, C), (C, C), (I, C), (I, S))]
    assert found == [S, C, I, S]


def test_levels_that_differ_are_a_finding() -> None:
    design = Design(factors=(RULE,))
    assert by_rule(design, stays=S, changes=S).verdict is S
    assert by_rule(design, stays=C, changes=C).verdict is C
    assert by_rule(design, stays=S, changes=C).verdict is D
    assert by_rule(design, stays=S, changes=I).verdict is I
    found = by_rule(design, stays=S, changes=C, real=I)
    assert found.verdict is D and found.undecided == [("real",)]


def test_one_level_alone_tests_nothing() -> None:
    found = by_rule(Design(factors=(RULE,)), stays=S)
    assert found.verdict is N
    assert found.missing == "of the rule, only the level 'stays' was measured"


def test_of_two_factors_both_need_two_levels() -> None:
    design = Design(factors=(RULE, SIZE))
    cells = [("stays", "1"), ("changes", "1"), ("stays", "2")]
    assert decide([outcome(S, cell) for cell in cells[:2]], design).verdict is N
    assert decide([outcome(S, cell) for cell in cells], design).verdict is S


def test_every_level_needs_the_required_parts() -> None:
    design = Design(factors=(RULE,), required=("gap", "decrease"))
    whole = [
        outcome(S, (level,), part) for level in ("stays", "changes") for part in design.required
    ]
    assert decide(whole, design).verdict is S
    found = decide(whole[:-1], design)
    assert found.verdict is N and found.missing == "decrease was not measured at changes"


def test_what_is_true_by_definition_is_no_evidence() -> None:
    check = outcome(C, kind=Kind.BY_CONSTRUCTION)
    assert decide([check, outcome(S)], Design()).verdict is S
    assert decide([check], Design()).verdict is N
    definition = Design(by_construction=True)
    assert decide([check], definition).verdict is C
    assert decide([replace(check, low=0.6, high=0.7)], definition).verdict is (
        Verdict.BY_CONSTRUCTION
    )
    assert decide([], definition).verdict is N


VERDICTS = st.sampled_from([S, C, I])
LEVELS = st.dictionaries(
    st.tuples(st.sampled_from(RULE.levels)), st.lists(VERDICTS, min_size=1, max_size=4), min_size=2
)


@given(levels=LEVELS, combination=st.sampled_from(Combination))
def test_secondary_outcomes_and_order_decide_nothing(
    levels: dict[Level, list[Verdict]], combination: Combination
) -> None:
    design = Design(combination, (RULE,))
    found = [outcome(each, level) for level, inside in levels.items() for each in inside]
    beside = [replace(each, kind=Kind.SECONDARY) for each in found]
    expected = decide(found, design)
    assert decide([*beside, *found[::-1]], design).verdict is expected.verdict


@given(levels=LEVELS, combination=st.sampled_from(Combination))
def test_a_verdict_needs_every_level_and_a_difference_needs_both_sides(
    levels: dict[Level, list[Verdict]], combination: Combination
) -> None:
    design = Design(combination, (RULE,))
    found = [outcome(each, level) for level, inside in levels.items() for each in inside]
    decision = decide(found, design)
    each = set(decision.levels.values())
    if decision.verdict in DECIDED:
        assert each == {decision.verdict}
    elif decision.verdict is D:
        assert {S, C} <= each
    else:
        assert decision.verdict is I and decision.undecided and not {S, C} <= each


@given(levels=LEVELS, combination=st.sampled_from(Combination))
def test_turning_every_outcome_round_turns_the_verdict_round(
    levels: dict[Level, list[Verdict]], combination: Combination
) -> None:
    turned = {S: C, C: S, I: I, D: D}
    other = ANY if combination is ALL else ALL
    one = [outcome(each, level) for level, inside in levels.items() for each in inside]
    two = [outcome(turned[each], level) for level, inside in levels.items() for each in inside]
    found = decide(one, Design(combination, (RULE,))).verdict
    assert decide(two, Design(other, (RULE,))).verdict is turned[found]


@given(
    verdicts=st.lists(VERDICTS, min_size=1, max_size=6), combination=st.sampled_from(Combination)
)
def test_deciding_an_open_outcome_never_reverses_a_verdict(
    verdicts: list[Verdict], combination: Combination
) -> None:
    before = combination.of(verdicts)
    for place, verdict in enumerate(verdicts):
        for decided in (S, C) if verdict is I else ():
            after = combination.of([*verdicts[:place], decided, *verdicts[place + 1 :]])
            assert before in (after, I)


@pytest.mark.parametrize("above", [True, False])
def test_of_one_hypothesis_the_end_that_decides_alone_is_corrected(above: bool) -> None:
    estimate = Estimate(0.5, 0.4, 0.6, 8, 0.05, 7.0)
    level = [replace(outcome(I), above=above, estimate=estimate) for _ in range(3)]
    # The end that an outcome against the claim has to pass.
    against = 1 if above else 0
    whole = Design(ALL, one_hypothesis=True)
    assert sides(level[0], level, whole)[against] == 3
    assert sides(level[0], level, whole)[1 - against] == 1
    assert comparisons(level, whole) == 1
    assert list(by_level(level)) == [()]


def test_each_sampled_outcome_is_a_comparison_and_exact_ones_are_none() -> None:
    estimate = Estimate(0.5, 0.4, 0.6, 8, 0.05, 7.0)
    sampled = [replace(outcome(I), estimate=estimate) for _ in range(3)]
    exact = [outcome(S, ("stays",)), outcome(S, ("changes",))]
    assert sides(sampled[0], sampled, Design(ALL)) == (1, 1)
    assert comparisons([*sampled, *exact], Design(ALL)) == 3
    assert comparisons(exact, Design(ALL)) == 0
