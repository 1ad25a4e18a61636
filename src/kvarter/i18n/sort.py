"""Put the messages of the catalogues in order: `python -m kvarter.i18n.sort`.

`make format` does it. In order, what two people add rarely meets in the same line.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po, write_po


def in_order(catalogue: Path) -> bytes:
    """The same catalogue, with each message on one line and in the order of their texts."""
    head, _, _ = catalogue.read_bytes().partition(b"\n\n")
    with catalogue.open("rb") as file:
        messages = read_po(file, locale=catalogue.stem)
    for message in messages:
        message.flags.clear()
    written = BytesIO()
    write_po(written, messages, width=0, sort_output=True, omit_header=True)
    return head + b"\n\n" + written.getvalue().strip() + b"\n"


if __name__ == "__main__":
    for each in (Path(__file__).parent / "catalogues").glob("*.po"):
        each.write_bytes(in_order(each))
