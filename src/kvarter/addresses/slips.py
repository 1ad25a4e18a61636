"""What a hand, an ear and a scanner do to the letters of a name.

Two real streets differ by any letters. A misspelt one differs by letters that lie side by side on
the keyboard, sound or look alike, change places, are written twice, or are not heard.
"""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

_KEYBOARD = ("qwertyuiopå", "asdfghjklæø", "zxcvbnm")
_SHIFT = 0.35
"""How far each row of keys stands to the right of the one above, in keys."""
_PLACES = {
    key: (column + _SHIFT * row, row)
    for row, keys in enumerate(_KEYBOARD)
    for column, key in enumerate(keys)
}
_ALIKE = frozenset(
    frozenset(pair)
    for pair in "eæ oø aå oå aæ øu øy øe uy iy ij ei vw ck sz xk dt bp gk il ec gq mn".split()
)
_NOT_HEARD = frozenset("dhe")


_SCANNED = (("cl", "d"), ("rn", "m"), ("vv", "w"))


def is_slip(written: str, name: str) -> bool:
    """Whether slips alone make what is written of a name; both with `å`, `ø` and `æ`."""
    scanned = written
    for letters, letter in _SCANNED:
        scanned = scanned if letters in name else scanned.replace(letters, letter)
    return _are_slips(written, name) or (scanned != written and _are_slips(scanned, name))


def _are_slips(written: str, name: str) -> bool:
    edits = [(edit.tag, edit.src_pos, edit.dest_pos) for edit in Levenshtein.editops(name, written)]
    at = 0
    while at < len(edits):
        kind, of_name, of_written = edits[at]
        if at + 1 < len(edits) and _are_swapped(written, name, edits[at], edits[at + 1]):
            at += 2
            continue
        at += 1
        if kind == "replace":
            slipped = _are_near(name[of_name], written[of_written])
        elif kind == "insert":
            beside = written[max(0, of_written - 1) : of_written] + written[of_written + 1 :][:1]
            slipped = _is_added(written[of_written], beside)
        else:
            beside = name[max(0, of_name - 1) : of_name] + name[of_name + 1 :][:1]
            slipped = name[of_name] in beside or name[of_name] in _NOT_HEARD
        if not slipped:
            return False
    return True


_Edit = tuple[str, int, int]


def _are_swapped(written: str, name: str, one: _Edit, other: _Edit) -> bool:
    """Whether two edits together are letters that change places."""
    (kind, at, to), (next_kind, next_at, next_to) = one, other
    if {kind, next_kind} == {"insert", "delete"}:
        added = written[to] if kind == "insert" else written[next_to]
        lost = name[at] if kind == "delete" else name[next_at]
        return added == lost and next_at - at <= 2
    both = kind == next_kind == "replace" and next_at == at + 1
    return both and name[at : at + 2] == written[next_to] + written[to]


def _is_added(letter: str, beside: str) -> bool:
    """Whether a letter is one of those beside it again, hit along with them, or not heard."""
    return letter in _NOT_HEARD or any(
        letter == other or _lie_side_by_side(letter, other) for other in beside
    )


def _are_near(one: str, other: str) -> bool:
    return frozenset((one, other)) in _ALIKE or _lie_side_by_side(one, other)


def _lie_side_by_side(one: str, other: str) -> bool:
    if one not in _PLACES or other not in _PLACES:
        return False
    (x, row), (other_x, other_row) = _PLACES[one], _PLACES[other]
    return abs(x - other_x) < 1.4 and abs(row - other_row) <= 1
