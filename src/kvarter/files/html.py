"""The tables in a page of HTML -> records: what many systems give out as an Excel file."""

from __future__ import annotations

from html.parser import HTMLParser

from kvarter.files.delimited import Record

_CELLS = {"td", "th"}
_MOST_SPAN = 1000


class _Tables(HTMLParser):
    """The rows of each table, a cell that spans several rows or columns in each of them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._wide = self._high = 1
        self._silent = 0
        self._below: dict[int, tuple[int, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "table":
            self._end_cell()
            self.tables.append([])
            self._below = {}
        elif tag == "tr" and self.tables:
            self._end_row()
            self.tables[-1].append([])
        elif tag in _CELLS and self.tables and self.tables[-1]:
            self._end_cell()
            self._wide, self._high = _span(given.get("colspan")), _span(given.get("rowspan"))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif tag in _CELLS:
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        text = " ".join("".join(self._cell).split())
        self._cell = None
        self._from_above()
        row = self.tables[-1][-1]
        for at in range(self._wide):
            shown = "" if at else text
            if self._high > 1:
                self._below[len(row)] = (self._high - 1, shown)
            row.append(shown)

    def _end_row(self) -> None:
        self._end_cell()
        if self.tables and self.tables[-1]:
            self._from_above()

    def _from_above(self) -> None:
        """Add the cells that reach down into this row from rows above it."""
        row = self.tables[-1][-1]
        while len(row) in self._below:
            left, text = self._below.pop(len(row))
            if left > 1:
                self._below[len(row)] = (left - 1, text)
            row.append(text)


def _span(given: str | None) -> int:
    is_number = given is not None and given.isascii() and given.isdigit()
    return max(1, min(int(given), _MOST_SPAN)) if is_number and given else 1


def html_tables(text: str) -> list[list[Record]]:
    """The rows of each table of a page, by their number in it; blank rows are none."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return [
        [(number, cells) for number, cells in enumerate(rows, start=1) if any(cells)]
        for rows in parser.tables
    ]
