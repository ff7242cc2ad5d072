"""The parts of an update that are timed. Imports no torch."""

from enum import StrEnum


class Part(StrEnum):
    """The parts of an update."""

    FORWARD = "forward"
    """The windows' states, outputs and losses."""
    BACKWARD = "backward"
    """Their gradients, the schedule's penalty included."""
    OPTIMISER = "optimiser"
    """Clipping and AdamW."""


UPDATE = "update"
"""The part that is all parts together."""
