"""MLflow's pages in a real browser.

    python -m tests.tracking.browser ADDRESS VIEW PICTURE

takes a picture of a saved view, such as `curves`; the pictures of `docs/tracking.md` are made so.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from mlflow import MlflowClient
from playwright.sync_api import Page, sync_playwright

from tests.tracking.servers import experiment_id
from timeshare.tracking.views import TAG

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


def main(address: str, key: str, picture: Path) -> None:
    """Take a picture of a saved view, with the charts that it may have."""
    client = MlflowClient(address)
    experiment = experiment_id(client)
    tag = json.loads(client.get_experiment(experiment).tags[TAG + key])
    charts = "&compareRunsMode=CHART" if key != "results" else ""
    runs = f"{address}/#/experiments/{experiment}/runs?workflowType=machine_learning"
    with page(height=680) as shown:
        shown.goto(f"{runs}&viewStateShareKey={key}{charts}")
        shown.get_by_text(tag["name"]).first.wait_for()
        ready = ".js-plotly-plot .trace" if charts else ".ag-row"
        shown.locator(ready).nth(1).wait_for()
        shown.wait_for_timeout(1500)
        shown.screenshot(path=picture)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
