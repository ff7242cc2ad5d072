"""MLflow's pages show what was tracked, in a real browser."""

from collections.abc import Iterator

import pytest
from mlflow import MlflowClient

from timeshare.tracking.run import Plan, track
from timeshare.tracking.store import Store

from .servers import experiment_id, mlflow_server, unused_port

pytest.importorskip("playwright", reason="Playwright is not installed")
from .browser import chromium, curves_address, hosts, page, runs_address

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
]


@pytest.fixture
def address(plan: Plan) -> Iterator[str]:
    track(plan)
    store = Store.of(plan.tracking, plan.paths)
    assert store.artifacts is not None
    with mlflow_server(store.uri, store.artifacts, unused_port()) as served:
        yield served


def test_runs_are_listed_and_the_curves_of_two_variants_compared(address: str) -> None:
    client = MlflowClient(address)
    experiment = experiment_id(client)
    with page(height=1400) as shown:
        asked = hosts(shown)
        shown.goto(runs_address(address, experiment))
        for variant in ("shared", "unshared"):
            shown.get_by_text(f"parity · {variant} · T=10 · K=3 · n=40").first.wait_for()

        shown.goto(runs_address(address, experiment, "tags.train_size = '40'", charts=True))
        shown.get_by_text("curves/test accuracy", exact=True).first.wait_for()

        runs = client.search_runs([experiment], "tags.train_size = '40'")
        ids = [run.info.run_id for run in runs]
        shown.goto(curves_address(address, experiment, ids, "curves/test accuracy"))
        shown.locator(".js-plotly-plot .scatterlayer .trace").nth(1).wait_for()
        legend = shown.locator("body").inner_text()
        assert all(run.info.run_name in legend for run in runs)
    assert asked == {address.removeprefix("http://")}
