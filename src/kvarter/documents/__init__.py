"""A status -> the documents people read; what programs read is written by `exports`."""

from kvarter.documents.claims import claims, write_claims
from kvarter.documents.contents import documents
from kvarter.documents.html import write_html
from kvarter.documents.write import write_documents
from kvarter.editions.status import Ground, Status

__all__ = [
    "Ground",
    "Status",
    "claims",
    "documents",
    "write_claims",
    "write_documents",
    "write_html",
]
