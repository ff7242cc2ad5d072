"""One sentence for each verdict, with the number that carries it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from timeshare.claims.deciding import DECIDED, Combination, Decision, Design, Factor, by_level
from timeshare.claims.measuring import MOST_UNITS
from timeshare.claims.outcomes import Kind, Level, Outcome, Verdict

MINUS = "\N{MINUS SIGN}"
ENDLESS = 1e14
"""Lengths from here on are without a limit."""


@dataclass(frozen=True)
class Conclusions:
    """What each verdict means for an argument.

    Arguments:
        topic: what the argument says, as a clause that follows "whether".
        supported: a sentence with the number in braces: `{number}`, or `{size}` without its sign.
        contradicted: the same.
        by_construction: a sentence for arguments that are true by definition.
        inconclusive: a sentence for outcomes without sampling that decide nothing.
        quantity: what the number is, where it stands beside a level, such as "bits".
    """

    topic: str
    supported: str = ""
    contradicted: str = ""
    by_construction: str = ""
    inconclusive: str = ""
    quantity: str = ""


def sentence(
    decision: Decision,
    outcomes: Sequence[Outcome],
    conclusions: Conclusions,
    design: Design,
) -> str:
    """The sentence of a verdict other than `not tested`.

    Arguments:
        decision: the verdict and those of the levels.
        outcomes: with the intervals that decide.
        conclusions: of the claim.
        design: of the claim.
    """
    verdict = decision.verdict
    main = main_of(verdict, outcomes, design.combination)
    assert main is not None
    match verdict:
        case Verdict.BY_CONSTRUCTION:
            return _filled(conclusions.by_construction, main)
        case Verdict.DEPENDS:
            return _depends(decision, outcomes, conclusions, design)
        case Verdict.INCONCLUSIVE:
            return _open(outcomes, conclusions, main)
    words = conclusions.supported if verdict is Verdict.SUPPORTED else conclusions.contradicted
    return _filled(words, main)


def main_of(
    verdict: Verdict, outcomes: Sequence[Outcome], combination: Combination
) -> Outcome | None:
    """The outcome that carries a verdict.

    Of each level that is the weakest outcome where all are needed, and the strongest where any
    suffices; of the levels, the one nearest to the threshold. Where nothing is decided it is the
    first undecided outcome.
    """
    wanted = [outcome for outcome in outcomes if outcome.primary] or [
        outcome for outcome in outcomes if outcome.kind is Kind.BY_CONSTRUCTION
    ]
    if not wanted:
        return None
    same = [outcome for outcome in wanted if outcome.verdict is verdict]
    if verdict in DECIDED and same:
        choose = min if combination is Combination.ALL else max
        levels: dict[Level, list[Outcome]] = {}
        for outcome in same:
            levels.setdefault(outcome.level, []).append(outcome)
        carriers = [choose(inside, key=_advantage) for inside in levels.values()]
        return min(carriers, key=lambda outcome: abs(outcome.advantage))
    return (same or wanted)[0]


def _advantage(outcome: Outcome) -> float:
    return outcome.advantage


def number(outcome: Outcome, signed: bool = True) -> str:
    """An effect in the notation of its units."""
    value = outcome.effect if signed else abs(outcome.effect)
    if outcome.units == "steps":
        return "any number of" if value >= ENDLESS else f"{value:,.0f}"
    if outcome.units == "rounding":
        return f"{value:.0e}".replace("-", MINUS)
    # Adding 0 turns -0.00 into 0.00.
    return f"{round(value, 2) + 0.0:.2f}".replace("-", MINUS)


def listed(items: Iterable[str], last: str = "and") -> str:
    """Items as a sentence lists them."""
    known = list(items)
    return "".join(known) if len(known) < 2 else f"{', '.join(known[:-1])} {last} {known[-1]}"


def listed_levels(verdicts: Mapping[Level, Verdict]) -> str:
    """Levels with their verdicts, as the table of claims has them."""
    return "; ".join(f"{', '.join(level)}: {verdict}" for level, verdict in verdicts.items())


def _filled(words: str, main: Outcome) -> str:
    return words.format(number=number(main), size=number(main, signed=False), name=main.name)


def _depends(
    decision: Decision,
    outcomes: Sequence[Outcome],
    conclusions: Conclusions,
    design: Design,
) -> str:
    """The factor or factors along which the verdict differs, and the levels on each side."""
    levels, factors = by_level(outcomes), design.factors
    place = _deciding_factor(decision.levels, len(factors))
    named = factors if place is None else [factors[place]]
    clauses = []
    for word, verdict in (("yes", DECIDED[0]), ("no", DECIDED[1]), ("open", None)):
        same = [
            level
            for level, each in decision.levels.items()
            if (each is verdict if verdict else each not in DECIDED)
        ]
        if not same:
            continue
        inside = [outcome for level in same for outcome in levels[level]]
        main = main_of(verdict or Verdict.INCONCLUSIVE, inside, design.combination)
        assert main is not None
        shown = number(main)
        unit = f" {conclusions.quantity}" if conclusions.quantity else ""
        carried = f" ({shown}{unit})" if verdict else ""
        if place is None or not verdict:
            where = _grouped(same, factors)
        else:
            once = dict.fromkeys(level[place] for level in same)
            where = factors[place].words.format(level=listed(once, "or"))
        clauses.append(f"{word} {where}{carried}")
    names = listed(factor.name for factor in named)
    return f"Whether {conclusions.topic} depends on {names}: {'; '.join(clauses)}."


def _deciding_factor(levels: Mapping[Level, Verdict], count: int) -> int | None:
    """The place of the one factor whose level tells the verdict of all decided levels."""
    for place in range(count):
        found: dict[str, set[Verdict]] = {}
        for level, verdict in levels.items():
            if verdict in DECIDED:
                found.setdefault(level[place], set()).add(verdict)
        if all(len(verdicts) == 1 for verdicts in found.values()):
            return place
    return None


def _grouped(levels: Sequence[Level], factors: Sequence[Factor]) -> str:
    """Levels in words; of two factors, those of one level of the first together."""
    if len(factors) == 1:
        names = listed((level[0] for level in levels), "or")
        return factors[0].words.format(level=names)
    groups: dict[str, list[str]] = {}
    for first, second in levels:
        groups.setdefault(first, []).append(second)
    return listed(
        f"{factors[0].words.format(level=first)} "
        f"{factors[1].words.format(level=listed(seconds, 'or'))}"
        for first, seconds in groups.items()
    )


def _open(outcomes: Sequence[Outcome], conclusions: Conclusions, main: Outcome) -> str:
    """What is measured, and how many rules or seeds would decide it."""
    needed = [
        outcome for outcome in outcomes if outcome.primary and outcome.needed_units is not None
    ]
    if not needed:
        return conclusions.inconclusive or f"Whether {conclusions.topic} stays open."
    most = max(needed, key=lambda outcome: outcome.needed_units or 0)
    count = most.needed_units or 0
    words = f"more than {MOST_UNITS:,}" if count > MOST_UNITS else f"about {count:,}"
    return (
        f"Whether {conclusions.topic} stays open: {words} rules (or seeds) of each task would "
        f"decide it, {most.per_task} were measured."
    )
