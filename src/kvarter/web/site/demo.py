"""The demo site: users of each role, editions of a folder published, and one in the making."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from kvarter.errors import InputError, Problem
from kvarter.web.accounts.limits import NONE, Limits
from kvarter.web.site.demo_work import ADMINISTRATIONS, People, begin_work
from kvarter.web.site.start import bring_up_to_date, make_site, set_up

_NAMES = {
    "reader": "Rikke Læser",
    "goal_owner": "Mads Målejer",
    "approver": "Gitte Godkender",
    "coordinator": "Karen Koordinator",
    "analyst": "Anders Analytiker",
    "auditor": "Rasmus Revisor",
    "administrator": "Anna Administrator",
}
_OF_ONE = ("goal_owner", "approver")
"""The roles that are of one administration each; there is one in each of them."""
PASSWORDS = "logins.txt"


@dataclass(frozen=True)
class Login:
    """A user of the demo."""

    role: str
    email: str
    password: str


def make_demo(folder: Path, editions: Path) -> list[Login]:
    """Make or open the demo site in `folder`, over the editions in the folder `editions`.

    Raises InputError where there are no editions.
    """
    found = sorted(path.parent for path in editions.glob("[!.]*/edition.json"))
    if not found:
        what = "there are no editions in this folder"
        raise InputError(Problem(what, "Make the example first: make demo", str(editions)))
    if (folder / PASSWORDS).exists():
        set_up(folder)
        bring_up_to_date()
        logins = _logins(folder)
    else:
        policy = editions.resolve().parent / "policy.yaml"
        make_site(
            folder,
            "Eksempel Kommune",
            ["localhost", "127.0.0.1"],
            demo=True,
            policy=policy if policy.exists() else None,
        )
        logins = _make_users(folder)
    _publish(found)
    begin_work(_people(), editions)
    return logins


def _people() -> People:
    """Those who take part in the work, by what they do."""
    from kvarter.web.accounts.models import User

    users = {user.email.partition("@")[0]: user for user in User.objects.all()}
    return People(
        users["coordinator"],
        users["reader"],
        {short: users[_login_of("goal_owner", short)] for short in ADMINISTRATIONS},
        {short: users[_login_of("approver", short)] for short in ADMINISTRATIONS},
    )


def _login_of(role: str, short: str) -> str:
    """The login of who does something in an administration; that of the first has no ending."""
    return role if short == "sof" else f"{role}-{short}"


def _publish(editions: list[Path]) -> None:
    """Publish those that are not yet."""
    from kvarter.web.accounts.models import User
    from kvarter.web.status.actions.publish import publish
    from kvarter.web.status.models import PublishedEdition

    known = set(PublishedEdition.objects.values_list("edition", flat=True))
    coordinator = User.objects.get(grants__role="coordinator")
    for edition in editions:
        if edition.name not in known:
            publish(coordinator, edition)


def _make_users(folder: Path) -> list[Login]:
    """A user of each role; their passwords are made here and kept in a file of the folder."""
    from kvarter.web.accounts.actions.accounts import first_administrator, grant_role
    from kvarter.web.accounts.models import User

    password = secrets.token_urlsafe(12)
    made = [Login(role, f"{role}@example.org", password) for role in _NAMES]
    names = {login.email: _NAMES[login.role] for login in made}
    limits = {}
    for (short, administration), role in product(ADMINISTRATIONS.items(), _OF_ONE):
        email = f"{_login_of(role, short)}@example.org"
        limits[email] = Limits(administration=administration)
        if email not in names:
            made.append(Login(role, email, password))
            names[email] = f"{_NAMES[role]} {short.upper()}"
    administrator = first_administrator(
        "administrator@example.org", _NAMES["administrator"], password
    )
    for login in made:
        if login.role == "administrator":
            continue
        user = User(email=login.email, name=names[login.email])
        user.set_password(password)
        user.save()
        grant_role(administrator, user, login.role, limits.get(login.email, NONE))
    path = folder / PASSWORDS
    path.touch(mode=0o600)
    lines = "".join(f"{each.role} {each.email} {each.password}\n" for each in made)
    path.write_text(lines, encoding="utf-8")
    return made


def _logins(folder: Path) -> list[Login]:
    lines = (folder / PASSWORDS).read_text(encoding="utf-8").splitlines()
    return [Login(*line.split(" ")) for line in lines]
