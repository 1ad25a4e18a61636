"""What may be shown: small numbers, and the neighbours that would give them away."""

from kvarter.disclosure.protect import protect, protect_verdicts

__all__ = ["protect", "protect_verdicts"]
