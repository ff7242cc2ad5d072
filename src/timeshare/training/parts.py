"""The parts of an update, which the cost study times one by one. Imports no torch."""

from enum import StrEnum


class Part(StrEnum):
    """The parts of an update."""

    FORWARD = "forward"
    """States, outputs and losses of the windows."""
    BACKWARD = "backward"
    """Gradients of the losses and of the schedule's penalty."""
    OPTIMISER = "optimiser"
    """Gradient clipping and AdamW."""


UPDATE = "update"
"""The name under which tables list the sum of all parts."""
