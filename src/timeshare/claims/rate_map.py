"""The factors of the map of rates of rule change and train sizes, and its cells in words."""

from timeshare.claims.deciding import Factor
from timeshare.claims.outcomes import Level
from timeshare.experiment.conditions import size_name

FACTORS = (Factor("the rate of rule change"), Factor("the number of training sequences"))


def level_of(rate: float, train_size: int) -> Level:
    """A cell of the map in words."""
    return f"rate {rate:g}", f"{size_name(train_size)} sequences"
