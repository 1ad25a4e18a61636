"""How far a role reaches: to an administration, an area, an organisation or a subject."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """What a role is limited to; an empty part is no limit.

    The same type says what a thing belongs to, when it is asked whether a role reaches it.
    """

    administration: str = ""
    area: str = ""
    organisation: str = ""
    subject: str = ""

    def reach(self, thing: Limits) -> bool:
        """Whether every limit is that of `thing`. What belongs to nobody is reached by no limit."""
        return all(
            not mine or mine == its for mine, its in zip(_parts(self), _parts(thing), strict=True)
        )


NONE = Limits()


def _parts(limits: Limits) -> tuple[str, ...]:
    return tuple(getattr(limits, each.name) for each in fields(limits))
