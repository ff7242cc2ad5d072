"""A schedule: weights that mirror in the middle. `timeshare check my_schedules:Mirrored`"""

from typing_extensions import override

from timeshare.recurrent.schedules.base import Schedule


class Mirrored(Schedule):
    """Step t shares its weights with step T-1-t; S = ceil(T / 2)."""

    @override
    def matrices(self, length: int) -> int:
        return (length + 1) // 2

    @override
    def position(self, step: int, length: int) -> int:
        return min(step, length - 1 - step)
