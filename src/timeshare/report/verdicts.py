"""The claims as the page shows them: each verdict with the primary outcomes that it rests on."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose, isfinite, log10, nan
from typing import Any

import pandas as pd

from timeshare.analysis.flags import END, Flags
from timeshare.report import wording
from timeshare.report.caveats import caveat

VERDICTS = (
    "supported",
    "contradicted",
    "depends",
    "inconclusive",
    "by construction",
    "not tested",
)
KINDS = {
    "primary": "primary effect",
    "secondary": "secondary effect",
    "by construction": "by definition",
}
"""What an outcome is for, in words."""
LONGEST = 190
"""Characters of a sentence that is shown as it is."""
MOST_BARS = 24
"""Outcomes that the small picture holds."""
NOTHING = 1e-12
"""Below this an exact quantity differs from another by rounding alone."""


@dataclass(frozen=True)
class Bar:
    """An outcome as a bar of the small picture, in shares of its width.

    Arguments:
        low: where the interval begins.
        middle: where the effect lies.
        high: where the interval ends.
        kind: the outcome's own verdict as the name of a style.
    """

    low: float
    middle: float
    high: float
    kind: str


@dataclass(frozen=True)
class Shown:
    """A row of the claims.

    Arguments:
        id: C1, C2, ...
        title: in a word or two.
        argument: in plain words.
        verdict: one of `VERDICTS`.
        sentence: what was found, in one sentence.
        caveat: what a reader should know of the networks behind it; empty where there is nothing.
        bars: the outcomes that decide, each against its threshold in the middle; what lies to the
            right of it speaks for the argument.
        anchor: the section with its figure.
        details: name and text of all that the verdict rests on.
        outcomes: every measured effect in words, with its verdict and what a reader should know
            of the networks behind it.
    """

    id: str
    title: str
    argument: str
    verdict: str
    sentence: str
    caveat: str
    bars: Sequence[Bar]
    anchor: str
    details: Sequence[tuple[str, str]]
    outcomes: Sequence[tuple[str, str, str]]

    @property
    def kind(self) -> str:
        """The verdict as the name of a style."""
        return style(self.verdict)

    @property
    def picture(self) -> str:
        """The small picture in words."""
        counts = Counter(bar.kind.replace("-", " ") for bar in self.bars)
        return wording.listed([f"{count} {kind}" for kind, count in counts.items()])


def style(verdict: object) -> str:
    """A verdict as the name of a style."""
    return str(verdict).replace(" ", "-")


def shown(
    claims: pd.DataFrame | None, outcomes: pd.DataFrame, anchors: Collection[str]
) -> list[Shown]:
    """The rows of the claims; none where the claims were not judged.

    Arguments:
        claims: as judged.
        outcomes: the measured effects that the verdicts rest on.
        anchors: sections that the page has.
    """
    if claims is None:
        return []
    return [_shown(row, outcomes, anchors) for row in claims.to_dict("records")]


def _shown(row: Mapping[Hashable, Any], outcomes: pd.DataFrame, anchors: Collection[str]) -> Shown:
    section = text_of(row, "section")
    headings = (
        ("What is measured", "estimand"),
        ("The rule, fixed before the run", "rule"),
        ("Found", "sentence"),
        ("Not decided", "undecided"),
        ("Missing", "missing"),
    )
    every = outcomes_of(row, outcomes)
    said = _sentence(row, primary(row, outcomes))
    # What is missing says it all where nothing was tested, and what is shown is not said twice.
    again = row["verdict"] == "not tested" or said == plain(text_of(row, "sentence"))
    deciding = primary(row, outcomes) or [
        each for each in every if each["kind"] == "by construction"
    ]
    return Shown(
        id=str(row["id"]),
        title=text_of(row, "title"),
        argument=text_of(row, "argument"),
        verdict=str(row["verdict"]),
        sentence=said,
        caveat=_caveat(deciding),
        bars=bars(deciding),
        anchor=section if section in anchors else "",
        details=[
            (name, plain(text_of(row, key)))
            for name, key in headings
            if text_of(row, key) and not (key == "sentence" and again)
        ],
        outcomes=[(_listed(each), str(each["verdict"]), caveat(_flags(each))) for each in every],
    )


def _listed(outcome: Mapping[Hashable, Any]) -> str:
    """An outcome with what it is for, its level, its interval and its threshold."""
    level = text_of(outcome, "level")
    named = {**outcome}
    if level and level not in str(outcome["name"]):
        named["name"] = f"{outcome['name']}, {level}:"
    sign = "above" if outcome["above"] else "below"
    threshold = number(float(outcome["threshold"]), str(outcome["units"]))
    kind = KINDS.get(str(outcome["kind"]), str(outcome["kind"]))
    return f"{kind}: {words(named)}; argued to lie {sign} {threshold}"


def _flags(outcome: Mapping[Hashable, Any]) -> Flags:
    """The flags of an outcome."""
    edges = [edge for edge in text_of(outcome, "edges").split(END) if edge]
    return Flags(int(outcome["networks"]), int(outcome["unfinished"]), tuple(edges))


def _caveat(deciding: Sequence[Mapping[Hashable, Any]]) -> str:
    """The flags of the effects that decide: of the one with most unfinished networks, all edges."""
    found = [_flags(each) for each in deciding]
    if not found:
        return ""
    worst = max(found, key=lambda flags: flags.unfinished / max(flags.networks, 1))
    edges = tuple(sorted({edge for flags in found for edge in flags.edges}))
    return caveat(replace(worst, edges=edges), several=len(found) > 1)


def plain(text: str) -> str:
    """Text without the marks that set names apart in a README."""
    return text.replace("`", "")


def _sentence(row: Mapping[Hashable, Any], deciding: Sequence[Mapping[Hashable, Any]]) -> str:
    """What was found; where that is long, on how many levels which verdict holds."""
    found = plain(text_of(row, "sentence"))
    if row["verdict"] == "not tested":
        return f"{found.partition('. ')[0].rstrip('.')}."
    if len(found) <= LONGEST:
        return found
    counts = Counter(str(each["verdict"]) for each in deciding)
    tallied = wording.listed(
        [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if verdict in counts]
    )
    factor = text_of(row, "factor")
    where = f" by {factor}" if factor else ""
    return f"Of {wording.counted(len(deciding), 'measured effect')}{where}: {tallied}."


def bars(deciding: Sequence[Mapping[Hashable, Any]]) -> list[Bar]:
    """The outcomes against their thresholds, on one scale of their own, at most `MOST_BARS`.

    Lengths and rounding errors, which span many powers of ten, are drawn by their logarithms.
    """
    known = [each for each in deciding if isfinite(float(each["effect"]))][:MOST_BARS]
    far = [[_distance(each, name) for name in ("low", "effect", "high")] for each in known]
    ends = [abs(end) for row in far for end in row if isfinite(end)]
    scale = max(ends, default=0.0) or 1.0
    found = []
    for each, row in zip(known, far, strict=True):
        places = [0.5 + 0.46 * end / scale if isfinite(end) else nan for end in row]
        middle = places[1]
        low, high = (end if isfinite(end) else middle for end in (places[0], places[2]))
        found.append(Bar(min(low, high), middle, max(low, high), style(each["verdict"])))
    return found


def _distance(outcome: Mapping[Hashable, Any], name: str) -> float:
    """How far an end lies on the side of the threshold that the argument expects."""
    value, threshold = float(outcome[name]), float(outcome["threshold"])
    sign = 1.0 if outcome["above"] else -1.0
    if outcome["units"] in ("steps", "rounding"):
        return sign * log10(max(value, 1e-20) / max(threshold, 1e-20))
    return sign * (value - threshold)


def text_of(row: Mapping[Hashable, Any], key: str) -> str:
    """A text of a claim's row, empty where it has none."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def primary(row: Mapping[Hashable, Any], outcomes: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """The outcomes that a claim's verdict rests on; none where nothing was measured."""
    return [each for each in outcomes_of(row, outcomes) if each["kind"] == "primary"]


def outcomes_of(row: Mapping[Hashable, Any], outcomes: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """All measured effects of a claim, primary and secondary."""
    if outcomes.empty:
        return []
    found: list[dict[Hashable, Any]] = outcomes[outcomes["id"] == row["id"]].to_dict("records")
    return found


def words(outcome: Mapping[Hashable, Any]) -> str:
    """An outcome with its interval, unless the interval is the effect itself."""
    effect, low, high = (float(outcome[key]) for key in ("effect", "low", "high"))
    units = str(outcome["units"])
    text = f"{outcome['name']} {number(effect, units)}".strip()
    same = NOTHING if units != "rounding" else 0.0
    if not all(isclose(effect, end, rel_tol=1e-9, abs_tol=same) for end in (low, high)):
        text += f" [{number(low, units)}, {number(high, units)}]"
    return f"{text} steps" if units == "steps" else text


def number(value: float, units: str) -> str:
    """A number in the notation of a claim's units."""
    if not isfinite(value):
        return "unknown"
    if units == "rounding":
        return f"{value:.0e}".replace("-", "\N{MINUS SIGN}")
    return f"{value:,.0f}" if units == "steps" else wording.decimal(value)
