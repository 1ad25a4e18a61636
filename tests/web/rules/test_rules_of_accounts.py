"""Roles, limits and claims: without Django and without a database."""

from __future__ import annotations

import base64
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.web.accounts.claims import ClaimRules, Grant, grants_in
from kvarter.web.accounts.limits import NONE, Limits
from kvarter.web.accounts.roles import ROLES, Permission, allows

RULES = ClaimRules(
    claim="roles",
    privileges_claim="privileges",
    roles={
        "KVARTER_SOF": Grant("goal_owner", Limits(administration="SOF")),
        "coordinator": Grant("coordinator", NONE),
        "goal_owner": Grant("goal_owner", NONE),
    },
    constraints={"http://kommune.dk/constraints/administration/1": "administration"},
)
NAMESPACE = 'xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile"'


def privileges(inside: str) -> str:
    """A privilege list as access management sends it."""
    group = '<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:64942212">'
    text = f"<bpp:PrivilegeList {NAMESPACE}>{group}{inside}</PrivilegeGroup></bpp:PrivilegeList>"
    return base64.b64encode(text.encode()).decode()


def test_a_limit_is_reached_by_what_belongs_to_it_alone() -> None:
    mine = Limits(administration="SOF")
    assert mine.reach(Limits(administration="SOF", area="lærkebo"))
    assert not mine.reach(Limits(administration="TMF"))
    assert not mine.reach(NONE), "what belongs to nobody is for those without limits"
    assert NONE.reach(mine)


parts = st.sampled_from(["", "a", "b"])
limits = st.builds(Limits, parts, parts, parts, parts)


@given(limits, limits)
def test_a_narrower_limit_never_reaches_further(mine: Limits, thing: Limits) -> None:
    narrower = Limits("x", mine.area, mine.organisation, mine.subject)
    if narrower.reach(thing):
        assert Limits("", mine.area, mine.organisation, mine.subject).reach(thing)
    assert NONE.reach(thing)


def test_the_ids_of_roles_stay_as_they_are() -> None:
    """They lie in databases: one that is renamed takes the role from everybody who had it."""
    assert list(ROLES) == [
        *("reader", "goal_owner", "approver", "coordinator", "analyst", "auditor"),
        "administrator",
    ]


def test_who_sees_to_accounts_publishes_nothing() -> None:
    assert not allows("administrator", Permission.PUBLISH_EDITION)
    assert not allows("auditor", Permission.CHANGE_USERS)
    assert not allows("a role of before", Permission.READ_DRAFTS)


def test_every_permission_is_given_by_a_role() -> None:
    given_by_some = {each for role in ROLES.values() for each in role.permissions}
    assert given_by_some == set(Permission)


def test_names_in_a_claim_give_roles_with_their_limits() -> None:
    assert grants_in({"roles": ["KVARTER_SOF", "other"]}, RULES) == {
        Grant("goal_owner", Limits(administration="SOF"))
    }
    assert grants_in({"roles": "coordinator"}, RULES) == {Grant("coordinator", NONE)}
    assert grants_in({}, RULES) == set()


def test_a_privilege_list_gives_roles_with_constraints() -> None:
    inside = (
        '<Constraint Name="http://kommune.dk/constraints/administration/1">TMF</Constraint>'
        "<Privilege>http://kvarter.dk/roles/usersystemrole/goal_owner/1</Privilege>"
    )
    found = grants_in({"privileges": privileges(inside)}, RULES)
    assert found == {Grant("goal_owner", Limits(administration="TMF"))}


def test_a_constraint_that_is_not_understood_gives_nothing() -> None:
    inside = (
        '<Constraint Name="http://kommune.dk/constraints/KLE/1">27.*</Constraint>'
        "<Privilege>http://kvarter.dk/roles/usersystemrole/coordinator/1</Privilege>"
    )
    assert grants_in({"privileges": privileges(inside)}, RULES) == set()


@pytest.mark.parametrize(
    "listed",
    [
        "no base64!",
        base64.b64encode(b"<not closed>").decode(),
        base64.b64encode(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>').decode(),
        "A" * 100_001,
    ],
    ids=["encoding", "xml", "entities", "length"],
)
def test_a_privilege_list_that_cannot_be_read_is_refused(listed: str) -> None:
    with pytest.raises(ValueError, match="privilege list"):
        grants_in({"privileges": listed}, RULES)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x), max_leaves=5))
def test_no_claim_of_another_form_gives_a_role(value: object) -> None:
    told = value if isinstance(value, list) else [value]
    known = {"KVARTER_SOF", "coordinator", "goal_owner"}
    if not any(one in known for one in told if isinstance(one, str)):
        assert grants_in({"roles": value}, RULES) == set()


def test_rules_load_no_django() -> None:
    modules = (
        "accounts.roles",
        "accounts.limits",
        "accounts.claims",
        "audit.chain",
        "outbox.retries",
    )
    code = "import sys, importlib\n" + "".join(
        f"importlib.import_module('kvarter.web.{name}')\n" for name in modules
    )
    code += "sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
