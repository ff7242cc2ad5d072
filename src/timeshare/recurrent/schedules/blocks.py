"""Consecutive steps share weights."""

from pydantic import Field
from typing_extensions import override

from timeshare.recurrent.schedules.base import Schedule


class Blocks(Schedule):
    """Consecutive steps share weights in blocks; S = ceil(T / size)."""

    size: int = Field(
        ge=1, le=1_000_000, description="Steps in a block; the last block may be shorter."
    )

    @override
    def matrices(self, length: int) -> int:
        return -(-length // self.size)

    @override
    def position(self, step: int, length: int) -> int:
        return step // self.size
