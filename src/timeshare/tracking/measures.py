"""Learning curves and scores of some members, as points of metrics and as tables.

Plain Python over the few rows of a run: grouping them with pandas costs more than logging them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from statistics import fmean
from typing import NamedTuple

import pandas as pd

from timeshare.tasks.base import Split
from timeshare.tasks.metrics import Metric
from timeshare.tracking.entries import Point

SELECTION = "last"
"""The final values are of the weights after the last update, where the curves end."""
NO_EXTENSION = "none"
WHOLE = "all"
"""The group of all sequences, a word of `timeshare.training.evaluate`, which imports torch."""


class CurvePoint(NamedTuple):
    """The seeds at one update: mean, smallest and largest value, and mean loss."""

    update: int
    mean: float
    low: float
    high: float
    loss: float


class Score(NamedTuple):
    """The evaluation of one unit (a rule or a seed)."""

    unit: int
    value: float
    score: float
    chance: float
    diverged: bool


@dataclass(frozen=True)
class Measures:
    """The measurements of the members that one run shows, one member for each seed.

    Arguments:
        metric: of the task.
        length: training length T.
        history: their learning curves.
        scores: their evaluation with the weights of the last update.
        updates: of the whole training.
        started: milliseconds since 1970.
        finished: milliseconds since 1970.
    """

    metric: Metric
    length: int
    history: pd.DataFrame
    scores: pd.DataFrame
    updates: int
    started: int
    finished: int

    @cached_property
    def curves(self) -> dict[str, list[CurvePoint]]:
        """The learning curve of each split."""
        found: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
        columns = (self.history[name].tolist() for name in ("split", "update", "value", "loss"))
        for split, update, value, loss in zip(*columns, strict=True):
            found[split, update].append((value, loss))
        curves: dict[str, list[CurvePoint]] = defaultdict(list)
        for (split, update), seeds in sorted(found.items()):
            values, losses = zip(*seeds, strict=True)
            point = CurvePoint(update, fmean(values), min(values), max(values), fmean(losses))
            curves[split].append(point)
        return dict(curves)

    @property
    def chance(self) -> float:
        """The score of chance on the test sequences at T."""
        return self._final[str(Split.TEST)][0].chance

    def points(self) -> list[Point]:
        """Every metric: curves by update, final values, scores by evaluated length."""
        return [
            *self._curve_points(),
            *self._final_points(),
            *self._group_points(),
            *self._length_points(),
        ]

    def note(self) -> str:
        """The results in a sentence."""
        lengths = self.extended()
        values = {
            f"Test {self.metric} at T={self.length}": self._final[str(Split.TEST)],
            f"training {self.metric}": self._final[str(Split.TRAIN)],
        } | {f"at length {length}": lengths[length] for length in lengths if length != self.length}
        parts = [f"{what} **{_range(scores)}**" for what, scores in values.items()]
        return f"{', '.join(parts)}; chance {self.chance:.2f}. {self._of_seeds}"

    @property
    def _of_seeds(self) -> str:
        seeds = len(self._final[str(Split.TEST)])
        if seeds == 1:
            return "One seed."
        extension = "unseen lengths under the extension that does best"
        return f"Mean of {seeds} seeds, the lowest and the highest; {extension}."

    def by_unit(self) -> pd.DataFrame:
        """One row a unit: the value of each split at T, the gap, the values at each length."""
        columns: dict[str, list[float]] = {
            str(split): [score.value for score in self._final[str(split)]] for split in Split
        }
        columns["gap"] = self._gaps
        for (length, extension), scores in sorted(self._tests.items()):
            ending = "" if extension == NO_EXTENSION else f" {extension}"
            columns[f"L={length}{ending}"] = [score.value for score in scores]
        units = [score.unit for score in self._final[str(Split.TEST)]]
        return pd.DataFrame({"unit": units, **columns})

    def extended(self) -> dict[int, list[Score]]:
        """The test scores at each length under the extension with the best mean there."""
        best: dict[int, list[Score]] = {}
        for (length, _), scores in sorted(self._tests.items()):
            if length not in best or _mean_score(scores) > _mean_score(best[length]):
                best[length] = scores
        return best

    @cached_property
    def _evaluated(self) -> dict[tuple[str, int, str, str], list[Score]]:
        """Scores by split, evaluated length, extension and group, in the order of the seeds."""
        found: dict[tuple[str, int, str, str], list[Score]] = defaultdict(list)
        names = ("split", "evaluated_length", "extension", "group", *Score._fields)
        for row in zip(*(self.scores[name].tolist() for name in names), strict=True):
            found[row[:4]].append(Score(*row[4:]))
        return {place: sorted(scores) for place, scores in found.items()}

    @property
    def _tests(self) -> dict[tuple[int, str], list[Score]]:
        return {
            (length, extension): scores
            for (split, length, extension, group), scores in self._evaluated.items()
            if (split, group) == (str(Split.TEST), WHOLE)
        }

    @cached_property
    def _final(self) -> dict[str, list[Score]]:
        return {
            split: scores
            for (split, length, extension, group), scores in self._evaluated.items()
            if (length, extension, group) == (self.length, NO_EXTENSION, WHOLE)
        }

    @property
    def _gaps(self) -> list[float]:
        """How much better each seed is on training than on test sequences."""
        sign = 1.0 if self.metric is Metric.ACCURACY else -1.0
        pairs = zip(self._final[str(Split.TRAIN)], self._final[str(Split.TEST)], strict=True)
        return [sign * (train.value - test.value) for train, test in pairs]

    def _curve_points(self) -> Iterator[Point]:
        for split, curve in self.curves.items():
            name = f"curves/{split} {self.metric}"
            for point in curve:
                spent = (self.finished - self.started) * point.update // self.updates
                moment = self.started + spent
                values = (point.mean, point.low, point.high)
                yield from self._spread(name, values, point.update, moment)
                if isfinite(point.loss):
                    yield Point(f"curves/{split} loss", point.loss, point.update, moment)

    def _final_points(self) -> Iterator[Point]:
        for split, scores in self._final.items():
            yield from self._of(f"final/{split} {self.metric}", [score.value for score in scores])
            yield from self._of(f"final/{split} score", [score.score for score in scores])
        yield from self._of("final/gap", self._gaps)
        diverged = sum(score.diverged for score in self._final[str(Split.TEST)])
        yield Point("final/chance", self.chance, 0, self.finished)
        yield Point("final/diverged members", float(diverged), 0, self.finished)

    def _group_points(self) -> Iterator[Point]:
        """The test sequences at T, each group of them by itself."""
        for (split, length, extension, group), scores in self._evaluated.items():
            place = (split, length, extension)
            if place == (str(Split.TEST), self.length, NO_EXTENSION) and group != WHOLE:
                yield from self._of(f"groups/{group} {self.metric}", [s.value for s in scores])

    def _length_points(self) -> Iterator[Point]:
        name = f"lengths/{self.metric}"
        for length, scores in self.extended().items():
            yield from self._of(name, [score.value for score in scores], length)
        for (length, extension), scores in self._tests.items():
            if extension != NO_EXTENSION:
                mean = fmean(score.value for score in scores)
                yield Point(f"{name} {extension}", mean, length, self.finished)

    def _of(self, name: str, values: Sequence[float], step: int = 0) -> Iterator[Point]:
        found = (fmean(values), min(values), max(values))
        return self._spread(name, found, step, self.finished)

    def _spread(
        self, name: str, values: tuple[float, float, float], step: int, moment: int
    ) -> Iterator[Point]:
        """The mean, and beside it low and high; a single seed has no spread to show.

        MLflow draws a section for what stands before the slash, and every name in it.
        """
        mean, low, high = values
        if not isfinite(mean):
            return
        yield Point(name, mean, step, moment)
        if len(self._final[str(Split.TEST)]) > 1:
            section, _, rest = name.partition("/")
            yield Point(f"{section} spread/{rest} low", low, step, moment)
            yield Point(f"{section} spread/{rest} high", high, step, moment)


def _range(scores: Sequence[Score]) -> str:
    values = [score.value for score in scores]
    spread = f" ({min(values):.2f} to {max(values):.2f})" if len(values) > 1 else ""
    return f"{fmean(values):.2f}{spread}"


def _mean_score(scores: Sequence[Score]) -> float:
    return fmean(score.score for score in scores)
