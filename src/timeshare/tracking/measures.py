"""What was measured of the members that one run shows: learning curves and scores.

Plain Python over the few rows of a run: grouping them with pandas costs more than logging them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import NamedTuple

import pandas as pd

from timeshare.tasks.base import Split

SELECTION = "last"
"""The final values are of the weights after the last update, where the curves end."""
NO_EXTENSION = "none"
WHOLE = "all"
"""The group of all sequences, a word of `timeshare.training.evaluate`, which imports torch."""


class CurvePoint(NamedTuple):
    """The members at one update: mean score and mean loss."""

    update: int
    score: float
    loss: float


class Score(NamedTuple):
    """The evaluation of one member."""

    rule: int
    seed: int
    value: float
    score: float
    chance: float
    diverged: bool


@dataclass(frozen=True)
class Measures:
    """The measurements of the members that one run shows.

    Arguments:
        metric: of the task, such as `accuracy`.
        length: training length T.
        history: their learning curves.
        scores: their evaluation with the weights of the last update.
    """

    metric: str
    length: int
    history: pd.DataFrame
    scores: pd.DataFrame

    @cached_property
    def curves(self) -> dict[str, list[CurvePoint]]:
        """The learning curve of each split, mean over members.

        A member that has stopped keeps its weights, and counts with its last measurement.
        """
        found: dict[str, dict[int, dict[tuple[int, int], tuple[float, float]]]] = {}
        names = ("split", "update", "rule", "seed", "score", "loss")
        columns = (self.history[name].tolist() for name in names)
        for split, update, rule, seed, score, loss in zip(*columns, strict=True):
            points = found.setdefault(split, defaultdict(dict))
            points[update][rule, seed] = score, loss
        return {split: _means(points) for split, points in sorted(found.items())}

    @cached_property
    def finals(self) -> dict[str, list[Score]]:
        """The scores of each split at T, in the order of rules and seeds."""
        return {
            split: scores
            for (split, length, extension, group), scores in self._evaluated.items()
            if (length, extension, group) == (self.length, NO_EXTENSION, WHOLE)
        }

    @property
    def tests(self) -> list[Score]:
        """The scores of the test sequences at T."""
        return self.finals[str(Split.TEST)]

    @property
    def chance(self) -> float:
        """The metric of chance on the test sequences at T, mean over members."""
        return fmean(score.chance for score in self.tests)

    @property
    def gaps(self) -> list[float]:
        """Train minus test score of each member at T."""
        pairs = zip(self.finals[str(Split.TRAIN)], self.tests, strict=True)
        return [train.score - test.score for train, test in pairs]

    @cached_property
    def by_extension(self) -> dict[tuple[int, str], list[Score]]:
        """The test scores at each evaluated length under each extension."""
        return {
            (length, extension): scores
            for (split, length, extension, group), scores in sorted(self._evaluated.items())
            if (split, group) == (str(Split.TEST), WHOLE)
        }

    @cached_property
    def by_length(self) -> dict[int, list[Score]]:
        """The test scores at each length under the extension with the best mean there."""
        best: dict[int, list[Score]] = {}
        for (length, _), scores in self.by_extension.items():
            if length not in best or mean_score(scores) > mean_score(best[length]):
                best[length] = scores
        return best

    @cached_property
    def by_group(self) -> dict[str, list[Score]]:
        """The scores of each group of test sequences at T."""
        place = (str(Split.TEST), self.length, NO_EXTENSION)
        return {
            key[3]: scores
            for key, scores in self._evaluated.items()
            if key[:3] == place and key[3] != WHOLE
        }

    @cached_property
    def distances(self) -> dict[str, int]:
        """The steps between what is remembered and its target, for groups that are of distances."""
        known = self.scores[["group", "distance"]].drop_duplicates().dropna()
        return {str(group): int(distance) for group, distance in known.itertuples(index=False)}

    @cached_property
    def _evaluated(self) -> dict[tuple[str, int, str, str], list[Score]]:
        """Scores by split, evaluated length, extension and group."""
        found: dict[tuple[str, int, str, str], list[Score]] = defaultdict(list)
        names = ("split", "evaluated_length", "extension", "group", *Score._fields)
        for row in zip(*(self.scores[name].tolist() for name in names), strict=True):
            found[row[:4]].append(Score(*row[4:]))
        return {place: sorted(scores) for place, scores in found.items()}


def mean_score(scores: Sequence[Score]) -> float:
    """The mean of the scores."""
    return fmean(score.score for score in scores)


def _means(points: dict[int, dict[tuple[int, int], tuple[float, float]]]) -> list[CurvePoint]:
    curve = []
    latest: dict[tuple[int, int], tuple[float, float]] = {}
    for update in sorted(points):
        latest |= points[update]
        scores, losses = zip(*latest.values(), strict=True)
        curve.append(CurvePoint(update, fmean(scores), fmean(losses)))
    return curve
