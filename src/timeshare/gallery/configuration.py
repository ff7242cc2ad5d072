"""The documentation's page of the configuration, made from the models that read it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from timeshare.experiment.configuration import Experiment

Schema = Mapping[str, Any]
"""A part of a JSON schema."""

INTRODUCTION = """\
# The configuration

<!-- Made by `timeshare.gallery.configuration` from the models that read a configuration; a test
holds the two together. To change this page, change the descriptions there: `snakemake gallery`.
-->

An experiment is one YAML file. Only `tasks`, `variants` and `sweeps` are required, so eight lines
are enough; [your own question](own-question.md) begins with them. A key that does not exist, a
value out of range and sections that do not fit together are refused before any job runs, each by
one sentence. [config.schema.json](../workflow/schemas/config.schema.json) says the same to an
editor: begin the file with `# yaml-language-server: $schema=workflow/schemas/config.schema.json`,
and an editor that knows the YAML language server completes and explains keys. A number such as
`1e-3` is a string in YAML; write `0.001`.
"""

WORDS = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "null": "nothing",
    "object": "mapping",
}
"""How a reader calls the types of JSON."""

BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
    "minItems": "{} or more",
}


def page() -> str:
    """The page, as Markdown: a section for each model, in the order in which they are met."""
    document = Experiment.model_json_schema()
    sections = [INTRODUCTION, _section("The whole file", "", document)]
    for title, (place, model) in _models(document).items():
        sections.append(_section(title, place, model))
    return "\n".join(sections)


def _models(document: Schema) -> dict[str, tuple[str, Schema]]:
    """The place and the schema of each model that a configuration holds, by its title."""
    found: dict[str, tuple[str, Schema]] = {}

    def visit(model: Schema, place: str) -> None:
        for key, field in model.get("properties", {}).items():
            for suffix, name in _references(field):
                where = f"{place}.{key}{suffix}".lstrip(".")
                if name not in found:
                    found[name] = (where, document["$defs"][name])
                    visit(document["$defs"][name], where)

    visit(document, "")
    return found


def _references(field: Schema, suffix: str = "") -> Iterator[tuple[str, str]]:
    """Names of the models in a field, each with what follows the key on the way to it."""
    if "$ref" in field:
        yield suffix, str(field["$ref"]).rpartition("/")[2]
    for part in ("anyOf", "oneOf", "allOf"):
        for option in field.get(part, ()):
            yield from _references(option, suffix)
    if isinstance(field.get("items"), Mapping):
        yield from _references(field["items"], suffix + "[]")
    if values := _values(field):
        yield from _references(values, suffix + ".<name>")


def _values(field: Schema) -> Schema:
    """The schema of a mapping's values; empty where they may be anything."""
    values = field.get("additionalProperties")
    if isinstance(values, Mapping):
        return values
    return next(iter(field.get("patternProperties", {}).values()), {})


def _section(title: str, place: str, model: Schema) -> str:
    heading = f"## {title}" if not place else f"({_label(title)})=\n## `{place}`"
    description = "" if not place else f"{_flat(model.get('description', ''))}\n\n"
    required = set(model.get("required", ()))
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for key, field in model.get("properties", {}).items():
        default = "required" if key in required else _default(field)
        meaning = _flat(field.get("description", ""))
        lines.append(f"| `{key}` | {type_of(field)} | {default} | {meaning} |")
    return f"{heading}\n\n{description}" + "\n".join(lines) + "\n"


def _label(model: str) -> str:
    """What links call the section of a model."""
    return f"config-{model.lower()}"


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _default(field: Schema) -> str:
    """The default as YAML would have it; a dash where the key may be left out without a value."""
    if field.get("default") is None:
        return "-"
    if isinstance(field["default"], Mapping):
        return "its defaults" if field["default"] else "empty"
    text = json.dumps(field["default"])
    return f"`{text}`" if len(text) <= 120 else "a list, see the schema"


def type_of(field: Schema) -> str:
    """The type of a field in words, with its bounds."""
    if "$ref" in field:
        name = str(field["$ref"]).rpartition("/")[2]
        return f"[{name}](#{_label(name)})"
    for part in ("anyOf", "oneOf", "allOf"):
        if part in field:
            options = (each for each in field[part] if each.get("type") != "null")
            return " or ".join(dict.fromkeys(map(type_of, options)))
    if "enum" in field or "const" in field:
        return ", ".join(f"`{value}`" for value in field.get("enum", [field.get("const")]))
    return _named(field) + _bounds(field)


def _named(field: Schema) -> str:
    kind = field.get("type")
    if kind == "array":
        if "prefixItems" in field:
            return f"list of {len(field['prefixItems'])} values"
        return f"list of {type_of(field.get('items', {}))}"
    if kind == "object" and (values := _values(field)):
        return f"{type_of(values)} by name"
    return WORDS.get(str(kind), "anything")


def _bounds(field: Schema) -> str:
    words = [text.format(field[key]) for key, text in BOUNDS.items() if key in field]
    return f" ({', '.join(words)})" if words else ""
