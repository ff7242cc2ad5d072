"""Weights that repeat with a period."""

from pydantic import Field
from typing_extensions import override

from timeshare.recurrent.schedules.base import Schedule


class Cyclic(Schedule):
    """Step t uses matrix t modulo the period; S = min(period, T)."""

    needs_extension = False

    period: int = Field(ge=1, le=1_000_000, description="Steps after which the weights repeat.")

    @override
    def matrices(self, length: int) -> int:
        return min(self.period, length)

    @override
    def position(self, step: int, length: int) -> int:
        return step % self.matrices(length)
