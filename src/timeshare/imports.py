"""Which source files a script runs through: the closure of its imports, read without importing.

A workflow compares these files to know which results are stale.
"""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec, resolve_name
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def imported(
    start: Path, without: tuple[str, ...] = (), package: Path = PACKAGE
) -> frozenset[Path]:
    """A file and all of the package that it imports: through other files, in functions, too.

    A package's `__init__.py` counts, as importing a module of it runs it; a module that is built
    from C counts with the C files and headers beside it. What only a type checker reads does not.

    Arguments:
        start: the file whose imports are followed.
        without: modules, or packages with all that is in them, that are left out and not followed.
        package: folder of the package.
    """
    found: set[Path] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.is_relative_to(package):
            found.update(path.parent.glob("*.[ch]"))
        for name, files in _imports(path, package).items():
            if not any(f"{name}.".startswith(f"{each}.") for each in without):
                waiting += files
    return frozenset(found)


def source_of(room: str, kind: str, package: Path = PACKAGE) -> Path | None:
    """The file of a kind, as `registry.find` looks it up; None where an import path has no file."""
    if ":" not in kind:
        return package / room.replace(".", "/") / f"{kind.replace('-', '_')}.py"
    try:
        spec = find_spec(kind.partition(":")[0])
    except (ImportError, ValueError):
        return None
    source = None if spec is None or spec.origin is None else Path(spec.origin)
    return source if source is not None and source.suffix == ".py" else None


def _name(path: Path, package: Path) -> str:
    """The dotted name of a file of the package, nothing for any other."""
    if not path.is_relative_to(package):
        return ""
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts)


def _files(name: str, package: Path) -> Iterator[Path]:
    """The files that importing a name of the package runs; its last part may be no module."""
    root, *parts = name.split(".")
    if root != package.name:
        return
    path = package
    yield path / "__init__.py"
    for part in parts:
        path /= part
        for file in (path / "__init__.py", path.with_suffix(".py")):
            if file.exists():
                yield file


@cache
def _imports(path: Path, package: Path) -> dict[str, list[Path]]:
    """The names of the package that a file imports, each with the files that importing it runs."""
    names = _imported_names(path, _name(path, package))
    return {name: list(_files(name, package)) for name in names}


def _imported_names(path: Path, name: str) -> set[str]:
    """The dotted names a file imports; of `from a import b` both `a` and `a.b`."""
    found: list[str] = []
    waiting: list[ast.AST] = [ast.parse(path.read_bytes())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (name or not node.level):
            home = resolve_name("." * node.level + (node.module or ""), name.rpartition(".")[0])
            found += [home, *(f"{home}.{alias.name}" for alias in node.names)]
        waiting += ast.iter_child_nodes(node)
    return set(found)
