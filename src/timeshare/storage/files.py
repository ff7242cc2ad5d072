"""Files that are whole or absent: each is written under a temporary name and then renamed."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timeshare.storage.seals import EMPTY_SEAL, SEAL, check_seal, seal

if TYPE_CHECKING:
    import pandas as pd
    from torch import Tensor


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, which takes its place when the block ends without error.

    Half-written files that killed processes left beside it are removed: Snakemake deletes only
    the outputs that a rule declares.

    An `OSError` within the block, such as that of a full disk, names `path`.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.filename not in (None, str(temporary)):
            raise
        reason = error.strerror or str(error).strip().partition("\n")[0]
        raise OSError(error.errno or errno.EIO, reason, str(path)) from error
    finally:
        with suppress(OSError):  # of a disk that cannot be written, which was just said
            temporary.unlink(missing_ok=True)


def _remove_abandoned(path: Path) -> None:
    """Remove temporary files of `path` whose process has ended, as far as this host can tell."""
    start, end = f".{path.name}.", ".part"
    for left in path.parent.iterdir():
        pid = left.name.removeprefix(start).removesuffix(end)
        if left.name == f"{start}{pid}{end}" and pid.isdecimal() and not _lives(int(pid)):
            left.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    """Whether a process of this host has this id; True on systems other than POSIX."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON document, keys in the order given and the seal last."""
    sealed = {**content, SEAL: EMPTY_SEAL}
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(sealed, indent=2, allow_nan=False) + "\n")
        seal(temporary)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON document that `write_json` wrote; raises `DamagedFileError`."""
    check_seal(path)
    content: dict[str, Any] = json.loads(path.read_text())
    del content[SEAL]
    return content


def write_arrays(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write named arrays as a safetensors file; equal arrays give equal bytes."""
    from safetensors.numpy import save_file

    whole = {name: np.ascontiguousarray(array) for name, array in sorted(arrays.items())}
    with replacing(path) as temporary:
        with _as_os_error():
            save_file(whole, temporary, metadata={SEAL: EMPTY_SEAL})
        seal(temporary)


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """Read the arrays that `write_arrays` wrote; raises `DamagedFileError`."""
    from safetensors.numpy import load_file

    check_seal(path)
    arrays: dict[str, NDArray[np.generic]] = load_file(path)
    return arrays


def write_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write named tensors as a safetensors file; equal tensors give equal bytes."""
    from safetensors.torch import save_file

    with replacing(path) as temporary:
        with _as_os_error():
            save_file(dict(sorted(tensors.items())), temporary, metadata={SEAL: EMPTY_SEAL})
        seal(temporary)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Read the tensors that `write_tensors` wrote; raises `DamagedFileError`."""
    from safetensors.torch import load_file

    check_seal(path)
    tensors: dict[str, Tensor] = load_file(path)
    return tensors


@contextmanager
def _as_os_error() -> Iterator[None]:
    """What safetensors raises when a file cannot be written becomes the usual kind of error."""
    from safetensors import SafetensorError

    try:
        yield
    except SafetensorError as error:
        raise OSError(errno.EIO, str(error)) from error


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a tidy table as Parquet; equal tables give equal bytes."""
    import pyarrow as pa
    from pyarrow import parquet

    columns = pa.Table.from_pandas(table, preserve_index=False)
    sealed = columns.replace_schema_metadata({**columns.schema.metadata, SEAL: EMPTY_SEAL})
    with replacing(path) as temporary:
        parquet.write_table(sealed, temporary)
        seal(temporary)


def read_table(path: Path) -> pd.DataFrame:
    """Read a table that `write_table` wrote; raises `DamagedFileError`."""
    import pandas as pd

    check_seal(path)
    return pd.read_parquet(path)


def write_user_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table for the user: Parquet where the name ends so, else CSV."""
    with replacing(path) as temporary:
        if path.suffix == ".parquet":
            table.to_parquet(temporary, index=False)
        else:
            table.to_csv(temporary, index=False)


def sha256(path: Path) -> str:
    """Digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
