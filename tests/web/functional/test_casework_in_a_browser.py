"""The pages of the work in a real Chromium: no barriers, and what the editor's script does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from web.functional.test_in_a_browser import SCREENS, Tab, _visit, address, browser

__all__ = ["address", "browser"]

PAGES = {
    "coordinator": [
        *("arbejde/", "arbejde/?state=asked&turn=owner", "arbejde/ny/", "arbejde/fravaer/"),
        *("{edition}", "{edition}maal/11/", "{edition}maal/5/historie/"),
    ],
    "goal_owner": ["{edition}maal/2/", "{edition}maal/5/"],
    "goal_owner-buf": ["{edition}maal/4/"],
    "approver-suf": ["{edition}maal/7/"],
    "reader": ["arbejde/", "{edition}maal/14/"],
}


def log_in(tab: Tab, address: str, site: Path, login: str) -> str:
    """Logs in; the address of the edition in the making."""
    lines = (site / "logins.txt").read_text(encoding="utf-8").splitlines()
    email, password = next(line.split()[1:] for line in lines if f" {login}@" in line)
    tab.page.goto(f"{address}/konto/log-ind/")
    tab.page.fill("#id_login", email)
    tab.page.fill("#id_password", password)
    tab.page.click("main button[type=submit]")
    tab.page.goto(f"{address}/arbejde/")
    found = re.search(r'href="/(arbejde/\d+/)"', tab.page.content())
    assert found is not None
    return found[1]


@pytest.fixture
def tab(browser: Any) -> Iterator[Tab]:
    made = Tab(browser, "wide")
    yield made
    made.context.close()


@pytest.mark.parametrize("login", PAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_the_work_have_no_barriers(
    browser: Any, address: str, demo_site: Path, login: str, screen: str
) -> None:
    tab = Tab(browser, screen)
    edition = log_in(tab, address, demo_site, login)
    pages = [path.format(edition=edition) for path in PAGES[login]]
    assert _visit(tab, address, pages) == []
    tab.context.close()


def test_the_editor_checks_what_is_typed_and_saves_it(
    tab: Tab, address: str, demo_site: Path
) -> None:
    edition = log_in(tab, address, demo_site, "goal_owner")
    page = tab.page
    page.clock.install()
    page.goto(f"{address}/{edition}maal/2/")
    page.fill("#w-comment", "Varslingerne er faldet 93 %.")
    page.clock.run_for(1_000)
    page.wait_for_selector("#claims li")
    assert "93 %" in page.inner_text("#claims")
    version = int(page.input_value("#editor input[name=version]"))
    page.clock.run_for(31_000)
    page.locator("#saved", has_text="Gemt").wait_for()
    assert int(page.input_value("#editor input[name=version]")) == version + 1
    page.goto(f"{address}/{edition}maal/2/")
    assert page.input_value("#w-comment") == "Varslingerne er faldet 93 %."
    page.fill("#w-comment", "Varslingerne er faldet.")
    page.get_by_role("button", name="Gem", exact=True).click()
    assert tab.wrong == []
    assert page.input_value("#w-comment") == "Varslingerne er faldet."


def test_the_editor_never_saves_over_somebody_else(
    tab: Tab, browser: Any, address: str, demo_site: Path
) -> None:
    edition = log_in(tab, address, demo_site, "goal_owner")
    other = Tab(browser, "wide")
    log_in(other, address, demo_site, "goal_owner")
    page = tab.page
    page.clock.install()
    for one in (tab, other):
        one.page.goto(f"{address}/{edition}maal/2/")
    other.page.fill("#w-cases", "Skrevet imens.")
    other.page.get_by_role("button", name="Gem", exact=True).click()
    page.fill("#w-cases", "Skrevet her.")
    page.clock.run_for(31_000)
    page.locator("#saved", has_text="En anden").wait_for()
    page.get_by_role("button", name="Gem", exact=True).click()
    assert "En anden skrev imens" in page.inner_text("h1")
    assert page.input_value("#w-cases") == "Skrevet her."
    assert tab.barriers() == []
    other.context.close()


def test_only_the_page_of_the_editor_may_run_its_script(
    tab: Tab, address: str, demo_site: Path
) -> None:
    edition = log_in(tab, address, demo_site, "goal_owner")
    for path in ("arbejde/", edition, f"{edition}maal/2/"):
        answer = tab.page.goto(f"{address}/{path}")
        policy = answer.headers["content-security-policy"]
        assert ("script-src 'self'" in policy) == path.endswith("maal/2/")
        assert "unsafe" not in policy and "require-trusted-types-for 'script'" in policy
