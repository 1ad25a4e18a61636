"""Users as the rules see them: with the roles they have, and for whom they stand in today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from kvarter.web.accounts.claims import Grant
from kvarter.web.accounts.models import User
from kvarter.web.accounts.permissions import Visitor
from kvarter.web.accounts.roles import ROLES, Permission
from kvarter.web.goals.models import StandIn
from kvarter.web.goals.rules.deadlines import today
from kvarter.web.goals.rules.people import Person
from kvarter.web.goals.rules.policies import check_read
from kvarter.web.goals.rules.said import RefusedError, _


def person_of(user: Visitor) -> Person:
    """Somebody with all they may do today. Raises RefusedError for who is not logged in."""
    if not isinstance(user, User) or not user.is_active:
        raise RefusedError(_("Log in first."))
    absent = (
        User.objects.filter(is_active=True, stand_ins__in=_today(timezone.now(), user))
        .distinct()
        .prefetch_related("grants")
    )
    return Person(str(user.id), _grants(user), tuple(_alone(one) for one in absent))


def reader(user: Visitor) -> Person:
    """The same of somebody who takes part in the work. Raises RefusedError for others."""
    person = person_of(user)
    check_read(person)
    return person


def who_may(permission: Permission) -> QuerySet[User]:
    """Everybody whom a role allows something, whatever its limits."""
    roles = [role.id for role in ROLES.values() if permission in role.permissions]
    return User.objects.filter(is_active=True, grants__role__in=roles).distinct()


def with_stand_ins(users: Iterable[User]) -> list[User]:
    """Those users, and who stands in for one of them today."""
    every = {user.pk: user for user in users}
    standing = StandIn.objects.filter(_on(today(timezone.now())), absent__in=every)
    for each in standing.select_related("stand_in"):
        if each.stand_in.is_active:
            every.setdefault(each.stand_in.pk, each.stand_in)
    return list(every.values())


def _today(now: dt.datetime, user: User) -> QuerySet[StandIn]:
    return StandIn.objects.filter(_on(today(now)), stand_in=user)


def _on(day: dt.date) -> Q:
    return Q(first_day__lte=day, last_day__gte=day)


def _alone(user: User) -> Person:
    return Person(str(user.id), _grants(user))


def _grants(user: User) -> frozenset[Grant]:
    return frozenset(Grant(each.role, each.limits()) for each in user.grants.all())
