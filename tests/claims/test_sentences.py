"""What a sentence says beside its verdict: which level a number is of, and what would decide."""

from dataclasses import replace

from tests.claims.cases import ALONE, CASES, POWERS, solving
from tests.claims.judging import judged
from timeshare.analysis.statistics import Estimate
from timeshare.claims.deciding import Design, Factor, decide
from timeshare.claims.judging import claims
from timeshare.claims.outcomes import Outcome, Verdict
from timeshare.claims.sentences import Conclusions, sentence

RULE = Factor("the rule", ("stays", "changes"), "where it {level}")
WORDS = Conclusions(
    topic="it holds", supported="It holds: {number} {interval}.", contradicted="It does not."
)


def outcome(low: float, high: float, task: str, level: tuple[str, ...] = ()) -> Outcome:
    """An outcome held against zero."""
    middle = (low + high) / 2
    estimate = Estimate(middle, low, high, 12, (high - low) / 4, 11.0)
    return Outcome(task, middle, low, high, 0.0, "score", task=task, level=level, estimate=estimate)


def said(outcomes: list[Outcome], design: Design) -> str:
    return sentence(decide(outcomes, design), outcomes, WORDS, design)


def test_tasks_of_a_level_that_disagree_are_named_and_never_averaged() -> None:
    where = ("changes",)
    outcomes = [
        outcome(0.1, 0.2, "flat", ("stays",)),
        outcome(0.1, 0.2, "slow", where),
        outcome(-0.3, -0.2, "fast", where),
    ]
    design = Design(factors=(RULE,))
    assert decide(outcomes, design).verdict is Verdict.DEPENDS
    words = said(outcomes, design)
    assert "The tasks disagree (changes): it holds for 'slow' and not for 'fast'" in words
    assert "disagree" not in said(outcomes[:1] + outcomes[2:], design)


def test_an_open_sentence_says_what_the_verdict_would_become() -> None:
    open_ = replace(outcome(-0.05, 0.15, "one"), needed_units=134, n=12)
    words = said([open_, outcome(0.1, 0.2, "two")], Design())
    assert "1 of 2 comparisons cannot tell" in words
    assert "about 130 rules (or seeds) of each task would make it 'supported'" in words
    assert "12 were measured" in words


def test_no_number_of_rules_is_named_where_none_would_decide() -> None:
    near = replace(outcome(-0.05, 0.051, "one"), needed_units=1001, n=12)
    assert "the effect, 0.00, lies near the threshold" in said([near], Design())
    assert near.estimate is not None
    shared = replace(near, effect=0.01, estimate=replace(near.estimate, item_error=0.02))
    assert "the test sequences are too few" in said([shared], Design())


def test_units_that_are_all_equal_are_called_so() -> None:
    equal = replace(outcome(0.2, 0.2, "one"), n=12)
    assert said([equal], Design()).startswith("It holds: 0.20 (all 12 equal).")


def test_a_number_beside_several_levels_says_which_it_is_of() -> None:
    judgement = judged(claims()["C11"], CASES["C11"][Verdict.DEPENDS]())
    words = judgement.sentence
    assert "nearest to the threshold at H =" in words and "The threshold is 100,000." in words


def test_the_shared_network_that_solves_is_chosen_on_validation_data() -> None:
    tables = solving(ALONE, POWERS)
    scores = tables.scores
    lucky = (
        (scores["schedule"] == "shared") if "schedule" in scores else scores["variant"] == "wide"
    )
    # One widened network does well on the test alone.
    lucky &= (scores["split"] == "test") & (scores["unit"] == scores["unit"].min())
    found = judged(
        claims()["C8"],
        replace(tables, scores=scores.assign(score=scores["score"].mask(lucky, 1.0))),
    )
    assert found.verdict is Verdict.CONTRADICTED
    assert any("solve it" in each.name for each in found.outcomes)
