"""Find a task, a cell, a schedule or a claim by the name that a configuration gives it.

A registry group is a package of this one, such as `recurrent.schedules`. Each of its modules
defines one concrete class, which is registered under the module's name: `blocks` in the group
`recurrent.schedules` is the class that `timeshare.recurrent.schedules.blocks` defines. Modules
whose names begin with an underscore are not registered, and neither are those that the package
lists in `SUPPORT`. Any other class is named by its import path, `my_package.module:MyTask`.
The configuration's key for either is `kind`.
"""

import importlib
import inspect
import pkgutil
import re
from functools import cache
from typing import Any

IMPORT_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
"""A module and a class of it, 'my_package.module:MyClass'."""
LONGEST_REASON = 200
"""Characters that a message repeats of a name or of the error of another program."""


class ContractError(ValueError):
    """A class does not keep what its kind promises; the message says all, so no traceback is shown.

    It is raised where a class is found or used, and whatever its author wrote is known.
    """


class UnknownNameError(ContractError):
    """No class can be found under this name; the message says why, or lists the names there are."""


class ShadowingError(TypeError):
    """A field of a class takes the name of a method or property that the package calls."""


@cache
def names(group: str) -> tuple[str, ...]:
    """The registered names of a group (`tasks`, `recurrent.cells`, `recurrent.schedules`, ...)."""
    package = importlib.import_module(f"timeshare.{group}")
    support = {"base", *getattr(package, "SUPPORT", ())}
    modules = (module.name for module in pkgutil.iter_modules(package.__path__))
    public = sorted(name for name in modules if name not in support and not name.startswith("_"))
    return tuple(name.replace("_", "-") for name in public)


def exists(group: str, name: str) -> bool:
    """Whether a class is registered under the name; no module of the group is imported."""
    return name in names(group)


@cache
def find(group: str, name: str) -> type:
    """The class that is registered under a name, or the one that an import path leads to.

    Raises `UnknownNameError` when the group has no such module or the import path leads nowhere.
    """
    if ":" in name:
        return _imported(group, name)
    if not exists(group, name):
        raise UnknownNameError(
            f"{name!r} is not a registered name; these are {', '.join(names(group))}, and a class "
            "outside the package is named by its import path, 'my_package.module:MyClass'"
        )
    module_name = f"timeshare.{group}.{name.replace('-', '_')}"
    module = importlib.import_module(module_name)
    base = importlib.import_module(f"timeshare.{group}.base")
    abstract = tuple(
        value for _, value in inspect.getmembers(base, inspect.isclass) if inspect.isabstract(value)
    )
    defined = [
        value
        for _, value in inspect.getmembers(module, inspect.isclass)
        if value.__module__ == module_name
        and issubclass(value, abstract)
        and not inspect.isabstract(value)
    ]
    if len(defined) != 1:
        raise UnknownNameError(f"{module_name} must define one class for the name {name!r}")
    return defined[0]


def find_derived(group: str, name: str, base: type[Any]) -> type[Any]:
    """The class of `find`, which must derive from a base and define all that the base leaves open.

    Arguments:
        group: of the registered names.
        name: a registered name or an import path.
        base: its abstract methods, and its annotated attributes without a value, must be defined.

    Raises `UnknownNameError` when the class is another one or lacks something.
    """
    found = find(group, name)
    if not issubclass(found, base):
        path = f"{base.__module__}.{base.__qualname__}"
        raise UnknownNameError(f"{name!r} does not derive from {path}")
    abstract = set(getattr(found, "__abstractmethods__", ()))
    fields = getattr(found, "model_fields", {})
    stated = {
        field
        for field in inspect.get_annotations(base)
        if field not in fields and not hasattr(found, field)
    }
    if lacking := sorted(abstract | stated):
        raise UnknownNameError(f"{name!r} does not define {', '.join(lacking)}")
    return found


def refuse_shadowing(cls: type, base: type) -> None:
    """Raise `ShadowingError` where a field of a class hides a method or property of its base.

    A base calls this in its `__init_subclass__`, since the package would otherwise fail later, at
    the first call of the hidden method.

    Arguments:
        cls: the class that is being defined; its annotated attributes are its fields.
        base: the class whose methods and properties the package calls.
    """
    for field, annotation in inspect.get_annotations(cls).items():
        hidden = inspect.getattr_static(base, field, None)
        if "ClassVar" in str(annotation) or not (
            inspect.isroutine(hidden) or isinstance(hidden, property)
        ):
            continue
        kind = "property" if isinstance(hidden, property) else "method"
        raise ShadowingError(
            f"the field {field!r} of {cls.__qualname__} hides the {kind} {field!r} of "
            f"{base.__name__}; rename the field"
        )


def first_line(error: BaseException) -> str:
    """The type of an error and the first line of its message."""
    message = str(error).strip().partition("\n")[0]
    if len(message) > LONGEST_REASON:
        message = f"{message[:LONGEST_REASON]}…"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _imported(group: str, path: str) -> type:
    shown = repr(path[:LONGEST_REASON])
    if not IMPORT_PATH.fullmatch(path):
        raise UnknownNameError(
            f"{shown} is no import path; write that of an installed class, "
            f"'my_package.module:MyClass', or a registered name: {', '.join(names(group))}"
        )
    module_name, _, class_name = path.partition(":")
    try:
        found = getattr(importlib.import_module(module_name), class_name)
    except ShadowingError as error:
        raise UnknownNameError(f"{shown} cannot be used: {error}") from error
    except (Exception, SystemExit) as error:  # the code of a plug-in may raise anything
        raise UnknownNameError(
            f"{shown} cannot be imported ({first_line(error)}); write the import path of an "
            "installed class, 'my_package.module:MyClass', or a registered name: "
            f"{', '.join(names(group))}"
        ) from error
    if not inspect.isclass(found):
        raise UnknownNameError(f"{shown} is not a class")
    return found
