"""Which columns of a user's table hold what."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

STEP, FEATURE = "{step}", "{feature}"
"""What stands in a pattern of column names for the number of a step and the name of a feature."""
ANY = "value"
"""Name of the feature of columns that are numbers of steps alone, such as 0, 1, 2."""
_NUMBERED = re.compile(r"(?P<feature>.*?)[ ._-]?(?P<step>\d+)")


@dataclass(frozen=True)
class Columns:
    """What a table is to be read as.

    Arguments:
        sequence, step, target: names of the columns.
        features: names of the input columns; all others when None.
        split: name of the column that divides the sequences, or None.
        classes: whether targets are classes, or values.
        dense: whether each step has a target, or each sequence one.
        pad: whether sequences may differ in their number of steps.
        steps: columns of a table with one row a sequence, in the order of the steps, or a pattern
            of their names; None where a row is a step, or where the names say it themselves.
    """

    sequence: str
    step: str
    target: str
    features: tuple[str, ...] | None
    split: str | None
    classes: bool
    dense: bool
    pad: bool
    steps: tuple[str, ...] | str | None = None

    @property
    def special(self) -> list[str]:
        """Columns that are never features, of either form of a table."""
        return [self.sequence, self.step, self.target, *([self.split] if self.split else [])]


@dataclass(frozen=True)
class Wide:
    """The columns of a table with one row a sequence.

    Arguments:
        features: names of the D features.
        columns: names of the columns, T lists of D.
        targets: the columns of a dense target, T of them; empty where the target is final.
    """

    features: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    targets: tuple[str, ...]


def wide(found: Sequence[str], columns: Columns) -> Wide | None:
    """The columns of a table with one row a sequence; None where a row is a step.

    It has one row a sequence where `columns.steps` says so, or where it has no column of steps and
    the names of all its further columns end in numbers: 0, 1, ...; x_0, x_1, ...; or x_0, y_0, ...

    Raises `ValueError` with the end of a sentence where columns are missing.
    """
    if columns.steps is None:
        return _guessed(found, columns)
    if isinstance(columns.steps, tuple):
        if missing := [name for name in columns.steps if name not in found]:
            raise ValueError(f"there is no column {missing[0]!r}, which `steps` names")
        listed = tuple((name,) for name in columns.steps)
        return Wide((ANY,), listed, _targets(found, columns, len(listed)))
    numbered = _matching(found, _pattern(columns.steps))
    if not numbered:
        raise ValueError(f"no column's name is like {columns.steps!r}, as `steps` says")
    return _ordered(numbered, found, columns)


def _guessed(found: Sequence[str], columns: Columns) -> Wide | None:
    special = {columns.sequence, columns.target, columns.split}
    dense = {name for _, name in _dense(found, columns)}
    further = [name for name in found if name not in special | dense]
    numbered = _matching(further, _NUMBERED)
    if columns.step in found or not further or sum(map(len, numbered.values())) < len(further):
        return None
    return _ordered(numbered, found, columns)


def _ordered(numbered: dict[str, dict[int, str]], found: Sequence[str], columns: Columns) -> Wide:
    chosen = tuple(numbered) if columns.features is None else columns.features
    for name in chosen:
        if name not in numbered:
            known = ", ".join(repr(each) for each in numbered)
            raise ValueError(f"no column has steps of the feature {name!r}; there are {known}")
    steps = sorted(numbered[chosen[0]])
    for name in chosen:
        if differing := sorted(set(numbered[name]) ^ set(steps)):
            raise ValueError(
                f"the features {chosen[0]!r} and {name!r} do not have columns of the same steps, "
                f"step {differing[0]} is one of a single feature"
            )
    gaps = {later - earlier for earlier, later in pairwise(steps)}
    if len(gaps) > 1:
        raise ValueError(f"the numbers of the steps of {chosen[0]!r} are not equally far apart")
    listed = tuple(tuple(numbered[name][step] for name in chosen) for step in steps)
    return Wide(tuple(name or ANY for name in chosen), listed, _targets(found, columns, len(steps)))


def _targets(found: Sequence[str], columns: Columns, steps: int) -> tuple[str, ...]:
    if not columns.dense:
        return ()
    named = [name for _, name in sorted(_dense(found, columns))]
    if len(named) != steps:
        raise ValueError(
            f"`asked: dense` needs a target at each of the {steps} steps, and {len(named)} columns "
            f"are like {columns.target!r}; write `target` as a pattern such as 'y_{STEP}'"
        )
    return tuple(named)


def _dense(found: Iterable[str], columns: Columns) -> list[tuple[int, str]]:
    if not columns.dense or STEP not in columns.target:
        return []
    matched = _matching(found, _pattern(columns.target))
    return [(step, name) for each in matched.values() for step, name in each.items()]


def _matching(found: Iterable[str], pattern: re.Pattern[str]) -> dict[str, dict[int, str]]:
    """The names that match, by their feature and the number of their step."""
    numbered: dict[str, dict[int, str]] = defaultdict(dict)
    for name in found:
        if match := pattern.fullmatch(name):
            parts = match.groupdict()
            numbered[parts.get("feature", "")][int(parts["step"])] = name
    return dict(numbered)


def _pattern(text: str) -> re.Pattern[str]:
    escaped = re.escape(text).replace(re.escape(STEP), r"(?P<step>\d{1,9})", 1)
    return re.compile(escaped.replace(re.escape(FEATURE), r"(?P<feature>.+?)", 1))
