"""Misspelt street names: which names of the register are near, and when nearness is no proof.

A name that is one letter from a street of the register can be that street misspelt, or another
street rightly spelt that the register does not have. What tells them apart is whether the name as
written is made of words that street names are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kvarter.addresses.fold import typing_keys
from kvarter.addresses.slips import is_slip

ENDINGS = frozenset(
    """
    vej vejen gade gaden alle alleen plads pladsen straede straedet boulevard boulevarden vaenge
    vaenget toft toften park parken have haven lund lunden bakke bakken sti stien torv torvet kaj
    kajen bro broen gaard gaarden gaardene eng engen mark marken ager ageren krog krogen dal dalen
    holm holmen skov skoven vang vangen led leddet hegn hegnet kvarter kvarteret passage passagen
    gang gangen bugt bugten kilde kilden hoej hoejen hoeje bjerg bjerget minde lyst hus huse husene
    boligerne raekken linien linje ring ringen kanal kanalen havn havnen promenade esplanade slip
    """.split()
)
"""How Danish street names end."""

_WITHOUT_ARTICLE = {
    **{f"{plain}en": plain for plain in (
        "vej park lund toft kaj bro gaard eng mark ager krog dal holm skov vang gang bugt hoej ring"
        " kanal havn plads boulevard sti"
    ).split()},
    **{f"{plain}n": plain for plain in "gade have bakke kilde linie passage".split()},
    **{f"{plain}et": plain for plain in "torv hegn kvarter bjerg".split()},
    **{f"{plain}t": plain for plain in "straede vaenge minde".split()},
    "alleen": "alle", "leddet": "led", "husene": "hus", "gaardene": "gaard",
}  # fmt: skip
"""Endings with the definite article, which people add and leave out, and the same without it."""

_LENGTHS = sorted({len(ending) for ending in ENDINGS})

_LONGEST_SHORT_STEM = 7
"""Letters of a stem in which two errors side by side make another: `egons` is none of `egils`."""
_LONGEST_EXCHANGE = 4
_LONGEST_SHORT_NAME = 10
"""Letters of a name that is another one where the first letter differs."""
_ONE_MORE_ABOVE = (4, 8, 13)
"""A name with more letters than one of these can have one more typing error."""
_MOST_NEAR = 6
_MOST_ERRORS = 4
_FEW = 10_000
"""Pairs of names that one core aligns sooner than others are called to help."""
_AT_ONCE = 500_000
"""Pairs of names whose letters are compared at once: a bound on memory."""

_BITS = np.zeros(256, np.uint64)
for _place, _letter in enumerate(b"bcdfghijklmnpqrstuvwxyz0123456789"):
    _BITS[_letter] = 1 << _place % 32

_Numbers = NDArray[np.int64]
Scope = frozenset[str] | None
"""The postcodes to look for a misspelt street in; None for all of them."""


def has_ending(key: str) -> bool:
    """Whether a loose key ends as streets do, behind a stem of three letters at least."""
    return bool(_stems(key))


class Spelling:
    """The names of a register, ready to be compared with misspelt ones."""

    def __init__(self, names: pl.DataFrame) -> None:
        """`names`: distinct `loose` key, `postcode` and `street_id` of all streets."""
        listed = names["loose"].unique().sort()
        numbers = pl.DataFrame({"loose": listed}).with_row_index("name")
        self._ids = names.join(numbers, on="loose").select("name", "street_id", at="postcode")
        self._names_at = {at: ids["name"].to_numpy() for (at,), ids in self._ids.group_by("at")}
        self._listed = listed.implode()
        self._names = _Keys.of(listed)
        self._allowed = _most_errors(listed)
        self._third = np.minimum(listed.str.len_bytes().to_numpy() // 3, _MOST_ERRORS).astype(
            np.int8
        )
        self._stems = {stem for name in listed for stem, _ in _stems(name)}

    def near(self, written: pl.DataFrame, scopes: Sequence[Scope], more: int = 0) -> pl.DataFrame:
        """The streets that each loose key can be, in its scope.

        `written`: `loose, scope`, the place of its scope in `scopes`. Fewer errors are allowed
        where the scope is the whole register. `more`: errors beyond those that are allowed, and
        never in more than a third of a name. Returns both, and `street_id, at` (its postcode),
        `errors`, whether no other is nearer (`nearest`), whether another, or none, may be meant
        (`in_doubt`), and whether what is written is the name of a street itself (`own`).
        """
        near = self._within_reach(written.unique().sort("scope", "loose"), scopes, more)
        near = self._judged(near).with_columns(own=pl.col("loose").is_in(self._listed))
        there = pl.DataFrame({"at": [sorted(self._postcodes(scope)) for scope in scopes]})
        there = there.with_row_index("scope").explode("at")
        return (
            near.join(self._ids, on="name", maintain_order="left")
            .join(there, on=["scope", "at"], how="semi")
            .drop("name")
        )

    def _postcodes(self, scope: Scope) -> Iterable[str]:
        return self._names_at if scope is None else scope & self._names_at.keys()

    def _within_reach(
        self, written: pl.DataFrame, scopes: Sequence[Scope], more: int
    ) -> pl.DataFrame:
        """`written` with the names nearest to each in its scope, and whether none is nearer.

        Most names have other letters than what is written, and are ruled out by that.
        """
        keys = _Keys.of(written["loose"])
        of_scope = written["scope"].to_numpy()
        pairs = []
        for number, scope in enumerate(scopes):
            there = [self._names_at[at] for at in self._postcodes(scope)]
            names = np.unique(np.concatenate([*there, np.zeros(0, np.uint32)]))
            allowed = self._allowed[names] - (scope is None)
            if more:
                allowed = np.minimum(allowed + more, self._third[names])
            names, allowed = names[allowed >= 0], allowed[allowed >= 0]
            rows = np.flatnonzero(of_scope == number)
            for some in np.array_split(rows, 1 + rows.size * names.size // _AT_ONCE):
                unlike = np.bitwise_count(keys.letters[some, None] ^ self._names.letters[names])
                row, name = np.divmod(np.flatnonzero(unlike <= 2 * allowed), max(1, names.size))
                pairs.append((some[row], names[name], allowed[name]))
        row, name, allowed = (np.concatenate(part) for part in zip(*pairs, strict=True))
        written_letters, letters = keys.letters[row], self._names.letters[name]
        more = np.bitwise_count(written_letters & ~letters)
        fewer = np.bitwise_count(letters & ~written_letters)
        alike = np.flatnonzero(np.maximum(more, fewer) <= allowed)
        row, name, allowed = row[alike], name[alike], allowed[alike]
        errors = _errors(keys, row, self._names, name, allowed)
        within = np.flatnonzero(errors <= allowed)
        row, name, errors = row[within], name[within], errors[within]
        order = np.lexsort((name, errors, row))
        row, name, errors = row[order], name[order], errors[order]
        first = np.searchsorted(row, row)
        few = np.arange(row.size) - first < _MOST_NEAR
        found = {"name": name, "errors": errors, "nearest": errors == errors[first]}
        return written[row[few]].hstack([pl.Series(key, all_[few]) for key, all_ in found.items()])

    def _judged(self, near: pl.DataFrame) -> pl.DataFrame:
        """`near`, names for what is written in a scope, with `in_doubt`."""
        names, typed = (form.keys for form in self._names.forms)
        near = near.with_columns(typed=typing_keys(near["loose"]))
        rows = [
            (scope, written, names[name], errors, nearest, is_slip(as_typed, typed[name]))
            for scope, written, as_typed, name, errors, nearest in near.select(
                "scope", "loose", "typed", "name", "errors", "nearest"
            ).iter_rows()
        ]
        of_a_name = {
            (scope, written)
            for scope, written, name, errors, nearest, _ in rows
            if nearest and self._has_stem_of(written, name, errors)
        }
        in_doubt = [
            not nearest
            or _begins_otherwise(written, name)
            or (errors > 1 and not slip and _is_exchanged(written, name))
            or (self._is_of_stems(written) and (scope, written) not in of_a_name)
            for scope, written, name, errors, nearest, slip in rows
        ]
        return near.drop("typed").with_columns(in_doubt=pl.Series(in_doubt, dtype=pl.Boolean))

    def _is_of_stems(self, written: str) -> bool:
        """Whether it is a stem and an ending that streets have: it can be a street of its own."""
        return any(stem in self._stems for stem, _ in _stems(written))

    def _has_stem_of(self, written: str, name: str, errors: int) -> bool:
        """Whether both are of one stem and one ending, or of one stem and alike."""
        own, theirs = _stems(written), _stems(name)
        if errors:
            return not set(own).isdisjoint(theirs)
        return not {stem for stem, _ in own}.isdisjoint(stem for stem, _ in theirs)


def without_article(key: str) -> str:
    """A loose key without the article of its ending; blank where it does not end as streets do."""
    for length in reversed(_LENGTHS):
        if key[-length:] in ENDINGS and length + 1 < len(key):
            return key[:-length] + _WITHOUT_ARTICLE.get(key[-length:], key[-length:])
    return ""


def _begins_otherwise(written: str, name: str) -> bool:
    """Whether a short name has another first letter: not one that is swapped, or looks alike."""
    if len(name) > _LONGEST_SHORT_NAME or written[:1] == name[:1]:
        return False
    swapped = written[:2] == name[1::-1]
    return not swapped and {written[:1], name[:1]} != {"l", "i"}


def _have_short_stems(written: str, name: str) -> bool:
    """Whether both have one ending, and the name no long stem before it."""
    return any(
        name[-length:] in ENDINGS
        and written.endswith(name[-length:])
        and len(name) <= length + _LONGEST_SHORT_STEM
        for length in _LENGTHS
    )


def _is_exchanged(written: str, name: str) -> bool:
    """Whether two keys differ in one place only, by other letters side by side: `egons`, `egils`.

    The stem before an ending that both have is short. Letters that look alike to a scanner are the
    same.
    """
    if not _have_short_stems(written, name):
        return False
    forms = ((written, name), (_look_alike(written), _look_alike(name)))
    return all(_has_other_letters_in_one_place(*form) for form in forms)


def _has_other_letters_in_one_place(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    tail = next((at for at in range(shorter) if one[-1 - at] != other[-1 - at]), shorter)
    if max(len(one), len(other)) - head - tail > _LONGEST_EXCHANGE:
        return False
    return bool(set(one) - set(other)) and bool(set(other) - set(one))


def _look_alike(key: str) -> str:
    for letters, alike in (("rn", "m"), ("oe", "o"), ("aa", "a"), ("ae", "a"), ("cl", "d")):
        key = key.replace(letters, alike)
    return key


@lru_cache(maxsize=100_000)
def _stems(key: str) -> list[tuple[str, str]]:
    """Each stem and ending that a loose key has: `rosen` and `vej` of `rosenvejen`.

    A stem has three letters at least, and an ending is told without the article.
    """
    return [
        (key[:-length], _WITHOUT_ARTICLE.get(key[-length:], key[-length:]))
        for length in _LENGTHS
        if length + 2 < len(key) and key[-length:] in ENDINGS
    ]


@dataclass(frozen=True)
class _Keys:
    """Loose keys made ready to be compared: an array of each thing, an item a key.

    `letters`: those it has as bits, and in the upper half those it has twice. A typing error
    takes one of them away at most, and brings one. Letters that `å`, `ø` and `æ` are written with
    have none, since an error can be counted with them as one letter.
    `forms`: the keys as they are, and with `å`, `ø` and `æ` as one letter, and `in_two_forms` those
    that have such letters.
    """

    letters: NDArray[np.uint64]
    forms: tuple[_Form, _Form]
    in_two_forms: NDArray[np.bool_]

    @classmethod
    def of(cls, keys: pl.Series) -> _Keys:
        forms = _Form.of(keys), _Form.of(typing_keys(keys))
        return cls(_letters(keys), forms, forms[0].lengths != forms[1].lengths)


class _Form(NamedTuple):
    """Keys, and how many letters each has."""

    keys: NDArray[np.object_]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, keys: pl.Series) -> _Form:
        return cls(np.array(keys.to_list(), object), keys.str.len_chars().cast(pl.Int64).to_numpy())


def _letters(keys: pl.Series) -> NDArray[np.uint64]:
    once, twice = np.zeros((2, len(keys)), np.uint64)
    table = np.array(keys.to_list(), "S")
    for place in range(table.itemsize):
        bits = _BITS[table.view(np.uint8)[place :: table.itemsize]]
        twice |= once & bits
        once |= bits
    return once | twice << np.uint64(32)


def _most_errors(names: pl.Series) -> NDArray[np.int8]:
    """How many typing errors each name can have and still be known."""
    lengths = names.str.len_bytes().to_numpy()
    more = [(lengths > length).astype(np.int8) for length in _ONE_MORE_ABOVE]
    return more[0] + more[1] + more[2]


def _errors(
    keys: _Keys, key: _Numbers, names: _Keys, name: _Numbers, allowed: NDArray[np.int8]
) -> NDArray[np.uint8]:
    """Typing errors between each `key` of `keys` and the `name` of `names` beside it.

    Counted with `å` as one letter and as two, and the fewer taken: `Rngade` has lost one letter
    from Røngade, and `Tulipangae` one from Tulipangade. Just higher where more than `allowed`.
    """
    errors = np.full(key.size, _MOST_ERRORS + 1, np.uint8)
    left = np.arange(key.size)
    for written, spelt in zip(keys.forms, names.forms, strict=True):
        longer = np.abs(written.lengths[key[left]] - spelt.lengths[name[left]])
        near = left[longer <= allowed[left]]
        distances = _distances(written.keys[key[near]], spelt.keys[name[near]])
        errors[near] = np.minimum(errors[near], distances)
        left = np.flatnonzero((errors > 1) & (keys.in_two_forms[key] | names.in_two_forms[name]))
    return errors


def _distances(keys: NDArray[np.object_], names: NDArray[np.object_]) -> NDArray[np.uint8]:
    """The optimal string alignment (OSA) of each pair; just higher where no name allows it."""
    distances: NDArray[np.uint8] = process.cpdist(
        keys,
        names,
        scorer=OSA.distance,
        score_cutoff=_MOST_ERRORS,
        workers=-1 if len(keys) > _FEW else 1,
        dtype=np.uint8,
    )
    return distances
