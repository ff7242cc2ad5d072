"""Which source files a script runs through: the closure of its imports, read without importing.

A workflow compares these files to know which results are stale.
"""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import grimp

PACKAGE = Path(__file__).resolve().parents[1]


@cache
def imported(
    start: Path, without: tuple[str, ...] = (), package: Path = PACKAGE
) -> frozenset[Path]:
    """A file and all of the package that it imports: through other files, in functions, too.

    A package's `__init__.py` counts, as importing a module of it runs it; a module that is built
    from C counts with the C files and headers beside it. Imports for type checkers do not count.

    Arguments:
        start: the file whose imports are followed.
        without: modules, or packages with all that is in them, that are left out and not followed.
        package: folder of the package, in which Python finds it.
    """
    graph = _graph(package, without)
    if start.is_relative_to(package):
        parts = start.relative_to(package.parent).with_suffix("").parts
        first = {".".join(part for part in parts if part != "__init__")}
    else:
        first = {_module(name, graph) for name in _imported_names(start)} & graph.modules
    modules = first.union(*(graph.find_upstream_modules(module) for module in first))
    files = {_file(module, package) for module in modules}
    return frozenset({start, *files}.union(*(file.parent.glob("*.[ch]") for file in files)))


def source_of(group: str, kind: str, package: Path = PACKAGE) -> Path | None:
    """The file that `registry.find` reads for a name; None where an import path has no file."""
    if ":" not in kind:
        return package / group.replace(".", "/") / f"{kind.replace('-', '_')}.py"
    try:
        spec = find_spec(kind.partition(":")[0])
    except (ImportError, ValueError):
        return None
    source = None if spec is None or spec.origin is None else Path(spec.origin)
    return source if source is not None and source.suffix == ".py" else None


@cache
def _graph(package: Path, without: tuple[str, ...]) -> "grimp.ImportGraph":
    """The imports between the modules of a package; each also imports its own package."""
    import grimp

    graph = grimp.build_graph(package.name, exclude_type_checking_imports=True, cache_dir=None)
    for module in graph.modules:
        if any(f"{module}.".startswith(f"{each}.") for each in without):
            graph.remove_module(module)
    for module in graph.modules:
        parent = module.rpartition(".")[0]
        if parent in graph.modules:
            graph.add_import(importer=module, imported=parent)
    return graph


def _module(name: str, graph: "grimp.ImportGraph") -> str:
    """The module in which an imported name is found; the name itself where there is none."""
    module = name
    while module and module not in graph.modules:
        module = module.rpartition(".")[0]
    return module or name


def _file(module: str, package: Path) -> Path:
    path = package.parent / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _imported_names(path: Path) -> Iterator[str]:
    """The dotted names that a file outside the package imports; both `a` and `a.b` of `a.b`."""
    waiting: list[ast.AST] = [ast.parse(path.read_bytes())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        waiting += ast.iter_child_nodes(node)
