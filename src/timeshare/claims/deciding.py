"""How the outcomes of a claim make its verdict: one order of rules for all claims.

1. Outcomes true by definition are never evidence; a claim that has no others is `by construction`
   if all of them are as they must be, else `contradicted`, which is a fault of the program.
2. `not tested`: a required part is missing, or all levels of a factor but one.
3. The outcomes of a level combine by *all* or by *any*. Without factors that is the verdict; with
   factors the levels must be decided alike, or the verdict `depends`.
4. `inconclusive` otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from timeshare.claims.outcomes import Kind, Level, Outcome, Verdict

DECIDED = (Verdict.SUPPORTED, Verdict.CONTRADICTED)
"""Verdicts of a level that is decided."""


class Combination(StrEnum):
    """How the outcomes of one level combine."""

    ALL = "all"
    """One clearly against contradicts; all clearly for support."""
    ANY = "any"
    """One clearly for supports; all clearly against contradict."""

    def of(self, verdicts: Iterable[Verdict]) -> Verdict:
        """The verdict of a level whose outcomes, one or more, have these verdicts."""
        given = list(verdicts)
        single, whole = DECIDED[::-1] if self is Combination.ALL else DECIDED
        if single in given:
            return single
        return whole if all(each is whole for each in given) else Verdict.INCONCLUSIVE


@dataclass(frozen=True)
class Factor:
    """Something along which an effect may differ, declared before the run.

    Arguments:
        name: in words, as in "it depends on ...".
        levels: its levels, in words; empty where they are what the configuration sweeps.
        words: how a sentence speaks of a level, such as "where the {level}".
    """

    name: str
    levels: tuple[str, ...] = ()
    words: str = "for {level}"


@dataclass(frozen=True)
class Design:
    """What a claim declares before the run about its outcomes.

    Arguments:
        combination: of the outcomes of a level.
        factors: along which the levels may differ; none, one or two.
        required: parts that every level must have.
        by_construction: whether all outcomes are true by definition.
        one_hypothesis: whether all outcomes must hold together (an intersection-union test), so
            that they are one comparison.
    """

    combination: Combination = Combination.ALL
    factors: tuple[Factor, ...] = ()
    required: tuple[str, ...] = ()
    by_construction: bool = False
    one_hypothesis: bool = False


@dataclass(frozen=True)
class Decision:
    """A verdict with the verdicts of the levels it rests on.

    Arguments:
        verdict: of the claim.
        levels: verdict of each level, in the order of its outcomes.
        missing: what was not measured, in words, where the claim is not tested.
    """

    verdict: Verdict
    levels: Mapping[Level, Verdict] = field(default_factory=dict)
    missing: str = ""

    @property
    def undecided(self) -> list[Level]:
        """Levels whose outcomes decide nothing."""
        return [level for level, verdict in self.levels.items() if verdict not in DECIDED]


UNMEASURED = "no effect that decides was measured"
"""What a claim lacks of which secondary effects were measured, or none."""


def decide(outcomes: Sequence[Outcome], design: Design) -> Decision:
    """The verdict of a claim.

    Arguments:
        outcomes: all of its outcomes, with the intervals that decide.
        design: what the claim declared.
    """
    if design.by_construction:
        return _by_construction(outcomes)
    levels = by_level(outcomes)
    if missing := _missing(levels, design):
        return Decision(Verdict.NOT_TESTED, missing=missing)
    verdicts = {
        level: design.combination.of(outcome.verdict for outcome in inside)
        for level, inside in levels.items()
    }
    given = set(verdicts.values())
    if len(given) == 1:
        return Decision(given.pop(), verdicts)
    depends = given >= set(DECIDED)
    return Decision(Verdict.DEPENDS if depends else Verdict.INCONCLUSIVE, verdicts)


def by_level(outcomes: Iterable[Outcome]) -> dict[Level, list[Outcome]]:
    """The primary outcomes of each level, in the order in which they occur."""
    levels: dict[Level, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.primary:
            levels.setdefault(outcome.level, []).append(outcome)
    return levels


def comparisons(outcomes: Iterable[Outcome], design: Design) -> int:
    """Comparisons of a claim that share the error rate: its primary outcomes that are sampled."""
    count = sum(outcome.primary and outcome.sampled for outcome in outcomes)
    return min(count, 1) if design.one_hypothesis else count


def sides(outcome: Outcome, outcomes: Iterable[Outcome], design: Design) -> tuple[int, int]:
    """How many comparisons share the two ends of the interval of an outcome within its claim.

    Each outcome is a comparison of its own, but where all test one hypothesis together: then none
    needs a correction to be clearly for, and as one that is clearly against decides, that side is
    divided by their number.

    Arguments:
        outcome: one of the claim.
        outcomes: all of the claim.
        design: what the claim declared.

    Returns:
        how many comparisons share the lower and the upper end of the outcome's interval.
    """
    if not (design.one_hypothesis and outcome.primary):
        return 1, 1
    count = sum(each.primary and each.sampled for each in outcomes)
    return (1, count) if outcome.above else (count, 1)


def _by_construction(outcomes: Sequence[Outcome]) -> Decision:
    checks = [outcome for outcome in outcomes if outcome.kind is Kind.BY_CONSTRUCTION]
    if not checks:
        return Decision(Verdict.NOT_TESTED, missing=UNMEASURED)
    holds = all(outcome.verdict is Verdict.SUPPORTED for outcome in checks)
    return Decision(Verdict.BY_CONSTRUCTION if holds else Verdict.CONTRADICTED)


def _missing(levels: Mapping[Level, Sequence[Outcome]], design: Design) -> str:
    """What the levels lack, in words; empty where they lack nothing."""
    if not levels:
        return UNMEASURED
    for place, factor in enumerate(design.factors):
        present = list(dict.fromkeys(level[place] for level in levels))
        if len(present) < 2:
            return f"of {factor.name}, only the level '{present[0]}' was measured"
    for level, inside in levels.items():
        parts = {outcome.part for outcome in inside}
        lacking = [part for part in design.required if part not in parts]
        if lacking:
            where = f" at {', '.join(level)}" if level else ""
            return f"{', '.join(lacking)} was not measured{where}"
    return ""
