"""The same weights at every step."""

from typing_extensions import override

from timeshare.recurrent.schedules.base import Schedule


class Shared(Schedule):
    """Every step uses one and the same matrix; S = 1."""

    needs_extension = False

    @override
    def matrices(self, length: int) -> int:
        return 1

    @override
    def position(self, step: int, length: int) -> int:
        return 0
