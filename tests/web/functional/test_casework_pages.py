"""The pages of the work, as a browser without scripts uses them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Any]
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Browser:
    """Somebody who is logged in."""

    def __init__(self, user: Any) -> None:
        from django.test import Client

        self.user = user
        self.client = Client(
            headers={"host": "localhost", "x-forwarded-proto": "https"}, secure=True
        )
        user.source = "claims"  # whose second factor is the provider's
        user.save()
        self.client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def see(self, path: str, status: int = 200) -> str:
        response = self.client.get(path)
        assert response.status_code == status, (path, response.content.decode()[:2000])
        return unescape(response.content.decode())

    def send(self, path: str, status: int = 302, **fields: Any) -> str:
        response = self.client.post(path, fields)
        assert response.status_code == status, (path, response.content.decode()[:3000])
        return unescape(response.content.decode())

    def editor(self, path: str) -> dict[str, str]:
        """The hidden fields of the editor, as they are sent back."""
        form = self.client.get(path).content.decode().split('id="editor"')[1].split("</form>")[0]
        return {unescape(name): unescape(value) for name, value in FIELD.findall(form)}


@pytest.fixture
def people(site: None, drafts: Path, make_user: Make) -> dict[str, Browser]:
    """One of each role; the owner and the approver are of SOF."""
    return {
        "karen": Browser(make_user("coordinator")),
        "mads": Browser(make_user("goal_owner", administration="SOF")),
        "gitte": Browser(make_user("approver", administration="SOF")),
        "rikke": Browser(make_user("reader")),
    }


@pytest.fixture
def opened(people: dict[str, Browser]) -> str:
    """The address of an edition that is open, with its first goal assigned to Mads."""
    from kvarter.web.goals.models import GoalInEdition, WorkingEdition

    karen = people["karen"]
    karen.send("/arbejde/ny/", folder="town/2024", deadline="2026-12-24")
    base = f"/arbejde/{WorkingEdition.objects.get().pk}/"
    for goal in GoalInEdition.objects.all():
        karen.send(
            f"{base}maal/{goal.number}/fordel/",
            owner=people["mads"].user.email,
            administration="SOF",
            title=goal.title,
            deadline="2026-12-24",
        )
    karen.send(f"{base}goer/", act="open")
    return base


def first_goal(base: str) -> str:
    from kvarter.web.goals.models import GoalInEdition

    number = GoalInEdition.objects.order_by("number").values_list("number", flat=True)[0]
    return f"{base}maal/{number}/"


def test_the_work_is_done_on_pages(people: dict[str, Browser], opened: str) -> None:
    from kvarter.web.goals.models import GoalInEdition

    karen, mads, gitte = people["karen"], people["mads"], people["gitte"]
    goal = first_goal(opened)
    page = mads.see(goal)
    assert "Foreslået ud fra tallene" in page
    assert "skal skrives" in page
    hidden = mads.editor(goal)
    assert any(name.startswith("computed:results[") for name in hidden)
    said = "## Status\n\nDer er arbejdet på det, se [planen](https://example.org/plan).\n- først"
    mads.send(goal, **{**hidden, "comment": said, "figures": "0"})
    shown = people["rikke"].see(goal)
    assert '<a href="https://example.org/plan" rel="noopener nofollow">planen</a>' in shown
    assert "<h4>Status</h4>" in shown and "<li>først</li>" in shown
    assert "editor" not in shown, "a reader reads"
    people["rikke"].send(f"{goal}bemaerk/", text="Hvad med de unge?")
    blocked = mads.see(goal)
    assert "1 punkt på tjeklisten mangler" in blocked
    thread = re.search(r"bemaerk/(\d+)/slut/", blocked)
    assert thread is not None
    mads.send(f"{goal}bemaerk/{thread[1]}/slut/")
    mads.send(f"{goal}goer/", act="submit")
    seen = re.search(r'name="seen" value="(\w+)"', gitte.see(goal))
    assert seen is not None
    gitte.send(f"{goal}goer/", act="approve", seen=seen[1])
    karen.send(f"{goal}goer/", act="include")
    assert GoalInEdition.objects.get(number=int(goal.split("/")[-2])).state == "in_edition"
    history = mads.see(f"{goal}historie/")
    assert "Revision 1" in history and "Godkend" in history
    assert "med i udgaven" in karen.see(opened)


def test_a_disabled_button_says_why(
    people: dict[str, Browser], opened: str, make_user: Make
) -> None:
    both = Browser(make_user("goal_owner", "approver"))
    goal = first_goal(opened)
    both.send(goal, **{**both.editor(goal), "comment": "Det går.", "figures": "0"})
    both.send(f"{goal}goer/", act="submit")
    page = both.see(goal)
    assert re.search(r'<button [^>]*disabled aria-describedby="not-approve"', page)
    assert "Du har skrevet en del af det her" in page
    refused = both.send(f"{goal}goer/", status=409, act="approve", seen="x")
    assert "Du har skrevet en del af det her" in refused


def test_a_computed_figure_that_is_changed_is_refused_and_noted(
    people: dict[str, Browser], opened: str
) -> None:
    from kvarter.web.audit.models import AuditEvent
    from kvarter.web.goals.models import Revision

    mads, goal = people["mads"], first_goal(opened)
    hidden = mads.editor(goal)
    name = next(name for name in hidden if name.startswith("computed:"))
    for other in ({name: "99 %"}, {"computed:results[x].value": "1"}):
        page = mads.send(goal, status=409, **{**hidden, **other, "comment": "Det går."})
        assert "Beregnede tal ændres ikke i hånden" in page
    assert AuditEvent.objects.filter(act="goal.computed_figure_refused").count() == 2
    assert not Revision.objects.exists()


def test_where_two_people_wrote_both_texts_are_shown(
    people: dict[str, Browser], opened: str, make_user: Make
) -> None:
    mads, other = people["mads"], Browser(make_user("goal_owner", administration="SOF"))
    goal = first_goal(opened)
    hidden = mads.editor(goal)
    mads.send(goal, **{**hidden, "comment": "Antallet er faldet.", "figures": "0"})
    page = other.send(goal, status=409, **{**hidden, "comment": "Antallet falder.", "figures": "0"})
    for each in ("En anden skrev imens", "<del>", "<ins>", "Antallet er faldet.", mads.user.name):
        assert each in page
    assert re.search(r"<textarea [^>]*>Antallet falder\.</textarea>", page)
    again = dict(FIELD.findall(page.split('id="editor"')[1]))
    assert again["version"] == "1"
    other.send(goal, **{**again, "comment": "Antallet er faldet og falder.", "figures": "0"})
    assert "Antallet er faldet og falder." in mads.see(goal)


def test_entered_figures_are_checked_and_marked(people: dict[str, Browser], opened: str) -> None:
    mads, goal = people["mads"], first_goal(opened)
    figure = {
        "title-0": "Boliger med gæld",
        "source-0": "Regnskabet",
        "period-0": "2023",
        "count-0": "28",
        "of-0": "50",
        "share-0": "57",
    }
    mads.send(goal, **{**mads.editor(goal), **figure, "comment": "Se tallet.", "figures": "1"})
    assert "28 af 50 er 56 %, ikke 57 %" in mads.see(goal)
    wrong = {**mads.editor(goal), **figure, "count-0": "mange", "figures": "1"}
    assert "mange er ikke et helt tal" in mads.send(goal, status=409, **wrong)
    right = {**mads.editor(goal), **figure, "share-0": "56", "comment": "Se.", "figures": "1"}
    mads.send(goal, **right)
    shown = people["rikke"].see(goal)
    assert "Indtastet i hånden, ikke beregnet" in shown and "Boliger med gæld" in shown


def test_the_check_tells_what_the_figures_do_not_bear(
    people: dict[str, Browser], opened: str
) -> None:
    mads, goal = people["mads"], first_goal(opened)
    said = mads.client.post(f"{goal}tjek/", {"comment": "Det er faldet 93 %."}).json()
    assert [claim["words"] for claim in said["claims"]] == ["Det er faldet 93 %."]
    assert mads.client.post(f"{goal}tjek/", {"comment": "Det går."}).json() == {"claims": []}


def test_the_filters_are_the_address(people: dict[str, Browser], opened: str) -> None:
    from kvarter.web.goals.models import GoalInEdition

    karen, every = people["karen"], GoalInEdition.objects.count()
    late = GoalInEdition.objects.order_by("-number")[0]
    GoalInEdition.objects.filter(pk=late.pk).update(deadline=dt.date(2020, 1, 1))

    def count(query: str) -> int:
        found = re.search(r"<p>(\d+) mål passer", karen.see(f"/arbejde/?{query}"))
        assert found is not None
        return int(found[1])

    assert count("") == count("administration=SOF") == count("turn=owner") == every
    assert count("state=approved") == count("turn=approver") == count("administration=TMF") == 0
    assert count("days=late") == 1
    assert count(f"owner={people['mads'].user.email}&edition=2024") == every
    assert 'value="asked" selected' in karen.see("/arbejde/?state=asked")


def test_the_board_asks_the_database_as_often_whatever_the_number_of_goals(
    people: dict[str, Browser], opened: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kvarter.web.goals.models import GoalInEdition, WorkingEdition

    karen, asked = people["karen"], []
    for first in (50, 70):
        for path in ("/arbejde/", opened):
            karen.see(path)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                karen.see(path)
            # a session notes once a minute that it is used
            asked.append(sum("django_session" not in one["sql"] for one in queries))
        edition = WorkingEdition.objects.get()
        for number in range(first, first + 20):
            GoalInEdition.objects.create(edition=edition, number=number, title="x")
    assert asked[:2] == asked[2:]


def test_a_stand_in_is_named_and_ends(people: dict[str, Browser], opened: str) -> None:
    mads, rikke = people["mads"], people["rikke"]
    day = dt.date.today()
    mads.send(
        "/arbejde/fravaer/",
        absent=mads.user.email,
        stand_in=rikke.user.email,
        first_day=day.isoformat(),
        last_day=(day + dt.timedelta(days=3)).isoformat(),
    )
    assert "er stedfortræder" in mads.see("/arbejde/")
    assert 'id="editor"' in rikke.see(first_goal(opened))
    end = re.search(r"/arbejde/fravaer/\d+/slut/", mads.see("/arbejde/fravaer/"))
    assert end is not None
    mads.send(end[0])
    assert 'id="editor"' not in rikke.see(first_goal(opened))


def test_a_reader_outside_has_a_link_and_each_look_is_noted(
    people: dict[str, Browser], opened: str, client: Any
) -> None:
    from kvarter.web.audit.models import ReadingEvent

    page = people["karen"].send(f"{opened}link/", status=200, for_whom="Revisionen", days="7")
    link = re.search(r"https://localhost(/udkast/[\w-]+/)", page)
    assert link is not None
    response = client.get(link[1])
    assert response.status_code == 200
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in response.headers["Cache-Control"]
    assert "Revisionen" in response.content.decode()
    assert "__Host-session" not in response.cookies
    event = ReadingEvent.objects.get(purpose="preview")
    assert event.actor.startswith("link:")
    assert client.get("/udkast/nix/").status_code == 404
    closing = re.search(rf"{opened}link/\d+/luk/", people["karen"].see(opened))
    assert closing is not None
    people["karen"].send(closing[0])
    assert client.get(link[1]).status_code == 404


def test_a_publication_is_set_by_danish_time(people: dict[str, Browser], opened: str) -> None:
    page = people["karen"].send(f"{opened}udgiv/", status=409, when="now")
    assert "Udgaven er ikke et sted i forløbet" in page
    assert people["mads"].client.post(f"{opened}udgiv/", {"when": "now"}).status_code == 403
    wrong = people["karen"].send(
        f"{opened}udgiv/", status=409, when="then", day="2027-03-28", clock="02:30"
    )
    assert "ikke et klokkeslæt den dag" in wrong


def test_pages_speak_english_where_it_is_chosen(people: dict[str, Browser], opened: str) -> None:
    mads = people["mads"]
    mads.client.cookies["language"] = "en"
    from django.conf import settings

    mads.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Who is missing" in mads.see("/arbejde/")
    assert "Readiness list" in mads.see(first_goal(opened))
