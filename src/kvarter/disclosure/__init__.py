"""What may be shown: small numbers, and what would give them away.

`protect` chooses what to hide, `audit` tries to work it out from all that is public.
"""

from kvarter.disclosure.alternatives import alternatives
from kvarter.disclosure.audit import Attackers, audit
from kvarter.disclosure.distance import ProtectedDistance, protect_distance, told_by_results
from kvarter.disclosure.distance_audit import audit_distance
from kvarter.disclosure.fates import (
    Fates,
    audit_fates,
    choices_of,
    choose_fates,
    not_placed,
    row_outcomes,
    told_cells,
)
from kvarter.disclosure.judged import protect_judgement, protect_verdicts
from kvarter.disclosure.parts import find_parts
from kvarter.disclosure.protect import Protected, protect
from kvarter.disclosure.worlds import words_held_back

__all__ = [
    "Attackers",
    "Fates",
    "Protected",
    "ProtectedDistance",
    "alternatives",
    "audit",
    "audit_distance",
    "audit_fates",
    "choices_of",
    "choose_fates",
    "find_parts",
    "not_placed",
    "protect",
    "protect_distance",
    "protect_judgement",
    "protect_verdicts",
    "row_outcomes",
    "told_by_results",
    "told_cells",
    "words_held_back",
]
