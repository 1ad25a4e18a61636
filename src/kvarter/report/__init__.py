"""A status -> the documents people read; what programs read is written by `exports`."""

from kvarter.report.claims import claims, write_claims
from kvarter.report.contents import documents
from kvarter.report.html import write_html
from kvarter.report.status import Ground, Status
from kvarter.report.write import write_documents

__all__ = [
    "Ground",
    "Status",
    "claims",
    "documents",
    "write_claims",
    "write_documents",
    "write_html",
]
