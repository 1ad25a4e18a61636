"""Kvarter: from raw case extract to a status people can trust."""

__version__ = "0.1.0"
