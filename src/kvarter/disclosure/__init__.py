"""What may be shown: small numbers, and the neighbours that would give them away."""

from kvarter.disclosure.judged import protect_judgement
from kvarter.disclosure.protect import protect, protect_verdicts
from kvarter.disclosure.rows import ALL, hide_small, with_totals

__all__ = ["ALL", "hide_small", "protect", "protect_judgement", "protect_verdicts", "with_totals"]
