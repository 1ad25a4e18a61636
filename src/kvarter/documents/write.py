"""Every document of a status in every format: one content, written three times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from kvarter.documents.assemble import documents
from kvarter.documents.html import write_html
from kvarter.editions.edition import Edition
from kvarter.policy.model import Language

Form = Literal["html", "docx", "pdf"]
FORMS: tuple[Form, ...] = ("html", "docx", "pdf")


def write_documents(
    status: Edition,
    folder: Path,
    language: Language,
    template: Path | None = None,
    tell: Callable[[str], None] = lambda title: None,
    only: Sequence[Form] = FORMS,
) -> None:
    """Write the report, the cover memo and an annex for each goal into `folder`, in forms `only`.

    `template`: the municipality's own Word template. Raises InputError where it cannot be used.
    `tell` is called with the name of each document as it begins.
    """
    # Each form is written by libraries that the others do without.
    if template is not None:
        from kvarter.documents.word_template import check_template

        check_template(template)
    for document in documents(status, language):
        tell(document.name)
        path = folder / document.name
        path.parent.mkdir(exist_ok=True)
        if "html" in only:
            write_html(document, path.with_suffix(".html"))
        if "docx" in only:
            from kvarter.documents.docx import write_docx

            write_docx(document, path.with_suffix(".docx"), template)
        if "pdf" in only:
            from kvarter.documents.pdf import write_pdf

            write_pdf(document, path.with_suffix(".pdf"))
