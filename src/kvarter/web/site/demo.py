"""The demo site: users of each role, and the editions of a folder published."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from kvarter.errors import InputError, Problem
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
    return logins


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
    administrator = first_administrator(
        "administrator@example.org", _NAMES["administrator"], password
    )
    for login in made:
        if login.role == "administrator":
            continue
        user = User(email=login.email, name=_NAMES[login.role])
        user.set_password(password)
        user.save()
        grant_role(administrator, user, login.role)
    path = folder / PASSWORDS
    path.touch(mode=0o600)
    lines = "".join(f"{each.role} {each.email} {each.password}\n" for each in made)
    path.write_text(lines, encoding="utf-8")
    return made


def _logins(folder: Path) -> list[Login]:
    lines = (folder / PASSWORDS).read_text(encoding="utf-8").splitlines()
    return [Login(*line.split(" ")) for line in lines]
