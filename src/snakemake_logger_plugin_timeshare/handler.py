"""The handler of Snakemake's log: it turns events into progress, short lines and failures."""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_timeshare.failures import failure
from snakemake_logger_plugin_timeshare.progress import Progress, duration
from snakemake_logger_plugin_timeshare.screen import Screen

EXPECTED = "TIMESHARE_EXPECTED_SECONDS"
"""Environment variable in which the Snakefile says what a job of each rule should take."""
ALWAYS = ("Nothing to be done", "Unlocking")
"""What messages begin with that are shown though they are neither warnings nor errors."""
REPEATED = ("Exiting because a job execution failed", "At least one job did not complete")
"""Parts of messages that say nothing beyond the failures shown before them."""
LOG_OF_ALL = "Complete log(s): "
"""What begins the message that names Snakemake's own log."""
OF_A_JOB = "RuleException"
"""The exception that stands for a failed job."""


class LogHandler(LogHandlerBase):
    """Shows a run on one line, and failures in full.

    A dry run, whose list of jobs is asked for, is shown as Snakemake shows it.
    """

    def __post_init__(self) -> None:
        """Begin with an empty screen."""
        self._screen = Screen(sys.stdout if self.common_settings.stdout else sys.stderr)
        self._progress = Progress(time.monotonic)
        self._failed: set[int] = set()
        self._usual = _usual_text(self.common_settings) if self.common_settings.dryrun else None
        self._events: Mapping[LogEvent, Callable[[Any], None]] = {
            LogEvent.RUN_INFO: self._planned,
            LogEvent.JOB_INFO: self._started,
            LogEvent.JOB_FINISHED: self._finished,
            LogEvent.JOB_ERROR: self._failure,
            LogEvent.GROUP_ERROR: self._group_failure,
            LogEvent.ERROR: self._error,
        }
        self._reason = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Show what a record means to a reader; most mean nothing."""
        try:
            event: LogEvent | None = getattr(record, "event", None)
            if self._usual is not None:
                if text := self._usual(record):
                    self._screen.print(text)
            elif event is None:
                self._plain(record)
            elif event in self._events:
                self._events[event](record)
            self._screen.show(self._progress.line())
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Leave the terminal clean."""
        self._screen.clear()
        super().close()

    def _planned(self, record: Any) -> None:
        jobs = {rule: count for rule, count in record.stats.items() if rule != "total"}
        self._progress.plan(jobs, json.loads(os.environ.get(EXPECTED, "{}")))
        if not self._screen.live:
            self._screen.print(f"{self._progress.total} jobs")

    def _started(self, record: Any) -> None:
        self._progress.start(record.jobid, record.rule_name, record.rule_msg or record.rule_name)

    def _finished(self, record: Any) -> None:
        seconds = self._progress.finish(record.job_id)
        if not self._screen.live:
            done, total = self._progress.done, self._progress.total
            title = self._progress.title(record.job_id)
            self._screen.print(f"{done} of {total} · {title} · {duration(seconds)}")

    def _failure(self, record: Any) -> None:
        self._job_failed(vars(record))

    def _group_failure(self, record: Any) -> None:
        for job in record.job_error_info:
            self._job_failed({**job, "log": [*job["log"], *record.aux_logs]})

    def _job_failed(self, job: Mapping[str, Any]) -> None:
        """Show a failure once; Snakemake names it again at the end of a run."""
        number = job["jobid"]
        self._progress.fail(number)
        if number not in self._failed:
            self._failed.add(number)
            title = self._progress.title(number)
            self._screen.print(failure(title, job["rule_name"], job["log"], self._reason))
        self._reason = ""

    def _error(self, record: Any) -> None:
        """An error that belongs to no job; that of a job is kept for its failure."""
        if record.exception == OF_A_JOB:
            self._reason = record.getMessage().strip()
        else:
            self._message(record)

    def _plain(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if self._failed and text.startswith(LOG_OF_ALL):
            jobs = f"{len(self._failed)} of {self._progress.total} jobs failed."
            where = text.removeprefix(LOG_OF_ALL)
            self._screen.print(f"{jobs} Snakemake's own log: {where}")
        elif record.levelno >= logging.WARNING or text.startswith(ALWAYS):
            self._message(record)

    def _message(self, record: logging.LogRecord) -> None:
        text = record.getMessage().strip()
        if not (self._failed and any(part in text for part in REPEATED)):
            self._screen.print(text)

    @property
    def writes_to_stream(self) -> bool:
        """It replaces Snakemake's own output."""
        return True

    @property
    def writes_to_file(self) -> bool:
        """Snakemake's log file is written as always."""
        return False

    @property
    def has_filter(self) -> bool:
        """It sees all records."""
        return True

    @property
    def has_formatter(self) -> bool:
        """It makes its own text."""
        return True

    @property
    def needs_rulegraph(self) -> bool:
        """It does not need the graph of rules."""
        return False


def _usual_text(settings: Any) -> Callable[[logging.LogRecord], str]:
    """What Snakemake itself would write for a record; empty where it would write nothing."""
    from snakemake.logging import DefaultFilter, DefaultFormatter

    known = DefaultFilter(
        settings.quiet,
        settings.debug_dag,
        settings.verbose,
        settings.dryrun,
        settings.printshellcmds,
    )
    formatter = DefaultFormatter(settings.quiet, settings.show_failed_logs)
    return lambda record: formatter.format(record) if known.filter(record) else ""
