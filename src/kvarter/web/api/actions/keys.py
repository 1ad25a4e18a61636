"""Keys: made and closed by administrators, and used by the systems that have them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kvarter.i18n.locale import Locale
from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import check_change_keys
from kvarter.web.api.keys import (
    MOST_A_MINUTE,
    Scope,
    Token,
    ends_rightly,
    fits,
    new_token,
    read_token,
)
from kvarter.web.api.models import ApiKey
from kvarter.web.api.problems import ProblemError
from kvarter.web.audit.log import record

_ = Locale("en")._


@dataclass(frozen=True)
class NewKey:
    """What a key is made for: a system, in whose name, what, of which administration, how long."""

    name: str
    owner: User
    scopes: tuple[Scope, ...]
    expires: dt.date
    administration: str = ""


def make_key(by: User, wanted: NewKey) -> Token:
    """A new key, which is told here and never again.

    Raises NotAllowedError where `by` may not, and ValueError where it would be good for too long.
    """
    check_change_keys(by)
    if not ends_rightly(wanted.expires, timezone.localdate()):
        raise ValueError(f"a key cannot be good until {wanted.expires}")
    token, scopes = new_token(), tuple(scope.value for scope in wanted.scopes)
    with transaction.atomic():
        ApiKey.objects.create(
            id=token.id,
            digest=token.digest(),
            name=wanted.name,
            owner=wanted.owner,
            scopes=list(scopes),
            administration=wanted.administration,
            expires=wanted.expires,
            made_by=str(by.id),
        )
        record(str(by.id), "key.made", ("key", token.id), scopes)
    return token


def close_key(by: User, key: ApiKey) -> None:
    """Let a key open nothing any more. Nothing happens to one that is closed already."""
    check_change_keys(by)
    with transaction.atomic():
        closed = ApiKey.objects.filter(pk=key.pk, closed_at=None).update(closed_at=timezone.now())
        if closed:
            record(str(by.id), "key.closed", ("key", key.pk))


def use_key(text: str) -> ApiKey:
    """The key that a request brings, counted as used.

    Raises ProblemError where there is none that is open, and where it is used too often.
    """
    token, now = read_token(text), timezone.now()
    key = ApiKey.objects.select_related("owner").filter(pk=token.id).first() if token else None
    if token is None or key is None or not fits(token, key.digest):
        raise ProblemError(401, _("There is no such key. Ask the administrator of the site."))
    if not key.is_open(timezone.localdate(now)):
        raise ProblemError(401, _("This key is closed or has expired. Ask for a new one."))
    _count(key, now)
    return key


def _count(key: ApiKey, now: dt.datetime) -> None:
    """Count a use in one statement, so that two at once are two."""
    minute = int(now.timestamp() // 60)
    mine = ApiKey.objects.filter(pk=key.pk)
    again = mine.filter(minute=minute, in_minute__lt=MOST_A_MINUTE)
    if not again.update(in_minute=F("in_minute") + 1, last_used=now) and not mine.exclude(
        minute=minute
    ).update(minute=minute, in_minute=1, last_used=now):
        message = _("This key is used too often: {most} times a minute at most.")
        raise ProblemError(429, message, most=MOST_A_MINUTE)


def check_scope(key: ApiKey, scope: Scope) -> None:
    """Raises ProblemError where a key does not have `scope`."""
    if scope.value not in key.scopes:
        raise ProblemError(403, _("This key does not allow it. Ask for one with the right scope."))
