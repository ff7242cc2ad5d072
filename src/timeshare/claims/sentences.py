"""One sentence for each verdict, with the number that carries it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from timeshare.claims.deciding import (
    DECIDED,
    Combination,
    Decision,
    Design,
    Factor,
    by_level,
    decide,
)
from timeshare.claims.measuring import MOST_UNITS
from timeshare.claims.outcomes import Kind, Level, Outcome, Verdict

MINUS = "\N{MINUS SIGN}"
ENDLESS = 1e14
"""Lengths from here on are without a limit."""
ITEM_ERRORS = 4.0
"""Standard errors of shared test sequences within which no number of seeds decides.

A simultaneous interval reaches about as far."""


@dataclass(frozen=True)
class Conclusions:
    """What each verdict means for an argument.

    Arguments:
        topic: what the argument says, as a clause that follows "whether".
        supported: a sentence with the number in braces: `{number}`, or `{size}` without its sign,
            its interval `{interval}`, and what was measured, `{name}`.
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
            words = _depends(decision, outcomes, conclusions, design)
            return " ".join([words, *_remarks(outcomes)])
        case Verdict.INCONCLUSIVE:
            return " ".join([_open(outcomes, conclusions, design), *_remarks(outcomes)])
    words = conclusions.supported if verdict is Verdict.SUPPORTED else conclusions.contradicted
    return " ".join([_filled(words, main), *_remarks(outcomes)])


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
    return notation(outcome.effect if signed else abs(outcome.effect), outcome.units)


def interval(outcome: Outcome) -> str:
    """The interval of a sampled effect, or that all units agree; empty where nothing is sampled."""
    if outcome.estimate is None:
        return ""
    if outcome.estimate.identical:
        return f"(all {outcome.n} equal)"
    return f"[{notation(outcome.low, outcome.units)}, {notation(outcome.high, outcome.units)}]"


def notation(value: float, units: str) -> str:
    """A number in the notation of its units."""
    if units == "steps":
        return "any number of" if value >= ENDLESS else f"{value:,.0f}"
    if units == "rounding":
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
    filled = words.format(
        number=number(main),
        size=number(main, signed=False),
        interval=interval(main),
        name=main.name,
    )
    # An exact number has no interval, and leaves no gap where it would stand.
    return " ".join(filled.split()).replace(" .", ".").replace(" ,", ",").replace(" )", ")")


def _remarks(outcomes: Sequence[Outcome]) -> list[str]:
    """On which tasks of a level opposite things hold, and what the effects are held against."""
    primary = [outcome for outcome in outcomes if outcome.primary]
    found = []
    for level, inside in by_level(primary).items():
        against = {each.task for each in inside if each.verdict is Verdict.CONTRADICTED} - {""}
        clear = {each.task for each in inside if each.verdict is Verdict.SUPPORTED} - {""} - against
        if against and clear:
            where = f" ({', '.join(level)})" if level else ""
            found.append(
                f"The tasks disagree{where}: it holds for {_quoted(clear)} and not for "
                f"{_quoted(against)}, so that more rules (or seeds) would not make them agree."
            )
    thresholds = {notation(each.threshold, each.units) for each in primary}
    if len(thresholds) == 1:
        found.append(f"The threshold is {thresholds.pop()}.")
    return found


def _quoted(titles: Iterable[str]) -> str:
    return listed(f"'{title}'" for title in sorted(titles))


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
        carried = f" ({_carried(main, same, factors, conclusions)})" if verdict else ""
        if place is None or not verdict:
            where = _grouped(same, factors)
        else:
            once = dict.fromkeys(level[place] for level in same)
            where = factors[place].words.format(level=listed(once, "or"))
        clauses.append(f"{word} {where}{carried}")
    names = listed(factor.name for factor in named)
    return f"Whether {conclusions.topic} depends on {names}: {'; '.join(clauses)}."


def _carried(
    main: Outcome, levels: Sequence[Level], factors: Sequence[Factor], conclusions: Conclusions
) -> str:
    """The number that carries a side, and which of its levels it is of, where it has several."""
    unit = f" {conclusions.quantity}" if conclusions.quantity else ""
    words = f"{number(main)}{unit} {interval(main)}".rstrip()
    if len(levels) == 1:
        return words
    return f"nearest to the threshold {_grouped([main.level], factors)}: {words}"


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


def _open(outcomes: Sequence[Outcome], conclusions: Conclusions, design: Design) -> str:
    """How much is undecided, how many rules or seeds would decide it, and how."""
    primary = [outcome for outcome in outcomes if outcome.primary]
    needed = [outcome for outcome in primary if outcome.needed_units is not None]
    if not needed:
        return conclusions.inconclusive or f"Whether {conclusions.topic} stays open."
    far = [outcome for outcome in needed if (outcome.needed_units or 0) > MOST_UNITS]
    share = f"{len(needed)} of {len(primary)} comparisons cannot tell"
    parts = [f"Whether {conclusions.topic} stays open: {share}."]
    if far:
        others = f" (and {len(far) - 1} more)" if len(far) > 1 else ""
        return " ".join([*parts, f"For {far[0].name}{others}, {_hopeless(far[0])}."])
    most = max(needed, key=lambda outcome: outcome.needed_units or 0)
    verdict = decide([_as_it_stands(outcome) for outcome in outcomes], design).verdict
    parts.append(
        f"If effects and spread stayed as they are, about {_rounded(most.needed_units or 0):,} "
        f"rules (or seeds) of each task would make it '{verdict}'; {most.per_task} were measured."
    )
    return " ".join(parts)


def _hopeless(outcome: Outcome) -> str:
    """Why more than the most rules or seeds that are considered would be needed."""
    found = outcome.estimate
    assert found is not None
    if abs(outcome.effect - outcome.threshold) < ITEM_ERRORS * found.item_error:
        return "the test sequences are too few, and more seeds do not add to them"
    return (
        f"more than {MOST_UNITS:,} rules (or seeds) would be needed, since the effect, "
        f"{number(outcome)}, lies near the threshold; {outcome.per_task} were measured"
    )


def _as_it_stands(outcome: Outcome) -> Outcome:
    """An undecided outcome as it would be decided if its effect were known to be what it is."""
    if outcome.verdict in DECIDED or not outcome.sampled:
        return outcome
    return replace(outcome, low=outcome.effect, high=outcome.effect)


def _rounded(count: int) -> int:
    """A number of units with two digits that count."""
    return round(count, 2 - len(str(count))) if count > 99 else count
