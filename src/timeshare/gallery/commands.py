"""The documentation's page of commands, made from the command line itself."""

import inspect
from typing import Any

INTRODUCTION = """\
# The commands

<!-- Made by `timeshare.gallery.commands` from `timeshare --help`; a test holds the two together.
To change this page, change the commands: `snakemake gallery`. -->

`make` installs the command `timeshare` into `.venv/bin`. Where that folder is not on the path,
write `.venv/bin/timeshare`, or `. .venv/bin/activate` once a terminal. A mistake is answered by
one sentence and status 1.
"""


def page(group: Any) -> str:
    """The page, as Markdown.

    Arguments:
        group: the command with all its subcommands, as Click knows it (`typer.main.get_command`).
    """
    return "\n".join([INTRODUCTION, *(_section(name, each) for name, each in _of(group))])


def _of(group: Any) -> list[tuple[str, Any]]:
    return sorted(group.commands.items())


def _section(name: str, command: Any) -> str:
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    text = [part for part in paragraphs if not part.startswith("Example: ")]
    examples = [part.removeprefix("Example: ") for part in paragraphs if part not in text]
    usage = " ".join(["timeshare", name, *(_usage(each) for each in command.params)])
    parts = [f"## timeshare {name}", *text, f"```text\n{usage}\n```"]
    if command.params:
        parts.append(_parameters(command))
    parts += ["For example:", *(f"```console\n$ {each}\n```" for each in examples)]
    return "\n\n".join(parts) + "\n"


def _shown(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper()).strip("[]")
    return "/".join(parameter.opts + parameter.secondary_opts)


def _usage(parameter: Any) -> str:
    name = _shown(parameter)
    if parameter.param_type_name == "option":
        name = name if parameter.is_flag else f"{name} ..."
    return name if parameter.required else f"[{name}]"


def _parameters(command: Any) -> str:
    lines = ["| | default | meaning |", "|---|---|---|"]
    for parameter in command.params:
        default = "required" if parameter.required else "-"
        if not parameter.required and parameter.default not in (None, False, (), ""):
            default = f"`{parameter.default}`"
        lines.append(f"| `{_shown(parameter)}` | {default} | {parameter.help or ''} |")
    return "\n".join(lines)
