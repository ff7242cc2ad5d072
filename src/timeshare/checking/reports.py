"""What every claim and every figure keeps: they say what is missing, and judge what is there."""

from collections.abc import Iterator
from pathlib import Path

from timeshare.analysis.contracts import TABLES
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import Tables
from timeshare.checking.checks import Check
from timeshare.claims.base import Claim
from timeshare.claims.judging import family_of
from timeshare.claims.outcomes import Verdict
from timeshare.experiment.thresholds import Thresholds
from timeshare.report.figures.base import Figure
from timeshare.report.findings import finding_fault
from timeshare.report.palette import Canvas
from timeshare.report.results import Results
from timeshare.report.sections import SECTIONS
from timeshare.report.vector import drawn

FIELDS = tuple(Tables.__dataclass_fields__)


def claim_checks(claim: Claim, folder: Path | None) -> list[Check]:
    """The checks of a claim; `folder` holds the tables of an experiment, if there is one."""
    found = [
        Check("says what it argues, estimates and decides", lambda: _texts(claim), needed=True),
        Check("names thresholds that exist", lambda: _thresholds(claim), needed=True),
        Check("is not tested on an experiment without a row", lambda: _untested(claim)),
    ]
    if folder is not None:
        found.append(Check(f"judges the tables of {folder}", lambda: _judged(claim, folder)))
    return found


def figure_checks(figure: Figure, folder: Path | None) -> list[Check]:
    """The checks of a figure; `folder` holds the tables of an experiment, if there is one."""
    found = [
        Check("belongs to a section", lambda: _section(figure), needed=True),
        Check("shows nothing of an experiment without a row", lambda: _nothing(figure)),
    ]
    if folder is not None:
        found.append(Check(f"draws the tables of {folder}", lambda: _drawn(figure, folder)))
    return found


def _empty() -> Tables:
    return Tables(**{name: TABLES[name].empty() for name in FIELDS})


def _read(folder: Path) -> Tables:
    """The tables of an experiment: those of its folder `tables` and of its cost study."""
    files = {path.stem: path for path in sorted(folder.rglob("*.parquet"))}
    lacking = [name for name in ("scores", "positions", "conditions") if name not in files]
    if lacking:
        raise ValueError(f"{folder} has no table {lacking[0]}; name a folder results/<name>")
    known = {name: files[name] for name in FIELDS if name in files}
    return Tables.read(known)


def _texts(claim: Claim) -> Iterator[str]:
    for name in ("title", "argument", "estimand", "rule", "section", "needs"):
        text = getattr(claim, name)
        if not isinstance(text, str) or not text.strip():
            yield f"`{name}` is {text!r}, and it is a sentence or a few words."
    if len(claim.factors) > 2:
        yield f"it has {len(claim.factors)} factors, and at most two are read side by side."


def _thresholds(claim: Claim) -> Iterator[str]:
    limits = Thresholds().model_dump()
    for name in ("estimand", "rule"):
        try:
            getattr(claim, name).format(**limits)
        except (KeyError, IndexError, ValueError) as error:
            known = ", ".join(limits)
            yield f"`{name}` names {error} in braces; the thresholds are {known}."


def _untested(claim: Claim) -> Iterator[str]:
    evidence = Evidence(_empty(), Thresholds())
    found, missing = claim.measure(evidence)
    judgement = claim.judge(found, evidence.thresholds, 1, missing)
    if judgement.verdict is not Verdict.NOT_TESTED and not claim.by_construction:
        yield f"without any table it is {judgement.verdict!s}; return no outcome, or UntestedError."


def _judged(claim: Claim, folder: Path) -> Iterator[str]:
    evidence = Evidence(_read(folder), Thresholds())
    found, missing = claim.measure(evidence)
    judgement = claim.judge(
        found, evidence.thresholds, family_of([claim.comparisons(found)]), missing
    )
    if not judgement.sentence:
        yield f"it is {judgement.verdict!s} and has no sentence for it."


def _section(figure: Figure) -> Iterator[str]:
    anchors = [section.anchor for section in SECTIONS]
    if figure.section not in anchors:
        yield f"`section` is {figure.section!r}, and the report has {', '.join(anchors)}."


def _nothing(figure: Figure) -> Iterator[str]:
    if figure.finding(Results(Evidence(_empty(), Thresholds()))) is not None:
        yield "`finding` shows something of empty tables; return None where nothing can be shown."


def _drawn(figure: Figure, folder: Path) -> Iterator[str]:
    finding = figure.finding(Results(Evidence(_read(folder), Thresholds())))
    if finding is None:
        yield "`finding` returns None, so nothing of these tables is drawn; return a Finding."
        return
    if fault := finding_fault(finding):
        yield f"{fault}."
        return
    for columns in (1, 3):
        drawn(finding, Canvas(columns)).canvas.draw()
