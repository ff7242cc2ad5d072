"""The documentation's page of tasks, made from the tasks themselves."""

import inspect
import json

from timeshare import registry
from timeshare.data.drawing import draw
from timeshare.gallery.exhibits import EXHIBITS, Exhibit
from timeshare.tasks.base import Split, Targets, Task

INTRODUCTION = """\
# The tasks

<!-- Made by `timeshare.gallery.catalogue` from the tasks' own docstrings; a test holds the two
together. To change this page, change the task. -->

A task is a rule that generates labelled sequences, or a real data set of sequences. A *dense* task
has a target at each step, a *final* one a target per sequence. Scores are normalised: 0 is
*chance*, the best that a predictor can do that never looks at the inputs (it is computed from
the very sequences that are scored), and 1 is perfect.

The last column says whether the rule goes on beyond the length trained at. Where it does not,
no network can be better than chance there, and scores at longer lengths compare nothing.

Every task below can be named in `config.yaml`; [adding a task](adding-a-task.md) shows how to
write another, or to bring your own data.
"""

CSV_EXAMPLE = """\
A file with these columns needs no parameter but its name; others are named by the parameters.

| sequence | step | warmth | rain | target |
|---|---|---|---|---|
| may-01 | 0 | 18.2 | 0.0 | dry |
| may-01 | 1 | 19.5 | 0.2 | dry |
| may-02 | 0 | 11.0 | 4.1 | wet |
| may-02 | 1 | 12.3 | 6.6 | wet |
"""


def page() -> str:
    """The page, as Markdown."""
    sections = [INTRODUCTION, _summary(), *map(_section, registry.names("tasks"))]
    return "\n".join(sections)


def _of_kind(kind: str) -> dict[str, Exhibit]:
    return {name: exhibit for name, exhibit in EXHIBITS.items() if exhibit.kind == kind}


def _summary() -> str:
    lines = [
        "| task | data | targets | metric | T | chance at T | rule goes on |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, exhibit in EXHIBITS.items():
        task = exhibit.task
        chance = task.chance(draw(task, 512, exhibit.length, Split.TEST))
        lines.append(
            f"| [{name}](#{exhibit.kind}) | {_origin(task)} | {task.targets} | {task.metric} | "
            f"{exhibit.length} | {chance:.3f} | {'yes' if task.continues else 'no'} |"
        )
    return "\n".join(lines) + "\n"


def _origin(task: Task) -> str:
    return "rule" if task.size(Split.TRAIN) is None else "real"


def _section(kind: str) -> str:
    task = registry.find("tasks", kind)
    paragraphs = inspect.cleandoc(task.__doc__ or "").split("\n\n")
    parts = [f"## {kind}", *map(_emphasised, paragraphs)]
    if kind == "csv":
        parts.append(CSV_EXAMPLE.rstrip())
    for name, exhibit in _of_kind(kind).items():
        caption = _caption(name, exhibit)
        parts += [f"![{caption}](tasks/{name}.svg)", f"*{caption}*"]
    parts.append(_parameters(task))
    return "\n\n".join(parts) + "\n"


def _emphasised(paragraph: str) -> str:
    heading, colon, rest = paragraph.partition(": ")
    if colon and heading in ("Remember", "Chance", "Unseen length", "Source"):
        return f"**{heading}:** {rest}"
    return paragraph


def _caption(name: str, exhibit: Exhibit) -> str:
    changed = ", ".join(f"{key} {json.dumps(value)}" for key, value in exhibit.parameters.items())
    task = exhibit.task
    kind = "the target class of each step" if task.metric.classifies else "the target value"
    if task.targets is Targets.FINAL:
        kind = "the target on the right" if task.symbolic else "the target above each"
    return f"{name}: test sequences of {exhibit.length} steps, {kind}" + (
        f" ({changed})" if changed else ""
    )


def _parameters(task: type[Task]) -> str:
    if not task.model_fields:
        return "No parameters."
    lines = ["| parameter | default | meaning |", "|---|---|---|"]
    for name, field in task.model_fields.items():
        default = "required" if field.is_required() else f"`{json.dumps(field.default)}`"
        lines.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(lines)
