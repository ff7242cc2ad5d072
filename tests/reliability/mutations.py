"""Mutations of all shipped configurations: each is read, or refused in a short message.

python -m tests.reliability.mutations [COUNT [SEED [FILE]]]: read that many mutations (100,000),
print how many were accepted, refused, or broke a bar, and keep those in a file. The bars are a
traceback, two seconds of a processor, 300 MB for the process that reads them, and a message of
2,000 characters or ten faults.
"""

import copy
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from timeshare.cost.limits import refusal
from timeshare.experiment import ConfigurationError, Experiment

ROOT = Path(__file__).resolve().parents[2]
SECONDS, MEGABYTES, CHARACTERS, FAULTS = 2.0, 300, 2_000, 10
HANG = 20
"""Seconds after which a reading counts as one that does not end."""
BATCH = 250
"""Mutations that one process reads, so that its memory is that of few."""

NUMBERS = [-1, 0, 1, 2, 3, 10**4, 10**6, 10**9, 10**18, 10**30, 10**4200, 0.5, 2.5, -0.0, 1e-320]
NUMBERS += [1e30, 1e308, float("inf"), float("-inf"), float("nan")]
WORDS = ["", " ", "x" * 300, "a\nb", "a\0b", "..", "../..", "/etc/passwd", "{d}", "größer", "~"]
WORDS += [".a:b", "..:x", ":", "a:", "os:system", "json:JSONDecoder", "timeshare.tasks.base:Task"]
WORDS += ["timeshare.recurrent.cells.base:Cell", "timeshare.tasks.parity:Parity", "fresh", "full"]
WORDS += [
    "sqlite:////tmp/a?b.db",
    "postgresql://me:secret@host/db",
    "http://",
    "file:///tmp",
    "x:y",
]
WORDS += ["1e3", "null", "<script>alert(1)</script>", "cuda:1000", "none", "shared", "lstm", "C1"]
OTHERS: list[Any] = [None, True, False, [], [None], [[]], {}, {"kind": "shared"}, {"kind": ":"}]
OTHERS += [list(range(20_000)), {str(n): n for n in range(2_000)}, [1, 1], ["a", "a"], [True, 1]]
OTHERS += [{"kind": "blocks", "size": 10**30}, {"kind": "basis"}, {1: 2}, {None: 1}, b"bytes"]
VALUES: list[list[Any]] = [NUMBERS, WORDS, OTHERS]
TEXTS = ["\0", "\xff", "\t", "&a [*a]", "*nowhere", "<<: *a", "? [a, b]\n: 1\n", "2020-13-45"]
TEXTS += ["0x" + "f" * 6_000, "9" * 5_000, "[" * 600, "{a: " * 600, "!!python/object:os.system x"]
TEXTS += ["!!binary 1", "!!timestamp x", "!!set {a}", "---\n", "...\n", "%YAML 9.9\n", ": : :\n"]


def shipped() -> list[str]:
    """The texts of all configurations of the repository."""
    files = [ROOT / "config.yaml", *sorted((ROOT / "studies").glob("*.yaml"))]
    files += sorted((ROOT / "examples").rglob("*.yaml"))
    return [file.read_text(encoding="utf-8") for file in files]


def places(content: Any) -> list[tuple[Any, Any]]:
    """Every place of a nested value, as a container and a key or an index of it."""
    found = []
    waiting = [content]
    while waiting:
        container = waiting.pop()
        keys = list(container) if isinstance(container, dict) else list(range(len(container)))
        found += [(container, key) for key in keys]
        waiting += [container[key] for key in keys if isinstance(container[key], dict | list)]
    return found


def replaced(content: Any, chooser: random.Random) -> None:
    """Another value at one place."""
    container, key = chooser.choice(places(content))
    container[key] = copy.deepcopy(chooser.choice(chooser.choice(VALUES)))


def swapped(content: Any, chooser: random.Random) -> None:
    """The value of one place at another."""
    known = places(content)
    (container, key), (source, other) = chooser.choice(known), chooser.choice(known)
    container[key] = copy.deepcopy(source[other])


def removed(content: Any, chooser: random.Random) -> None:
    """One place less."""
    container, key = chooser.choice(places(content))
    del container[key]


def added(content: Any, chooser: random.Random) -> None:
    """One key or entry more."""
    container, _ = chooser.choice(places(content))
    value: Any = copy.deepcopy(chooser.choice(chooser.choice(VALUES)))
    if isinstance(container, dict):
        container[chooser.choice([*WORDS, 1, None, True, 2.5])] = value
    else:
        container.append(value)


EDITS: list[Callable[[Any, random.Random], None]] = [replaced, replaced, swapped, removed, added]


@cache
def _parsed(text: str) -> Any:
    return yaml.safe_load(text)


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """A writer without aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def mutation(texts: list[str], chooser: random.Random) -> bytes:
    """A shipped configuration with one to three changes of its values, or one of its text."""
    text = chooser.choice(texts)
    if chooser.random() < 0.2:
        place, end = sorted(chooser.randrange(len(text)) for _ in range(2))
        end = min(end, place + chooser.choice([0, 0, 1, 20]))
        changed = text[:place] + chooser.choice(TEXTS) + text[end:]
        return changed.encode("latin-1" if chooser.random() < 0.1 else "utf-8", "replace")
    content = copy.deepcopy(_parsed(text))
    for _ in range(chooser.choice([1, 1, 2, 3])):
        if places(content):
            chooser.choice(EDITS)(content, chooser)
    sys.set_int_max_str_digits(0)
    try:
        return bytes(yaml.dump(content, Dumper=_Plain, encoding="utf-8", allow_unicode=True))
    finally:
        sys.set_int_max_str_digits(4300)


def outcome(path: Path, limits: bool) -> tuple[str, str]:
    """How reading a configuration ends: a word, and what was said or went wrong.

    Arguments:
        path: of the configuration.
        limits: whether it is also compared with its limits, which takes longer than to read it.
    """
    try:
        experiment = Experiment.read(path)
        said = (limits and refusal(experiment)) or ""
    except ConfigurationError as error:
        said = str(error)
        if len(said) > CHARACTERS or said.count("\n") > FAULTS:
            return "message too long", said
        return "refused", said
    except Exception:
        return "traceback", traceback.format_exc()
    if len(said) > CHARACTERS:
        return "message too long", said
    return ("beyond the limits" if said else "accepted"), said


def batch(seed: int, count: int, folder: Path, limits: bool = True) -> list[dict[str, Any]]:
    """Read mutations in this process; what became of each, with seconds and megabytes."""
    texts, chooser, found = shipped(), random.Random(seed), []
    path = folder / f"mutation-{seed}.yaml"
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    for number in range(count):
        content = mutation(texts, chooser)
        path.write_bytes(content)
        began = time.process_time()
        signal.alarm(HANG)
        try:
            word, said = outcome(path, limits)
        except KeyboardInterrupt:
            word, said = "does not end", traceback.format_exc()
        signal.alarm(0)
        seconds = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        broken = word not in ("refused", "accepted", "beyond the limits")
        kept = content.decode("utf-8", "replace") if broken or seconds > SECONDS else ""
        found.append(
            {"number": number, "word": word, "said": said if broken else "", "seconds": seconds}
            | {"megabytes": peak, "content": kept}
        )
    path.unlink()
    return found


def separately(seed: int, count: int, folder: Path, limits: bool = True) -> list[dict[str, Any]]:
    """`batch` in a process of its own."""
    answer = folder / f"batch-{seed}.json"
    child = os.fork()
    if child == 0:
        answer.write_text(json.dumps(batch(seed, count, folder, limits)))
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        return [{"word": f"the process ended with {status}", "said": "", "number": -1}]
    found: list[dict[str, Any]] = json.loads(answer.read_text())
    answer.unlink()
    return found


def main() -> None:
    """Read mutations, print what came of them, and keep those that broke a bar."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    kept = Path(sys.argv[3] if len(sys.argv) > 3 else "broken.jsonl")
    words: Counter[str] = Counter()
    Experiment.read(ROOT / "config.yaml")  # What every process needs is read once
    slowest = largest = 0.0
    slow = 0
    with tempfile.TemporaryDirectory() as scratch, kept.open("w") as broken:
        for start in range(0, count, BATCH):
            for each in separately(seed + start, min(BATCH, count - start), Path(scratch)):
                words[each["word"]] += 1
                slowest = max(slowest, each.get("seconds", 0))
                largest = max(largest, each.get("megabytes", 0))
                slow += each.get("seconds", 0) > SECONDS
                if each["said"] or each.get("content"):
                    broken.write(json.dumps({"seed": seed + start, **each}) + "\n")
    kinds = {"accepted", "refused", "beyond the limits"}
    bars = sum(number for word, number in words.items() if word not in kinds)
    summary = {"mutations": count, **words, "over 2 s": slow}
    print(json.dumps(summary | {"slowest s": round(slowest, 2), "peak MB": round(largest)}))
    sys.exit(bool(bars or slow or largest > MEGABYTES))


if __name__ == "__main__":
    main()
