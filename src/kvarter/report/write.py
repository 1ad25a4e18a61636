"""Every document of a status in every format: one content, written three times."""

from __future__ import annotations

from pathlib import Path

from kvarter.policy.model import Language
from kvarter.report.contents import documents
from kvarter.report.html import write_html
from kvarter.report.language import Tongue
from kvarter.report.pdf import write_pdf
from kvarter.report.status import Status


def write_documents(status: Status, folder: Path, language: Language) -> None:
    """Write the report, the cover memo and an annex for each goal into `folder`."""
    for document in documents(status, Tongue(language)):
        path = folder / document.name
        path.parent.mkdir(exist_ok=True)
        write_html(document, path.with_suffix(".html"))
        write_pdf(document, path.with_suffix(".pdf"))
