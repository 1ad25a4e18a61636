"""Kvarter: from raw case extracts to a status people can trust.

What other programs may build on is here, and documented in docs/api.md:

>>> import kvarter
>>> kvarter.run("policy.yaml", edition="2024", key_file="kvarter.key")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from kvarter.addresses import AddressIndex
    from kvarter.comparison.compare import compare
    from kvarter.editions import Edition, InternalEdition, open_edition, open_internal
    from kvarter.errors import (
        DisclosureError,
        InputError,
        KvarterError,
        LedgerError,
        PolicyError,
        Problem,
    )
    from kvarter.pipeline.check import check
    from kvarter.pipeline.run import run
    from kvarter.pipeline.write import write
    from kvarter.policy import Policy

_HOMES = {
    "AddressIndex": "kvarter.addresses",
    "DisclosureError": "kvarter.errors",
    "Edition": "kvarter.editions",
    "InputError": "kvarter.errors",
    "InternalEdition": "kvarter.editions",
    "KvarterError": "kvarter.errors",
    "LedgerError": "kvarter.errors",
    "Policy": "kvarter.policy",
    "PolicyError": "kvarter.errors",
    "Problem": "kvarter.errors",
    "check": "kvarter.pipeline.check",
    "compare": "kvarter.comparison.compare",
    "open_edition": "kvarter.editions",
    "open_internal": "kvarter.editions",
    "run": "kvarter.pipeline.run",
    "write": "kvarter.pipeline.write",
}
"""The public names, each imported from its home when it is first asked for."""

__all__ = [
    "AddressIndex",
    "DisclosureError",
    "Edition",
    "InputError",
    "InternalEdition",
    "KvarterError",
    "LedgerError",
    "Policy",
    "PolicyError",
    "Problem",
    "check",
    "compare",
    "open_edition",
    "open_internal",
    "run",
    "write",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'kvarter' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
