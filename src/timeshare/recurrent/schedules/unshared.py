"""Each step has its own weights."""

from typing_extensions import override

from timeshare.recurrent.schedules.base import Schedule


class Unshared(Schedule):
    """Each step has its own matrix; S = T."""

    @override
    def matrices(self, length: int) -> int:
        return length

    @override
    def position(self, step: int, length: int) -> int:
        return step
