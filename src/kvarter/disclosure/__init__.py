"""What may be shown: small numbers, and what would give them away.

`protect` chooses what to hide, `audit` tries to work it out from all that is public.
"""

from kvarter.disclosure.alternatives import alternatives
from kvarter.disclosure.audit import Attackers, audit
from kvarter.disclosure.distance import ProtectedDistance, protect_distance
from kvarter.disclosure.distance_audit import audit_distance
from kvarter.disclosure.judged import protect_judgement, protect_verdicts
from kvarter.disclosure.protect import Protected, protect
from kvarter.disclosure.rows import ALL, hide_small, with_totals
from kvarter.disclosure.worlds import words_held_back

__all__ = [
    "ALL",
    "Attackers",
    "Protected",
    "ProtectedDistance",
    "alternatives",
    "audit",
    "audit_distance",
    "hide_small",
    "protect",
    "protect_distance",
    "protect_judgement",
    "protect_verdicts",
    "with_totals",
    "words_held_back",
]
