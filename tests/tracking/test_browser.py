"""MLflow's pages show what was tracked, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient

from timeshare.experiment import Experiment
from timeshare.tracking.example import Example
from timeshare.tracking.run import prepare, track
from timeshare.tracking.store import Store
from timeshare.tracking.views import View, views

from .conftest import few, planned
from .servers import experiment_id, mlflow_server, unused_port

pytest.importorskip("playwright", reason="Playwright is not installed")
from .browser import chromium, hosts, page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]
VIEWS: dict[str, View] = {view.key: view for view in views(Example("parity", 10, "40"))}
CHARTS = {
    "curves": "curves/test score",
    "lengths": "lengths/test score by length",
    "cost": "training/parameters vs. test score",
}
"""A chart of each view, by MLflow's title for it."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    content = few().model_dump(mode="json")
    content["sweeps"]["main"]["truncations"] = ["full"]
    plan = planned(tmp_path, Experiment.parse(content))
    prepare(plan.tracking, plan.paths, Example("parity", 10, "40"))
    track(plan)
    store = Store.of(plan.tracking, plan.paths)
    assert store.artifacts is not None
    with mlflow_server(store.uri, store.artifacts, unused_port()) as served:
        yield served


def test_the_saved_views_open_where_their_addresses_say(address: str) -> None:
    client = MlflowClient(address)
    experiment = experiment_id(client)
    with page(height=1000) as shown:
        asked = hosts(shown)

        shown.goto(VIEWS["results"].address(address, experiment))
        shown.get_by_text("parity").first.wait_for()
        for name in ("shared", "unshared"):
            shown.get_by_text(f"{name} · parity · n=40 · T=10", exact=True).first.wait_for()
        for metric in ("test score", "gap", "train score"):
            assert shown.locator(f".ag-header-cell[col-id='metrics.`{metric}`']").is_visible()
        shown.get_by_text(VIEWS["results"].name, exact=True).first.wait_for()
        box = shown.locator("[col-id='attributes.`Run Name`']").last.bounding_box()
        assert box is not None
        assert box["width"] > 400

        for key, chart in CHARTS.items():
            shown.goto("about:blank")
            shown.goto(VIEWS[key].address(address, experiment))
            shown.get_by_text(VIEWS[key].name, exact=True).first.wait_for()
            shown.get_by_text(chart, exact=True).first.wait_for()
            shown.locator(".js-plotly-plot .trace").nth(1).wait_for(state="attached")
    assert asked == {address.removeprefix("http://")}
