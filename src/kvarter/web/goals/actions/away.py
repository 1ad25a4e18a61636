"""Who stands in for whom, and links for readers outside."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from kvarter.web.accounts.models import User
from kvarter.web.accounts.roles import Permission
from kvarter.web.audit.log import record
from kvarter.web.goals.actions.told import note_edition
from kvarter.web.goals.models import IN_THE_MAKING, PreviewLink, StandIn, WorkingEdition
from kvarter.web.goals.people import person_of, reader
from kvarter.web.goals.rules.deadlines import today
from kvarter.web.goals.rules.policies import check_right
from kvarter.web.goals.rules.said import RefusedError, _

LONGEST_LINK = dt.timedelta(days=30)
LONGEST_ABSENCE = dt.timedelta(days=366)


def stand_in(by: User, absent: User, other: User, first_day: dt.date, last_day: dt.date) -> StandIn:
    """Let `other` act for `absent` in those days.

    Everybody says it of themselves, and a coordinator of all. Raises RefusedError for others, for
    days that are no time, and for people who have no part in the work.
    """
    person = reader(by)
    if by.pk != absent.pk:
        check_right(person, Permission.COORDINATE_EDITION)
    if absent.pk == other.pk:
        raise RefusedError(_("Nobody stands in for themselves."))
    if not first_day <= last_day <= first_day + LONGEST_ABSENCE:
        raise RefusedError(_("The last day is before the first, or more than a year after it."))
    reader(other)
    with transaction.atomic():
        made = StandIn.objects.create(
            absent=absent, stand_in=other, first_day=first_day, last_day=last_day, made_by=by
        )
        record(str(by.id), "stand_in.made", ("user", str(absent.id)), ("stand_in", "days"))
        return made


def end_stand_in(by: User, number: int) -> None:
    """End it from today on: who is absent does, and a coordinator."""
    person = reader(by)
    with transaction.atomic():
        found = StandIn.objects.select_for_update(of=("self",)).filter(pk=number).first()
        if found is None:
            raise RefusedError(_("This is not there any more."))
        if by.pk != found.absent_id:
            check_right(person, Permission.COORDINATE_EDITION)
        record(str(by.id), "stand_in.ended", ("user", str(found.absent_id)), ("days",))
        yesterday = today(timezone.now()) - dt.timedelta(days=1)
        if found.first_day > yesterday:
            found.delete()
        else:
            found.last_day = min(found.last_day, yesterday)
            found.save(update_fields=["last_day"])


def make_link(by: User, edition: int, for_whom: str, days: int) -> tuple[PreviewLink, str]:
    """A link for somebody outside, and its secret, which is told this once."""
    check_right(person_of(by), Permission.COORDINATE_EDITION)
    if not for_whom.strip():
        raise RefusedError(_("Say for whom the link is."))
    if not 1 <= days <= LONGEST_LINK.days:
        raise RefusedError(_("A link holds for {days} days at most.", days=LONGEST_LINK.days))
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = WorkingEdition.objects.get(pk=edition)
        if row.state not in IN_THE_MAKING:
            raise RefusedError(_("The edition is not where this can be done."))
        made = PreviewLink.objects.create(
            edition=row,
            secret_hash=hash_of(secret),
            for_whom=for_whom.strip()[:100],
            made_by=by,
            expires_at=timezone.now() + dt.timedelta(days=days),
        )
        note_edition(by, "edition.link_made", row)
        return made, secret


def close_link(by: User, number: int) -> PreviewLink:
    """Let a link lead nowhere from now on."""
    check_right(person_of(by), Permission.COORDINATE_EDITION)
    with transaction.atomic():
        found = PreviewLink.objects.select_related("edition").filter(pk=number).first()
        if found is None:
            raise RefusedError(_("This is not there any more."))
        found.closed_at = found.closed_at or timezone.now()
        found.save(update_fields=["closed_at"])
        note_edition(by, "edition.link_closed", found.edition)
        return found


def opened_by(secret: str) -> PreviewLink | None:
    """The link that a secret opens now; None where it opens nothing."""
    found = PreviewLink.objects.select_related("edition").filter(secret_hash=hash_of(secret))
    link = found.filter(closed_at=None, expires_at__gt=timezone.now()).first()
    return link if link and link.edition.state in IN_THE_MAKING else None


def hash_of(secret: str) -> str:
    """What is kept of a secret: it is long and random, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
