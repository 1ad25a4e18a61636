"""Fields cut out of a YAML text, or put into it: every other line stays byte for byte.

Where a text is written in a way that is not foreseen here, what comes out can be wrong. So whoever
calls reads it again (`parse_document`), and holds it against what it should say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from kvarter.policy.document import Place


@dataclass(frozen=True)
class _Field:
    """A field of a text: `begin` is where its name begins, `end` where its value ends.

    `before` is the end of the field before it in the same part, `after` the begin of the next.
    """

    begin: int
    end: int
    before: int | None
    after: int | None
    in_brackets: bool


def cut(text: str, place: Place) -> str:
    """The text without the field at `place`, and without the comments beside and within it.

    Raises KeyError where it is not there.
    """
    field = _field(text, place)
    if field.in_brackets:
        if field.after is not None:
            return text[: field.begin] + text[field.after :]
        return text[: field.begin if field.before is None else field.before] + text[field.end :]
    line, below = _line_begin(text, field.begin), _line_end(text, field.end)
    if not text[line : field.begin].strip():
        return text[:line] + text[below:]
    if field.after is None:
        return text[: field.begin] + "{}" + text[field.end :]
    # The first of a list's member: the next one goes beside the `-`.
    between = text[below : _line_begin(text, field.after)]
    return text[:line] + between + text[line : field.begin] + text[field.after :]


def put(text: str, place: Place, lines: list[str]) -> str:
    """The text with `lines` in the place of the field at `place`, indented as it is.

    Raises KeyError where it is not there.
    """
    field = _field(text, place)
    line = _line_begin(text, field.begin)
    new = "".join(f"{' ' * (field.begin - line)}{each}\n" for each in lines)
    return text[:line] + new + text[_line_end(text, field.end) :]


def put_after(text: str, place: Place, lines: list[str]) -> str:
    """The text with `lines` below the field at `place`, indented as it is. Raises KeyError."""
    field = _field(text, place)
    indent = " " * (field.begin - _line_begin(text, field.begin))
    below = _line_end(text, field.end)
    new = "".join(f"{indent}{each}\n" for each in lines)
    return text[:below] + ("" if text[:below].endswith("\n") else "\n") + new + text[below:]


def comments_in(text: str, place: Place) -> list[str]:
    """The comments beside and within the field at `place`, as they stand. Raises KeyError."""
    field = _field(text, place)
    first, last = field.begin, _line_end(text, field.end)
    found, at = [], 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        gap = text[max(at, first) : min(token.start_mark.index, last)]
        found += [each.strip() for each in re.findall(r"#.*", gap)]
        at = max(at, token.end_mark.index)
    return found


def _field(text: str, place: Place) -> _Field:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return dict(_fields(node, (), text) if node is not None else ())[place]


def _fields(node: yaml.Node, place: Place, text: str) -> Iterator[tuple[Place, _Field]]:
    """Every field below `node`, with where it stands."""
    if isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _fields(value, (*place, index), text)
    if not isinstance(node, yaml.MappingNode):
        return
    begins = [key.start_mark.index for key, _ in node.value]
    ends = [_end(value, text, key.end_mark.index) for key, value in node.value]
    for at, (key, value) in enumerate(node.value):
        yield (
            (*place, key.value),
            _Field(
                begin=begins[at],
                end=ends[at],
                before=ends[at - 1] if at else None,
                after=begins[at + 1] if at + 1 < len(begins) else None,
                in_brackets=bool(node.flow_style),
            ),
        )
        yield from _fields(value, (*place, key.value), text)


def _end(node: yaml.Node, text: str, behind: int) -> int:
    """Where a value that begins behind `behind` ends: with its last letter."""
    if node.start_mark.index < behind:  # it stands elsewhere, and is named here
        name = re.compile(r"\*[^\s,\]}]+").search(text, behind)
        return name.end() if name else behind
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        end = node.start_mark.index
        for each in node.value:
            key, value = each if isinstance(node, yaml.MappingNode) else (None, each)
            end = _end(value, text, end if key is None else key.end_mark.index)
        return end
    return len(text[: node.end_mark.index].rstrip())


def _line_begin(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """Behind the line break of the line that `at` stands in."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1
