"""Import paths of claims and figures, whose modules are read but not run before any job.

They import what analysis and report need, for which planning must not wait; a mistake in them would
otherwise be found after the training.
"""

import ast
from importlib.util import find_spec
from typing import Annotated

from pydantic import AfterValidator

from timeshare.experiment.imports import source_of
from timeshare.experiment.strict import shown


def known_import_path(path: str) -> str:
    """Return the import path; `ValueError` where no class can come from it.

    Its module has to exist, its source to be Python, what it imports to be installed, and the name
    of the class to be in it.
    """
    module, _, name = path.partition(":")
    if not name.isidentifier() or not _is_module(module):
        raise ValueError(
            f"{shown(path)} cannot be found: there is no such module with such a class. Write "
            "the import path of an installed module, 'my_package.module:MyClass'."
        )
    if fault := _source_fault(path, name):
        raise ValueError(f"{shown(path)} cannot be used: {fault}.")
    return path


def _source_fault(path: str, name: str) -> str | None:
    """What the source alone shows to be wrong; None where nothing is, or there is no source."""
    source = source_of("", path)
    if source is None:
        return None
    try:
        tree = ast.parse(source.read_bytes())
    except SyntaxError as error:
        return f"{source.name}, line {error.lineno}: {error.msg}"
    except ValueError as error:
        return f"{source.name}: {error}"
    for node in tree.body:
        for lacking in (each for each in _imports(node) if not _is_module(each)):
            return f"{source.name}, line {node.lineno}: there is no module {lacking!r} to import"
    if not any(_binds(node, name) for node in ast.walk(tree)):
        return f"{source.name} has no class {name}"
    return None


def _imports(node: ast.stmt) -> list[str]:
    """The packages that a statement imports; relative ones are left out."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.partition(".")[0]]
    return []


def _binds(node: ast.AST, name: str) -> bool:
    """Whether a node may give the name a value."""
    match node:
        case ast.ClassDef(name=found) | ast.FunctionDef(name=found):
            return found == name
        case ast.Name(id=found, ctx=ast.Store()):
            return found == name
        case ast.alias(name=found, asname=other):
            return (other or found) in (name, "*")
    return False


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


ImportPath = Annotated[str, AfterValidator(known_import_path)]
