"""A status -> what people read (documents) and what programs read (`tables`)."""

from kvarter.report.claims import claims, write_claims
from kvarter.report.contents import documents
from kvarter.report.html import write_html
from kvarter.report.status import Ground, Status
from kvarter.report.tables import RESULT, write_tables
from kvarter.report.write import write_documents

__all__ = [
    "RESULT",
    "Ground",
    "Status",
    "claims",
    "documents",
    "write_claims",
    "write_documents",
    "write_html",
    "write_tables",
]
