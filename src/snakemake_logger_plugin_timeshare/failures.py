"""A failed job as text: what it was to do, and the end of the log that says why it failed."""

from collections.abc import Sequence
from pathlib import Path

LINES = 60
"""Lines of a log that are shown, its last ones."""


def failure(title: str, rule: str, logs: Sequence[str], reason: str) -> str:
    """The text of a failure.

    Arguments:
        title: what the job was to do; empty if unknown.
        rule: name of its rule.
        logs: paths of its logs; the first one with content is shown.
        reason: what Snakemake says of it, shown where no log has content.
    """
    lines = [f"Failed: {title or rule}" + (f" (rule {rule})" if title else "")]
    for log in logs:
        content = _lines_of(Path(log))
        if content:
            return "\n".join([*lines, *_shown(log, content)])
    lines += [f"  {line}" for line in reason.splitlines()]
    lines.append(f"  Its log is empty: {logs[0]}" if logs else "  It has no log.")
    return "\n".join(lines)


def _shown(log: str, content: list[str]) -> list[str]:
    left_out = len(content) - LINES
    which = f"The last {LINES} lines" if left_out > 0 else "All"
    return [f"  {which} of {log}:", *(f"    {line}" for line in content[-LINES:])]


def _lines_of(path: Path) -> list[str]:
    if not path.is_file():
        return []
    return [line for line in path.read_text(errors="replace").splitlines() if line.strip()]
