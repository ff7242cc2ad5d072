"""Checkpoints of a training job: whole or absent, and refused when another job wrote them."""

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

from safetensors.torch import load, save
from torch import Tensor

from timeshare.storage.files import replacing

log = logging.getLogger(__name__)

DIGEST = 64
"""Bytes at the beginning of a checkpoint: the SHA-256 of the rest, in hexadecimal."""


def save_checkpoint(path: Path, owner: str, tensors: dict[str, Tensor], facts: Any) -> None:
    """Write a checkpoint in one piece.

    Arguments:
        path: the file of the checkpoint.
        owner: digest of the condition, data and versions; only a job with the same one resumes.
        tensors: everything the next update depends on.
        facts: further values, as far as JSON can hold them.
    """
    metadata = {"owner": owner, "facts": json.dumps(facts)}
    content = save(tensors, metadata=metadata)
    digest = hashlib.sha256(content).hexdigest().encode()
    with replacing(path) as temporary:
        temporary.write_bytes(digest + content)


def load_checkpoint(path: Path, owner: str) -> tuple[dict[str, Tensor], Any] | None:
    """Read the tensors and facts of a checkpoint.

    Returns None where the file is absent, and, with a logged warning, where it is damaged or has
    another owner.
    """
    if not path.exists():
        return None
    whole = path.read_bytes()
    digest, content = whole[:DIGEST], whole[DIGEST:]
    if hashlib.sha256(content).hexdigest().encode() != digest:
        log.warning("%s is truncated or corrupted; training starts over", path)
        return None
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    if header["__metadata__"]["owner"] != owner:
        log.warning("%s belongs to another condition or version; training starts over", path)
        return None
    return load(content), json.loads(header["__metadata__"]["facts"])
