"""A report as a tree, read strictly: every tag must be closed in its turn."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder

from kvarter.documents.assemble import documents
from kvarter.documents.html import write_html
from kvarter.editions import InternalEdition
from kvarter.policy.model import Language

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tree, self.open = TreeBuilder(), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        self.tree.end(tag) if tag in VOID else self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> is not in its turn, line {self.getpos()[0]}"
        self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.tree.data(data)


def write_report(status: InternalEdition, path: Path, language: Language) -> None:
    """Write the whole report as HTML."""
    report = next(each for each in documents(status.public, language) if each.name == "report")
    write_html(report, path)


def read_page(text: str) -> Element:
    """The tree of a page. Raises AssertionError where its tags are not in balance."""
    assert text.startswith("<!doctype html>")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open, f"never closed: {reader.open}"
    return reader.tree.close()


def words(element: Element) -> str:
    """All the text in an element, with single blanks."""
    return " ".join(" ".join(element.itertext()).split())
