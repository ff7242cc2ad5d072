"""Flipped bits in every kind of file that a job reads: none may be used in silence.

python -m tests.reliability.flips FOLDER [FLIPS]: flip that many bits (500), one at a time, and
print how many were refused.
"""

import json
import logging
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.conftest import read_by, small
from timeshare.data.files import DamagedDataError, manifest_path, read_parts, write_parts
from timeshare.experiment import Experiment, expand
from timeshare.experiment.paths import HISTORY, RUN, WEIGHTS
from timeshare.storage.checkpoints import load_checkpoint, save_checkpoint
from timeshare.storage.files import read_json, read_table, read_tensors, write_json
from timeshare.storage.provenance import now
from timeshare.storage.seals import DamagedFileError
from timeshare.tasks.base import Split
from timeshare.training.run_files import read_run, write_run
from timeshare.training.train import train

OWNER = "owner"


def files(folder: Path) -> Mapping[Path, Callable[[Path], object]]:
    """One file of each kind, written as jobs write it, and what reads it."""
    condition = expand(Experiment.parse(small()))["parity/shared/length-10/truncation-3"]
    splits = read_by(condition)
    data = folder / "train.safetensors"
    write_parts(data, splits[Split.TRAIN], {"task": "parity"})
    trained = train(condition, splits)
    names = (WEIGHTS, HISTORY, RUN)
    write_run(trained, now(), *(folder / name for name in names))
    save_checkpoint(folder / "checkpoint", OWNER, trained.reported.tensors, {"done": 3})
    write_json(folder / "tracked.json", {"logged": 4})
    return {
        data: read_parts,
        manifest_path(data): lambda _: read_parts(data),
        folder / WEIGHTS: read_tensors,
        folder / HISTORY: read_table,
        folder / RUN: read_run,
        folder / "checkpoint": _resumed,
        folder / "tracked.json": read_json,
    }


def flipped(
    known: Mapping[Path, Callable[[Path], object]], flips: int, seed: int = 0
) -> Iterator[tuple[Path, bool]]:
    """Flip bits, one at a time, the files taking turns: the file, and whether it was refused."""
    chooser = random.Random(seed)
    for number in range(flips):
        path = list(known)[number % len(known)]
        content = path.read_bytes()
        place = chooser.randrange(8 * len(content))
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        try:
            known[path](path)
        except (DamagedFileError, DamagedDataError):
            yield path, True
        else:
            yield path, False
        finally:
            path.write_bytes(content)


def _resumed(path: Path) -> object:
    found = load_checkpoint(path, OWNER)
    if found is None:
        raise DamagedFileError("training starts over")
    return found


def main() -> None:
    """Flip bits and print what came of it."""
    folder, flips = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500
    logging.disable()
    folder.mkdir(parents=True, exist_ok=True)
    refused: dict[str, int] = {}
    silent = 0
    for path, found in flipped(files(folder), flips):
        refused[path.name] = refused.get(path.name, 0) + found
        silent += not found
    print(json.dumps({"flips": flips, "refused": refused, "used in silence": silent}))
    sys.exit(bool(silent))


if __name__ == "__main__":
    main()
