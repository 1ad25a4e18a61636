"""Pages of staff in Danish and in English: one address, and the language that was chosen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from page import read_page
from test_report import whole_sentences
from web.functional.test_logging_in import PASSWORD, code_of, log_in
from web.functional.test_pages import words

# Words of forms that Django and allauth write, in English and in Danish.
BORROWED = [
    ("Password", "Adgangskode"),
    ("This field is required", "Dette felt er påkrævet"),
    ("Current Password", "Nuværende adgangskode"),
    ("Enter a valid", "Indtast en gyldig"),
]
OPEN = ["log-ind/", "glemt/", "glemt/sendt/", "glemt/ny/a-b-c/", "glemt/faerdig/", "lukket/"]
OWN = ["", "log-ud/", "adgangskode/", "faktor/", "faktor/koder/", "faktor/koder/nye/"]


def choose(client: Any, language: str, leads: str = "/konto/log-ind/") -> Any:
    return client.post("/sprog/", {"language": language, "next": leads})


def text_of(client: Any, address: str, **data: str) -> str:
    answer = client.post(address, data) if data else client.get(address, follow=True)
    assert answer.status_code in (200, 400), address
    root = read_page(answer.content.decode())
    for each in root.iter():  # labels that are read out, and names of languages in their own
        for name in ("aria-label", "alt", "placeholder"):
            each.text = f"{each.text or ''} {each.attrib.get(name, '')}"
    return words(root)


def foreign(text: str, language: str) -> list[str]:
    """Sentences of the other language in a text."""
    other = 0 if language == "da" else 1
    pairs = [*whole_sentences(), *BORROWED]
    return [
        pair[other]
        for pair in pairs
        if re.search(rf"\b{re.escape(pair[other])}", text) and pair[1 - other] not in text
    ]


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_language_is_chosen_where_the_address_says_none(
    site: None, client: Any, language: str
) -> None:
    answer = choose(client, language, "/konto/glemt/?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/konto/glemt/?x=1")
    cookie = answer.cookies["language"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    root = read_page(client.get("/konto/log-ind/").content.decode())
    assert root.attrib["lang"] == language


def test_an_address_with_a_language_speaks_it_whatever_was_chosen(demo: Path, client: Any) -> None:
    choose(client, "en")
    for address, language in (
        *(("/udgaver/", "da"), ("/en/udgaver/", "en"), ("/status/1999/", "da")),
        *(("/soeg/", "da"), ("/status/2024/maal/2/", "da"), ("/en/findes-ikke/", "en")),
        *(("/findes-ikke/", "en"), ("/konto/glemt/", "en")),
    ):
        root = read_page(client.get(address).content.decode())
        assert root.attrib["lang"] == language, address


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_a_choice_leads_nowhere_else(site: None, client: Any, elsewhere: str) -> None:
    assert "evil" not in choose(client, "en", elsewhere).headers["Location"]
    assert "javascript" not in choose(client, "en", elsewhere).headers["Location"]


def test_a_language_that_is_not_spoken_is_danish(site: None, client: Any) -> None:
    choose(client, "fr")
    assert read_page(client.get("/konto/glemt/").content.decode()).attrib["lang"] == "da"


@pytest.mark.parametrize("language", ["da", "en"])
def test_each_language_is_spoken_alone_where_one_logs_in(
    site: None, client: Any, language: str
) -> None:
    choose(client, language)
    for page in OPEN:
        assert foreign(text_of(client, f"/konto/{page}"), language) == [], page
    said = text_of(client, "/konto/log-ind/", login="nobody", password="")
    assert foreign(said, language) == []
    assert {"da": "Dette felt er påkrævet", "en": "This field is required"}[language] in said


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_each_language_is_spoken_alone_by_staff(
    site: None, make_user: Callable[..., Any], client: Any, language: str, role: str
) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user, secret = make_user(role, password=PASSWORD), generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    other = make_user("goal_owner")
    choose(client, language)
    log_in(client, user)
    assert foreign(text_of(client, "/konto/faktor/kode/"), language) == []
    client.post("/konto/faktor/kode/", {"code": code_of(secret)})
    pages = {
        "administrator": ["konto/brugere/", "konto/brugere/ny/", f"konto/brugere/{other.id}/"],
        "auditor": ["revision/", "revision/?purpose=supervision", "revision/?purpose="],
    }[role]
    for page in [*(f"konto/{each}" for each in OWN), *pages]:
        assert foreign(text_of(client, f"/{page}"), language) == [], page
    title = {"da": "Administrator", "en": "Administrator"} if role == "administrator" else {}
    title = title or {"da": "Revisor", "en": "Auditor"}
    assert title[language] in text_of(client, "/konto/")
    wrong = text_of(client, "/konto/adgangskode/", oldpassword="no", password1="a", password2="b")
    assert foreign(wrong, language) == []


def test_a_foreign_sentence_would_be_found() -> None:
    assert foreign("Choose a new password", "da") == ["Choose a new password"]
    assert foreign("Dette felt er påkrævet.", "en") == ["Dette felt er påkrævet"]
