"""What was decided: goals, indicators, targets, areas and editions, read from `policy.yaml`."""

from kvarter.policy.load import load_policy
from kvarter.policy.model import Policy

__all__ = ["Policy", "load_policy"]
