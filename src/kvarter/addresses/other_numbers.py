"""Numbers in a text that are no part of its address: dates, telephones, codes, numbers of cases."""

from __future__ import annotations

import re

MONTH = (
    r"(?:jan(?:uar)?|feb(?:ruar)?|mar(?:ts)?|apr(?:il)?|maj|juni?|juli?|aug(?:ust)?|sept?(?:ember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
"""The name of a month, also short."""
_BEFORE_A_DATE = r"(?:d|den|pr|per|fra|siden|i|af|udsat|dato|foer|efter)"
_CASE = (
    r"(?:sag|sags?nr|sagsnummer|j\.? ?nr|jnr|journalnr|ref|lejemaal|lejemaalsnr|lejer ?nr|lejenr)"
)
_OTHER = (
    r"(?:tlf|tlfnr|telefon|tel|mobil|mob|cvr|p-?nr|se-?nr|id|kunde ?nr|faktura(?:nr)?|regning"
    rf"|bilag|{_CASE})"
)
_MEASURE = (
    r"(?:m2|kvm|kr|aar|aarige?|pers|personer|dage|uger|mdr|maaneder|vaer|vaerelser?)\b"
    r"(?!\.? ?\d|\.? ?(?:tv|th|mf)\b)"
)
_KINDS = [
    rf"(?:{_BEFORE_A_DATE}\.? ?)*(?:\d{{1,2}}\. ?)?{MONTH}\.? \d{{4}}\b",
    rf"(?:{_BEFORE_A_DATE}\.? ?)*(?<!\d)\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}(?!\d)",
    rf"(?:{_BEFORE_A_DATE}\.? )+\d{{1,2}}[./-]\d{{1,2}}(?!\d)(?:,? kl\.? ?\d{{1,2}}\b)?",
    rf"\b\d[\d.,]* ?-?{_MEASURE}",
    r"\b(?:lejl|lejlighed|lejemaal|bolig)\.? ?(?:nr\.? ?)?\d{1,4}-\d{1,4}\b",
    r"\bkl\.? ?\d{1,2}[.:]\d\d\b",
    r"\b(?:siden|i|aar|fra|indtil|til|foer|efter) (?:19|20)\d\d\b(?! [a-z])",
    r"\b(?:port|doer|gade|opgangs)?kode:? ?#?\d{2,8}\b",
    r"\bpin:? ?\d+",
    rf"\b{_OTHER}\.?:? ?[a-z]{{0,3}}(?:\d(?:[\d/.-]| (?=\d\d))+\d|\d{{4,}})\b",
    rf"\b{_CASE}\.?:? ?[\d/.-]+\b",
    r"\bnr\.?:? ?\d[\d/.-]{3,}\b",
    r"\b(?:\d\d ){3}\d\d\b",
    r"\b\d{8}\b",
    r"\b\d{4}[ -]\d{4}\b(?! [a-z])",
    r"\+45[ \d]{8,11}",
    r"\(\d[\d -]*\)",
]
_ANY = re.compile("|".join(_KINDS))

HINT = (
    r"\+45|\(\d|\d{8}|\d\d \d\d \d\d \d\d|\d{4}[ -]\d{4}|\d[./-]\d{1,2}[./-]\d"
    r"|\b(?:19|20)\d\d$|(?:kode|\bpin):? ?#?\d|\bkl\.? ?\d"
    rf"|\b{_OTHER}\.?:? ?[a-z]{{0,3}}\d[\d/. -]{{3}}"
    rf"|\bnr\.?:? ?\d[\d/.-]{{3}}|\b{_CASE}\.?:? ?\d"
    rf"|\b{MONTH}\.? \d|\d ?-?(?:m2|kvm|kr|aar|pers|dage|uger|mdr|maan|vaer)|\d-\d"
)
"""What a text has where it may have such a number."""

_MAY_HAVE = re.compile(HINT)


def without_other_numbers(folded: str) -> str:
    """A folded text with a comma in place of each number that is no part of an address."""
    return _ANY.sub(" , ", folded) if _MAY_HAVE.search(folded) else folded
