"""The first screen: the question, the answer, what is compared, and the claims."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeshare.report import wording
from timeshare.report.answer import Card, answer, bought, cards
from timeshare.report.results import Results
from timeshare.report.schedules import Picture, pictures
from timeshare.report.sections import Section
from timeshare.report.times import SECONDS, loop_seconds
from timeshare.report.verdicts import Shown, shown

QUESTION = (
    "Would a network with its own weights at every time step do much better, if variable length "
    "and computation did not matter?"
)


@dataclass(frozen=True)
class Summary:
    """The first screen.

    Arguments:
        question: what everything else answers.
        answer: in two lines without numbers.
        cards: one number each.
        pictures: the schedules that are compared.
        claims: a row each.
        bought: what sharing buys, by the verdicts.
        run: what was run, in a sentence or two.
    """

    question: str
    answer: tuple[str, ...]
    cards: Sequence[Card]
    pictures: Sequence[Picture]
    claims: Sequence[Shown]
    bought: str
    run: str


def summary(results: Results, sections: Sequence[Section]) -> Summary:
    """The first screen of an experiment.

    Arguments:
        results: what was measured.
        sections: of the page.
    """
    anchors = [section.anchor for section in sections]
    return Summary(
        question=QUESTION,
        answer=answer(results),
        cards=cards(results),
        pictures=pictures(results.conditions),
        claims=shown(results.claims, results.outcomes, anchors),
        bought=bought(results.claims),
        run=_run(results),
    )


def _run(results: Results) -> str:
    conditions = results.conditions
    lengths = sorted(conditions["length"].unique())
    span = str(lengths[0]) if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]}"
    minutes = loop_seconds(conditions) / SECONDS
    diverged = int(conditions["diverged"].sum())
    members = int(conditions["members"].sum())
    some = {
        name: wording.counted(conditions[column].nunique(), name)
        for name, column in (("task", "task"), ("network", "variant"))
    }
    return (
        f"{wording.counted(len(conditions), 'condition')} ({some['task']}, {some['network']}, "
        f"T={span}): {members:,} networks are reported, trained in {minutes:.1f} core-minutes "
        f"with the search of their settings; {_diverged(diverged)}."
    )


def _diverged(members: int) -> str:
    if not members:
        return "none of the networks diverged"
    return f"{members:,} of the networks diverged and stay in every average at their chance score"
