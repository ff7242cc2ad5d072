"""The first screen: what was run, and what is missing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from timeshare.experiment import Condition
from timeshare.report import wording
from timeshare.report.answer import answer
from timeshare.report.figures.bottom_line import differences
from timeshare.report.tables import CONDITION, Tables
from timeshare.report.verdicts import Shown, shown

QUESTION = (
    "Why are the weights of recurrent networks shared through time? If we give up variable-length "
    "input and accept long computation, would a network with its own weights at every time step do "
    "much better?"
)


@dataclass(frozen=True)
class Summary:
    """The first screen.

    Arguments:
        question: what everything else answers.
        answer: in three sentences.
        claims: the table of claims.
        run: what was run, in a sentence or two.
        missing: what was asked for and is not there.
    """

    question: str
    answer: tuple[str, ...]
    claims: Sequence[Shown]
    run: str
    missing: tuple[str, ...]


def summary(
    tables: Tables, wanted: dict[str, Condition], missing: list[str], anchors: Collection[str]
) -> Summary:
    """The first screen of an experiment.

    Arguments:
        tables: what was measured.
        wanted: the conditions of the configuration, by id.
        missing: what the sections lack.
        anchors: sections that the page has.
    """
    lost = [*_absent(tables, wanted), *missing]
    if tables.claims is None:
        lost.append("The claims were not judged: there is no table of claims yet.")
    return Summary(
        question=QUESTION,
        answer=answer(tables.claims, differences(tables)),
        claims=shown(tables.claims, anchors),
        run=_run(tables),
        missing=tuple(lost),
    )


def _run(tables: Tables) -> str:
    conditions = tables.conditions
    lengths = sorted(conditions["length"].unique())
    span = str(lengths[0]) if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]}"
    minutes = conditions["seconds"].sum() / 60
    diverged = int(conditions["diverged"].sum())
    members = int(conditions["members"].sum())
    some = {name: wording.counted(conditions[name].nunique(), name) for name in ("task", "variant")}
    return (
        f"{wording.counted(len(conditions), 'condition')} ({some['task']}, {some['variant']}, "
        f"T={span}) with {members:,} members were trained in "
        f"{minutes:.1f} core-minutes; {_diverged(diverged)}."
    )


def _diverged(members: int) -> str:
    if not members:
        return "none of the members diverged"
    return f"{members:,} of the members diverged and stay in every average at their chance score"


def _absent(tables: Tables, wanted: dict[str, Condition]) -> list[str]:
    there = set(tables.conditions[CONDITION].itertuples(index=False, name=None))
    lost = [
        name
        for name, each in wanted.items()
        if (each.task, each.variant, each.length, each.truncation) not in there
    ]
    if not lost:
        return []
    shown = wording.listed(lost[:5] + ([f"{len(lost) - 5} more"] if len(lost) > 5 else []))
    return [
        f"{wording.counted(len(lost), 'condition')} of the configuration without a result: {shown}."
    ]
