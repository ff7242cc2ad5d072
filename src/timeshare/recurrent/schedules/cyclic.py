"""Weights that return after a period."""

from typing import ClassVar

from pydantic import Field
from typing_extensions import override

from timeshare.recurrent.schedules.base import Schedule


class Cyclic(Schedule):
    """Step t uses matrix t modulo the period; S = min(period, T)."""

    needs_extension: ClassVar[bool] = False

    period: int = Field(ge=1, description="Steps after which the weights return.")

    @override
    def matrices(self, length: int) -> int:
        return min(self.period, length)

    @override
    def position(self, step: int, length: int) -> int:
        return step % self.matrices(length)
