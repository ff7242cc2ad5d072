"""The first screen: the question, the answer, what is compared, and the claims."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from timeshare.report import own as own_data
from timeshare.report import wording
from timeshare.report.answer import answer, bought, cards, tally
from timeshare.report.cards import Card
from timeshare.report.results import PAIR, Results
from timeshare.report.schedules import Picture, pictures
from timeshare.report.sections import Section
from timeshare.report.times import SECONDS, loop_seconds
from timeshare.report.verdicts import Shown, shown

TITLE = "Why are recurrent weights shared through time?"
OWN_QUESTION = (
    "Would a recurrent network with its own weights at every step do better on these data?"
)
QUESTION = "Would a network with its own weights at every step do much better?"


@dataclass(frozen=True)
class Summary:
    """The first screen.

    Arguments:
        title: of the page.
        question: what everything else answers.
        answer: in two lines without numbers.
        cards: one number each.
        pair: pictures of the two schedules that the question compares.
        pictures: those of all schedules that were compared.
        claims: a row each.
        bought: what sharing buys, by the verdicts.
        run: what was run, in a sentence or two.
    """

    title: str
    question: str
    answer: tuple[str, ...]
    cards: Sequence[Card]
    pair: Sequence[Picture]
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
    drawn = pictures(results.conditions)
    own = own_data.joint_answers(results) if own_data.on_real_data_alone(results) else []
    return Summary(
        title=own_data.heading(own) if own else TITLE,
        question=OWN_QUESTION if own else QUESTION,
        answer=own_data.lines(own, results.margin) if own else answer(results),
        cards=own_data.cards(results, own) if own else cards(results),
        pair=[each for each in drawn if each.title.lower() in PAIR],
        pictures=drawn,
        claims=shown(results.claims, results.outcomes, anchors),
        bought=tally(results.claims) if own else bought(results.claims),
        run=_run(results),
    )


def _run(results: Results) -> str:
    """How large networks, sequences and the whole run are."""
    conditions = results.conditions
    minutes = loop_seconds(conditions) / SECONDS
    diverged = int(conditions["diverged"].sum())
    networks, searched = (int(conditions[name].sum()) for name in ("members", "search_members"))
    units = conditions.groupby("task")["units"].max()
    real = conditions.drop_duplicates("task")["real"].astype(bool)
    kinds = {"generated task": int((~real).sum()), "real data set": int(real.sum())}
    tasks = wording.listed([wording.counted(n, what) for what, n in kinds.items() if n])
    return (
        f"These are small networks ({_span(conditions['hidden_size'])} hidden units) on short "
        f"sequences (T = {_span(conditions['length'])} steps) of {tasks}, "
        f"each repeated over {_span(units)} rules or seeds: {networks:,} trained "
        f"networks are reported, {searched:,} others chose their settings, in {minutes:.1f} "
        f"core-minutes of training; {_diverged(diverged)}. What holds for long sequences and large "
        "networks is not measured here."
    )


def _span(values: "pd.Series[int]") -> str:
    """The smallest and the largest of some numbers above 0, or the one that they all are."""
    known = values[values > 0]
    low, high = int(known.min()), int(known.max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _diverged(members: int) -> str:
    if not members:
        return "none of the networks diverged"
    return f"{members:,} of the networks diverged and stay in every average at their chance score"
