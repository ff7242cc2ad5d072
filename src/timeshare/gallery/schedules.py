"""The documentation's page of schedules, made from the schedules themselves."""

import inspect
import json
from typing import Any

from timeshare import registry
from timeshare.gallery.strips import BEYOND, LENGTH, SHOWN
from timeshare.recurrent.schedules.base import Schedule

INTRODUCTION = f"""\
# The schedules

<!-- Made by `timeshare.gallery.schedules` from the schedules' own docstrings; a test holds the
two together. To change this page, change the schedule: `snakemake gallery`. -->

A schedule says which weights a recurrent network uses at step t. The cell (`rnn`, `gru`, `lstm`)
does not know it, and the schedule does not know the cell. T is the length trained at, S the
number of learned matrices, each of which holds all recurrent weights of one step.

![Which weights each step uses, for seven schedules from shared to unshared](schedules/spectrum.svg)

*Which weights each step uses, T = {LENGTH}. Each learned matrix is given a colour, and each step
is shown in the colour that the schedule computes from them: equal colours are equal weights.
Right of the line are {BEYOND} steps of a longer sequence, which was never trained on.*

A schedule with one matrix a step ends at T. What serves a step past it is the *extension*, and
each network is evaluated with all three:

![Which trained step provides the weights of a step past T](schedules/extensions.svg)

*The weights that a network of {LENGTH} steps uses on a sequence of {LENGTH + BEYOND}. `hold`
repeats the last ones, and `cycle` begins again. `align-right` gives the last {LENGTH} steps the
weights in their order, and all steps before them the first ones.*

In a configuration a schedule is `{{kind: <name>, ...}}`, with its parameters beside the name; in
your own PyTorch program it is the argument `schedule` of [a layer](nn.md). [Adding a
schedule](adding-a-schedule.md) shows how to write another.
"""

BASE = set(Schedule.model_fields)


def page() -> str:
    """The page, as Markdown."""
    others = set(registry.names("recurrent.schedules")) - set(SHOWN)
    return "\n".join([INTRODUCTION, *map(_section, [*SHOWN, *sorted(others)]), _common()])


def _section(kind: str) -> str:
    schedule = registry.find_derived("recurrent.schedules", kind, Schedule)
    parts = [f"## {kind}", inspect.cleandoc(schedule.__doc__ or "")]
    own = {name: each for name, each in schedule.model_fields.items() if name not in BASE}
    parts.append(_table(own) if own else "No parameters of its own.")
    return "\n\n".join(parts) + "\n"


def _common() -> str:
    return "\n\n".join(["## Parameters of every schedule", _table(Schedule.model_fields)]) + "\n"


def _table(fields: Any) -> str:
    lines = ["| parameter | default | meaning |", "|---|---|---|"]
    for name, field in fields.items():
        default = "required" if field.is_required() else f"`{json.dumps(field.default)}`"
        lines.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(lines)
