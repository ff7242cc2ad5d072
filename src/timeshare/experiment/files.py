"""The user's files that a configuration names, which are looked for in its own folder."""

import importlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from timeshare import registry
from timeshare.experiment.build import TASKS


def located(content: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The configuration, with the files of its tasks as the working directory finds them.

    Only the parameters that a task lists in `file_parameters` are changed. A path stays as it is
    where it is absolute or where `folder` is the working directory; it becomes relative to the
    working directory where it lies inside it, and else absolute.

    Arguments:
        content: the configuration, which may be wrong in any way; what is not understood stays.
        folder: that of the configuration.
    """
    tasks = content.get("tasks")
    if not isinstance(tasks, Mapping) or folder.resolve() == Path.cwd():
        return dict(content)
    return {**content, "tasks": {name: _entry(name, each, folder) for name, each in tasks.items()}}


def _entry(name: object, entry: object, folder: Path) -> object:
    parameters = entry.get("parameters") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(parameters, Mapping):
        return entry
    changed = dict(parameters)
    for key in _file_parameters(entry.get("kind") or name):
        if isinstance(changed.get(key), str):
            changed[key] = _located(changed[key], folder)
    return {**entry, "parameters": changed}


def _file_parameters(kind: object) -> tuple[str, ...]:
    """The parameters of a kind that name files; none where there is no such kind."""
    if not isinstance(kind, str) or not (":" in kind or registry.exists(TASKS.name, kind)):
        return ()
    try:
        return tuple(getattr(registry.find(TASKS.name, kind), "file_parameters", ()))
    except registry.UnknownNameError:
        return ()


def _located(file: str, folder: Path) -> str:
    path = Path(os.path.normpath(folder.resolve() / file))
    inside = path.is_relative_to(Path.cwd())
    return (
        file if Path(file).is_absolute() else str(path.relative_to(Path.cwd()) if inside else path)
    )


def importable(folder: Path) -> str:
    """Let Python find modules in a folder, after all others; returns its absolute path."""
    path = str(folder.resolve())
    if path not in sys.path:
        sys.path.append(path)
        importlib.invalidate_caches()
    return path
