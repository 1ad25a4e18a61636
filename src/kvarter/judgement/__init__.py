"""Measures -> intervals and bounds (`intervals`), and targets -> verdicts (`verdict`)."""

from kvarter.judgement.intervals import with_intervals
from kvarter.judgement.verdict import VERDICT, case_systems, judge

__all__ = ["VERDICT", "case_systems", "judge", "with_intervals"]
