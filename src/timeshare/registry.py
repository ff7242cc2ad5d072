"""Find a task, a cell or a schedule by the name a configuration gives it.

A built-in kind is a module of its room: `blocks` in the room `recurrent.schedules` is the
one concrete class that `timeshare.recurrent.schedules.blocks` defines. Any other kind is an
import path, `my_package.module:MyTask`.
"""

import importlib
import inspect
import pkgutil
from functools import cache


class UnknownKindError(ValueError):
    """No class goes by this name; the message says which names exist."""


@cache
def kinds(room: str) -> tuple[str, ...]:
    """The built-in kinds of a room (`tasks`, `recurrent.cells`, `recurrent.schedules`)."""
    package = importlib.import_module(f"timeshare.{room}")
    modules = (module.name for module in pkgutil.iter_modules(package.__path__))
    public = sorted(name for name in modules if name != "base" and not name.startswith("_"))
    return tuple(name.replace("_", "-") for name in public)


def exists(room: str, kind: str) -> bool:
    """Whether the kind is built in; nothing of it is imported."""
    return kind in kinds(room)


@cache
def find(room: str, kind: str) -> type:
    """The class a kind names.

    Raises `UnknownKindError` when the room has no such module or the import path leads nowhere.
    """
    if ":" in kind:
        return _imported(kind)
    if not exists(room, kind):
        raise UnknownKindError(
            f"{kind!r} is not known; built in are {', '.join(kinds(room))}, "
            "and a class of your own is named by its import path, 'my_package.module:MyClass'"
        )
    name = f"timeshare.{room}.{kind.replace('-', '_')}"
    module = importlib.import_module(name)
    base = importlib.import_module(f"timeshare.{room}.base")
    abstract = tuple(
        value for _, value in inspect.getmembers(base, inspect.isclass) if inspect.isabstract(value)
    )
    defined = [
        value
        for _, value in inspect.getmembers(module, inspect.isclass)
        if value.__module__ == name
        and issubclass(value, abstract)
        and not inspect.isabstract(value)
    ]
    if len(defined) != 1:
        raise UnknownKindError(f"{name} must define one class for the kind {kind!r}")
    return defined[0]


def _imported(path: str) -> type:
    module_name, _, class_name = path.partition(":")
    try:
        found = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise UnknownKindError(f"{path!r} cannot be imported ({error})") from error
    if not inspect.isclass(found):
        raise UnknownKindError(f"{path!r} is not a class")
    return found
