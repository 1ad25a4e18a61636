"""What may be shown: small numbers, and what would give them away.

`protect` chooses what to hide, `audit` tries to work it out from all that is public.
"""

from kvarter.disclosure.alternatives import alternatives
from kvarter.disclosure.audit import audit
from kvarter.disclosure.distance import protect_distance
from kvarter.disclosure.judged import protect_judgement
from kvarter.disclosure.protect import Protected, protect, protect_verdicts
from kvarter.disclosure.rows import ALL, hide_small, with_totals

__all__ = [
    "ALL",
    "Protected",
    "alternatives",
    "audit",
    "hide_small",
    "protect",
    "protect_distance",
    "protect_judgement",
    "protect_verdicts",
    "with_totals",
]
