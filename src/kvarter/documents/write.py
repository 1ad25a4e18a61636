"""Every document of a status in every format: one content, written three times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kvarter.documents.assemble import documents
from kvarter.documents.html import write_html
from kvarter.editions.edition import Edition
from kvarter.policy.model import Language

Form = Literal["html", "docx", "pdf"]
FORMS: tuple[Form, ...] = ("html", "docx", "pdf")


@dataclass(frozen=True)
class Wanted:
    """How the documents of an edition are wanted.

    template: the municipality's own Word template.
    only: the forms that are written.
    tell: called with the name of each document as it begins.
    """

    language: Language
    template: Path | None = None
    only: Sequence[Form] = FORMS
    tell: Callable[[str], None] = lambda name: None


def write_documents(status: Edition, folder: Path, wanted: Wanted) -> None:
    """Write the report, the cover memo and an annex for each goal into `folder`.

    Raises InputError where the Word template cannot be used.
    """
    # Each form is written by libraries that the others do without.
    template = wanted.template
    if template is not None:
        from kvarter.documents.word_template import check_template

        check_template(template)
    for document in documents(status, wanted.language):
        wanted.tell(document.name)
        path = folder / document.name
        path.parent.mkdir(exist_ok=True)
        if "html" in wanted.only:
            write_html(document, path.with_suffix(".html"))
        if "docx" in wanted.only:
            from kvarter.documents.docx import write_docx

            write_docx(document, path.with_suffix(".docx"), template)
        if "pdf" in wanted.only:
            from kvarter.documents.pdf import write_pdf

            write_pdf(document, path.with_suffix(".pdf"))
