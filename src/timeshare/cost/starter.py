"""The configuration that `timeshare new` writes: commented, valid, and done in a few minutes."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from timeshare.cost.forecast import forecast
from timeshare.data.inspection import inspected
from timeshare.experiment import ConfigurationError, Experiment
from timeshare.experiment.build import build_task
from timeshare.tasks.base import Split
from timeshare.tasks.csv import Csv

SECONDS = 150
"""The longest wall time on two cores that a configuration is written for, if there is a choice."""
SLOTS = 2
SHOWN = 8
"""Classes or features that a comment lists by name."""
OWN, BUILT_IN = "own.yaml", "built-in.yaml"
"""Templates of the configuration: for a table, and for tasks of the package."""
TEMPLATES = Path(__file__).parent / "templates"
_WORD = re.compile(r"<(\w+)>")
TIME = "<time>"
MINUTE = 60


@dataclass(frozen=True)
class Size:
    """How large an experiment is begun.

    Arguments:
        seeds: number of seeds.
        most: updates after which every network stops.
        parts: the train sizes are the whole of the training sequences divided by these.
        steps: the longest training length T.
    """

    seeds: int
    most: int
    parts: tuple[int, ...]
    steps: int


def sizes() -> Iterator[Size]:
    """Sizes from the largest to the smallest that is tried."""
    yield from (
        Size(seeds, most, parts, steps)
        for steps in (1_000, 200, 50)
        for seeds, most, parts in (
            (8, 2000, (4, 2, 1)),
            (5, 1500, (4, 2, 1)),
            (5, 1000, (4, 1)),
            (3, 600, (4, 1)),
            (3, 400, (1,)),
        )
    )


def starter(name: str, data: Path | None, given: Mapping[str, str], folder: Path) -> str:
    """The text of a configuration.

    Arguments:
        name: of the experiment.
        data: the user's table; None for tasks of the package.
        given: what the user says of the table's columns, by the parameter of the task `csv`.
        folder: where the configuration will lie.

    Raises `ValueError` where the table cannot be read, or the name is unfit.
    """
    if data is None:
        return _with_time(_filled(BUILT_IN, {"name": name}), name, folder)
    task, parameters = _task(data, given)
    written = parameters | {"file": os.path.relpath(data, folder)}
    text = ""
    for size in sizes():
        text = _filled(OWN, {"name": name, **_facts(task, written, size, data)})
        if _seconds(text, name, folder) <= SECONDS:
            break
    return _with_time(text, name, folder)


def _task(data: Path, given: Mapping[str, str]) -> tuple[Csv, dict[str, Any]]:
    """The task of a table, and those of its parameters that differ from their defaults."""
    parameters: dict[str, Any] = {"file": str(data), **inspected(data, given)}
    try:
        task = build_task("csv", parameters)
    except ValueError:
        # Sequences may differ in length. Where that is not all, the message says what else is wrong
        task = build_task("csv", parameters | {"pad": True})
    assert isinstance(task, Csv)
    return task, task.model_dump(exclude_defaults=True)


def _facts(task: Csv, parameters: dict[str, Any], size: Size, data: Path) -> dict[str, str]:
    """What the template says of the table, by the word that stands for it."""
    counts = {split: task.size(split) for split in Split}
    longest = int(task.table.lengths.max())
    available = counts[Split.TRAIN]
    train = sorted({max(1, available // part) for part in size.parts})
    steps = min(longest, size.steps)
    return {
        "file": _one_line(data.name),
        "title": json.dumps(data.name),
        "task": _task_name(data),
        "parameters": _parameters(parameters),
        "found": _found(task),
        "targets": _targets(task),
        "divided": _divided(task, counts),
        "length": str(steps),
        "cut": "" if steps == longest else f", of the {longest} that the longest sequence has",
        "train_sizes": yaml.safe_dump(train, default_flow_style=True).strip(),
        "training": f"{available:,}",
        "seeds": str(size.seeds),
        "most": str(size.most),
        "least": str(min(200, size.most // 2)),
        "patience": str(min(300, size.most // 2)),
        "batch": str(min(32, train[0])),
    }


def _parameters(parameters: dict[str, Any]) -> str:
    lines = yaml.safe_dump(parameters, sort_keys=False, allow_unicode=True, width=10_000)
    return "\n".join(f"      {line}" for line in lines.splitlines())


def _found(task: Csv) -> str:
    lengths = task.table.lengths
    steps = f"{lengths.min()} to {lengths.max()}" if lengths.min() < lengths.max() else lengths[0]
    features = _listed(task.input_names)
    return f"{len(lengths):,} sequences of {steps} steps; features: {features}"


def _targets(task: Csv) -> str:
    when = "one for each sequence" if task.asked == "final" else "at the steps that have one"
    if task.answer == "class":
        counts = np.bincount(task.table.targets[task.table.targets >= 0].ravel())
        shares = [
            f"{name} ({count:,})" for name, count in zip(task.output_names, counts, strict=False)
        ]
        return f"{len(task.output_names)} classes, {when}: {_listed(shares)}"
    values = task.table.targets[np.isfinite(task.table.targets)]
    return f"values from {values.min():.4g} to {values.max():.4g}, {when}"


def _divided(task: Csv, counts: Mapping[Split, int]) -> str:
    numbers = ", ".join(f"{count:,} {split}" for split, count in counts.items())
    if task.split is not None:
        return f"{numbers}, as the column {task.split} says"
    return f"{numbers}, by a hash of their names"


def _listed(names: Any) -> str:
    shown = ", ".join(str(name) for name in names[:SHOWN])
    text = shown if len(names) <= SHOWN else f"{shown}, ... ({len(names)} in all)"
    return _one_line(text)


def _one_line(text: str) -> str:
    """Text that ends no comment."""
    return " ".join(text.split())


def _task_name(data: Path) -> str:
    """The name of a table's file as a name of the configuration."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-"
                   for letter in data.stem.lower())  # fmt: skip
    return kept.strip("-")[:60].strip("-") or "own"


def _filled(template: str, facts: Mapping[str, str]) -> str:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return _WORD.sub(lambda match: facts.get(match[1], match[0]), text)


def _experiment(text: str, name: str, folder: Path) -> Experiment:
    try:
        return Experiment.parse(yaml.safe_load(text), f"{name}.yaml", folder)
    except ConfigurationError as error:
        raise ValueError(str(error)) from None


def _seconds(text: str, name: str, folder: Path) -> float:
    return forecast(_experiment(text, name, folder)).wall_seconds(SLOTS)


def _with_time(text: str, name: str, folder: Path) -> str:
    minutes = max(1, round(_seconds(text, name, folder) / MINUTE))
    return text.replace(TIME, f"{minutes} minute{'s' if minutes > 1 else ''}", 1)
