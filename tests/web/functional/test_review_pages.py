"""The review of uncertain addresses by the pages: decided, decided by two at once, and used."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
import yaml

from hamlet import KEY, ROWS
from kvarter.review.decisions import read_decisions
from kvarter.review.kept import FILE, read_kept
from page import read_page
from web.functional.test_pages import words
from web.runs_site import QUICK, command, done_by, makes_runs, work_off

Make = Callable[..., Any]
DOUBTFUL = [
    "20;05-02-2023;;Ib Bo;Strandvej 2 el. 4, 2100 København Ø;Fogedretten",
    "21;06-02-2023;;Eva Ek;Strandvejen 12, 2100 København Ø;Fogedretten",
    "22;07-02-2023;;Bo Ask;indlagt;Fogedretten",
]


@pytest.fixture
def home(site: None, tmp_path: Path) -> Iterator[Path]:
    with makes_runs(tmp_path / "site") as policy:
        text = (policy / "notices.csv").read_text(encoding="utf-8")
        (policy / "notices.csv").write_text(text + "\n".join(DOUBTFUL) + "\n", encoding="utf-8")
        yield policy


@pytest.fixture
def anders(home: Path, make_user: Make, client: Any) -> Any:
    from kvarter.web.runs.actions.runs import ask_for_run

    user = logged_in(make_user, client)
    ask_for_run(user, "2024")
    with done_by(command(QUICK)):
        work_off()
    return user


def logged_in(make_user: Make, client: Any) -> Any:
    user = make_user("analyst")
    user.source = "claims"
    user.save()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user


def said(response: Any) -> str:
    return words(read_page(response.content.decode()))


def texts(home: Path) -> dict[str, str]:
    path = home / "status" / "2024" / "internal" / "review.csv"
    table = pl.read_csv(path, separator=";", infer_schema=False)
    return dict(table.select("text", "text_id").iter_rows())


def test_an_analyst_decides_and_the_next_run_follows(anders: Any, client: Any, home: Path) -> None:
    from kvarter.web.audit.models import AuditEvent, ReadingEvent

    known = texts(home)
    page = client.get("/koersler/adresser/2024/")
    assert all(text in said(page) for text in known)
    text, text_id = next(each for each in known.items() if "12" in each[0])
    address = f"/koersler/adresser/2024/{text_id}/"
    before = client.get(address)
    assert text in said(before)
    assert "script-src 'self'" in before.headers["Content-Security-Policy"]
    assert "no-store" in before.headers["Cache-Control"]
    official = "Strandvejen 1, 2100 København Ø"
    answer = client.post(address, {"choice": "other", "other": official, "seen": ""})
    assert answer.status_code == 302, said(answer)
    decided = read_kept(home / FILE)[text_id]
    assert (decided.decision, decided.decided_by) == (official, anders.name)
    assert read_decisions([home / FILE])["text_id"].to_list() == [text_id]
    assert "Anna" not in (home / FILE).read_text(encoding="utf-8")
    assert text not in (home / FILE).read_text(encoding="utf-8")
    listed = said(client.get("/koersler/adresser/2024/"))
    assert text not in listed
    assert "læser ikke afgørelserne endnu" in listed
    assert official in said(client.get("/koersler/adresser/2024/?alle"))
    event = AuditEvent.objects.get(act="address.decided")
    assert (event.actor, event.target_id) == (str(anders.pk), text_id)
    looks = ReadingEvent.objects.filter(purpose="review", subject=f"address:{text_id}")
    assert looks.count() == 1

    policy = yaml.safe_load((home / "policy.yaml").read_text(encoding="utf-8"))
    policy["decisions"] = {"file": [FILE]}
    (home / "policy.yaml").write_text(yaml.safe_dump(policy, allow_unicode=True), "utf-8")
    client.post("/koersler/ny/", {"edition": "2024"})
    with done_by(command(QUICK)):
        work_off()
    assert text not in texts(home)
    assert "læser ikke" not in said(client.get("/koersler/adresser/2024/"))


def test_every_look_at_a_text_is_noted_once(anders: Any, client: Any, home: Path) -> None:
    from kvarter.web.audit.models import ReadingEvent

    text_id = next(iter(texts(home).values()))
    for address, act in (("", "list"), (f"{text_id}/", "view")):
        before = ReadingEvent.objects.count()
        client.get(f"/koersler/adresser/2024/{address}")
        event = ReadingEvent.objects.latest("id")
        assert ReadingEvent.objects.count() == before + 1
        assert (event.act, event.actor) == (act, str(anders.pk))


def test_two_who_decide_at_once_see_what_both_wrote(
    anders: Any, client: Any, home: Path, make_user: Make
) -> None:
    from django.test import Client

    text_id = next(iter(texts(home).values()))
    address = f"/koersler/adresser/2024/{text_id}/"
    other = Client(headers={"host": "localhost", "x-forwarded-proto": "https"}, secure=True)
    rikke = logged_in(make_user, other)
    assert other.post(address, {"choice": "none", "seen": ""}).status_code == 302
    late = client.post(address, {"choice": "outside", "seen": ""})
    assert late.status_code == 409
    page = said(late)
    assert f"{rikke.name} afgjorde" in page and "stedet findes ikke" in page
    assert "Du valgte: uden for kommunen" in page
    assert read_kept(home / FILE)[text_id].decision == "none"
    seen = late.content.decode().split('name="seen" value="')[1].split('"')[0]
    assert client.post(address, {"choice": "outside", "seen": seen}).status_code == 302
    assert read_kept(home / FILE)[text_id].decision == "outside"
    assert client.post(address, {"choice": "open", "seen": "outside"}).status_code == 302
    assert read_kept(home / FILE) == {}


def test_many_who_decide_at_once_lose_nothing(either: str, make_user: Make, tmp_path: Path) -> None:
    from django.db import connections

    from kvarter.web.runs.actions.decisions import decide_text
    from kvarter.web.runs.settled import places

    with makes_runs(tmp_path / "site") as policy:
        anders, where = make_user("analyst"), places()

        def decide(number: int) -> None:
            for text in range(5):
                decide_text(anders, f"t{number}-{text}", "none", "", where)
            connections.close_all()

        threads = [threading.Thread(target=decide, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(read_kept(policy / FILE)) == 20
        assert (policy / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"choice": "other", "other": "Strandvej 2"}, "Strandvejen 2"),
        ({"choice": "other", "other": "Nixgade 9"}, "number of a candidate"),
        ({"choice": "other", "other": " "}, "Vælg, hvad den betyder"),
        ({}, "Vælg, hvad den betyder"),
    ],
)
def test_what_no_run_could_use_is_refused(
    anders: Any, client: Any, home: Path, form: dict[str, str], says: str
) -> None:
    text_id = next(iter(texts(home).values()))
    response = client.post(f"/koersler/adresser/2024/{text_id}/", {**form, "seen": ""})
    assert response.status_code == 400
    assert says in said(response)
    assert not (home / FILE).exists()


def test_the_map_has_each_candidate_where_it_lies(anders: Any, client: Any, home: Path) -> None:
    from kvarter.policy import load_policy
    from kvarter.web.runs.uncertain import candidates_of, drawn

    officials = ("Strandvejen 2, st. tv, 2100 København Ø", "Strandvejen 8, 2100 København Ø")
    policy = load_policy(home / "policy.yaml")
    one, two = candidates_of(policy, home, officials)
    assert (one.x, one.y, two.x) == (700_200.0, 6_170_000.0, 700_800.0)
    root = ElementTree.fromstring(drawn([one, two], {}, "Kort"))
    circles = [each for each in root.iter() if each.tag.endswith("circle")]
    west, east = (float(each.attrib["cx"]) for each in circles)
    assert 0 < west < east < 480
    assert drawn(candidates_of(policy, home, ("Nixgade 9",)), {}, "Kort") == ""
    with_map = [
        text_id
        for text_id in texts(home).values()
        if "kort.svg" in client.get(f"/koersler/adresser/2024/{text_id}/").content.decode()
    ]
    assert with_map
    picture = client.get(f"/koersler/adresser/2024/{with_map[0]}/kort.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"<circle" in picture.content
    assert b"style" not in picture.content


@pytest.mark.parametrize("address", ["1999/", "2022/", "2024/tnix/", "2024/tnix/kort.svg"])
def test_what_is_not_there_is_not_shown(anders: Any, client: Any, address: str) -> None:
    assert client.get(f"/koersler/adresser/{address}").status_code == 404


def test_no_page_tells_a_name_or_a_person_number(anders: Any, client: Any, home: Path) -> None:
    names = [row.split(";")[3] for row in [*ROWS, *DOUBTFUL] if row.split(";")[3]]
    assert len(names) > 5 and KEY
    pages = ["/koersler/", "/koersler/adresser/2024/?alle"]
    pages += [f"/koersler/adresser/2024/{each}/" for each in texts(home).values()]
    for page in pages:
        text = client.get(page).content.decode()
        assert [name for name in names if name in text] == [], page
