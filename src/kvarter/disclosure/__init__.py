"""What may be shown: small numbers, and what would give them away.

`protect` chooses what to hide, `audit` tries to work it out from all that is public.
"""

from kvarter.disclosure.alternative_tables import words_held_back
from kvarter.disclosure.alternatives import alternatives
from kvarter.disclosure.audit import Attackers, audit
from kvarter.disclosure.distance import ProtectedDistance, protect_distance, published_by_results
from kvarter.disclosure.distance_audit import audit_distance
from kvarter.disclosure.judged import protect_judgement, protect_verdicts
from kvarter.disclosure.parts import find_parts
from kvarter.disclosure.protect import Protected, protect
from kvarter.disclosure.row_counts import (
    RowCounts,
    audit_row_counts,
    choices_of,
    choose_row_counts,
    not_placed,
    published_cells,
    row_outcomes,
)

__all__ = [
    "Attackers",
    "Protected",
    "ProtectedDistance",
    "RowCounts",
    "alternatives",
    "audit",
    "audit_distance",
    "audit_row_counts",
    "choices_of",
    "choose_row_counts",
    "find_parts",
    "not_placed",
    "protect",
    "protect_distance",
    "protect_judgement",
    "protect_verdicts",
    "published_by_results",
    "published_cells",
    "row_outcomes",
    "words_held_back",
]
