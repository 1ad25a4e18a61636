"""What was decided in Copenhagen, from the example's policy file."""

from __future__ import annotations

from pathlib import Path

from kvarter.policy import load_policy

POLICY = load_policy(Path(__file__).parents[2] / "examples" / "copenhagen" / "policy.yaml")
INDICATORS = {indicator.id: indicator for _, indicator in POLICY.indicators()}
TARGETS = {target.id: target for goal in POLICY.goals for target in goal.targets}
READINGS = {
    "rate": TARGETS["fewer-evictions"].readings[0],
    **{reading.id: reading for reading in TARGETS["fewer-young-offenders"].readings},
}
"""The rate of notices; the number, the share and the points of the minors."""
