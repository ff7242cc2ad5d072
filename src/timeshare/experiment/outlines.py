"""How large an experiment is, counted before its grid is expanded.

A condition is outlined by the numbers of its members, so that a million seeds take no longer to
count than one.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from timeshare.experiment.conditions import FRESH, Condition
from timeshare.experiment.configuration import Experiment
from timeshare.experiment.grid import grid_of, sizes_of, truncations_of
from timeshare.experiment.models import Sweep


@dataclass
class Outline:
    """A condition whose members are only counted.

    Arguments:
        condition: without members.
        units: the number of rules or seeds at each train size.
    """

    condition: Condition
    units: dict[int, int] = field(default_factory=dict)

    @property
    def members(self) -> int:
        """Number of reported members."""
        return sum(self.units.values())

    @property
    def search_units(self) -> int:
        """Number of rules or seeds on which settings are tried."""
        return self.condition.search_rules if self.condition.searches else 0

    @property
    def search_members(self) -> int:
        """Number of members of the search."""
        return len(self.units) * len(self.condition.settings) * self.search_units

    @property
    def networks(self) -> int:
        """Number of trained networks, those of the search among them."""
        return self.members + self.search_members

    @property
    def drawn(self) -> int:
        """The most training sequences of a unit that are drawn once and read again."""
        return max((size for size in self.units if size != FRESH), default=0)

    @property
    def most_units(self) -> int:
        """Rules and seeds that have data of their own, those of the search among them."""
        return max(self.units.values()) + self.search_units


def most_conditions(experiment: Experiment) -> int:
    """The conditions of all sweeps together, those that several sweeps name counted in each."""
    return sum(_size_of(sweep) for sweep in experiment.sweeps.values())


def exceeds(experiment: Experiment, most: int) -> bool:
    """Whether the experiment has more conditions than `most`; nothing beyond these is looked at."""
    if most_conditions(experiment) <= most:
        return False
    seen: set[tuple[str, str, int, int]] = set()
    for sweep in experiment.sweeps.values():
        for place in _places(sweep):
            seen.add(place)
            if len(seen) > most:
                return True
    return False


def outlines(experiment: Experiment) -> dict[str, Outline]:
    """The conditions of an experiment by their ids, their members only counted.

    The rules and seeds of all sweeps are counted from the same first number, so a condition of
    several sweeps has as many at a train size as the largest of these sweeps.
    """
    found: dict[str, Outline] = {}
    default = experiment.members
    for name, sweep in experiment.sweeps.items():
        rules = (sweep.rules or default.rules) * default.seeds_per_rule
        seeds = sweep.seeds or default.seeds
        sizes = {task: sizes_of(experiment, sweep, task) for task in sweep.tasks}
        for condition in grid_of(experiment, name, sweep, with_members=False):
            units = found.setdefault(condition.id, Outline(condition)).units
            count = rules if condition.random_rule else seeds
            for size in sizes[condition.task]:
                units[size] = max(units.get(size, 0), count)
    return found


def _places(sweep: Sweep) -> Iterator[tuple[str, str, int, int]]:
    """Task, variant, T and K of each condition of a sweep."""
    for length in sweep.lengths:
        steps = truncations_of(sweep, length)
        for task in sweep.tasks:
            for variant in sweep.variants:
                yield from ((task, variant, length, truncation) for truncation in steps)


def _size_of(sweep: Sweep) -> int:
    shorter = sorted(k for k in sweep.truncations if k != "full")
    known = set(shorter)
    full = "full" in sweep.truncations
    pairs = sum(
        bisect_right(shorter, length) + (full and length not in known) for length in sweep.lengths
    )
    return len(sweep.tasks) * len(sweep.variants) * pairs
