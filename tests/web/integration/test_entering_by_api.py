"""Another system enters figures of a goal with its key: as its owner may, and no further."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from web.integration.test_casework import Work
from web.integration.test_keys import made

Make = Callable[..., Any]
FIGURE = {
    "title": "Elever med højt fravær",
    "source": "Skoleforvaltningen",
    "period": "2023",
    "count": 28,
    "of": 50,
    "share": "56",
}


@pytest.fixture
def work(either: str, drafts: Path, make_user: Make) -> Work:
    return Work(make_user)


@pytest.fixture
def anna(make_user: Make) -> Any:
    return make_user("administrator")


class System:
    """Another system that has a key."""

    def __init__(self, client: Any, work: Work, key: object) -> None:
        number = work.goal().number
        self.client, self.address = client, f"/api/v1/drafts/2024/goals/{number}/figures"
        self.headers = {"authorization": f"Bearer {key}"}

    def read(self) -> Any:
        return self.client.get(self.address, headers=self.headers)

    def enter(self, seen: int, *figures: dict[str, Any]) -> Any:
        given = {"seen": seen, "figures": list(figures)}
        return self.client.put(
            self.address, given, content_type="application/json", headers=self.headers
        )


def test_what_a_system_enters_is_a_revision_by_its_owner(
    work: Work, anna: Any, client: Any
) -> None:
    from kvarter.web.audit.models import AuditEvent
    from kvarter.web.goals.facts import goal_now

    work.write()
    system = System(client, work, made(anna, owner=work.mads))
    before = system.read().json()
    assert (before["figures"], before["version"]) == ([], 1)
    answer = system.enter(before["version"], FIGURE)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["figures"], answer.json()["version"]) == ([FIGURE], 2)
    content = goal_now(work.goal()).content
    assert content.comment, "what stands there besides is as it was"
    assert [vars(each) for each in content.figures] == [FIGURE]
    last = work.goal().revisions.order_by("number").last()
    assert (last.author, last.number) == (work.mads, 2)
    event = AuditEvent.objects.order_by("number").last()
    assert (event.actor, event.fields) == (str(work.mads.pk), ["figures"])
    assert system.read().json() == answer.json()
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_somebody_wrote_meanwhile_is_not_written_over(
    work: Work, anna: Any, client: Any
) -> None:
    system = System(client, work, made(anna, owner=work.mads))
    seen = system.read().json()["version"]
    work.write()
    late = system.enter(seen, FIGURE)
    assert late.status_code == 409
    assert "version 1" in late.json()["detail"]
    assert system.read().json()["figures"] == []


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"share": "57"}, 422),
        ({"count": 51}, 422),
        ({"of": 0}, 422),
        ({"title": " "}, 422),
        ({"count": -1}, 422),
        ({"count": "many"}, 422),
        ({"title": "Sag 010190-1233"}, 403),
    ],
)
def test_a_figure_that_does_not_agree_is_refused(
    work: Work, anna: Any, client: Any, wrong: dict[str, Any], status: int
) -> None:
    system = System(client, work, made(anna, owner=work.mads))
    answer = system.enter(0, FIGURE | wrong)
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert work.goal().version == 0


def test_a_key_reaches_no_further_than_it_was_made_for_and_its_owner_may(
    work: Work, anna: Any, client: Any, make_user: Make
) -> None:
    from kvarter.web.api.models import ApiKey

    rikke = make_user("reader")
    assert System(client, work, made(anna, owner=anna)).read().status_code == 403
    reader = System(client, work, made(anna, owner=rikke))
    assert reader.read().status_code == 200
    assert reader.enter(0, FIGURE).status_code == 403
    other = System(client, work, made(anna, owner=work.mads, administration="BUF"))
    assert other.read().status_code == 403
    token = made(anna, owner=work.mads)
    ApiKey.objects.filter(pk=token.id).update(scopes=[])
    assert System(client, work, token).enter(0, FIGURE).status_code == 403
    nobody = System(client, work, "kvarter_none")
    assert (nobody.read().status_code, nobody.enter(0, FIGURE).status_code) == (401, 401)
    assert work.goal().version == 0


def test_who_enters_by_a_system_does_not_approve_it(work: Work, anna: Any, client: Any) -> None:
    from kvarter.web.goals.rules.said import RefusedError
    from kvarter.web.goals.rules.states import Act

    work.write()
    system = System(client, work, made(anna, owner=work.mads))
    assert system.enter(1, FIGURE).status_code == 200
    work.do(work.mads, Act.SUBMIT)
    with pytest.raises(RefusedError):
        work.do(work.mads, Act.APPROVE)


def test_what_is_not_in_the_making_is_not_there(work: Work, anna: Any, client: Any) -> None:
    system = System(client, work, made(anna, owner=work.mads))
    for address in ("/api/v1/drafts/1999/goals/1/figures", "/api/v1/drafts/2024/goals/999/figures"):
        system.address = address
        assert system.read().status_code == 404
    assert client.put("/api/v1/drafts/2024/goals/1/figures").status_code == 401
    broken = client.put(
        system.address, "{", content_type="application/json", headers=system.headers
    )
    assert broken.status_code == 400
    assert client.delete(system.address, headers=system.headers).status_code == 405
