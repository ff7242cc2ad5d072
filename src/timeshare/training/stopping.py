"""When a member stops by itself: its training has come to a plateau."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from timeshare.experiment.plan import Updates
from timeshare.tasks.base import Split
from timeshare.training.history import Point

AT_CHANCE = 0.05
"""A training score up to which a member has learned nothing yet: it does not stop by itself."""
FALL = 0.01
"""Share by which the training loss has to fall to count as progress."""
PERFECT = 1.0


@dataclass
class Progress:
    """How far one member has come.

    Arguments:
        update: updates made at its last progress.
        validation: its highest validation score.
        loss: its training loss at the last fall that counted.
        train: its training score now.
        best_train: its highest training score.
    """

    update: int = 0
    validation: float = -math.inf
    loss: float = math.inf
    train: float = -math.inf
    best_train: float = -math.inf

    def note(self, update: int, split: Split, score: float, loss: float, learnable: bool) -> None:
        """Take in a measurement of a split.

        A member makes progress where its validation score rises, or its training loss falls by 1 %
        while its training score is not perfect. The labels of a task that cannot be learned are
        random: there only a rising training score is progress.
        """
        if split is Split.TRAIN:
            self.train = score
            falls = loss < (1 - FALL) * self.loss and score < PERFECT
            if falls:
                self.loss = loss
            if falls if learnable else score > self.best_train:
                self.update = update
            self.best_train = max(self.best_train, score)
        if split is Split.VALIDATION and learnable and score > self.validation:
            self.validation, self.update = score, update


@dataclass
class Plateau:
    """Which members of a cohort have stopped to make progress.

    Arguments:
        rule: the fewest updates, and the patience; None where no member stops by itself.
        learnable: whether the targets can be predicted from the inputs.
        progress: of each member.
    """

    rule: Updates | None
    learnable: bool
    progress: dict[int, Progress] = field(default_factory=dict)

    def note(self, points: Sequence[Point], scores: Mapping[tuple[int, Split], float]) -> None:
        """Take in the measurements of an evaluation point.

        Arguments:
            points: of any members and splits.
            scores: from 0 (chance) to 1 (perfect), by member and split.
        """
        for point in points:
            known = self.progress.setdefault(point.member, Progress())
            score = scores[point.member, point.split]
            known.note(point.update, point.split, score, point.loss, self.learnable)

    def reached(self, member: int, update: int) -> bool:
        """Whether a member stops by itself after this many updates.

        A member whose training score is still at chance does not: some tasks are learned in a jump
        after a long time without progress.
        """
        if self.rule is None or update < self.rule.least:
            return False
        known = self.progress[member]
        return update - known.update >= self.rule.patience and known.train > AT_CHANCE
