"""A status -> the documents people read; what programs read is written by `exports`.

The names below are imported from their homes when they are first asked for: to draw and to write
takes libraries that a run needs at its end, and `check` not at all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kvarter.documents.assemble import documents
    from kvarter.documents.claims import write_claims
    from kvarter.documents.html import write_html
    from kvarter.documents.write import FORMS, Form, write_documents

_HOMES = {
    "FORMS": "kvarter.documents.write",
    "Form": "kvarter.documents.write",
    "documents": "kvarter.documents.assemble",
    "write_claims": "kvarter.documents.claims",
    "write_documents": "kvarter.documents.write",
    "write_html": "kvarter.documents.html",
}

__all__ = [
    "FORMS",
    "Form",
    "documents",
    "write_claims",
    "write_documents",
    "write_html",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'kvarter.documents' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
