"""The configuration of an experiment and the grid of conditions it names."""

from timeshare.experiment.conditions import Condition, Member
from timeshare.experiment.configuration import Experiment
from timeshare.experiment.grid import expand
from timeshare.experiment.models import Variant
from timeshare.experiment.plan import Setting, Training
from timeshare.experiment.strict import ConfigurationError

__all__ = [
    "Condition",
    "ConfigurationError",
    "Experiment",
    "Member",
    "Setting",
    "Training",
    "Variant",
    "expand",
]
