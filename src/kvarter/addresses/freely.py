"""Texts that lead nowhere as they are usually read, or lose their flat: read with less for granted.

    folded text --vary--> variants --tell heads--> heads --arrange--> readings, the likeliest first

A variant reads letters as the digits that they stand for (`s8`), a number in words (`nr. otte`),
the other end of a range, or the number before its street. In each, the words before a number are
taken for a street as a whole, and then without the first of them. Which reading is right shows in
the register: the first that leads to an entrance, and to the flat where one is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice, product

from kvarter.addresses.clauses import Arranged, Known, arrange, labelled_streets
from kvarter.addresses.fold import exact_key
from kvarter.addresses.reasons import Reason, bits
from kvarter.addresses.spelling import has_ending
from kvarter.addresses.units import read_unit

_BEHIND_THE_STREET = (
    r"[ ,]+[1-9][0-9]{0,2} ?[a-z]?"
    r"(?:[ ,.;]+(?:[0-9]{1,2}|st|kl|stuen)(?:[ .]*sal)?"
    r"(?:[ .,]*(?:t\.?v\.?|t\.?h\.?|mf|[0-9]{1,3}))?)?"
    r"(?:[ ,.;]+[0-9]{4})?(?:[ ,.;]+[a-z .]+)?[ ,.;]*$"
)
IS_REGULAR = rf"^[a-z.'-]+(?: [a-z.'-]+){{0,4}}{_BEHIND_THE_STREET}"
"""A text in which each part stands where it always stands: there is no other way to read it."""
MAY_BE_NUMBER = (
    r"[a-z]{3}[a-z.?]*[ ,:=#/-]+(?:[a-z°]{1,6}[.: ]{1,2})?"
    r"(?:[lizsobgq]{0,2}[0-9]{1,3}[sbgqloiz]?|[liz][lizso])[a-h]?(?:[^a-z0-9]|$)"
    r"|(?:^|[^a-z0-9])[0-9]{1,3} ?[a-z]? [a-z]{3}"
)
"""What a text has that may name a house."""
LOOKS_LIKE_NUMBER = r"[a-z]{3}\.? [liz][lizso][ ,.;]"
"""A word of letters that look like digits, where a house number stands."""
IS_SHORT = rf"^[a-z.'-]+(?: [a-z.'-]+)?{_BEHIND_THE_STREET}"
"""Likewise, and with no more words before the number than a street has: none can be left out."""

_MOST_READINGS = 12
_MOST_WORDS = 5
_FEWEST_LETTERS = 4
_NUMBER_SIGN = re.compile(
    r"(?<![a-z])(?:(?:hus|gade|vej) ?)?(?:nr|no|num|nummer|numero|n|#|husnr|husnummer)"
    r"(?:[.:]? ?(?=\d)|[.:]? (?=[a-z])|[°o]\.? ?(?=[a-z\d]))"
)
_SIGNS = str.maketrans(dict.fromkeys("»«¤=<>*~•·|\\_", ","))
_BETWEEN = re.compile(r" ?/(?= )|(?<= )[-+#](?= )|(?<=[a-z\d])\.\.+|  +|--+|::+|#(?!\d)")
_MEANT = {
    "o": "0", "l": "1", "i": "1", "|": "1", "z": "2", "s": "5", "b": "86", "g": "96", "q": "9",
}  # fmt: skip
_LIKE_DIGITS = re.compile(
    r"(?<![a-z\d.])(?!\d+[a-hj-km-nps-z]?(?![a-z\d])(?<![sz]))(?=[a-z]{0,2}\d|[lizs][lizso])"
    r"([lizsobgq\d]{1,3})([a-h]?)(?![a-z\d])"
)
_ONES = "en to tre fire fem seks syv otte ni".split()
_TEENS = "ti elleve tolv tretten fjorten femten seksten sytten atten nitten".split()
_TENS = {
    "tyve": 20, "tredive": 30, "fyrre": 40, "fyrretyve": 40, "halvtreds": 50, "tres": 60,
    "halvfjerds": 70, "firs": 80, "halvfems": 90,
}  # fmt: skip
_IN_WORDS = {
    "et": 1,
    **{word: at for at, word in enumerate((*_ONES, *_TEENS), 1)},
    **_TENS,
    **{
        f"{one}og{ten}": at + tens for ten, tens in _TENS.items() for at, one in enumerate(_ONES, 1)
    },
}
NUMBER_IN_WORDS = rf"\b(?:nr|nummer|no|husnr|hus)\.? ?({'|'.join(_IN_WORDS)})\b"
"""Only behind what says that it is a number: a street can end in such a word."""
_WORD_NUMBER = re.compile(NUMBER_IN_WORDS)
_RANGE = re.compile(r"(?<![\d-])(\d{1,3}[a-z]?)((?: ?[-/+&] ?\d{1,3}[a-z]?)+)(?![a-z\d])")
_END = re.compile(r"\d{1,3}[a-z]?")
_NUMBER_FIRST = re.compile(
    r"(?:^|(?<=[,;:=(\[] )|(?<=[,;:=(\[\])])|(?<=[- ] ))(\d{1,3} ?[a-z]?)"
    r"[ ,]+([a-z][a-z .'-]*[a-z])\.?(?=[,;()\[\]|]|$| -)"
)
_BEFORE_A_NUMBER = re.compile(r"([a-z?][a-z .'?-]*[a-z.?])[ ,]+(?=\d{1,3}(?: ?[a-z])?(?![a-z\d]))")


def read_in_other_words(folded: str, is_street: Known, is_district: Known) -> list[Arranged]:
    """Other ways to read a text, the likeliest first, at most twelve."""
    return list(islice(_read(folded, is_street, is_district), _MOST_READINGS))


def _read(folded: str, is_street: Known, is_district: Known) -> Iterator[Arranged]:
    seen = set()
    for variant, slip in _variants(folded):
        for head in _heads(variant, is_street, is_district):
            is_known = partial(_is_one_of, head, is_street)
            made = arrange(variant, is_known, is_district)
            if made is None:
                continue
            found = made.head, made.number, made.unit, made.postcode, made.district
            if found not in seen:
                seen.add(found)
                made.reasons |= slip | bits(Reason.NOTE_IGNORED)
                yield made


def _is_one_of(head: str, is_street: Known, name: str) -> bool:
    return name == head or is_street(name)


def _variants(folded: str) -> Iterator[tuple[str, int]]:
    """The text in other words, each with the reason that it rests on."""
    whole = _BETWEEN.sub(", ", folded.translate(_SIGNS))
    plain = _NUMBER_SIGN.sub(" ", whole).strip()
    spelling, a_range = bits(Reason.HOUSE_NUMBER_SPELLING), bits(Reason.HOUSE_NUMBER_RANGE)
    varied = [(plain, 0)]
    varied += [(other, spelling) for other in _with_digits(plain)]
    varied += [(other, spelling) for other in _without_words(whole)]
    varied += [(other, a_range) for other in _other_ends(plain)]
    for variant, slip in varied:
        yield variant, slip
        turned = _NUMBER_FIRST.sub(r"\2 \1", variant, count=1)
        if turned != variant:
            yield turned, slip | bits(Reason.REORDERED)


def _with_digits(text: str) -> Iterator[str]:
    """`vestergade s8` as `vestergade 58`: each letter as the digits that look like it."""
    for found in _LIKE_DIGITS.finditer(text):
        for digits in product(*(_MEANT.get(sign, sign) for sign in found[1])):
            number = "".join(digits)
            if number != found[1] and not number.startswith("0"):
                yield f"{text[: found.start()]}{number}{found[2]}{text[found.end() :]}"


def _without_words(text: str) -> Iterator[str]:
    """`vestergade otte` as `vestergade 8`."""
    for found in _WORD_NUMBER.finditer(text):
        yield f"{text[: found.start()]}{_IN_WORDS[found[1]]}{text[found.end() :]}"


def _other_ends(text: str) -> Iterator[str]:
    """`vestergade 4-6-8` as each of the houses."""
    for found in _RANGE.finditer(text):
        for number in _END.findall(found[0]):
            yield f"{text[: found.start()]}{number}{text[found.end() :]}"


def _heads(text: str, is_street: Known, is_district: Known) -> Iterator[str]:
    """What stands before a number and can be a street: known ones, else all words and fewer."""
    labelled = labelled_streets(text) if ":" in text else []
    if labelled and not any(map(is_street, labelled)):
        yield from labelled
    before = [found[1].split() for found in _BEFORE_A_NUMBER.finditer(text)]
    known = next((name for words in before for name in _ends(words) if is_street(name)), "")
    if known:
        yield known
        return
    for words in before:
        yield from (name for name in _ends(words) if _may_be_street(name, is_district))


def _ends(words: list[str]) -> Iterator[str]:
    return (" ".join(words[-count:]) for count in range(min(_MOST_WORDS, len(words)), 0, -1))


def _may_be_street(name: str, is_district: Known) -> bool:
    letters = sum(map(str.isalpha, name))
    unit = read_unit(name.split()[0])
    is_place = is_district(name) and len(name.split()) == 1 and not has_ending(exact_key(name))
    return letters >= _FEWEST_LETTERS and not (unit.floor or unit.door or is_place)
