"""Texts kept aside: what people write as addresses, made without knowing the matcher.

The matcher never sees them until a release. `README.md` says where each kind comes from and how
the truth of a text is decided.
"""
