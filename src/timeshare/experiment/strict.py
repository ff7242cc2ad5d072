"""Models that forbid unknown keys, and errors that say how to mend a configuration."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

Item = TypeVar("Item", bound=Hashable)

LONGEST_VALUE = 80
"""Characters of a value of the configuration that a message repeats."""
LONGEST_LIST = 500
"""Characters of the names that a message lists as allowed."""
LONGEST_MESSAGE = 1_900
"""Characters of all faults of a configuration."""
MOST_FAULTS = 10
"""Faults that a message lists."""
MOST_ITEMS = 10_000
"""Entries of a list or of a section."""


class ConfigurationError(ValueError):
    """The configuration is wrong; each line of the message is one fault and its remedy."""


class Strict(BaseModel):
    """A frozen model with known keys only."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, validate_by_name=True
    )

    old_keys: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Keys that earlier versions had, each with a sentence that says what to write instead."""

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, content: object) -> object:
        if isinstance(content, Mapping):
            known = [field.alias or name for name, field in cls.model_fields.items()]
            for key in content:
                if key in cls.old_keys:
                    raise ValueError(f"{key!r} is no longer a key. {cls.old_keys[key]}")
                if key not in known and key not in cls.model_fields:
                    raise ValueError(unknown("key", str(key), known))
                field = cls.model_fields.get(key)
                if field and _holds_boolean(content[key]) and _is_number(field.annotation):
                    found = str(content[key]).lower()
                    raise ValueError(
                        f"{key}: found {clipped(found, LONGEST_VALUE)}. Write a number."
                    )
        return content


def renamed(**keys: str) -> Mapping[str, str]:
    """`Strict.old_keys` for keys that have another name now: the new names by the old ones."""
    return MappingProxyType({old: f"Write `{new}` instead." for old, new in keys.items()})


def shown(value: object) -> str:
    """A value of the configuration as a message repeats it, not longer than `LONGEST_VALUE`."""
    if isinstance(value, str):
        return clipped(repr(value[: LONGEST_VALUE + 1]), LONGEST_VALUE)
    try:
        text = repr(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return "a number of thousands of digits"
    return clipped(text, LONGEST_VALUE)


def clipped(text: str, longest: int) -> str:
    """The beginning of a text, with an ellipsis where something was cut off."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def listed(names: Iterable[str]) -> str:
    """Names in a row, not longer than `LONGEST_LIST`."""
    return clipped(", ".join(names), LONGEST_LIST)


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """A sentence for an unknown name, with the nearest known one and all that are allowed."""
    near = get_close_matches(name[:LONGEST_VALUE], known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return f"unknown {what} {shown(name)}{hint} Allowed are: {listed(known)}."


def distinct(items: list[Item]) -> list[Item]:
    """Return the items; raise `ValueError` where one occurs twice."""
    seen: set[Item] = set()
    for item in items:
        if item in seen:
            raise ValueError(f"{shown(item)} is named twice. Name each once.")
        seen.add(item)
    return items


def _leaves(annotation: object) -> frozenset[object]:
    """The types that an annotation consists of."""
    inside = get_args(annotation)
    return frozenset().union(*map(_leaves, inside)) if inside else frozenset((annotation,))


def _holds_boolean(value: object) -> bool:
    """Whether a value is true or false, or a list or mapping with one in it."""
    if isinstance(value, list | dict):
        inside = value.values() if isinstance(value, dict) else value
        return any(isinstance(each, bool) for each in inside)
    return isinstance(value, bool)


def _is_number(annotation: object) -> bool:
    """Whether a field takes numbers and neither true nor false, which Python counts as 1 and 0."""
    leaves = _leaves(annotation)
    return bool(leaves & {int, float}) and not leaves & {bool, Any}


Name = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=60),
]
"""A name that becomes part of a path: lower-case letters, digits, '.', '_' and '-'."""

Title = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", min_length=1, max_length=200)
]
"""A title of one line, which readers see."""

NameList = Annotated[
    list[str], Field(min_length=1, max_length=MOST_ITEMS), AfterValidator(distinct)
]
Count = Annotated[int, Field(ge=1, le=10_000_000)]
"""A number of sequences, updates or other things, up to ten million."""
Few = Annotated[int, Field(ge=1, le=10_000)]
"""A number of threads, rounds or whatever else a job holds at once."""
Width = Annotated[int, Field(ge=1, le=65_536)]
"""A number of features or of hidden units."""
Features = Annotated[int, Field(ge=0, le=65_536)]
"""A number of features, or none."""
LONGEST = 1_000_000
"""Most steps of a sequence."""
Length = Annotated[int, Field(ge=1, le=LONGEST)]
LengthList = Annotated[
    list[Length], Field(min_length=1, max_length=MOST_ITEMS), AfterValidator(distinct)
]
WidthList = Annotated[
    list[Width], Field(min_length=1, max_length=MOST_ITEMS), AfterValidator(distinct)
]
Rate = Annotated[float, Field(gt=0, le=1e38, allow_inf_nan=False)]
"""A positive number that single precision holds."""


def _known_device(device: str) -> str:
    if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?", device):
        raise ValueError(
            f"unknown device {shown(device)}. Allowed are: cpu, cuda, cuda:<number>, and auto (a "
            "GPU where there is one)."
        )
    return device


Device = Annotated[str, AfterValidator(_known_device)]
"""A torch device, or `auto`."""


def explain(error: ValidationError, source: str) -> ConfigurationError:
    """One line a fault: where it is, what was found, what is allowed."""
    # Without the inputs, which pydantic would copy for each fault of a large configuration
    lines = list(dict.fromkeys(_line(fault, source) for fault in error.errors(include_url=False)))
    return ConfigurationError(together(lines))


def together(lines: Sequence[str]) -> str:
    """The first faults, as many as a message holds, and how many more there are."""
    kept: list[str] = []
    for line in lines[:MOST_FAULTS]:
        space = LONGEST_MESSAGE - sum(len(each) + 1 for each in kept)
        if kept and len(line) > space:
            break
        kept.append(clipped(line, space))
    if more := len(lines) - len(kept):
        kept.append(f"... and {more} more of this kind.")
    return "\n".join(kept)


def _line(fault: Mapping[str, Any], source: str) -> str:
    place = ".".join(_part(part) for part in fault["loc"] if part != "[key]")
    source = clipped(source, LONGEST_VALUE)
    where = f"{source}: {clipped(place, 2 * LONGEST_VALUE)}" if place else source
    if fault["type"] == "value_error":
        return f"{where}: {fault['ctx']['error']}"
    if fault["type"] == "missing":
        return f"{where}: this key is missing."
    if fault["type"] == "string_pattern_mismatch" and "\\x00" not in fault["ctx"]["pattern"]:
        return (
            f"{where}: {shown(fault['input'])} is unfit for a path. A name is lower-case letters, "
            "digits, '.', '_' and '-', and begins with a letter or digit."
        )
    if fault["type"] == "string_pattern_mismatch":
        return f"{where}: {shown(fault['input'])} is not one line of text. Write one line."
    message = fault["msg"].replace("Input should", "It should").replace("List should", "It should")
    return f"{where}: found {shown(fault['input'])}. {clipped(message, LONGEST_LIST)}."


def _part(part: object) -> str:
    """A part of the place of a fault; a key that a line cannot hold is shown as in Python."""
    text = str(part)
    return text if text.isprintable() and len(text) <= LONGEST_VALUE else shown(text)
