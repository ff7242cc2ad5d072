"""Output on a terminal, with one line that stays, or into a file or pipe."""

import os
import shutil
from typing import TextIO

CLEAR = "\x1b[K"
"""Erases from the cursor to the end of the line."""


class Screen:
    """Where lines go.

    On a terminal the cursor rests at the begin of the line that stays, so that what a job prints by
    itself takes its place.

    Arguments:
        stream: standard error, or whatever else is written to.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.live = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = False

    def print(self, text: str) -> None:
        """Write lines, above the one that stays."""
        self.clear()
        self._stream.write(text + "\n")
        self._stream.flush()

    def show(self, line: str) -> None:
        """Replace the line that stays; does nothing where there is no terminal."""
        if not self.live or not line:
            return
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r{CLEAR}{line[:width]}\r")
        self._stream.flush()
        self._shown = True

    def clear(self) -> None:
        """Remove the line that stays."""
        if self._shown:
            self._stream.write(f"\r{CLEAR}")
            self._stream.flush()
            self._shown = False
