"""The page in a real browser: nothing leaves it, nothing overflows, tables sort and filter."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or os.environ.get("CHROMIUM", "")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Visit:
    """An open page, and what happened since."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.problems: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.problems.append(text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


def visit(browser: Any, built: Path, width: int = 1100, scheme: str = "light") -> Visit:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    visited = Visit(page)
    page.goto((built / "report.html").as_uri())
    return visited


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_asks_for_nothing_and_complains_of_nothing(
    browser: Any, built: Path, scheme: str
) -> None:
    visited = visit(browser, built, scheme=scheme)
    assert visited.problems == []
    assert [url for url in visited.requests if not url.startswith(("file:", "data:"))] == []
    assert len(visited.requests) <= 2


@pytest.mark.parametrize("width", [360, 500, 700, 1100])
def test_nothing_overflows(browser: Any, built: Path, width: int) -> None:
    page = visit(browser, built, width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_is_shown_the_narrow_figures(browser: Any, built: Path) -> None:
    page = visit(browser, built, 360).page
    assert page.locator(".narrow").first.is_visible()
    assert not page.locator(".wide").first.is_visible()


def column(page: Any, heading: str) -> list[str]:
    place = page.locator(".conditions th button").all_inner_texts().index(heading)
    rows = page.locator(f".conditions tbody tr:visible td:nth-child({place + 1})")
    return list(rows.all_inner_texts())


def test_conditions_sort_by_number_both_ways(browser: Any, built: Path) -> None:
    page = visit(browser, built).page
    button = page.get_by_role("button", name="training sequences", exact=True)
    button.click()
    up = [int(text.replace(",", "")) for text in column(page, "training sequences")]
    assert up == sorted(up)
    assert len(set(up)) > 1
    button.click()
    down = [int(text.replace(",", "")) for text in column(page, "training sequences")]
    assert down == sorted(up, reverse=True)


def test_conditions_filter_by_words_task_and_schedule(browser: Any, built: Path) -> None:
    page = visit(browser, built).page
    before = len(column(page, "task"))
    page.get_by_role("searchbox").fill("T=16 n=32")
    assert set(column(page, "training sequences")) == {"32"}
    page.locator("select[data-column=task]").select_option("the task parity")
    page.locator("select[data-column=schedule]").select_option("unshared")
    after = column(page, "task")
    assert 0 < len(after) < before
    assert set(after) == {"the task parity"}
    assert set(column(page, "schedule")) == {"unshared"}
    assert f"{len(after)} of {before} rows" in page.locator(".conditions output").inner_text()
    page.get_by_role("searchbox").fill("T=1")
    assert column(page, "task") == []


def test_the_test_score_of_a_condition_is_seen_without_scrolling(browser: Any, built: Path) -> None:
    page = visit(browser, built, 1400).page
    box = page.locator(".conditions .tall").bounding_box()
    heading = page.get_by_role("columnheader", name="test score").bounding_box()
    assert heading["x"] + heading["width"] < box["x"] + box["width"]


def test_the_first_screen_holds_few_words_and_the_first_figure(browser: Any, built: Path) -> None:
    page = visit(browser, built, 1400).page
    before = page.locator("header").inner_text()
    assert len(before.split()) <= 120
    assert len(re.findall(r"\d[\d.,]*", before)) <= 12
    plot = page.locator(".plot").first.bounding_box()
    assert plot["y"] + plot["height"] / 2 < 900


def test_the_contents_stay_in_view(browser: Any, built: Path) -> None:
    page = visit(browser, built, 1400).page
    page.locator("#appendix").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert page.locator("nav a").first.bounding_box()["y"] >= 0


def test_a_link_to_a_claim_unfolds_it_and_a_task_is_defined_on_tap(
    browser: Any, built: Path
) -> None:
    page = visit(browser, built).page
    page.evaluate("location.hash = '#claim-C3'")
    page.wait_for_function("document.getElementById('claim-C3').open")
    term = page.locator(".term").first
    term.click()
    assert term.locator(".definition").is_visible()
    assert len(term.locator(".definition").inner_text()) > 40


@pytest.mark.parametrize("width", [360, 1100])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier(browser: Any, built: Path, scheme: str, width: int) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    )
    page = visit(browser, built, width, scheme).page
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    found = axe.Axe().run(page).response["violations"]
    serious = [
        (each["id"], [node["html"][:120] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_print_breaks_no_picture(browser: Any, built: Path) -> None:
    page = visit(browser, built, 700).page
    page.emulate_media(media="print")
    heights = page.evaluate(
        "[...document.querySelectorAll('.plot')].map((each) => "
        "[each.getBoundingClientRect().height, getComputedStyle(each).breakInside])"
    )
    # A4 less its margins, in pixels of CSS.
    assert all(height < 1000 and rule == "avoid" for height, rule in heights)
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    assert page.pdf(format="A4").startswith(b"%PDF")
