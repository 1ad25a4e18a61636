"""The work on an edition, its states and rights: without Django and without a database."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.web.accounts.claims import Grant
from kvarter.web.accounts.limits import NONE, Limits
from kvarter.web.accounts.roles import ROLES
from kvarter.web.goals.rules.checklist import (
    WARNINGS,
    EditionFacts,
    GoalFacts,
    Kind,
    blocking,
    of_edition,
    of_goal,
)
from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.deadlines import HERE, days_left, is_reminded, moment
from kvarter.web.goals.rules.drawn import matrix
from kvarter.web.goals.rules.entered import EnteredFigure, mistake_in
from kvarter.web.goals.rules.people import Person
from kvarter.web.goals.rules.policies import (
    _EDITION_GUARDS,
    _GOAL_GUARDS,
    Edition,
    Given,
    Goal,
    can_act,
    can_edition_act,
    check_act,
    check_read,
)
from kvarter.web.goals.rules.said import RefusedError
from kvarter.web.goals.rules.states import (
    AUTHORING,
    EDITION_TRANSITIONS,
    TRANSITIONS,
    TURN,
    Act,
    EditionAct,
    EditionState,
    GoalState,
    Turn,
    transition,
)

SOF = Limits(administration="SOF")


def person(
    name: str, *roles: str, limits: Limits = NONE, absent: tuple[Person, ...] = ()
) -> Person:
    return Person(name, frozenset(Grant(role, limits) for role in roles), absent)


def goal(state: GoalState = GoalState.SUBMITTED, **other: object) -> Goal:
    made = Goal(state, EditionState.OPEN, SOF, frozenset({"mads"}), "h", "h", says_something=True)
    return replace(made, **other)  # type: ignore[arg-type]


SEEN = Given("a reason", "h")


# --- the tables ---


def test_each_state_is_one_persons_turn_and_can_be_reached_and_left() -> None:
    assert TURN.keys() == set(GoalState)
    reached = {each.after for each in TRANSITIONS} | {GoalState.ASKED}
    left = {before for each in TRANSITIONS for before in each.before}
    assert reached == set(GoalState)
    assert set(GoalState) - left == {GoalState.PUBLISHED}
    waits = {state for state, turn in TURN.items() if turn is Turn.NOBODY}
    assert waits == {GoalState.PUBLISHED, GoalState.WAIVED}
    assert {each.after for each in EDITION_TRANSITIONS} | {EditionState.PLANNED} == set(
        EditionState
    )


def test_an_act_leads_from_a_state_to_one_other() -> None:
    for act, state in product(Act, GoalState):
        assert sum(each.act == act and state in each.before for each in TRANSITIONS) <= 1
    for act, state in product(EditionAct, EditionState):
        assert sum(one.act == act and state in one.before for one in EDITION_TRANSITIONS) <= 1


def test_every_guard_of_a_transition_is_asked() -> None:
    assert {guard for each in TRANSITIONS for guard in each.guards} <= _GOAL_GUARDS.keys()
    assert {g for each in EDITION_TRANSITIONS for g in each.guards} <= _EDITION_GUARDS.keys()


def test_whose_turn_it_is_can_do_something() -> None:
    role = {Turn.OWNER: "goal_owner", Turn.APPROVER: "approver", Turn.COORDINATOR: "coordinator"}
    for state, turn in TURN.items():
        if turn is not Turn.NOBODY:
            assert matrix()[role[turn], False][state], state


# --- four eyes ---


def test_who_wrote_neither_approves_nor_returns() -> None:
    """Whatever other roles they have, and whichever goal it is."""
    for state, act in product(GoalState, (Act.APPROVE, Act.RETURN, Act.TAKE_OUT)):
        author = person("mads", *ROLES)
        assert not can_act(author, act, goal(state), SEEN), (state, act)
    assert can_act(person("gitte", "approver"), Act.APPROVE, goal(), SEEN)


def test_a_stand_in_has_no_more_rights_than_who_is_absent() -> None:
    author = person("mads", "approver", "goal_owner")
    other = person("gitte", "approver", limits=SOF)
    stand_in = person("sten", absent=(author,))
    assert not can_act(stand_in, Act.APPROVE, goal(), SEEN), "for who wrote it"
    for_other = person("sten", absent=(other,))
    assert check_act(for_other, Act.APPROVE, goal(), SEEN).in_name_of == "gitte"
    wrote = goal(authors=frozenset({"sten"}))
    assert not can_act(for_other, Act.APPROVE, wrote, SEEN), "who wrote it"
    elsewhere = person("gitte", "approver", limits=Limits(administration="TMF"))
    assert not can_act(person("sten", absent=(elsewhere,)), Act.APPROVE, goal(), SEEN)


def test_an_administrator_has_no_way_round() -> None:
    for state, act in product(GoalState, Act):
        assert not can_act(person("anna", "administrator", "auditor"), act, goal(state), SEEN)


def test_an_approval_is_of_what_was_seen() -> None:
    with pytest.raises(RefusedError, match="changed since you saw it"):
        check_act(person("gitte", "approver"), Act.APPROVE, goal(), Given(seen="older"))
    with pytest.raises(RefusedError, match="not what stands here now"):
        approved = goal(GoalState.APPROVED, approved_hash="older")
        check_act(person("karen", "coordinator"), Act.INCLUDE, approved)


IN_THE_WORK = ["goal_owner", "approver", "coordinator"]
people = st.builds(
    person,
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(IN_THE_WORK),
    st.sampled_from([*IN_THE_WORK, "administrator"]),
    limits=st.sampled_from([NONE, SOF, Limits(administration="TMF")]),
)
with_stand_ins = st.builds(replace, people, stands_in_for=st.lists(people, max_size=2).map(tuple))
steps = st.lists(st.tuples(with_stand_ins, st.sampled_from(list(Act)), st.booleans()), max_size=60)
Steps = list[tuple[Person, Act, bool]]


@given(steps)
def test_whatever_is_tried_only_what_others_approved_gets_into_an_edition(tried: Steps) -> None:
    walk(tried)


def test_trying_can_lead_into_an_edition() -> None:
    """Else the test above would ask nothing."""
    mads, gitte = person("mads", "goal_owner"), person("gitte", "approver")
    way: Steps = [
        *((mads, Act.WRITE, True), (mads, Act.SUBMIT, True), (mads, Act.APPROVE, True)),
        *((gitte, Act.APPROVE, False), (gitte, Act.APPROVE, True)),
        (person("karen", "coordinator"), Act.INCLUDE, True),
    ]
    assert walk(way[:3]) is walk(way[:4]) is GoalState.SUBMITTED
    assert walk(way) is GoalState.IN_EDITION


def walk(tried: Steps) -> GoalState:
    """People of any roles try anything in any order; the hash is the number of edits."""
    now = goal(GoalState.ASKED, authors=frozenset(), hash="0", approved_hash="")
    approver, written = "", 0
    for who, act, looked in tried:
        try:
            answer = check_act(who, act, now, Given("why", now.hash if looked else "older"))
        except RefusedError:
            continue
        assert who.in_whose_name(answer.transition.permission, SOF) == answer.in_name_of
        now = replace(now, state=answer.transition.after)
        if act in AUTHORING:
            now = replace(now, authors=now.authors | {who.id, answer.in_name_of})
        if act is Act.WRITE:
            written += 1
            now = replace(now, hash=str(written), approved_hash="")
        if act is Act.APPROVE:
            assert looked
            approver = who.id
            now = replace(now, approved_hash=now.hash)
        if now.state is GoalState.APPROVED or act is Act.INCLUDE:
            assert now.authors and approver not in now.authors
            assert now.approved_hash == now.hash
    return now.state


@pytest.mark.parametrize("act", Act)
def test_nothing_is_done_in_an_edition_that_is_closed_to_it(act: Act) -> None:
    everybody = person("x", *ROLES)
    for state in GoalState:
        for during in (EditionState.PUBLISHED, EditionState.CORRECTED, EditionState.WITHDRAWN):
            assert not can_act(everybody, act, goal(state, during=during), SEEN)
    assert transition(Act.WRITE, GoalState.IN_EDITION) is None


# --- the edition ---


def test_an_edition_is_ready_when_each_goal_is_in_it_or_waived() -> None:
    karen = person("karen", "coordinator")
    states = (GoalState.IN_EDITION, GoalState.WAIVED)
    for state in GoalState:
        edition = Edition(EditionState.CLOSING, (*states, state))
        assert can_edition_act(karen, EditionAct.MAKE_READY, edition) == (state in states)
    edition = Edition(EditionState.CLOSING, states, errors=1)
    assert not can_edition_act(karen, EditionAct.MAKE_READY, edition)


def test_a_coordinator_alone_leads_an_edition() -> None:
    edition = Edition(EditionState.OPEN, (GoalState.IN_EDITION,))
    for role in ROLES:
        found = can_edition_act(person("x", role), EditionAct.CLOSE, edition)
        assert found == (role == "coordinator")
    assert not can_edition_act(person("x", "coordinator", limits=SOF), EditionAct.CLOSE, edition)


def test_who_has_no_part_in_the_work_reads_nothing() -> None:
    for role in ROLES:
        if role in ("auditor", "administrator"):
            with pytest.raises(RefusedError):
                check_read(person("x", role))
        else:
            check_read(person("x", role, limits=SOF))


# --- the readiness list ---

SAID = Content(comment="Det går godt.")
RIGHT = EnteredFigure("Boliger", "KKSTAT", "2023", 28, 50, "56")
WRONG = replace(RIGHT, share="57")
LINES = {
    Kind.COMMENT_MISSING: GoalFacts(Content()),
    Kind.ENTERED_INCONSISTENT: GoalFacts(replace(SAID, figures=(RIGHT, WRONG))),
    Kind.DRAFT_CHANGED: GoalFacts(replace(SAID, accepted="old"), draft="new"),
    Kind.CLAIM: GoalFacts(SAID, claims=(("99 %", "99 % is not among the figures."),)),
    Kind.OPEN_THREAD: GoalFacts(SAID, open_threads=2),
    Kind.FIGURES_MISSING: EditionFacts(False, True, True),
    Kind.NOT_ATTACKED: EditionFacts(True, False, True),
    Kind.CORRECTION_WITHOUT_NOTE: EditionFacts(True, True, True, is_correction=True),
    Kind.NO_NEXT_DATE: EditionFacts(True, True, False),
}


@pytest.mark.parametrize("kind", Kind)
def test_each_line_of_the_readiness_list(kind: Kind) -> None:
    facts = LINES[kind]

    def lines(notes: dict[str, str]) -> list:  # type: ignore[type-arg]
        asked = of_goal if isinstance(facts, GoalFacts) else of_edition
        return asked(facts, notes)  # type: ignore[operator,no-any-return]

    (line,) = lines({})
    assert line.kind is kind
    assert line.blocks
    (noted,) = lines({line.key: "Aftalt med koordinatoren."})
    assert noted.blocks == (kind not in WARNINGS), "a note lets a warning stand, and no error"
    assert lines({"other": "x"})[0].blocks


def test_a_goal_that_is_right_has_no_lines() -> None:
    facts = GoalFacts(replace(SAID, figures=(RIGHT,), accepted="c"), draft="c")
    assert blocking(of_goal(facts, {})) == 0
    assert of_goal(GoalFacts(Content(no_comment="Ingen data i år.")), {}) == []
    assert of_edition(EditionFacts(True, True, True, True, "Rettet."), {}) == []


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 2))
def test_a_share_is_right_where_it_is_the_counts_rounded(
    count: int, of: int, decimals: int
) -> None:
    count = min(count, of)
    share = f"{100 * count / of:.{decimals}f}".replace(".", ",")
    figure = EnteredFigure("a", "b", "c", count, of, share)
    assert mistake_in(figure) is None
    off = f"{100 * count / of + 2 * 10**-decimals:.{decimals}f}"
    assert mistake_in(replace(figure, share=off)) is not None


def test_what_is_wrong_with_an_entered_figure_is_said() -> None:
    assert "28 of 50 is 56 %, not 57 %" in str(mistake_in(WRONG))
    for wrong in (
        *(replace(RIGHT, count=51), replace(RIGHT, of=0), replace(RIGHT, count=-1)),
        *(replace(RIGHT, source=" "), replace(RIGHT, of=None), replace(RIGHT, share="mange")),
    ):
        assert mistake_in(wrong) is not None


def test_the_hash_is_of_everything_an_approver_sees() -> None:
    whole = replace(SAID, figures=(RIGHT,), next_steps="x")
    assert Content.of(whole.as_data()) == whole
    others = [
        *(replace(whole, **{name: "other"}) for name in ("comment", "cases", "interventions")),
        *(replace(whole, next_steps=""), replace(whole, figures=()), replace(whole, accepted="c")),
        replace(whole, figures=(WRONG,)),
    ]
    hashes = {each.hash("figures") for each in (whole, *others)} | {whole.hash("other figures")}
    assert len(hashes) == len(others) + 2


# --- clocks ---


def test_days_are_those_of_the_clock_here() -> None:
    deadline = dt.date(2026, 3, 30)
    late = dt.datetime(2026, 3, 28, 23, 30, tzinfo=dt.UTC)  # half past midnight of the 29th here
    assert days_left(deadline, late) == 1
    assert days_left(deadline, dt.datetime(2026, 3, 29, 21, 59, tzinfo=dt.UTC)) == 1, "summer time"
    assert days_left(deadline, dt.datetime(2026, 3, 29, 22, 0, tzinfo=dt.UTC)) == 0
    assert [left for left in range(-15, 16) if is_reminded(left)] == [-14, -7, 0, 3, 14]


def test_a_moment_is_right_over_summer_time() -> None:
    noon = dt.time(12)
    assert moment(dt.date(2026, 3, 28), noon).hour == 11
    assert moment(dt.date(2026, 3, 29), noon).hour == 10
    assert moment(dt.date(2026, 10, 25), noon).hour == 11
    with pytest.raises(ValueError, match="leave this time out"):
        moment(dt.date(2026, 3, 29), dt.time(2, 30))
    assert moment(dt.date(2026, 10, 25), dt.time(2, 30)).hour == 0, "the first of two"


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), st.integers(0, 23), st.integers(0, 59))
def test_a_moment_is_the_time_that_was_said(day: dt.date, hour: int, minute: int) -> None:
    try:
        at = moment(day, dt.time(hour, minute))
    except ValueError:
        assert hour == 2
        return
    here = at.astimezone(HERE)
    assert (here.date(), here.hour, here.minute) == (day, hour, minute)


def test_the_rules_load_no_django() -> None:
    code = (
        "import sys, pkgutil, importlib, kvarter.web.goals.rules as rules\n"
        "for each in pkgutil.iter_modules(rules.__path__, rules.__name__ + '.'):\n"
        "    importlib.import_module(each.name)\n"
        "assert 'django' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
