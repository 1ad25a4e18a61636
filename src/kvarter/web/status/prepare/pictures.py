"""The drawings of an edition's pages, gathered while these are prepared."""

from __future__ import annotations

import json
from dataclasses import replace

import vl_convert

from kvarter.documents.document import Picture as Drawing
from kvarter.i18n import _, locale
from kvarter.web.status.prepare.content import Picture


class Pictures:
    """Drawings by the name of their file, such as `da-maal-2.svg`; beside some a chart of Vega,
    `da-maal-2.json`, with the same figures.
    """

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def add(self, name: str, drawing: Drawing, caption: str) -> Picture:
        """Keep a drawing; how a page shows it. Its figures are in the table beside it."""
        shown = self.add_svg(name, drawing.svg, drawing.title, caption)
        if not drawing.spec:
            return shown
        # Made ready here, so that no browser needs the compiler.
        chart = vl_convert.vegalite_to_vega(drawing.spec)
        file = shown.file.replace(".svg", ".json")
        self.files[file] = json.dumps(chart, ensure_ascii=False, separators=(",", ":"))
        hint = _("Point at the drawing, or go into it and use the arrow keys, to read its figures.")
        return replace(shown, chart=file, hint=hint)

    def add_svg(self, name: str, svg: str, title: str, caption: str) -> Picture:
        """The same of an SVG with a title."""
        file = f"{locale.current().language}-{name}.svg"
        self.files[file] = svg
        words = _("{title}. The figures are in the table beside it.", title=title)
        return Picture(file, title, words, caption)
