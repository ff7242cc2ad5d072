"""The metrics of a run: few, rounded, and named so that MLflow's pages begin with the result.

MLflow lists metrics in the order in which they are logged, and charts a section of them for what
stands before a slash. What is asked first comes first, and has none: the scores at T and the gap. A
length, a distance or an update is a step of a metric, never a part of its name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import fmean

from timeshare.tasks.base import Split
from timeshare.tracking.entries import Point
from timeshare.tracking.measures import Measures, Score, mean_score

TEST, GAP, TRAIN, VALIDATION = "test score", "gap", "train score", "validation score"
"""The results: scores at T, and train minus test score."""
TEST_CURVE, TRAIN_CURVE = "curves/test score", "curves/train score"
LOSSES = (Split.TRAIN, Split.VALIDATION)
"""The splits whose loss is shown over the updates."""
BY_LENGTH, BY_DISTANCE = "lengths/test score by length", "distances/test score by distance"
PARAMETERS, OPERATIONS = "training/parameters", "training/GFLOPs of a network"
SECONDS, MEGABYTES = "training/seconds of the job", "training/peak megabytes of the job"

DECIMALS = 4
"""Of a score; more are noise."""


@dataclass(frozen=True)
class Span:
    """When the training that a run shows began and ended, and how many updates it made at most.

    Arguments:
        started: milliseconds since 1970.
        finished: milliseconds since 1970.
        updates: the most updates.
    """

    started: int
    finished: int
    updates: int

    def at(self, update: int) -> int:
        """The moment of an update, as if all of them took equally long."""
        return self.started + (self.finished - self.started) * update // self.updates


def points(measures: Measures, costs: Mapping[str, float | None], span: Span) -> list[Point]:
    """Every metric of a run: means over its members.

    Arguments:
        measures: of the members.
        costs: metrics of the training by name; those that are None are left out.
        span: of the training.
    """
    end = span.finished
    whole = [
        *_results(measures),
        *((name, step, mean_score(scores)) for name, step, scores in _scores(measures)),
    ]
    rounded = [(name, step, round(value, DECIMALS)) for name, step, value in whole]
    known = [(name, 0, short(value)) for name, value in costs.items() if value is not None]
    final = [Point(name, value, step, end) for name, step, value in rounded + known]
    found = [*final, *_curves(measures, span)]
    return [point for point in found if isfinite(point.value)]


def short(value: float) -> float:
    """The value with four significant digits; a whole number keeps all of its digits."""
    return float(value) if float(value).is_integer() else float(f"{value:.4g}")


def _results(measures: Measures) -> Iterator[tuple[str, int, float]]:
    """In the order in which MLflow lists them: that of their logging."""
    yield TEST, 0, mean_score(measures.tests)
    yield GAP, 0, fmean(measures.gaps)
    for split, name in ((Split.TRAIN, TRAIN), (Split.VALIDATION, VALIDATION)):
        yield name, 0, mean_score(measures.finals[str(split)])


def _scores(measures: Measures) -> Iterator[tuple[str, int, Sequence[Score]]]:
    for length, scores in measures.by_length.items():
        yield BY_LENGTH, length, scores
    for group, scores in measures.by_group.items():
        if group in measures.distances:
            yield BY_DISTANCE, measures.distances[group], scores
        else:
            yield f"groups/{group} score", 0, scores


def _curves(measures: Measures, span: Span) -> Iterator[Point]:
    for split, curve in measures.curves.items():
        for point in curve:
            moment = span.at(point.update)
            score = round(point.score, DECIMALS)
            yield Point(f"curves/{split} score", score, point.update, moment)
            if split in LOSSES:
                yield Point(f"curves/{split} loss", short(point.loss), point.update, moment)
