"""The policy edited in the browser: saved as versions, checked, and by two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.policy import load_policy
from kvarter.web.runs.policy_text import differences, digest, parts_of_policy, tidied
from web.functional.test_review_pages import logged_in, said
from web.runs_site import QUICK, command, done_by, makes_runs, work_off

Make = Callable[..., Any]
ADDRESS = "/koersler/politik/"


@pytest.fixture
def home(site: None, tmp_path: Path) -> Iterator[Path]:
    with makes_runs(tmp_path / "site") as policy:
        yield policy


@pytest.fixture
def anders(home: Path, make_user: Make, client: Any) -> Any:
    return logged_in(make_user, client)


def seen_in(response: Any) -> str:
    text: str = response.content.decode()
    return text.split('name="seen" value="')[1].split('"')[0]


def other(home: Path, title: str) -> str:
    """The policy with another name of the municipality."""
    text = (home / "policy.yaml").read_text(encoding="utf-8")
    return text.replace(load_policy(home / "policy.yaml").municipality.name, title, 1)


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_differences_lead_from_one_text_to_the_other(then: list[str], now: list[str]) -> None:
    lines = differences("\n".join(then), "\n".join(now))
    assert (lines == []) == ("\n".join(then).splitlines() == "\n".join(now).splitlines())
    for line in lines:
        if line.kind in ("kept", "put_in"):
            assert now[line.number - 1] == line.text
        elif line.kind == "taken_out":
            assert then[line.number - 1] == line.text
    changed = [line for line in lines if line.kind in ("put_in", "taken_out")]
    put, out = ([c for c in changed if c.kind == kind] for kind in ("put_in", "taken_out"))
    assert len(now) - len(then) == len(put) - len(out)


def test_the_help_names_every_field_of_the_policy() -> None:
    parts = {part.name: {name for name, *_ in part.fields} for part in parts_of_policy()}
    assert {"goals", "sources", "register", "editions"} <= parts["policy.yaml"]
    assert {"file", "cases", "columns", "from", "to"} <= parts["Source"]


def test_a_policy_is_saved_as_a_version_with_its_differences_and_checked(
    anders: Any, client: Any, home: Path
) -> None:
    from kvarter.web.audit.models import AuditEvent
    from kvarter.web.runs.models import PolicyVersion

    before = (home / "policy.yaml").read_text(encoding="utf-8")
    page = client.get(ADDRESS)
    assert "One extract from a case system" in said(page)
    text = other(home, "Nykøbing")
    answer = client.post(ADDRESS, {"text": text.replace("\n", "\r\n"), "seen": seen_in(page)})
    assert answer.status_code == 302
    assert (home / "policy.yaml").read_text(encoding="utf-8") == tidied(text)
    assert load_policy(home / "policy.yaml").municipality.name == "Nykøbing"
    versions = list(PolicyVersion.objects.values_list("number", "text", "saved_by"))
    assert versions == [(2, tidied(text), str(anders.pk)), (1, before, "")]
    assert AuditEvent.objects.get(act="policy.saved").target_id == "2"
    shown = client.get(answer.headers["Location"])
    assert "indsat:" in said(shown) and "Nykøbing" in said(shown)
    assert "Ikke tjekket endnu" in said(shown)
    with done_by(command(QUICK)):
        assert work_off() == 1
    assert "Hvad tjekket fandt" in said(client.get(ADDRESS))
    checked = PolicyVersion.objects.get(pk=2).checked
    assert any(each["name"] == "udtræk notices" for each in checked)
    assert all(each["problems"] == [] for each in checked)
    assert "udtræk notices" in said(client.get(answer.headers["Location"]))


def test_a_text_that_is_no_policy_is_not_saved_and_not_lost(
    anders: Any, client: Any, home: Path
) -> None:
    before = (home / "policy.yaml").read_text(encoding="utf-8")
    wrong = before.replace("goals:", "gaols:", 1)
    answer = client.post(ADDRESS, {"text": wrong, "seen": seen_in(client.get(ADDRESS))})
    assert answer.status_code == 400
    page = said(answer)
    assert "ikke en politik endnu" in page and "gaols" in page and "Linje" in page
    assert (home / "policy.yaml").read_text(encoding="utf-8") == before
    for text in ("", "{", "a: [", "x" * 1000, "\x00", "&a [*a]"):
        answer = client.post(ADDRESS, {"text": text, "seen": digest(before)})
        assert answer.status_code == 400, text
    assert (home / "policy.yaml").read_text(encoding="utf-8") == before


def test_two_who_save_at_once_see_what_both_wrote(
    anders: Any, client: Any, home: Path, make_user: Make
) -> None:
    from django.test import Client

    rikke = Client(headers={"host": "localhost", "x-forwarded-proto": "https"}, secure=True)
    logged_in(make_user, rikke)
    seen, mine, hers = seen_in(client.get(ADDRESS)), other(home, "Min By"), other(home, "Hendes By")
    assert rikke.post(ADDRESS, {"text": hers, "seen": seen}).status_code == 302
    late = client.post(ADDRESS, {"text": mine, "seen": seen})
    assert late.status_code == 409
    page = said(late)
    assert "En anden har ændret filen imens" in page
    assert "Min By" in page and "Hendes By" in page
    assert "Min By" in late.content.decode().split("<textarea")[1].split("</textarea>")[0]
    assert load_policy(home / "policy.yaml").municipality.name == "Hendes By"
    again = client.post(ADDRESS, {"text": mine, "seen": seen_in(late)})
    assert again.status_code == 302
    assert load_policy(home / "policy.yaml").municipality.name == "Min By"


def test_many_who_save_at_once_write_over_nobody(
    either: str, make_user: Make, tmp_path: Path
) -> None:
    from django.db import connections

    from kvarter.web.runs.actions.policies import ChangedMeanwhileError, save_policy
    from kvarter.web.runs.models import PolicyVersion
    from kvarter.web.runs.policy_text import read
    from kvarter.web.runs.settled import places

    with makes_runs(tmp_path / "site") as home:
        anders, where = make_user("analyst"), places()
        start = read(where.policy)
        outcomes: list[str] = []

        def save(number: int) -> None:
            try:
                save_policy(anders, other(home, f"By {number}"), digest(start), where)
                outcomes.append("saved")
            except ChangedMeanwhileError:
                outcomes.append("refused")
            finally:
                connections.close_all()

        threads = [threading.Thread(target=save, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["refused"] * 3 + ["saved"]
        assert PolicyVersion.objects.count() == 2
        assert PolicyVersion.objects.first().text == read(where.policy)


def test_a_change_outside_the_site_is_a_version_too(anders: Any, client: Any, home: Path) -> None:
    from kvarter.web.runs.models import PolicyVersion

    client.post(ADDRESS, {"text": other(home, "Et"), "seen": seen_in(client.get(ADDRESS))})
    (home / "policy.yaml").write_text(other(home, "To"), encoding="utf-8")
    client.post(ADDRESS, {"text": other(home, "Tre"), "seen": seen_in(client.get(ADDRESS))})
    who = dict(PolicyVersion.objects.values_list("number", "saved_by"))
    assert who == {1: "", 2: str(anders.pk), 3: "", 4: str(anders.pk)}
    assert "ændret uden for sitet" in said(client.get(ADDRESS))


@pytest.mark.parametrize("role", ["reader", "goal_owner", "coordinator", "administrator", ""])
def test_only_an_analyst_saves(site: None, make_user: Make, tmp_path: Path, role: str) -> None:
    from kvarter.web.accounts.permissions import NotAllowedError
    from kvarter.web.runs.actions.policies import save_policy
    from kvarter.web.runs.policy_text import read
    from kvarter.web.runs.settled import places

    with makes_runs(tmp_path / "site"):
        where = places()
        with pytest.raises(NotAllowedError):
            save_policy(
                make_user(*([role] if role else [])), "x", digest(read(where.policy)), where
            )
