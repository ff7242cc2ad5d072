"""Files that are whole or absent: everything is written to a temporary name, then renamed."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, which takes its place when the block ends without error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON document, keys in the order given."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2, allow_nan=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON document."""
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def write_arrays(
    path: Path, arrays: Mapping[str, NDArray[np.generic]], metadata: Mapping[str, str] | None = None
) -> None:
    """Write named arrays as a safetensors file; equal arrays give equal bytes."""
    from safetensors.numpy import save_file

    whole = {name: np.ascontiguousarray(array) for name, array in sorted(arrays.items())}
    with replacing(path) as temporary:
        save_file(whole, temporary, metadata=dict(metadata or {}))


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """Read the named arrays of a safetensors file."""
    from safetensors.numpy import load_file

    arrays: dict[str, NDArray[np.generic]] = load_file(path)
    return arrays


def sha256(path: Path) -> str:
    """Digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
