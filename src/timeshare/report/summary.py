"""The first screen: what was run, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeshare.report import wording
from timeshare.report.answer import answer
from timeshare.report.differences import differences
from timeshare.report.results import Results
from timeshare.report.sections import Section
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
        missing: what could not be shown, and what to add to the configuration.
    """

    question: str
    answer: tuple[str, ...]
    claims: Sequence[Shown]
    run: str
    missing: tuple[str, ...]


def summary(results: Results, sections: Sequence[Section]) -> Summary:
    """The first screen of an experiment.

    Arguments:
        results: what was measured.
        sections: of the page.
    """
    missing = [sentence for section in sections for sentence in section.missing]
    if results.claims is None:
        missing.append("The claims were not judged: there is no table of claims yet.")
    anchors = [section.anchor for section in sections]
    return Summary(
        question=QUESTION,
        answer=answer(results.claims, results.outcomes, differences(results)),
        claims=shown(results.claims, results.outcomes, anchors),
        run=_run(results),
        missing=tuple(missing),
    )


def _run(results: Results) -> str:
    conditions = results.conditions
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
