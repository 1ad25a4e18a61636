"""From "the coordinator asks" to "the citizen reads", in a real Chromium: `docs/tour.md`.

With KVARTER_TOUR=docs/tour it takes the pictures of that page anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from kvarter.editions.releases import LEDGER
from web.example import served
from web.functional.test_in_a_browser import AXE, browser

__all__ = ["browser"]

PICTURES = os.environ.get("KVARTER_TOUR")
PASSWORD = "en lang sætning om øl og æbler"
_MAKE = """
import sys
from pathlib import Path
from kvarter.web.site.start import make_site
folder, password = Path(sys.argv[1]), sys.argv[2]
make_site(folder, "Prøvekøbing Kommune", ["localhost", "127.0.0.1"], demo=True)
from kvarter.web.accounts.models import RoleGrant, User
for login, name, role, administration in (
    ("karen", "Karen Koordinator", "coordinator", ""),
    ("mads", "Mads Målejer", "goal_owner", "Socialforvaltningen"),
    ("gitte", "Gitte Godkender", "approver", "Socialforvaltningen"),
):
    user = User(email=login + "@example.org", name=name)
    user.set_password(password)
    user.save()
    RoleGrant.objects.create(user=user, role=role, administration=administration, source="local")
"""


class Somebody:
    """Somebody in a browser of their own, of whom pictures are taken."""

    def __init__(self, browser: Any, address: str, login: str = "") -> None:
        self.page = browser.new_context(viewport={"width": 1100, "height": 760}).new_page()
        self.address, self.wrong = address, list[str]()
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._said)
        if login:
            self.page.goto(f"{address}/konto/log-ind/")
            self.page.fill("#id_login", f"{login}@example.org")
            self.page.fill("#id_password", PASSWORD)
            self.page.click("main button[type=submit]")

    def _said(self, message: Any) -> None:
        if message.type == "error" and "409" not in message.text:
            self.wrong.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).first.click()

    def picture(self, name: str, at: str = "h1") -> None:
        """Look for barriers, and take a picture that begins at an element."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [one["id"] for one in found["violations"]] == [], name
        assert self.wrong == []
        if PICTURES:
            (ROOT / PICTURES).mkdir(exist_ok=True)
            self.page.locator(at).first.scroll_into_view_if_needed()
            self.page.evaluate(
                "at => scrollBy(0, document.querySelector(at).getBoundingClientRect().top - 20)", at
            )
            self.page.screenshot(path=str(ROOT / PICTURES / f"{name}.png"))


@pytest.fixture(scope="module")
def site(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A new site with an analyst's status and three people, served for real."""
    folder = tmp_path_factory.mktemp("tour") / "site"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KVARTER", "DJANGO"))}
    command = [sys.executable, "-c", _MAKE, str(folder), PASSWORD]
    subprocess.run(command, check=True, env=environment)
    shutil.copytree(
        town.parent, folder / "drafts" / "status", ignore=shutil.ignore_patterns(LEDGER)
    )
    with served(folder) as (address, _):
        yield address, folder


def wait_for(happened: Callable[[], bool], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(1)


def test_from_what_the_coordinator_asks_to_what_the_citizen_reads(
    browser: Any, site: tuple[str, Path]
) -> None:
    address, folder = site
    karen = Somebody(browser, address, "karen")
    karen.go("/arbejde/ny/")
    karen.page.fill("#deadline", "2026-12-24")
    karen.press("Planlæg udgaven")
    edition = karen.page.url.removeprefix(address)
    goal = _goals(karen, edition)[0]
    for link in _goals(karen, edition):
        karen.go(link)
        karen.page.fill("#administration", "Socialforvaltningen")
        karen.page.select_option("#owner", "mads@example.org")
        karen.page.locator("form[action$='fordel/'] button").click()
    karen.go(edition)
    karen.picture("1-ask")
    karen.press("Åbn udgaven, og bed ejerne skrive")

    mads = Somebody(browser, address, "mads")
    mads.go("/arbejde/")
    mads.picture("2-board")
    mads.go(goal)
    mads.picture("3-figures")
    mads.page.fill("#w-comment", "Det er faldet 93 %.")
    mads.page.wait_for_selector("#claims li")
    assert "93 %" in mads.page.inner_text("#claims")
    mads.picture("4-claims", "#editor")
    mads.page.fill(
        "#w-comment",
        "Der er arbejdet på det i hele perioden.\n\n- Se [planen](https://example.org/plan)",
    )
    mads.page.wait_for_selector("#claims:empty", state="attached")
    mads.page.fill("#w-next_steps", "- Vi ser på det igen til foråret.")
    mads.press("Gem")
    mads.press("Aflevér")

    gitte = Somebody(browser, address, "gitte")
    gitte.go(goal)
    assert gitte.page.get_by_role("link", name="planen").count() == 1
    gitte.page.fill("#remark", "Hvilket forår?")
    gitte.press("Send bemærkningen")
    gitte.page.fill("#why-return", "Skriv årstallet.")
    gitte.press("Send tilbage")
    gitte.picture("5-returned")

    mads.go(goal)
    mads.page.fill("#w-next_steps", "- Vi ser på det igen i foråret efter.")
    mads.press("Gem")
    mads.press("Afslut tråden")
    mads.press("Aflevér")
    assert mads.page.get_by_role("button", name="Godkend", exact=True).count() == 0
    gitte.go(goal)
    gitte.press("Godkend")
    gitte.go(f"{goal}historie/")
    gitte.picture("6-history")

    for link in _goals(karen, edition):
        karen.go(link)
        if link == goal:
            karen.press("Tag med i udgaven")
        else:
            karen.page.fill("#why-waive", "Opgøres hvert fjerde år.")
            karen.press("Fritag")
    karen.go(edition)
    karen.page.fill("#next_date", "Efteråret 2028")
    karen.page.locator("form[action$='aftalt/'] button").click()
    karen.press("Gør udgaven klar")
    karen.picture("7-ready", ".kv-act")
    karen.press("Offentliggør nu")
    assert "Den bliver offentliggjort" in karen.page.inner_text("main")

    citizen = Somebody(browser, address)
    number = re.search(r"maal/(\d+)/", goal)
    assert number is not None
    page = f"/status/2024/maal/{number[1]}/"
    wait_for(lambda: citizen.page.request.get(address + page).status == 200)
    citizen.go(page)
    text = citizen.page.inner_text("main")
    assert "Der er arbejdet på det i hele perioden." in text
    assert "Vi ser på det igen i foråret efter." in text
    citizen.picture("8-read", "#s2")
    karen.go(edition)
    assert "offentliggjort" in karen.page.inner_text("main")
    assert list(folder.glob("published/2024-v1-*/files/report.pdf"))


def _goals(karen: Somebody, edition: str) -> list[str]:
    """The addresses of all goals of an edition."""
    karen.go(edition)
    return [one.get_attribute("href") for one in karen.page.locator("main tbody a").all()]
