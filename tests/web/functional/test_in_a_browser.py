"""Every kind of page in a real Chromium: no barrier that axe finds, on wide and narrow screens."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import IN_CI
from web.example import copy_of, served

axe = pytest.importorskip("axe_playwright_python")
sync_api = pytest.importorskip("playwright.sync_api")

AXE = Path(axe.__file__).parent / "axe.min.js"
SHOTS = os.environ.get("KVARTER_SHOTS")
"""A folder for pictures of every page, for people who want to look at them."""

LOW_CONTRAST = """targets => {
  const parts = colour => colour.match(/[0-9.]+/g).map(Number)
  const bright = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
  const ground = e => {
    for (; e; e = e.parentElement) {
      const style = getComputedStyle(e), colour = parts(style.backgroundColor)
      if (style.backgroundImage !== 'none') return null
      if (colour.length === 3 || colour[3] === 1) return colour
      if (colour[3] > 0) return null
    }
    return [255, 255, 255]
  }
  return targets.filter(target => {
    const e = document.querySelector(target), below = ground(e)
    if (below === null) return true
    const [a, b] = [bright(parts(getComputedStyle(e).color)), bright(below)].sort((x, y) => y - x)
    return (a + 0.05) / (b + 0.05) < 4.5
  })
}"""
"""Where axe cannot tell (one letter alone, cut off by the edge of a table): worked out here.

Letters on a picture or on a ground that shines through are taken for low, as nobody can tell.
"""

PUBLIC = [
    *("status/2024/", "status/2024/maal/2/", "status/2024/maal/3/"),
    *("status/2024/omraade/", "status/2024/omraade/laerkebo/", "status/2024/kriterie/"),
    *("status/2024/kriterie/low-income/", "status/2024/metode/", "status/2024/hent/"),
    *("status/2024/udgave/", "status/2024/mod/2021/", "status/2021/omraade/", "udgaver/"),
    *("soeg/?q=l", "tilgaengelighed/", "findes-ikke/", "api/"),
]
STAFF = ["konto/log-ind/", "konto/glemt/", "konto/glemt/sendt/", "konto/glemt/ny/a-b-c/"]
SIGNED_IN = {
    "administrator": ["konto/", "konto/brugere/", "konto/brugere/ny/", "konto/noegler/"],
    "analyst": ["konto/", "koersler/", "koersler/adresser/2024/", "koersler/politik/"],
    "auditor": ["konto/", "revision/", "revision/?purpose=supervision", "konto/brugere/"],
}
SCREENS = {"wide": (1280, 900), "phone": (375, 812)}


@pytest.fixture(scope="module")
def address(demo_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The example site, served for real."""
    folder = copy_of(demo_site, tmp_path_factory.mktemp("browsed") / "site")
    with served(folder) as (found, _):
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium of the system; nothing is downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        absent = "there is no Chromium"
        pytest.fail(absent) if IN_CI else pytest.skip(absent)
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield running
        running.close()


class Tab:
    """A tab of a screen, which keeps what went wrong in it."""

    def __init__(self, browser: Any, screen: str, **options: Any) -> None:
        width, height = SCREENS[screen]
        self.screen = screen
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.outside: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.outside.append(request.url))

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def open(self, url: str) -> None:
        self.page.goto(url)
        if SHOTS:
            name = url.split("/", 3)[3].strip("/").replace("/", "_").replace("?", "_") or "first"
            self.page.screenshot(path=f"{SHOTS}/{name}-{self.screen}.png", full_page=True)

    def barriers(self) -> list[str]:
        """What axe finds in the page, and letters whose contrast it cannot tell and that is low."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations', 'incomplete'], iframes: false})"
        )
        doubtful = [
            node["target"][0]
            for each in found["incomplete"]
            if each["id"] == "color-contrast"
            for node in each["nodes"]
        ]
        low = self.page.evaluate(LOW_CONTRAST, doubtful)
        return [
            *(
                f"{each['id']}: {node['html']}"
                for each in found["violations"]
                for node in each["nodes"]
            ),
            *(f"contrast: {each}" for each in low),
        ]


@pytest.fixture(params=SCREENS)
def tab(request: pytest.FixtureRequest, browser: Any) -> Iterator[Tab]:
    made = Tab(browser, request.param)
    yield made
    made.context.close()


def _visit(tab: Tab, address: str, paths: list[str]) -> list[str]:
    """What is wrong with the pages, each with its address."""
    found: list[str] = []
    for path in paths:
        tab.wrong.clear()
        tab.open(f"{address}/{path}")
        wrong = [each for each in tab.wrong if "404 (Not Found)" not in each]
        wider = tab.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        wrong += tab.barriers() + (["the page scrolls sideways"] if wider else [])
        found += [f"{path}: {each}" for each in wrong]
    assert [url for url in tab.outside if not url.startswith(address)] == []
    return found


@pytest.mark.parametrize("language", ["", "en/"])
def test_public_pages_have_no_barriers(tab: Tab, address: str, language: str) -> None:
    assert _visit(tab, address, [language + path for path in PUBLIC]) == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_pages_of_logging_in_have_no_barriers(tab: Tab, address: str, language: str) -> None:
    _speak(tab, address, language)
    assert _visit(tab, address, STAFF) == []


def _speak(tab: Tab, address: str, language: str) -> None:
    """Choose the language as a reader does."""
    tab.page.goto(f"{address}/konto/log-ind/")
    if language == "en":
        tab.page.click("button.kv-language")
    assert tab.page.url == f"{address}/konto/log-ind/"
    assert tab.page.get_attribute("html", "lang") == language


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("role", SIGNED_IN)
def test_pages_of_staff_have_no_barriers(
    tab: Tab, address: str, demo_site: Path, role: str, language: str
) -> None:
    _speak(tab, address, language)
    lines = (demo_site / "logins.txt").read_text(encoding="utf-8").splitlines()
    _, email, password = next(line for line in lines if line.startswith(role)).split(" ")
    tab.page.fill("#id_login", email)
    tab.page.fill("#id_password", password)
    tab.page.click("main button[type=submit]")
    assert tab.page.url == f"{address}/konto/"
    paths = list(SIGNED_IN[role])
    if role == "analyst":
        tab.page.goto(f"{address}/koersler/adresser/2024/")
        paths.append(tab.page.locator("main tbody a").first.get_attribute("href")[1:])
        tab.page.goto(f"{address}/koersler/")
        tab.page.click("main form[action='/koersler/ny/'] button")
        if tab.page.url.endswith("/ny/"):  # that of the test before is still under way
            tab.page.click("main tbody a")
        paths.append(tab.page.url.removeprefix(f"{address}/"))
    else:
        tab.page.goto(f"{address}/konto/brugere/")
        paths.append(tab.page.locator("main tbody a").first.get_attribute("href")[1:])
    assert _visit(tab, address, paths) == []
    if role == "analyst":  # before it writes anything
        other = tab.context.new_page()  # what is done there is seen here
        other.goto(tab.page.url)
        for button in other.locator("main form[action$='/stop/'] button").all():
            button.click()
        stopped = tab.page.locator("main form[action$='/stop/']")
        stopped.wait_for(state="detached", timeout=20_000)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_can_be_read_at_four_times_its_size(browser: Any, address: str, path: str) -> None:
    """1280 pixels at 400 % are 320: nothing is to be read by scrolling sideways but wide tables."""
    context = browser.new_context(viewport={"width": 320, "height": 256})
    page = context.new_page()
    page.goto(f"{address}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_documents_are_read_under_the_policy_of_the_site(tab: Tab, address: str) -> None:
    """In their own style, without a violation, and without a barrier."""
    tab.open(f"{address}/status/2024/hent/")
    links = tab.page.locator('a[href*="/dokument/"]').all()
    found = [str(link.get_attribute("href"))[1:] for link in links]
    assert len(found) >= 5, "report, summary, memo and annexes"
    assert _visit(tab, address, found) == []
    for each in found:
        answer = tab.page.goto(f"{address}/{each}")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        family = tab.page.evaluate("getComputedStyle(document.body).fontFamily")
        assert "sans-serif" in family, "it has its style"


def test_the_keyboard_alone_gets_everywhere(browser: Any, address: str) -> None:
    tab = Tab(browser, "wide")
    tab.open(f"{address}/status/2024/")
    page = tab.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skipnav"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main-content"
    page.goto(f"{address}/status/2024/maal/2/")
    reached, outlined = set(), True
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
        outlined &= page.evaluate(
            "(e => e === document.body || getComputedStyle(e).outlineStyle !== 'none')"
            "(document.activeElement)"
        )
    assert {"A", "INPUT", "BUTTON", "DIV"} <= reached, "links, search, and tables that scroll"
    assert outlined
    tab.context.close()


def test_everything_reads_without_scripts(browser: Any, address: str) -> None:
    tab = Tab(browser, "phone", java_script_enabled=False)
    tab.open(f"{address}/status/2024/maal/2/")
    text = tab.page.inner_text("main").replace("\u00a0", " ")
    for each in ("1,4 %", "0,6 %", "Lærkebo", "Målsætning"):
        assert each in text
    tab.context.close()


def test_drawings_can_be_pointed_at(tab: Tab, address: str) -> None:
    """By a pointer and by the arrow keys, without a barrier; nothing is fetched before."""
    tab.open(f"{address}/status/2024/maal/2/")
    page = tab.page
    assert page.locator("figure[data-chart]").count() == 3
    assert page.locator("figure[data-chart] img").count() == 3, "pictures first"
    assert [url for url in tab.outside if "vega" in url or url.endswith(".json")] == []
    trend, ground = page.locator(".kv-chart").nth(0), page.locator(".kv-chart").nth(1)
    trend.focus()
    said = page.locator(".kv-told")
    sync_api.expect(said.nth(0)).to_contain_text("piletasterne")
    for key, words in (("ArrowRight", "Områderne 2016: 1,4"), ("ArrowLeft", "2023: ")):
        page.keyboard.press(key)
        sync_api.expect(said.nth(0)).to_contain_text(words)
    ground.hover()
    sync_api.expect(ground.locator("svg")).to_be_visible()
    page.mouse.move(0, 0)
    ground.locator("svg path[fill^=rgb]").first.hover()
    sync_api.expect(said.nth(1)).to_contain_text("%")
    assert tab.barriers() == []
    assert tab.wrong == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [url for url in tab.outside if not url.startswith(address)] == []


def test_a_page_without_what_draws_keeps_its_pictures(browser: Any, address: str) -> None:
    tab = Tab(browser, "wide")
    tab.page.route("**/vega/**", lambda route: route.abort())
    tab.page.goto(f"{address}/status/2024/maal/2/")
    tab.page.locator(".kv-chart").first.focus()
    tab.page.wait_for_timeout(500)
    assert tab.page.locator("figure[data-chart] img").count() == 3
    tab.context.close()


def test_a_page_is_printed_without_its_menus(browser: Any, address: str) -> None:
    tab = Tab(browser, "wide")
    tab.page.emulate_media(media="print")
    tab.open(f"{address}/status/2024/maal/2/")
    assert not tab.page.is_visible(".kv-menu")
    assert not tab.page.is_visible(".kv-search")
    assert tab.page.is_visible(".kv-table")
    tab.context.close()
