"""What may be shown: small numbers, and the neighbours that would give them away."""

from kvarter.disclosure.protect import hide_small, protect, protect_verdicts

__all__ = ["hide_small", "protect", "protect_verdicts"]
