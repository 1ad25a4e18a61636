"""Every address x role x method: what each answers. A new one that is not listed fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

ROLES = [
    *("reader", "goal_owner", "approver", "coordinator", "analyst", "auditor", "administrator"),
]
WHO = ["nobody", "without a role", *ROLES]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
SAFE = {"GET", "HEAD"}
HEADERS = {"host": "localhost", "x-forwarded-proto": "https"}

# What an address is: who gets to it, and by which methods. `{name}` is filled in below.
PUBLIC, SIGNED_IN, USERS_READ, USERS_CHANGED, AUDIT, LOGIN, NOWHERE, KEY, RUNS = (
    *(
        "public",
        "signed in",
        "users read",
        "users changed",
        "audit",
        "login",
        "nowhere",
        "key",
        "runs",
    ),
)
WORK, COORDINATE = "work", "coordinate"
ALLOWED = {
    USERS_READ: {"auditor", "administrator"},
    USERS_CHANGED: {"administrator"},
    AUDIT: {"auditor"},
    RUNS: {"analyst"},
    WORK: {"reader", "goal_owner", "approver", "coordinator", "analyst"},
    COORDINATE: {"coordinator"},
}
GOAL = "/arbejde/{edition}/maal/2/"
POSTED_BY = {
    # who may send a form, where that is fewer than those who see the page
    GOAL: {"goal_owner"},
    f"{GOAL}fordel/": {"coordinator"},
    f"{GOAL}note/": {"goal_owner", "coordinator"},
}
ADDRESSES: dict[str, tuple[str, set[str]]] = {
    # address: (what it is, methods)
    "/": (PUBLIC, SAFE),
    "/status/": (PUBLIC, SAFE),
    "/udgaver/": (PUBLIC, SAFE),
    "/udgaver/feed.xml": (PUBLIC, SAFE),
    "/soeg/": (PUBLIC, SAFE),
    "/status/2024/": (PUBLIC, SAFE),
    "/status/2024/maal/2/": (PUBLIC, SAFE),
    "/status/2024/v/1/": (PUBLIC, SAFE),
    "/status/2024/v/1/maal/2/": (PUBLIC, SAFE),
    "/status/2024/v/1/billede/da-omraader.svg": (PUBLIC, SAFE),
    "/status/2024/v/1/dokument/report.html": (PUBLIC, SAFE),
    "/status/2024/v/1/fil/data/results.csv": (PUBLIC, SAFE),
    "/maal/2/": (PUBLIC, SAFE),
    "/tilgaengelighed/": (PUBLIC, SAFE),
    "/robots.txt": (PUBLIC, SAFE),
    "/sundhed/": (PUBLIC, SAFE),
    "/look/farve.css": (PUBLIC, SAFE),
    "/look/logo": (PUBLIC, SAFE),
    "/sprog/": (LOGIN, {"POST"}),
    "/api/": (PUBLIC, SAFE),
    "/api/v1/": (NOWHERE, SAFE),
    **{
        f"/api/v1/{each}": (PUBLIC, SAFE)
        for each in (
            *("openapi.json", "editions", "editions/2024", "editions/2024/goals"),
            *("editions/2024/goals/2", "editions/2024/areas", "editions/2024/criteria"),
            *("editions/2024/documents", "editions/2024/figures", "editions/2024/figures.csv"),
            *("editions/2024/tables", "editions/2024/tables/gaps"),
            "editions/2024/tables/gaps.csv",
        )
    },
    "/api/v1/key": (KEY, SAFE),
    "/api/v1/drafts/2024/goals/2/figures": (KEY, SAFE | {"PUT"}),
    "/konto/noegler/": (USERS_CHANGED, SAFE | {"POST"}),
    "/konto/noegler/0123456789abcdef/luk/": (USERS_CHANGED, {"POST"}),
    "/konto/": (SIGNED_IN, SAFE),
    "/konto/uden-adgangskode/": (LOGIN, SAFE),
    "/konto/brugere/": (USERS_READ, SAFE),
    "/konto/brugere/ny/": (USERS_CHANGED, SAFE | {"POST"}),
    "/konto/brugere/{user}/": (USERS_READ, SAFE),
    "/konto/brugere/{user}/rolle/": (USERS_CHANGED, {"POST"}),
    "/konto/brugere/{user}/rolle/{grant}/fjern/": (USERS_CHANGED, {"POST"}),
    "/konto/brugere/{user}/luk/": (USERS_CHANGED, {"POST"}),
    "/koersler/": (RUNS, SAFE),
    "/koersler/ny/": (RUNS, {"POST"}),
    "/koersler/fil/": (RUNS, {"POST"}),
    "/koersler/fil/{none}/fjern/": (RUNS, {"POST"}),
    "/koersler/politik/": (RUNS, SAFE | {"POST"}),
    "/koersler/politik/1/": (RUNS, SAFE),
    "/koersler/adresser/2024/": (RUNS, SAFE),
    "/koersler/adresser/2024/t1/": (RUNS, SAFE | {"POST"}),
    "/koersler/adresser/2024/t1/kort.svg": (RUNS, SAFE),
    "/koersler/{none}/": (RUNS, SAFE),
    "/koersler/{none}/tilstand.json": (RUNS, SAFE),
    "/koersler/{none}/stop/": (RUNS, {"POST"}),
    "/arbejde/": (WORK, SAFE),
    "/arbejde/ny/": (COORDINATE, SAFE | {"POST"}),
    "/arbejde/fravaer/": (WORK, SAFE | {"POST"}),
    "/arbejde/fravaer/1/slut/": (WORK, {"POST"}),
    "/arbejde/{edition}/": (WORK, SAFE),
    **{
        f"/arbejde/{{edition}}/{each}/": (COORDINATE, {"POST"})
        for each in ("goer", "aftalt", "udgiv", "note", "link", "link/1/luk")
    },
    GOAL: (WORK, SAFE | {"POST"}),
    f"{GOAL}historie/": (WORK, SAFE),
    **{
        f"{GOAL}{each}/": (WORK, {"POST"})
        for each in (
            *("goer", "fordel", "udkast", "tjek", "bemaerk", "bemaerk/1/slut", "note"),
            "historie/1/genskab",
        )
    },
    "/udkast/of-nobody/": (PUBLIC, SAFE),
    "/revision/": (AUDIT, SAFE),
    "/revision/revision.csv": (AUDIT, SAFE),
    "/konto/log-ind/": (LOGIN, SAFE | {"POST"}),
    "/konto/log-ud/": (LOGIN, SAFE | {"POST"}),
    "/konto/lukket/": (LOGIN, SAFE),
    "/konto/bekraeft/": (LOGIN, SAFE | {"POST"}),
    "/konto/adgangskode/": (LOGIN, SAFE | {"POST"}),
    "/konto/glemt/": (LOGIN, SAFE | {"POST"}),
    "/konto/glemt/sendt/": (LOGIN, SAFE),
    "/konto/glemt/ny/abc-def/": (LOGIN, SAFE | {"POST"}),
    "/konto/glemt/faerdig/": (LOGIN, SAFE),
    "/konto/faktor/": (LOGIN, SAFE),
    "/konto/faktor/kode/": (LOGIN, SAFE | {"POST"}),
    "/konto/faktor/bekraeft/": (LOGIN, SAFE | {"POST"}),
    "/konto/faktor/app/": (LOGIN, SAFE | {"POST"}),
    "/konto/faktor/app/fjern/": (LOGIN, SAFE | {"POST"}),
    "/konto/faktor/koder/": (LOGIN, SAFE),
    "/konto/faktor/koder/nye/": (LOGIN, SAFE | {"POST"}),
    "/konto/faktor/koder/fil/": (LOGIN, SAFE),
    "/konto/kommune/afbrudt/": (LOGIN, SAFE),
    "/konto/kommune/fejl/": (LOGIN, SAFE),
    "/konto/kommune/login/": (NOWHERE, SAFE | {"POST"}),
    "/konto/kommune/svar/": (NOWHERE, SAFE | {"POST"}),
}
IN_ENGLISH_TOO = ("/status/", "/udgaver/", "/soeg/", "/maal/", "/tilgaengelighed/")
API_PAGE = "/api/"


def patterns(resolver: Any, before: str = "") -> Iterator[str]:
    """Every pattern that the site has, as text."""
    for each in resolver.url_patterns:
        whole = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from patterns(each, whole)
        else:
            yield whole


@pytest.fixture
def filled_in(demo: Path) -> dict[str, str]:
    """A user, a grant and an edition in the making that addresses can name."""
    from kvarter.web.accounts.models import RoleGrant
    from kvarter.web.goals.models import GoalInEdition, WorkingEdition

    grant = RoleGrant.objects.filter(role="reader").first()
    edition = WorkingEdition.objects.create(
        edition="x", title="x", folder="x", deadline="2026-12-24", state="open", made_by=grant.user
    )
    GoalInEdition.objects.create(edition=edition, number=2, title="x")
    return {
        "user": str(grant.user_id),
        "grant": str(grant.pk),
        "none": str(UUID(int=0)),
        "edition": str(edition.pk),
    }


def test_every_pattern_is_in_the_list(filled_in: dict[str, str]) -> None:
    from django.urls import get_resolver, resolve

    listed = set()
    for address in ADDRESSES:
        path = address.format(**filled_in)
        listed.add(resolve(path).route)
        if path in ("/", API_PAGE) or path.startswith(IN_ENGLISH_TOO):
            listed.add(resolve(f"/en{path}").route)
    every = {route.replace("^", "") for route in patterns(get_resolver())}
    assert every - {route.replace("^", "") for route in listed} == set()


@pytest.fixture(params=WHO)
def who(
    request: pytest.FixtureRequest, make_user: Callable[..., Any], demo: Path
) -> tuple[str, Any]:
    from django.test import Client

    client = Client(headers=HEADERS, secure=True)
    if request.param != "nobody":
        roles = [] if request.param == "without a role" else [request.param]
        user = make_user(*roles)
        user.source = "claims"  # whose second factor is the provider's
        user.save()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return request.param, client


def test_who_gets_where_by_which_method(who: tuple[str, Any], filled_in: dict[str, str]) -> None:
    name, client = who
    wrong = []
    for address, (what, methods) in ADDRESSES.items():
        if name in ROLES and what not in (SIGNED_IN, *ALLOWED):
            continue  # the same for every role: nobody's and that of an account without one tell
        path = address.format(**filled_in)
        for method in METHODS:
            if method == "POST" and what == USERS_CHANGED and name == "administrator":
                continue  # it would change what the others are tested with
            if path == "/konto/log-ud/" and method == "POST":
                continue
            found = client.generic(method, path).status_code
            if method == "POST" and name in ALLOWED.get(what, set()) - POSTED_BY.get(
                address, ALLOWED.get(what, set())
            ):
                if found != 403:
                    wrong.append((name, method, path, found))
            elif not _as_it_should(found, name, what, method in methods):
                wrong.append((name, method, path, found))
    assert wrong == []


def _as_it_should(found: int, name: str, what: str, has_method: bool) -> bool:
    if what == PUBLIC:
        return found in ({200, 302, 404} if has_method else {405})
    if what == NOWHERE:  # no provider is named in this site; the API begins below its number
        return found == 404
    if what == KEY:  # nobody brings one
        return found == (401 if has_method else 405)
    if what == LOGIN:
        # Never more than a form or a way elsewhere; a form that lacks its token is refused.
        return found in {200, 302, 400, 401, 403, 404, 405, 429}
    if name == "nobody":
        return found == 302
    if what == SIGNED_IN:
        return found in ({200} if has_method else {405})
    if name not in ALLOWED[what]:
        closed = what == COORDINATE and name in ALLOWED[WORK] and not has_method
        return found == (405 if closed else 403)
    if what == RUNS:  # no run is there, and the demo names no policy
        return found in ({200, 404} if has_method else {405})
    if what in (WORK, COORDINATE):  # 409: what was sent says too little to do it
        return found in ({200, 302, 404, 409} if has_method else {405})
    return found in ({200, 302, 400} if has_method else {405})


def test_a_form_without_its_token_is_refused(
    filled_in: dict[str, str], make_user: Callable[..., Any]
) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True, headers=HEADERS, secure=True)
    administrator = make_user("administrator")
    administrator.source = "claims"
    administrator.save()
    client.force_login(administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address, (what, methods) in ADDRESSES.items():
        if "POST" in methods and what in (USERS_CHANGED, LOGIN, RUNS, WORK, COORDINATE):
            found = client.post(address.format(**filled_in)).status_code
            assert found == 403, address
