"""Time the parts of an update: wall clock on the CPU, events on a GPU."""

import time
from typing import Protocol

import torch

from timeshare.training.parts import Part


class Clock(Protocol):
    """Adds up the seconds of each part; parts may alternate."""

    def start(self) -> None:
        """Begin an update."""

    def lap(self, part: Part) -> None:
        """Add the time since the start or the last lap to the part."""

    def seconds(self) -> dict[Part, float]:
        """Seconds of each part since the start."""


class WallClock:
    """`time.perf_counter`, for devices on which a call returns when its work is done."""

    def start(self) -> None:
        """Begin an update."""
        self._spent = dict.fromkeys(Part, 0.0)
        self._since = time.perf_counter()

    def lap(self, part: Part) -> None:
        """Add the time since the start or the last lap to the part."""
        now = time.perf_counter()
        self._spent[part] += now - self._since
        self._since = now

    def seconds(self) -> dict[Part, float]:
        """Seconds of each part since the start."""
        return dict(self._spent)


class EventClock:
    """CUDA events, recorded in the stream and read after the update."""

    def start(self) -> None:
        """Begin an update."""
        torch.cuda.synchronize()
        self._parts: list[Part] = []
        self._events = [self._event()]

    def lap(self, part: Part) -> None:
        """Add the time since the start or the last lap to the part."""
        self._parts.append(part)
        self._events.append(self._event())

    def seconds(self) -> dict[Part, float]:
        """Seconds of each part since the start."""
        torch.cuda.synchronize()
        spent = dict.fromkeys(Part, 0.0)
        pairs = zip(self._parts, self._events, self._events[1:], strict=False)
        for part, before, after in pairs:
            spent[part] += before.elapsed_time(after) / 1000
        return spent

    @staticmethod
    def _event() -> torch.cuda.Event:
        event: torch.cuda.Event = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
        event.record()
        return event


def clock_of(device: torch.device) -> Clock:
    """The clock for a device."""
    return EventClock() if device.type == "cuda" else WallClock()
