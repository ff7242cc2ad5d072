"""Read a YAML configuration, whatever is in the file, in time and memory that its size bounds.

YAML can name a part again by an alias. A short file can so describe one of any size, or one that
contains itself; both are refused before a value is made of them.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from timeshare.experiment.strict import (
    LONGEST_LIST,
    LONGEST_VALUE,
    ConfigurationError,
    clipped,
    shown,
)

if TYPE_CHECKING:
    from yaml import SafeLoader as _Loader
else:  # libyaml's parser reads the same language ten times as fast
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MOST_BYTES = 1_000_000
"""The largest file."""
DEEPEST = 50
"""The most mappings and lists within each other."""
MOST_PARTS = 200_000
"""The most keys and values, those counted again that are named by an alias."""
MERGE = "tag:yaml.org,2002:merge"


class _DistinctKeys(_Loader):
    """A loader that refuses a key written twice, and says in which line a value is none."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ConfigurationError, yaml.YAMLError):
            raise
        except Exception as error:  # the constructors of YAML's types raise errors of any kind
            written = node.value if isinstance(node, yaml.ScalarNode) else "this"
            raise ConfigurationError(
                f"line {_line(node)}: {shown(written)} cannot be read as a value. "
                "Write it in quotes if it is text."
            ) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ConfigurationError(f"line {_line(key)}: a key is one word, not a list.")
            if key.value in seen and key.tag != MERGE:
                raise ConfigurationError(
                    f"line {_line(key)}: {shown(key.value)} is named twice. Name each key once."
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping; `ConfigurationError` says in a sentence why it cannot be read."""
    name = clipped(path.name, LONGEST_VALUE)
    try:
        content = _content(path)
    except ConfigurationError as error:
        raise ConfigurationError(f"{name}: {error}") from None
    except OSError as error:
        raise ConfigurationError(f"{name}: cannot be read: {error.strerror}.") from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"{name}: a configuration is a mapping of keys.")
    return content


def _content(path: Path) -> Any:
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise ConfigurationError(f"it has more than {MOST_BYTES:,} bytes, too many to read.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"cannot be read as YAML: byte {error.start + 1} is not UTF-8. Save it as UTF-8 text."
        ) from None
    try:
        _refuse_deep(text)
        loader = _DistinctKeys(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            _parts(node, {})
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise ConfigurationError(f"cannot be read as YAML: {_reason(error)}.") from None


def _refuse_deep(text: str) -> None:
    """Refuse parts too deep within each other, before functions that call themselves meet them."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ConfigurationError(
                f"more than {DEEPEST} lists and mappings lie within each other."
            )


def _parts(node: yaml.Node, known: dict[int, int]) -> int:
    """How many keys and values a part has, aliases followed; refuses too many, and recursion.

    Arguments:
        node: the part.
        known: the numbers of parts that were counted, 0 while one is being counted.
    """
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in known:
        known[id(node)] = 0
        inside = node.value
        if isinstance(node, yaml.MappingNode):
            inside = [each for pair in node.value for each in pair]
        known[id(node)] = 1 + sum(_parts(each, known) for each in inside)
    count = known[id(node)]
    if count == 0:
        raise ConfigurationError(f"line {_line(node)}: an alias names a part that contains it.")
    if count > MOST_PARTS:
        raise ConfigurationError(
            f"line {_line(node)}: with its aliases it has more than {MOST_PARTS:,} parts."
        )
    return count


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _reason(error: yaml.YAMLError) -> str:
    """What is wrong, and in which line, as one line."""
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return where + clipped(" ".join(str(problem).split()), LONGEST_LIST)
