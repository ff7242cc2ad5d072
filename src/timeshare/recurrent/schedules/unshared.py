"""Weights of its own for every step."""

from typing_extensions import override

from timeshare.recurrent.schedules.base import Schedule


class Unshared(Schedule):
    """Every step has a matrix of its own; S = T."""

    @override
    def matrices(self, length: int) -> int:
        return length

    @override
    def position(self, step: int, length: int) -> int:
        return step
