"""A digest of a file inside the file, so that damaged bytes are refused before anything reads them.

A file's format keeps a short text, the *seal*, in a place of its own: a key of a JSON document, the
metadata of a safetensors or Parquet file. It is written with zeros, and then these are replaced by
the SHA-256 of the whole file with the zeros in it. File and digest cannot be told apart by a kill,
and other programs read the file as ever.
"""

import hashlib
import mmap
from pathlib import Path

MARK = b"timeshare-sha256:"
DIGITS = 64
ZEROS = b"0" * DIGITS
SEAL = "seal"
"""The key under which a format keeps the seal."""
EMPTY_SEAL = (MARK + ZEROS).decode()
"""What is written first."""

REMEDY = (
    "Delete it and start the same command again, `make` or `snakemake`: the job that wrote it "
    "writes it anew."
)
"""What makes a damaged file anew."""


class DamagedFileError(ValueError):
    """A file whose bytes are not those that were written; the message says what to run."""


def seal(path: Path) -> None:
    """Put the digest of a file in the place of the zeros of its seal."""
    with path.open("r+b") as file:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            start = content.rfind(MARK + ZEROS)
            if start < 0:
                raise ValueError(f"{path} was written without a seal")
            start += len(MARK)
            digest = _digest(content, start)
        file.seek(start)
        file.write(digest)


def check_seal(path: Path) -> None:
    """Raise `DamagedFileError` where a file's bytes are not those that its seal was made of."""
    if path.stat().st_size < len(MARK) + DIGITS:
        raise DamagedFileError(_sentence(path, "it is too short"))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        start = content.rfind(MARK) + len(MARK)
        if start < len(MARK):
            raise DamagedFileError(
                _sentence(path, "it has no digest, or an earlier version wrote it")
            )
        if content[start : start + DIGITS] != _digest(content, start):
            raise DamagedFileError(_sentence(path, "its bytes are not those that were written"))


def _sentence(path: Path, reason: str) -> str:
    return f"{path} is damaged: {reason}. {REMEDY}"


def _digest(content: mmap.mmap, start: int) -> bytes:
    """The digest of a file, zeros standing in its seal's place from `start` on."""
    with memoryview(content) as view:
        digest = hashlib.sha256(view[:start])
        digest.update(ZEROS)
        digest.update(view[start + DIGITS :])
    return digest.hexdigest().encode()
