"""What may be shown: small numbers, and what would give them away.

Figures, levels of criteria and counts of rows go through one `protocol`: what to hide is chosen,
and attackers who have read all that is published try to work it out.
"""

from kvarter.disclosure.alternative_tables import words_held_back
from kvarter.disclosure.alternatives import alternatives
from kvarter.disclosure.distance import ProtectedDistance, protect_distance, published_by_results
from kvarter.disclosure.figure_attack import FigureAttackers
from kvarter.disclosure.figures import Protected, protect
from kvarter.disclosure.judged import protect_judgement, protect_verdicts
from kvarter.disclosure.level_attack import LevelAttackers
from kvarter.disclosure.parts import find_parts
from kvarter.disclosure.protocol import Choice, Sensitive, audit
from kvarter.disclosure.row_attack import RowAttackers
from kvarter.disclosure.row_counts import (
    RowCounts,
    choices_of,
    choose_row_counts,
    not_placed,
    published_cells,
    row_outcomes,
    sensitive_rows,
)

__all__ = [
    "Choice",
    "FigureAttackers",
    "LevelAttackers",
    "Protected",
    "ProtectedDistance",
    "RowAttackers",
    "RowCounts",
    "Sensitive",
    "alternatives",
    "audit",
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
    "sensitive_rows",
    "words_held_back",
]
