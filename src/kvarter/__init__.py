"""Kvarter: from raw case extract to a status people can trust.

>>> from kvarter.run import run
>>> status = run("policy.yaml", edition="2024", key_file="~/kvarter.key")
>>> status.verdicts.select("goal", "reading", "verdict", "change")
"""

__version__ = "0.1.0"
