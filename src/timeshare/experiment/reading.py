"""Read a YAML configuration in which no key is written twice."""

from pathlib import Path
from typing import Any

import yaml

from timeshare.experiment.strict import ConfigurationError


class _DistinctKeys(yaml.SafeLoader):
    """A loader that refuses a key written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                raise ConfigurationError(
                    f"line {key.start_mark.line + 1}: {key.value!r} is named twice. "
                    "Name each key once."
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping; `ConfigurationError` for a repeated key or what is not YAML."""
    try:
        content = yaml.load(path.read_text(), _DistinctKeys)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path.name}: {error}") from None
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such file.") from None
    except (OSError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path.name}: cannot be read as YAML: {error}") from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path.name}: a configuration is a mapping of keys.")
    return content
