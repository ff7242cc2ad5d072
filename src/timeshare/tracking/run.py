"""Track an experiment: one call logs all that its files say."""

import gc
import hashlib
import json
import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from timeshare.experiment.claim_ids import in_order
from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.tracking.conditions import CONDITION, Titles, condition_entries
from timeshare.tracking.entries import BOOKKEEPING, Entry, milliseconds
from timeshare.tracking.example import Example
from timeshare.tracking.folder import files_of
from timeshare.tracking.ledger import Ledger, Outcome
from timeshare.tracking.models import register_best
from timeshare.tracking.report import report_entry
from timeshare.tracking.store import Store
from timeshare.tracking.views import save_views, views

log = logging.getLogger(__name__)

ELSEWHERE = ("name", "tracking")
"""Keys of a configuration that say where files and runs go; they change no result."""

RARE = 100_000
"""Objects made between two collections while runs are logged."""


@dataclass(frozen=True)
class Plan:
    """What is tracked.

    Arguments:
        tracking: where to.
        paths: of the experiment.
        sweeps: the conditions by id, and the sweeps that name each.
        configuration: what was asked for, as plain values.
        report: files of the report and the table of claims; none before it is made.
        served: the claims that each sweep serves, by the sweep's name.
        titles: what readers call each task and variant, below the keys `task` and `variant`.
    """

    tracking: Tracking
    paths: Paths
    sweeps: Mapping[str, Sequence[str]]
    configuration: Mapping[str, Any]
    report: Sequence[Path] = field(default=())
    served: Mapping[str, Sequence[str]] = field(default_factory=dict)
    titles: Titles = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Of the configuration, wherever its results go."""
        return configuration_digest(self.configuration)

    def claims(self, sweeps: Sequence[str]) -> list[str]:
        """The claims that these sweeps serve, in the order of their numbers."""
        return in_order(claim for sweep in sweeps for claim in self.served.get(sweep, ()))

    def entries(self) -> Iterator[Entry]:
        """The runs to log: conditions first, the report last."""
        tags = {f"{BOOKKEEPING}configuration": self.digest}
        started = []
        for files in files_of(self.paths, self.sweeps):
            started.append(milliseconds(files.facts["started"]))
            sweeps = self.sweeps[files.id]
            served = {
                f"{BOOKKEEPING}sweeps": ", ".join(sweeps),
                "claims": ", ".join(self.claims(sweeps)),
            }
            yield from condition_entries(files, tags | served, self.titles)
        if self.report:
            yield report_entry(
                self.report, self.paths.name, self.configuration, self.digest, min(started)
            )


def configuration_digest(configuration: Mapping[str, Any]) -> str:
    """A short hash of a configuration, as plain values, wherever its results go."""
    asked = {name: part for name, part in configuration.items() if name not in ELSEWHERE}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage cycles less often: a tenth of the time goes into it otherwise."""
    usual = gc.get_threshold()
    gc.set_threshold(RARE, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def prepare(tracking: Tracking, paths: Paths, example: Example | None = None) -> dict[str, object]:
    """Create the store and its experiment where they are missing; says which they are.

    Arguments:
        tracking: where to.
        paths: of the experiment.
        example: what the saved views of charts begin with.
    """
    store = Store.of(tracking, paths)
    experiment = store.prepare()
    with store.explained():
        save_views(store.client(), experiment, views(example))
    return {"store": store.shown, "experiment": store.experiment, "experiment_id": experiment}


def track(plan: Plan) -> dict[str, object]:
    """Log what is not logged yet; says what came of it."""
    began = time.monotonic()
    store = Store.of(plan.tracking, plan.paths)
    experiment = store.prepare()
    outcomes: Counter[Outcome] = Counter()
    registered: list[str] = []
    with store.explained(), _rare_collections():
        client = store.client()
        ledger = Ledger(client, experiment)
        keys = []
        for entry in plan.entries():
            outcomes[ledger.log(entry)] += 1
            keys += [entry.key] if entry.fixed["kind"] == CONDITION else []
        if plan.tracking.register_best:
            runs = (client.get_run(ledger.current(key).info.run_id) for key in keys)
            registered = register_best(client, store.experiment, runs)
    seconds = round(time.monotonic() - began, 2)
    counts = {str(outcome): outcomes[outcome] for outcome in Outcome}
    log.info("%s: %s in %s s", store.shown, counts, seconds)
    return {
        "store": store.shown,
        "experiment_id": experiment,
        **counts,
        "registered": registered,
        "seconds": seconds,
    }
