"""The sections of the report, in the order of the page, and the figures that belong to each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from timeshare import registry
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding, finding_fault
from timeshare.report.own import on_real_data_alone
from timeshare.report.results import Results

GROUP = "report.figures"
"""The registry group of the figures."""
OWN_DATA = "own-data"
"""The section of real data."""


class FigureError(registry.ContractError):
    """A figure cannot be shown; the message says why."""


@dataclass(frozen=True)
class Section:
    """A section of the page.

    Arguments:
        anchor: its address on the page.
        title: its heading.
        question: what it answers, in one sentence.
        findings: what its figures show, by the names of the figures.
        missing: what could not be shown, and what to add to the configuration.
    """

    anchor: str
    title: str
    question: str
    findings: Mapping[str, Finding] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


SECTIONS = (
    Section(
        "bottom-line",
        "Where each is better",
        "Would a network with its own weights at every step do much better?",
    ),
    Section(
        OWN_DATA,
        "Real data, in their own terms",
        "Does this data set profit from unsharing at its size, which schedule is best on its "
        "validation data, and how many more sequences would close the gap?",
    ),
    Section(
        "trade-off",
        "Score, overfitting and cost",
        "What does each network give for its parameters and its training, and how much does it "
        "overfit?",
    ),
    Section(
        "overfitting",
        "Overfitting",
        "Are unshared weights so flexible that they fit the training sequences and miss the rule, "
        "and does more data cure it?",
    ),
    Section(
        "lengths",
        "Unseen lengths",
        "Does a network still work on sequences shorter and longer than those it was trained on?",
    ),
    Section(
        "position",
        "Position",
        "A rule learned at some positions of a sequence: does the network know it at positions "
        "that training never showed?",
    ),
    Section(
        "truncation",
        "Truncation",
        "What is still learned when gradients reach back K steps only, and what does it save?",
    ),
    Section(
        "spectrum",
        "The sharing spectrum",
        "Between one set of weights for all steps and a set for each: what do blocks of steps, "
        "soft tying, functions of time and mixtures give?",
    ),
    Section(
        "power",
        "Power",
        "When the rule itself changes from step to step, do unshared weights win, and can a shared "
        "network that is wider, or given time features, do as well?",
    ),
    Section(
        "equivalence",
        "Feed-forward networks",
        "An unrolled network with its own weights at each step is a feed-forward one: does a fully "
        "connected network do as well?",
    ),
    Section(
        "cost",
        "Compute cost",
        "What do unshared weights cost in parameters, memory, time and training sequences, and "
        "where does it end?",
    ),
)
"""The sections without their figures."""


def figures(further: Iterable[str] = ()) -> dict[str, Figure]:
    """All figures by name, those of the package first.

    Arguments:
        further: import paths of figures outside the package, `my_module:MyFigure`.

    Raises `FigureError` where a figure belongs to no section or two have one name, and
    `registry.UnknownNameError` where an import path leads to no figure.
    """
    anchors = [section.anchor for section in SECTIONS]
    found: dict[str, Figure] = {}
    for path in (*registry.names(GROUP), *further):
        figure: Figure = registry.find_derived(GROUP, path, Figure)()
        name = path.rpartition(":")[2]
        if figure.section not in anchors:
            raise FigureError(
                f"the figure {path!r} belongs to the section {figure.section!r}, which the report "
                f"does not have; its sections are {', '.join(anchors)}"
            )
        if name in found:
            raise FigureError(f"two figures have the name {name!r}; rename the class of one")
        found[name] = figure
    return found


def sections(results: Results, further: Iterable[str] = ()) -> list[Section]:
    """The sections with what their figures show, in the order of the page.

    Where all data are real, their own section comes first, and sections without a figure are left
    out: they ask for tasks that such an experiment is not about.

    Arguments:
        results: what was measured.
        further: import paths of figures outside the package.
    """
    known = sorted(figures(further).items(), key=lambda item: (item[1].place, item[0]))
    filled = [_filled(section, dict(known), results) for section in SECTIONS]
    if not on_real_data_alone(results):
        return filled
    kept = [each for each in filled if each.findings or each.anchor == OWN_DATA]
    return sorted(kept, key=lambda section: section.anchor != OWN_DATA)


def left_out(shown: Iterable[Section]) -> list[str]:
    """The titles of the sections that the page does not have."""
    anchors = {each.anchor for each in shown}
    return [each.title for each in SECTIONS if each.anchor not in anchors]


def _filled(section: Section, known: Mapping[str, Figure], results: Results) -> Section:
    findings: dict[str, Finding] = {}
    missing: list[str] = []
    for name, figure in known.items():
        if figure.section != section.anchor:
            continue
        finding = figure.finding(results)
        if finding is not None:
            if fault := finding_fault(finding):
                raise FigureError(f"figure {name}: {fault}.")
            findings[name] = finding
        elif figure.needs and figure.needs not in missing:
            missing.append(figure.needs)
    return replace(section, findings=findings, missing=tuple(missing))
