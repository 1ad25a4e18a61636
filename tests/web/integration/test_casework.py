"""Work on an edition: who does what, what is kept, and that no way leads round four eyes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.entered import EnteredFigure
from kvarter.web.goals.rules.policies import Given
from kvarter.web.goals.rules.said import RefusedError
from kvarter.web.goals.rules.states import Act, EditionAct

Make = Callable[..., Any]
DEADLINE = dt.date(2026, 12, 24)
SAID = Content(comment="Der er arbejdet på det i området.")


class Work:
    """An edition that is open, with people of each role."""

    def __init__(self, make_user: Make, folder: str = "town/2024") -> None:
        from kvarter.web.goals.actions.editions import Assignment, assign, do_edition, plan

        self.karen = make_user("coordinator")
        self.mads = make_user("goal_owner", administration="SOF")
        self.gitte = make_user("approver", administration="SOF")
        self.edition = plan(self.karen, folder, DEADLINE)
        self.goals = list(self.edition.goals.order_by("number"))
        for goal in self.goals:
            assign(self.karen, goal.pk, Assignment(self.mads, "SOF", goal.title, DEADLINE))
        do_edition(self.karen, self.edition.pk, EditionAct.OPEN)
        self.first = self.goals[0].pk

    def goal(self) -> Any:
        from kvarter.web.goals.models import GoalInEdition

        return GoalInEdition.objects.get(pk=self.first)

    def write(self, by: Any = None, content: Content = SAID) -> Any:
        from kvarter.web.goals.actions.writing import write

        return write(by or self.mads, self.first, content, self.goal().version)

    def do(self, by: Any, act: Act, reason: str = "") -> Any:
        from kvarter.web.goals.actions.steps import do
        from kvarter.web.goals.facts import goal_now

        return do(by, self.first, act, Given(reason, goal_now(self.goal()).hash))


@pytest.fixture
def work(either: str, drafts: Path, make_user: Make) -> Work:
    return Work(make_user)


@pytest.fixture
def sqlite_work(site: None, drafts: Path, make_user: Make) -> Work:
    return Work(make_user)


def acts() -> list[str]:
    from kvarter.web.audit.models import AuditEvent

    return list(AuditEvent.objects.order_by("number").values_list("act", flat=True))


def mails() -> list[tuple[str, str]]:
    from kvarter.web.outbox.models import Message

    return list(Message.objects.order_by("id").values_list("to", "template"))


def test_a_goal_goes_from_being_asked_for_into_the_edition(work: Work) -> None:
    assert (str(work.mads.id), "edition_open") in mails()
    work.write()
    work.do(work.mads, Act.SUBMIT)
    assert mails()[-1] == (str(work.gitte.id), "goal_submit")
    work.do(work.gitte, Act.APPROVE)
    assert mails()[-1] == (str(work.karen.id), "goal_approve")
    row = work.do(work.karen, Act.INCLUDE)
    assert row.state == "in_edition"
    assert row.hash == row.approved_hash != ""
    assert acts()[-4:] == ["goal.written", "goal.submitted", "goal.approved", "goal.included"]


def test_an_edit_voids_an_approval_and_tells_who_gave_it(work: Work) -> None:
    work.write()
    work.do(work.mads, Act.SUBMIT)
    work.do(work.gitte, Act.APPROVE)
    row = work.write(content=replace(SAID, next_steps="- Vi ser på det igen."))
    assert (row.state, row.approved_hash, row.version) == ("drafting", "", 2)
    assert mails()[-1] == (str(work.gitte.id), "goal_taken_back")
    assert acts()[-1] == "goal.taken_back"
    with pytest.raises(RefusedError):
        work.do(work.karen, Act.INCLUDE)


def test_what_was_not_seen_is_not_approved(work: Work) -> None:
    from kvarter.web.goals.actions.steps import do

    work.write()
    seen = work.goal().hash
    work.write(content=replace(SAID, comment="Noget andet."))
    work.do(work.mads, Act.SUBMIT)
    with pytest.raises(RefusedError, match="changed since you saw it"):
        do(work.gitte, work.first, Act.APPROVE, Given(seen=seen))


def test_figures_that_are_computed_anew_void_an_approval(sqlite_work: Work, drafts: Path) -> None:
    """The hash is of the figures too: what was approved is a text beside these figures."""
    import json

    work = sqlite_work
    work.write()
    work.do(work.mads, Act.SUBMIT)
    work.do(work.gitte, Act.APPROVE)
    path = drafts / "town" / "2024" / "data" / "policy.json"
    policy = json.loads(path.read_text(encoding="utf-8"))
    policy["goals"][0]["title"] = "Et andet mål"
    path.write_text(json.dumps(policy), encoding="utf-8")
    (drafts / "town" / "2024" / "edition.json").touch()
    with pytest.raises(RefusedError, match="not what stands here now"):
        work.do(work.karen, Act.INCLUDE)


def test_two_who_write_at_once_lose_nothing(work: Work, make_user: Make) -> None:
    from kvarter.web.goals.actions.writing import ConflictError, write

    other = make_user("goal_owner", administration="SOF")
    write(work.mads, work.first, SAID, 0)
    with pytest.raises(ConflictError) as conflict:
        write(other, work.first, Content(comment="Mit"), 0)
    assert conflict.value.version == 1
    assert work.goal().version == 1
    write(other, work.first, Content(comment="Mit"), 1)
    numbers = work.goal().revisions.values_list("number", "author_id")
    assert list(numbers) == [(1, work.mads.pk), (2, other.pk)]


def test_who_wrote_any_part_neither_approves_nor_returns(work: Work, make_user: Make) -> None:
    """In the action, and in the database below it: by any road, whoever wrote last."""
    from django.db import DatabaseError, transaction

    from kvarter.web.goals.models import Step

    both = make_user("goal_owner", "approver", "coordinator", "administrator")
    work.write(both)
    work.write(content=replace(SAID, cases="En sag."))  # somebody else wrote last
    work.do(work.mads, Act.SUBMIT)
    for act in (Act.APPROVE, Act.RETURN):
        with pytest.raises(RefusedError, match="You wrote part of this"):
            work.do(both, act, "Fordi.")
        for by, name in ((both, both), (work.gitte, both), (work.gitte, work.mads)):
            with pytest.raises(DatabaseError), transaction.atomic():
                Step.objects.create(goal_id=work.first, act=act, by=by, in_name_of=name)
    assert work.goal().state == "submitted"
    work.do(work.gitte, Act.APPROVE)


def test_who_hands_in_is_an_author(sqlite_work: Work, make_user: Make) -> None:
    both = make_user("goal_owner", "approver")
    sqlite_work.write()
    sqlite_work.do(both, Act.SUBMIT)
    with pytest.raises(RefusedError, match="You wrote part of this"):
        sqlite_work.do(both, Act.APPROVE)


def test_a_stand_in_acts_with_the_right_of_who_is_absent(work: Work, make_user: Make) -> None:
    from django.utils import timezone

    from kvarter.web.goals.actions.away import end_stand_in, stand_in
    from kvarter.web.goals.models import Revision

    sten, day = make_user("reader"), timezone.localdate()
    with pytest.raises(RefusedError):
        work.write(sten)
    found = stand_in(work.mads, work.mads, sten, day, day)
    work.write(sten)
    last = Revision.objects.get()
    assert (last.author, last.in_name_of) == (sten, work.mads)
    stand_in(work.gitte, work.gitte, sten, day, day)
    work.do(work.mads, Act.SUBMIT)
    assert (str(sten.id), "goal_submit") in mails(), "who stands in gets the mail too"
    with pytest.raises(RefusedError, match="You wrote part of this"):
        work.do(sten, Act.APPROVE)
    end_stand_in(work.mads, found.pk)
    with pytest.raises(RefusedError, match="None of your roles"):
        work.write(sten)


@pytest.mark.parametrize("table", ["Revision", "Step"])
def test_what_was_written_stays(work: Work, table: str) -> None:
    from django.db import DatabaseError, transaction

    from kvarter.web.goals import models

    work.write()
    work.do(work.mads, Act.SUBMIT)
    rows = getattr(models, table).objects.all()
    for change in (lambda: rows.update(hash="x"), lambda: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_database_holds_nothing_in_an_edition_that_was_not_approved_as_it_is(
    work: Work,
) -> None:
    from django.db import IntegrityError, transaction

    from kvarter.web.goals.models import GoalInEdition

    work.write()
    for state in ("in_edition", "published"):
        with pytest.raises(IntegrityError), transaction.atomic():
            GoalInEdition.objects.filter(pk=work.first).update(state=state)


def test_restoring_is_a_new_revision_that_says_the_same(work: Work) -> None:
    from kvarter.web.goals.actions.writing import restore

    work.write()
    work.write(content=Content(comment="Noget andet."))
    row = restore(work.mads, work.first, 1, 2)
    last = row.revisions.get(number=3)
    assert (last.kind, Content.of(last.content)) == ("restored", SAID)
    assert last.hash == row.revisions.get(number=1).hash


def test_a_suggestion_is_a_draft_until_it_is_accepted(sqlite_work: Work) -> None:
    from kvarter.web.goals.actions.writing import accept_draft
    from kvarter.web.goals.facts import goal_now

    now = goal_now(sqlite_work.goal())
    assert now.content == Content()
    assert now.draft is not None
    suggested = now.draft.suggested(now.row.number)
    assert suggested
    accept_draft(sqlite_work.mads, sqlite_work.first, 0)
    taken = goal_now(sqlite_work.goal())
    assert taken.content.comment == suggested
    assert taken.lines == []


def test_figures_that_are_entered_bear_what_is_said_of_them(sqlite_work: Work) -> None:
    from kvarter.web.goals.facts import goal_now

    claim = replace(SAID, comment="I 2023 var det 77 af 91.")
    sqlite_work.write(content=claim)
    kinds = [line.kind for line in goal_now(sqlite_work.goal()).lines]
    assert set(kinds) == {"claim"}
    figure = EnteredFigure("Boliger med gæld", "Kommunens regnskab", "2023", 77, 91, "85")
    sqlite_work.write(content=replace(claim, figures=(figure,)))
    assert goal_now(sqlite_work.goal()).lines == []
    sqlite_work.write(content=replace(claim, figures=(replace(figure, share="84"),)))
    with pytest.raises(RefusedError, match="must be seen to"):
        sqlite_work.do(sqlite_work.mads, Act.SUBMIT)


def test_a_warning_stands_where_somebody_has_noted_why(sqlite_work: Work) -> None:
    from kvarter.web.goals.actions.talk import note_warning, remark, resolve
    from kvarter.web.goals.facts import goal_now

    work = sqlite_work
    work.write()
    thread = remark(work.gitte, work.first, "Hvad med de unge?")
    with pytest.raises(RefusedError, match="1 line of the readiness list"):
        work.do(work.mads, Act.SUBMIT)
    (line,) = goal_now(work.goal()).lines
    note_warning(work.mads, work.first, line.key, "Svaret kommer i næste udgave.")
    work.do(work.mads, Act.SUBMIT)
    with pytest.raises(RefusedError, match="no such warning"):
        note_warning(work.mads, work.first, "claim-0", "x")
    resolve(work.gitte, work.first, thread.pk)
    assert goal_now(work.goal()).lines == []


def test_a_person_number_is_never_kept(sqlite_work: Work) -> None:
    from kvarter.web.goals.actions.talk import remark

    for content in (
        Content(comment="Borgeren 010190-1234 er flyttet."),
        replace(SAID, figures=(EnteredFigure("010190-1234", "x", "2023", 1),)),
    ):
        with pytest.raises(RefusedError, match="person number"):
            sqlite_work.write(content=content)
    with pytest.raises(RefusedError, match="person number"):
        remark(sqlite_work.gitte, sqlite_work.first, "Se 010190-1234")
    assert not sqlite_work.goal().revisions.exists()


def test_a_computed_figure_that_is_sent_back_otherwise_is_refused_and_noted(
    sqlite_work: Work,
) -> None:
    from kvarter.web.goals.actions.writing import refuse_computed

    with pytest.raises(RefusedError, match="not changed by hand"):
        refuse_computed(sqlite_work.mads, sqlite_work.first, ["a"])
    assert acts()[-1] == "goal.computed_figure_refused"


def test_an_edition_is_planned_once_and_by_a_coordinator(sqlite_work: Work) -> None:
    from kvarter.errors import InputError
    from kvarter.web.goals.actions.editions import plan

    with pytest.raises(RefusedError, match="in the making already"):
        plan(sqlite_work.karen, "town/2024", DEADLINE)
    with pytest.raises(RefusedError, match="None of your roles"):
        plan(sqlite_work.mads, "town/2024", DEADLINE)
    for elsewhere in ("../town/2024", "/etc", "town", ""):
        with pytest.raises(InputError):
            plan(sqlite_work.karen, elsewhere, DEADLINE)


def test_an_owner_has_a_role_to_write_for_the_administration(sqlite_work: Work) -> None:
    from kvarter.web.goals.actions.editions import Assignment, assign

    given = Assignment(sqlite_work.mads, "TMF", "Et mål", DEADLINE)
    with pytest.raises(RefusedError, match="no role to write"):
        assign(sqlite_work.karen, sqlite_work.first, given)


def test_a_link_opens_a_draft_until_it_expires_or_is_closed(sqlite_work: Work) -> None:
    from django.utils import timezone

    from kvarter.web.goals.actions.away import close_link, make_link, opened_by
    from kvarter.web.goals.models import PreviewLink

    link, secret = make_link(sqlite_work.karen, sqlite_work.edition.pk, "Revisionen", 7)
    assert opened_by(secret) == link
    assert opened_by(secret + "x") is None
    assert secret not in str(PreviewLink.objects.values().get()), "only its hash is kept"
    PreviewLink.objects.update(expires_at=timezone.now())
    assert opened_by(secret) is None
    link, secret = make_link(sqlite_work.karen, sqlite_work.edition.pk, "Revisionen", 7)
    close_link(sqlite_work.karen, link.pk)
    assert opened_by(secret) is None
    for days in (0, 31):
        with pytest.raises(RefusedError, match="at most"):
            make_link(sqlite_work.karen, sqlite_work.edition.pk, "Revisionen", days)
