"""An edition written together is published: documents, ledger, pages and states at one moment."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from hamlet import run_in
from kvarter.editions import open_edition
from kvarter.editions.releases import LEDGER
from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.entered import EnteredFigure
from kvarter.web.goals.rules.said import RefusedError
from kvarter.web.goals.rules.states import Act, EditionAct
from kvarter.web.status.prepare.prepare import changed_files
from web.integration.test_casework import Work, acts, mails

Make = Callable[..., Any]
FIGURE = EnteredFigure("Boliger med gæld", "Regnskabet", "2023", 28, 50, "56")
SAID = Content(
    comment="Der er arbejdet på det.\n\n## Sådan\n\n- Se [planen](https://example.org/plan)",
    next_steps="Vi ser på det igen.",
    figures=(FIGURE,),
)


@pytest.fixture
def ready(site: None, drafts: Path, make_user: Make) -> Work:
    """An edition whose goals are all in it, with a note for each warning."""
    from kvarter.web.goals.actions.editions import do_edition, settle

    work = Work(make_user)
    _all_in(work)
    settle(work.karen, work.edition.pk, "Efteråret 2028", "")
    do_edition(work.karen, work.edition.pk, EditionAct.MAKE_READY)
    return work


def _all_in(work: Work) -> None:
    """Write, hand in, approve and take in every goal."""
    for goal in work.goals:
        work.first = goal.pk
        work.write(content=SAID)
        work.do(work.mads, Act.SUBMIT)
        work.do(work.gitte, Act.APPROVE)
        work.do(work.karen, Act.INCLUDE)


def set_now(work: Work) -> None:
    from django.utils import timezone

    from kvarter.web.goals.actions.editions import set_publication

    set_publication(work.karen, work.edition.pk, timezone.now())


def states(work: Work) -> list[str]:
    work.edition.refresh_from_db()
    goals = work.edition.goals.order_by("number")
    return [work.edition.state, *goals.values_list("state", flat=True)]


def test_everything_is_published_at_one_moment(
    ready: Work, drafts: Path, published_root: Path, client: Any
) -> None:
    from kvarter.web.goals.actions.publishing import publish_due
    from kvarter.web.status.models import PublishedEdition
    from kvarter.web.status.shelf import look_again

    assert publish_due() == 0, "nobody has set a time"
    set_now(ready)
    assert publish_due() == 1
    assert set(states(ready)) == {"published"}
    row = PublishedEdition.objects.get()
    files = published_root / row.folder / "files"
    assert changed_files(published_root / row.folder) == []
    statement = open_edition(files).statement
    assert statement.entered.keys() == statement.comments.keys() == {g.number for g in ready.goals}
    assert "## Næste skridt" in str(statement.comments[ready.goals[0].number])
    for name in ("report.html", "report.docx", "report.pdf", "memo.pdf", "summary.pdf"):
        assert (files / name).is_file()
    assert "Indtastet i hånden, ikke beregnet" in (files / "report.html").read_text("utf-8")
    look_again()
    page = client.get(f"/status/2024/maal/{ready.goals[0].number}/").content.decode()
    for each in ("Der er arbejdet på det.", "<h2>Sådan</h2>", "Boliger med gæld", "28 af 50"):
        assert each in page
    (line,) = (drafts / "town" / LEDGER).read_text("utf-8").splitlines()
    assert json.loads(line)["edition"] == "2024"
    assert [act for act in acts() if act.startswith("edition.")][-2:] == [
        *("edition.published", "edition.made_public"),
    ]
    assert (str(ready.mads.id), "edition_publish") in mails()
    assert publish_due() == 0
    assert (drafts / "town" / LEDGER).read_text("utf-8").count("\n") == 1


def test_a_correction_carries_over_what_was_written_and_wants_a_public_note(
    ready: Work, drafts: Path, published_root: Path
) -> None:
    from kvarter.web.goals.actions.editions import do_edition, plan, settle
    from kvarter.web.goals.actions.publishing import publish_due
    from kvarter.web.goals.models import WorkingEdition
    from kvarter.web.status.models import PublishedEdition

    set_now(ready)
    assert publish_due() == 1
    first = PublishedEdition.objects.get()
    old = ready.edition
    ready.edition = plan(ready.karen, "town/2024", dt.date(2026, 12, 31))
    assert ready.edition.version == 2
    goals = list(ready.edition.goals.order_by("number"))
    assert {goal.state for goal in goals} == {"in_edition"}
    assert [goal.revisions.get().author for goal in goals] == [ready.mads] * len(goals)
    do_edition(ready.karen, ready.edition.pk, EditionAct.OPEN)
    ready.first = goals[0].pk
    ready.do(ready.karen, Act.TAKE_OUT, "Der mangler et ord.")
    ready.write(content=Content(comment="Der er arbejdet længe på det.", figures=(FIGURE,)))
    ready.do(ready.mads, Act.SUBMIT)
    ready.do(ready.gitte, Act.APPROVE)
    ready.do(ready.karen, Act.INCLUDE)
    with pytest.raises(RefusedError, match="1 line of the readiness list"):
        do_edition(ready.karen, ready.edition.pk, EditionAct.MAKE_READY)
    settle(ready.karen, ready.edition.pk, "Efteråret 2028", "Et ord manglede.")
    do_edition(ready.karen, ready.edition.pk, EditionAct.MAKE_READY)
    set_now(ready)
    assert publish_due() == 1
    second = PublishedEdition.objects.get(version=2)
    assert second.note == "Et ord manglede."
    assert changed_files(published_root / first.folder) == []
    found = WorkingEdition.objects.order_by("pk").values_list("state", flat=True)
    assert list(found) == ["corrected", "published"]
    assert old.pk != ready.edition.pk


def test_what_cannot_be_published_is_not_and_says_why(ready: Work, drafts: Path) -> None:
    from kvarter.web.goals.actions.publishing import publish_due
    from kvarter.web.status.models import PublishedEdition

    set_now(ready)
    shutil.move(drafts / "town" / "2024", drafts / "town" / "gone")
    assert publish_due() == 0
    assert publish_due() == 0, "it is not tried again and again"
    ready.edition.refresh_from_db()
    assert (ready.edition.state, ready.edition.publish_at) == ("ready", None)
    assert ready.edition.fault
    assert mails()[-1][1] == "edition_fault"
    assert acts()[-1] == "edition.publication_failed"
    assert not PublishedEdition.objects.exists()


def test_a_coordinator_who_lost_the_role_publishes_nothing(ready: Work) -> None:
    from kvarter.web.goals.actions.publishing import publish_due

    set_now(ready)
    ready.karen.grants.all().delete()
    assert publish_due() == 0
    ready.edition.refresh_from_db()
    assert "None of your roles" in ready.edition.fault


def test_a_publication_waits_for_its_time(ready: Work) -> None:
    from django.utils import timezone

    from kvarter.web.goals.actions import publishing
    from kvarter.web.goals.actions.editions import set_publication
    from kvarter.web.goals.rules.deadlines import moment

    at = moment(dt.date(2027, 3, 28), dt.time(4))  # summer time began at three that night
    set_publication(ready.karen, ready.edition.pk, at)
    done: list[int] = []
    with mock.patch.object(publishing, "_publish", lambda pk: done.append(pk) or True):
        for now in (at - dt.timedelta(seconds=1), at):
            with mock.patch.object(timezone, "now", lambda now=now: now):
                publishing.publish_due()
    assert done == [ready.edition.pk]


def test_owners_are_reminded_once_a_day_and_as_the_deadline_nears(
    site: None, drafts: Path, make_user: Make
) -> None:
    from django.utils import timezone

    from kvarter.web.goals.actions.reminders import remind

    work = Work(make_user)
    before = len(mails())
    noon = dt.datetime(2026, 12, 10, 12, tzinfo=dt.UTC)  # fourteen days before
    sent = []
    for day in range(16):
        with mock.patch.object(timezone, "now", lambda day=day: noon + dt.timedelta(days=day)):
            sent.append(remind())
            assert remind() == 0
    assert [day for day, goals in enumerate(sent) if goals] == [0, 11, 14]
    assert {goals for goals in sent if goals} == {len(work.goals)}
    assert set(mails()[before:]) == {(str(work.mads.id), "goal_reminder")}


def test_a_publication_that_fails_unforeseen_holds_up_no_mail(
    ready: Work, published_root: Path
) -> None:
    from kvarter.web.goals.actions import publishing
    from kvarter.web.outbox.models import Message
    from kvarter.web.site.worker import go_round

    set_now(ready)
    with mock.patch.object(publishing, "write_documents", side_effect=TypeError):
        go_round()
    assert states(ready)[0] == "ready"
    assert not Message.objects.filter(state="waiting").exists()


def test_a_correction_lists_the_figures_that_are_other_and_sends_their_goals_back(
    site: None, town: Path, tmp_path: Path, published_root: Path, make_user: Make, client: Any
) -> None:
    """Published, run again with a case more, and published again."""
    from django.conf import settings

    from kvarter.web.goals.actions.editions import do_edition, plan, settle
    from kvarter.web.goals.actions.publishing import publish_due
    from kvarter.web.goals.models import GoalInEdition
    from kvarter.web.status.shelf import look_again

    home = tmp_path / "home"
    shutil.copytree(town.parent.parent, home, ignore=shutil.ignore_patterns(LEDGER))
    before, settings.DRAFTS = settings.DRAFTS, home / "status"
    try:
        work = Work(make_user, "2024")
        _all_in(work)
        settle(work.karen, work.edition.pk, "2028", "")
        do_edition(work.karen, work.edition.pk, EditionAct.MAKE_READY)
        set_now(work)
        assert publish_due() == 1
        with (home / "notices.csv").open("a", encoding="utf-8") as file:
            file.write("12;13-03-2023;;Ny Mand;Strandvejen 3, 2100 København Ø;Fogedretten\n")
        run_in(home / "policy.yaml", home / "status")
        work.edition = plan(work.karen, "2024", dt.date(2026, 12, 31))
        back = list(work.edition.goals.filter(state="returned"))
        assert back, "their figures are other now"
        do_edition(work.karen, work.edition.pk, EditionAct.OPEN)
        for goal in back:
            work.first = goal.pk
            for by, act in ((work.mads, Act.SUBMIT), (work.gitte, Act.APPROVE)):
                work.do(by, act)
            work.do(work.karen, Act.INCLUDE)
        settle(work.karen, work.edition.pk, "2028", "En varsling manglede.")
        do_edition(work.karen, work.edition.pk, EditionAct.MAKE_READY)
        set_now(work)
        assert publish_due() == 1, GoalInEdition.objects.values()
    finally:
        settings.DRAFTS = before
    look_again()
    page = client.get("/status/2024/mod/2024/").content.decode()
    assert "Hvad rettelsen ændrede" in page
    assert 'class="kv-number"' in page
    assert "mod/2024/" in client.get("/status/2024/").content.decode()
    assert "Der er ingen tal" not in page
