"""How far a run of the workflow is, and what is left, from expected seconds and its own pace."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean

MINUTE, HOUR = 60, 3600
"""Seconds."""


@dataclass(frozen=True)
class Job:
    """A job that has started.

    Arguments:
        rule: name of its rule.
        title: what it does, for readers.
        began: seconds of the timer.
    """

    rule: str
    title: str
    began: float


class Progress:
    """The jobs of a run: those to do, those that run, and the seconds of those that are finished.

    Arguments:
        timer: seconds, from any start.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._began = timer()
        self._planned: Counter[str] = Counter()
        self._running: dict[int, Job] = {}
        self._known: dict[int, Job] = {}
        self._seconds: dict[str, list[float]] = {}
        self._expected: Mapping[str, float] = {}

    def plan(self, jobs: Mapping[str, int], expected: Mapping[str, float] | None = None) -> None:
        """Take in what the run will do; it may be told again.

        Arguments:
            jobs: how many of each rule the run has.
            expected: seconds that a job of a rule should take, for those rules where it is known.
        """
        self._planned = Counter(jobs)
        self._expected = expected or {}
        self._began = self._timer()

    def start(self, number: int, rule: str, title: str) -> None:
        """A job has started."""
        self._running[number] = self._known[number] = Job(rule, title, self._timer())

    def finish(self, number: int) -> float:
        """A job has finished; returns its seconds."""
        job = self._running.pop(number)
        seconds = self._timer() - job.began
        self._seconds.setdefault(job.rule, []).append(seconds)
        return seconds

    def fail(self, number: int) -> None:
        """A job has failed."""
        self._running.pop(number, None)

    def title(self, number: int) -> str:
        """What a job does; empty if it never started."""
        return self._known[number].title if number in self._known else ""

    def rule(self, number: int) -> str:
        """The rule of a job that has started."""
        return self._known[number].rule

    @property
    def total(self) -> int:
        """Jobs of the run."""
        return self._planned.total()

    @property
    def done(self) -> int:
        """Finished jobs."""
        return sum(len(seconds) for seconds in self._seconds.values())

    def line(self) -> str:
        """What is being done, such as `train 61 of 93 · about 4 min left`."""
        counts = Counter(job.rule for job in self._running.values())
        if not counts:
            return f"{self.done} of {self.total} jobs done" if self.total else ""
        rule = max(counts, key=lambda name: (counts[name], self._planned[name]))
        parts = [f"{rule} {len(self._seconds.get(rule, []))} of {self._planned[rule]}"]
        left = self.seconds_left()
        if left is not None:
            parts.append(duration_left(left))
        return " · ".join(parts)

    def seconds_left(self) -> float | None:
        """Estimated seconds to the end; None where nothing is known of any job.

        A job that is left takes as long as the finished ones of its rule on the mean. If its rule
        has none, it takes what was expected of it, as many times as long as the finished jobs took
        of what was expected of them; without an expectation, the mean of all. As many run at once
        as did so far.
        """
        if not self.done and not self._expected:
            return None
        now = self._timer()
        running = Counter(job.rule for job in self._running.values())
        each = {rule: self._of_one(rule) for rule in self._planned | running}
        work = 0.0
        for rule, planned in self._planned.items():
            waiting = planned - len(self._seconds.get(rule, [])) - running[rule]
            work += max(waiting, 0) * each[rule]
        spent = {number: now - job.began for number, job in self._running.items()}
        for number, job in self._running.items():
            work += max(each[job.rule] - spent[number], 0.0)
        busy = sum(map(sum, self._seconds.values())) + sum(spent.values())
        at_once = busy / max(now - self._began, 1e-9) if self.done else len(self._running)
        return work / max(at_once, 1.0)

    def _of_one(self, rule: str) -> float:
        """Estimated seconds of a job of a rule."""
        if own := self._seconds.get(rule):
            return fmean(own)
        taken = expected = 0.0
        for known, seconds in self._seconds.items():
            if known in self._expected:
                taken += sum(seconds)
                expected += len(seconds) * self._expected[known]
        if rule in self._expected:
            return self._expected[rule] * (taken / expected if expected else 1.0)
        finished = [second for seconds in self._seconds.values() for second in seconds]
        return fmean(finished) if finished else fmean(self._expected.values())


def duration_left(seconds: float) -> str:
    """An estimate as people say it: `about 4 min left`."""
    if seconds < MINUTE:
        return "less than a minute left"
    minutes = round(seconds / MINUTE)
    hours, rest = divmod(minutes, HOUR // MINUTE)
    if not hours:
        return f"about {minutes} min left"
    return f"about {hours} h {rest} min left" if rest else f"about {hours} h left"


def duration(seconds: float) -> str:
    """Seconds as people say them: `8 s`, `3 min`, `1 h 10 min`."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / MINUTE), HOUR // MINUTE)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
