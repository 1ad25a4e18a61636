"""The drawings of an edition's pages, gathered while these are prepared."""

from __future__ import annotations

from kvarter.documents.document import Picture as Drawing
from kvarter.i18n import _, locale
from kvarter.web.status.prepare.content import Picture


class Pictures:
    """Drawings by the name of their file, such as `da-maal-2.svg`."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def add(self, name: str, drawing: Drawing, caption: str) -> Picture:
        """Keep a drawing; how a page shows it. Its figures are in the table beside it."""
        return self.add_svg(name, drawing.svg, drawing.title, caption)

    def add_svg(self, name: str, svg: str, title: str, caption: str) -> Picture:
        """The same of an SVG with a title."""
        file = f"{locale.current().language}-{name}.svg"
        self.files[file] = svg
        words = _("{title}. The figures are in the table beside it.", title=title)
        return Picture(file, title, words, caption)
