"""Saved views of the runs: columns, search and charts, as MLflow's pages read them from tags.

MLflow keeps a view that someone shares as a tag of the experiment, `mlflow.sharedViewState.<key>`,
and opens it where an address names the key. This is not documented and may change; then the
addresses open MLflow's own view of the same runs, and nothing else is lost.
"""

import base64
import json
import logging
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from timeshare.tracking.example import Example
from timeshare.tracking.points import (
    BY_LENGTH,
    GAP,
    MEGABYTES,
    OPERATIONS,
    PARAMETERS,
    SECONDS,
    TEST,
    TEST_CURVE,
    TRAIN,
    TRAIN_CURVE,
)

log = logging.getLogger(__name__)

TAG = "mlflow.sharedViewState."
"""What the tag of a view begins with."""
CHARTS = "charts"
"""Identifies the section of a view's charts within its state."""
COLUMNS = 2
"""Charts side by side, wide enough for the names of runs below them."""
RUN_NAME, CREATED, TASK = "attributes.`Run Name`", "runDateAndNestInfo", "tags.`task`"
WIDTHS = {RUN_NAME: 460, CREATED: 140, TASK: 230}
"""Pixels of columns that hold whole names."""

Chart = dict[str, Any]


CURRENT = "tags.state = 'current'"
RESULTS = f"tags.kind = 'condition' and {CURRENT}"
"""Finds the current runs of all conditions."""


@dataclass(frozen=True)
class View:
    """A view of the runs of an experiment.

    Arguments:
        key: identifies it in addresses.
        name: for readers.
        search: which runs it shows.
        columns: what the table of runs shows beside their names.
        order: what the runs are sorted by.
        charts: drawn instead of the table; none for a table.
    """

    key: str
    name: str
    search: str
    columns: Sequence[str]
    order: str
    charts: Sequence[Chart] = field(default=())

    def tag(self, moment: int) -> tuple[str, str]:
        """The name and the value of the tag that keeps the view.

        Arguments:
            moment: milliseconds since 1970, when it was made.
        """
        packed = base64.b64encode(zlib.compress(json.dumps(self.state()).encode())).decode()
        content = {
            "name": self.name,
            "createdAt": moment,
            "updatedAt": moment,
            "state": f"deflate;{packed}",
        }
        return TAG + self.key, json.dumps(content)

    def state(self) -> dict[str, Any]:
        """What MLflow's pages remember of a view."""
        state: dict[str, Any] = {
            "searchFilter": self.search,
            "orderByKey": self.order,
            "orderByAsc": True,
            "startTime": "ALL",
            "lifecycleFilter": "Active",
            "datasetsFilter": [],
            "modelVersionFilter": "All Runs",
            "selectedColumns": list(self.columns),
            "columnOrder": [RUN_NAME, CREATED, *self.columns],
            "columnWidths": WIDTHS,
            "runsHiddenMode": "SHOW_ALL",
            "hideEmptyCharts": True,
            "useGroupedValuesInCharts": True,
            "groupBy": None,
        }
        if self.charts:
            state |= {
                "compareRunCharts": [
                    {"uuid": f"{self.key}-{place}", **chart}
                    for place, chart in enumerate(self.charts)
                ],
                "compareRunSections": [
                    _section(CHARTS, self.name, shown=True) | {"columns": COLUMNS},
                    *_OTHERS,
                ],
                "isAccordionReordered": True,
                "runListHidden": True,
            }
        return state

    def address(self, server: str, experiment: str) -> str:
        """The address at which a server shows the view.

        Arguments:
            server: its own address, such as `http://127.0.0.1:5000`.
            experiment: id of the experiment.
        """
        mode = "&compareRunsMode=CHART" if self.charts else ""
        runs = f"{server}/#/experiments/{experiment}/runs?workflowType=machine_learning"
        return f"{runs}&viewStateShareKey={quote(self.key)}{mode}"


def views(example: Example | None) -> list[View]:
    """The saved views: the first one is where a reader begins.

    Arguments:
        example: what the charts show; None where nothing can be compared.
    """
    factors = [f"params.`{name}`" for name in ("train size", "T", "K")]
    by_task = View("results", "Results by task", RESULTS, [*_RESULTS, *factors, TASK], TASK)
    return [by_task] if example is None else [by_task, *_charted(example)]


def _charted(example: Example) -> list[View]:
    alike = (
        f"params.task = '{example.task}' and params.T = '{example.length}' "
        f"and params.K = '{example.length}' and params.`train size` = '{example.train_size}' "
        f"and {CURRENT}"
    )
    pair, by_variant = f"tags.pair != '' and {alike}", "tags.`variant`"
    curves = [_line(TEST_CURVE), _line(TRAIN_CURVE)]
    scattered = [_scatter(cost, up) for up in (TEST, GAP) for cost in (PARAMETERS, OPERATIONS)]
    costs = [_metric(name) for name in (PARAMETERS, OPERATIONS, SECONDS, MEGABYTES)]
    return [
        View("curves", "Learning curves, shared and unshared", pair, _RESULTS, by_variant, curves),
        View(
            "lengths",
            "Score by length, shared and unshared",
            pair,
            _RESULTS,
            by_variant,
            [_line(BY_LENGTH)],
        ),
        View(
            "cost",
            "Cost",
            alike,
            [_metric(TEST), *costs],
            _metric(PARAMETERS),
            [*scattered, _bar(SECONDS), _bar(MEGABYTES)],
        ),
    ]


def save_views(client: MlflowClient, experiment: str, saved: Sequence[View]) -> None:
    """Keep the views as tags of an experiment; one that MLflow refuses is named in the log.

    Arguments:
        client: of the store.
        experiment: id of the experiment.
        saved: the views.
    """
    moment = round(time.time() * 1000)
    for view in saved:
        try:
            client.set_experiment_tag(experiment, *view.tag(moment))
        except MlflowException as error:
            log.warning("MLflow does not keep the view %r: %s", view.name, error)


def _metric(name: str) -> str:
    return f"metrics.`{name}`"


_RESULTS = [_metric(TEST), _metric(GAP), _metric(TRAIN)]


def _line(metric: str) -> Chart:
    return {
        **_card("LINE"),
        "metricKey": metric,
        "selectedMetricKeys": [metric],
        "xAxisKey": "step",
        "selectedXAxisMetricKey": "",
        "xAxisScaleType": "linear",
        "scaleType": "linear",
        "range": {},
        "yAxisKey": "metric",
        "yAxisExpressions": [],
        "ignoreOutliers": False,
        "useGlobalXaxisKey": True,
        "useGlobalLineSmoothing": True,
        "lineSmoothness": 0,
        "displayPoints": True,
    }


def _bar(metric: str) -> Chart:
    return {**_card("BAR"), "metricKey": metric, "runsCountToCompare": 30}


def _scatter(across: str, up: str) -> Chart:
    axes: Mapping[str, Any] = {
        "xaxis": {"key": across, "type": "METRIC"},
        "yaxis": {"key": up, "type": "METRIC"},
    }
    return {**_card("SCATTER"), **axes, "runsCountToCompare": 100}


def _card(kind: str) -> Chart:
    return {
        "type": kind,
        "metricSectionId": CHARTS,
        "deleted": False,
        "isGenerated": False,
    }


def _section(key: str, name: str, shown: bool) -> dict[str, Any]:
    return {
        "uuid": key,
        "name": name,
        "display": shown,
        "isReordered": False,
        "deleted": False,
        "isGenerated": False,
    }


_OTHERS = [
    _section(name, name, shown=False) for name in ("Model metrics", "curves", "lengths", "training")
]
"""MLflow draws every metric in the section that its name begins with; these stay closed."""
