"""Models that forbid unknown keys, and errors that say how to mend a configuration."""

import re
from collections.abc import Hashable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, TypeVar

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
        return content


def renamed(**keys: str) -> Mapping[str, str]:
    """`Strict.old_keys` for keys that have another name now: the new names by the old ones."""
    return MappingProxyType({old: f"Write `{new}` instead." for old, new in keys.items()})


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """A sentence for an unknown name, with the nearest known one and all that are allowed."""
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return f"unknown {what} {name!r}{hint} Allowed are: {', '.join(known)}."


def distinct(items: list[Item]) -> list[Item]:
    """Return the items; raise `ValueError` where one occurs twice."""
    seen: set[Item] = set()
    for item in items:
        if item in seen:
            raise ValueError(f"{item!r} is named twice. Name each once.")
        seen.add(item)
    return items


Name = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=60),
]
"""A name that becomes part of a path: lower-case letters, digits, '.', '_' and '-'."""

NameList = Annotated[list[str], Field(min_length=1), AfterValidator(distinct)]
Count = Annotated[int, Field(ge=1)]
CountList = Annotated[list[Count], Field(min_length=1), AfterValidator(distinct)]
LONGEST = 1_000_000
"""Most steps of a sequence."""
Length = Annotated[int, Field(ge=1, le=LONGEST)]
LengthList = Annotated[list[Length], Field(min_length=1), AfterValidator(distinct)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _known_device(device: str) -> str:
    if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?", device):
        raise ValueError(
            f"unknown device {device!r}. Allowed are: cpu, cuda, cuda:<number>, and auto (a GPU "
            "where there is one)."
        )
    return device


Device = Annotated[str, AfterValidator(_known_device)]
"""A torch device, or `auto`."""


def explain(error: ValidationError, source: str) -> ConfigurationError:
    """One line a fault: where it is, what was found, what is allowed."""
    lines = dict.fromkeys(_line(fault, source) for fault in error.errors())
    return ConfigurationError("\n".join(lines))


def _line(fault: Mapping[str, Any], source: str) -> str:
    place = ".".join(str(part) for part in fault["loc"] if part != "[key]")
    where = f"{source}: {place}" if place else source
    if fault["type"] == "value_error":
        return f"{where}: {fault['ctx']['error']}"
    if fault["type"] == "missing":
        return f"{where}: this key is missing."
    if fault["type"] == "string_pattern_mismatch":
        return (
            f"{where}: {fault['input']!r} is unfit for a path. A name is lower-case letters, "
            "digits, '.', '_' and '-', and begins with a letter or digit."
        )
    message = fault["msg"].replace("Input should", "It should").replace("List should", "It should")
    return f"{where}: found {fault['input']!r}. {message}."
