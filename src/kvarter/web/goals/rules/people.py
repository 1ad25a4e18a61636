"""Who asks to do something: their roles, and for whom they stand in today."""

from __future__ import annotations

from dataclasses import dataclass

from kvarter.web.accounts.claims import Grant
from kvarter.web.accounts.limits import Limits
from kvarter.web.accounts.roles import Permission, allows


@dataclass(frozen=True)
class Person:
    """Somebody with an account. `stands_in_for`: those who are absent today and named them."""

    id: str
    grants: frozenset[Grant] = frozenset()
    stands_in_for: tuple[Person, ...] = ()

    def may(self, permission: Permission, thing: Limits) -> bool:
        """Whether a role of their own allows it and reaches `thing`."""
        return any(
            allows(grant.role, permission) and grant.limits.reach(thing) for grant in self.grants
        )

    def reads_drafts(self) -> bool:
        """Whether they read and remark on drafts; limits are on what one changes alone."""
        every = (self, *self.stands_in_for)
        return any(
            allows(grant.role, Permission.READ_DRAFTS) for one in every for grant in one.grants
        )

    def in_whose_name(self, permission: Permission, thing: Limits) -> str | None:
        """The id of whose right they use, their own first; None where they have none."""
        every = (self, *self.stands_in_for)
        return next((one.id for one in every if one.may(permission, thing)), None)
