"""MLflow's pages in a real browser.

    python -m tests.tracking.browser ADDRESS FILTER METRIC PICTURE

takes a picture of the curves of a metric of the runs that a filter finds; the pictures of
`docs/tracking.md` are made so.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

from mlflow import MlflowClient
from playwright.sync_api import Page, sync_playwright

from tests.tracking.servers import experiment_id

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
# MLflow's assistant would cover a third of the page.
QUIET = """
localStorage.setItem('mlflow.assistant.panelOpen_v1', 'false');
localStorage.setItem('mlflow.assistant.fab.autoOpenedOnFirstLoad_v1', 'true');
"""
PATIENCE = 60_000
"""Milliseconds a page may take on a busy machine."""


def chromium() -> str | None:
    """The browser, where it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def page(height: int) -> Iterator[Page]:
    """A page of a new browser; MLflow draws only the charts that fit its height."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1500, "height": height})
        context.add_init_script(QUIET)
        context.set_default_timeout(PATIENCE)
        try:
            yield context.new_page()
        finally:
            browser.close()


def hosts(shown: Page) -> set[str]:
    """Fills with the hosts that the page asks for anything, from now on."""
    found: set[str] = set()
    shown.on("request", lambda request: found.add(urlsplit(request.url).netloc))
    return found


def curves_address(address: str, experiment: str, runs: list[str], metric: str) -> str:
    """The page that draws a metric of several runs over its steps."""
    names = {
        "runs": runs,
        "experiments": [experiment],
        "metric": metric,
        "plot_metric_keys": [metric],
    }
    query = "&".join(f"{name}={quote(json.dumps(value))}" for name, value in names.items())
    return f"{address}/#/metric?{query}&x_axis=step"


def main(address: str, found_by: str, metric: str, picture: Path) -> None:
    """Take a picture of curves side by side."""
    client = MlflowClient(address)
    experiment = experiment_id(client)
    runs = [run.info.run_id for run in client.search_runs([experiment], found_by)]
    with page(height=680) as shown:
        shown.goto(curves_address(address, experiment, runs, metric))
        shown.get_by_text("Model training").click()
        shown.goto(curves_address(address, experiment, runs, metric))
        shown.locator(".js-plotly-plot .scatterlayer .trace").nth(len(runs) - 1).wait_for()
        shown.wait_for_timeout(1000)
        shown.screenshot(path=picture)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
