"""What people write where they do not know: words and numbers that are nobody's identity.

A key that holds such a value is no key: two rows that both say "Ukendt" are not one household.
The words are those of Danish forms and case systems, and what programs write for a missing value
(the default `na_values` of pandas). docs/formats.md lists them all.
"""

from __future__ import annotations

NO_NAME = {
    "not known": """
        ukendt ukendte uoplyst ikke oplyst kendt angivet registreret udfyldt relevant navngivet
        mangler manglende ingen intet navn navne navnløs blank tom unavngiven uidentificeret
        unknown none null nan nil na missing not available given known applicable name
        ubekendt ubekendte ej opgivet anført noteret fundet vides oplysning oplysninger uden
        tilgængelig tilgængeligt navnløst unavngivet unavngivne nul fejl error data""",
    "kept back": """
        anonym anonyme anonymiseret anonymous beskyttet skjult hemmelig hemmeligt fortrolig
        fortroligt adressebeskyttet navnebeskyttet navneog adressebeskyttelse slettet""",
    "to come": """
        afventer afventes afklares afklaring oplyses undersøges efterlyses følger senere
        se sag sagen sagsnr journal journalen note bemærkning vedlagt bilag pending tbd""",
    "a role": """
        lejer lejere lejeren lejerne medlejer hovedlejer fremlejer fremlejetager udlejer
        beboer beboere beboeren beboerne borger borgere borgeren person personen personer
        husstand husstanden familie familien fam kunde klient part sagspart skyldner debitor
        ejer ejeren andelshaver logerende samlever ægtefælle tenant resident occupant citizen
        lejemål lejemålet lejerens nuværende tidligere ny nye kommende fremtidig til
        sagsøgte sagsøger sagsøgeren rekvisitus rekvirent rekvirenten rekvirerede indklagede
        klager klageren sigtede tiltalte anklagede skyldneren debitoren kreditor kreditoren
        modpart modparten parten fordringshaver udlægshaver defendant plaintiff claimant debtor""",
    "nobody there": """
        tomt tomme ledig ledigt ledige vakant vacant empty fraflyttet ubeboet tomgang""",
    "as above": """
        samme ditto dto idem som ovenfor ovenstående førnævnte forrige do same as above""",
    "several": "diverse div forskellige flere øvrige various",
    "the dead": """
        dødsbo dødsboet boet boets efterladte arvinger arving afdød afdøde afdødes efter
        deceased estate of""",
    "where they live": """
        st stuen th tv mf sal kl kld kælder etage dør lejl lejlighed lejligheden vær værelse""",
    "a title": "hr herr fru frk frøken mr mrs ms mfl og eller co den det de the",
    "a test": """
        test teste tester tests testperson testpersonen testbruger testborger testsag testesen prøve
        dummy eksempel example asdf qwerty abc""",
}
"""Words by what they say. A name that consists of such words alone is no name."""

NOT_ALONE = {
    *("tom", "blank", "co", "de", "den", "det", "abc", "of", "se"),
    *("ej", "uden", "data", "ny", "nye", "til", "som", "do", "same", "as", "div"),
}
"""Words of the table that are also names or initials: no name only beside another of its words, or
in brackets."""

_SPELLINGS = {"ø": "(?:ø|oe|o)", "æ": "(?:æ|ae|a)", "å": "(?:å|aa|a)"}


def _alternatives(words: list[str]) -> str:
    return "|".join("".join(_SPELLINGS.get(c, c) for c in word) for word in words)


def _words_alone() -> str:
    words = sorted({word for group in NO_NAME.values() for word in group.split()})
    return rf"^(?:{_alternatives(words)})(?: (?:{_alternatives(words)}))*$"


def _no_name() -> str:
    words = sorted({word for group in NO_NAME.values() for word in group.split()})
    sure = _alternatives([word for word in words if word not in NOT_ALONE])
    every = _alternatives(words)
    phrases = "a n|bo efter|bo efterladt|doe jane|doe john|ann berggre(?:e)?n nancy"
    glued = (
        "ikke(?:oplyst|kendt|angivet|registreret|udfyldt)|boefter|boetefter|navnukendt|ukendtnavn"
    )
    one_letter = "|".join(f"{c}(?: ?{c})+" for c in "abcdefghijklmnopqrstuvwxyzæøå")
    return rf"^(?:(?:(?:{every}) )*(?:{sure})(?: (?:{every}))*|{phrases}|{glued}|{one_letter})$"


NO_NAME_PATTERN = _no_name()
"""Of a name as words in order of the alphabet, in small letters without accents."""

WORDS_PATTERN = _words_alone()
"""Of the same: words of the table, also those that are no name only beside another."""

IN_BRACKETS_PATTERN = r"^\s*[(\[{<].*[)\]}>]\s*$"

ERROR_PATTERN = r"^\W*#[A-Za-zÆØÅæøå][A-Za-zÆØÅæøå0-9/_]*[!?]?\W*$"
"""What Excel shows for an error, in any language: `#N/A`, `#I/T`, `#REFERENCE!`."""

AS_WRITTEN_PATTERN = (
    rf"{ERROR_PATTERN}|^\W*[A-Za-zÆØÅæøå]\W*$|^(?i:do|dto|div|d\.? ?o|s\.? ?å)\.$|^do$"
)
"""Of a name as it is written: an error, one letter, or `do.` for the one above; `Do` is a name."""

NO_PERSON_PATTERN = (
    "^(?:"
    + "|".join(rf"{d}{{10}}" for d in range(10))  # 1111111111
    + "|"
    + "|".join(f"(?:{a}{b}){{5}}" for a in range(10) for b in range(10) if a != b)  # 0101010101
    + r"|\d{6}0000|0123456789|1234567890|0987654321|9876543210|0102030405|2512489996)$"
)
"""Of ten digits: repeated, in a row, without a serial number, or those of Nancy Ann Berggren,
long the health service's test person (MedCom, "Nationale test-CPR-numre", 2023)."""

_RUN = "|".join(f"{d}{{4,}}|{d}{{6}} {d}{{4}}" for d in range(1, 10))
NO_COURT_CASE_PATTERN = (
    rf"^ *(?:(?:0+(?: 0+)*)?|(?:0+ )*(?:19|20)\d\d(?: 0+)*|{_RUN}|\d{{6}} ?0000)? *$"
)
"""Of the numbers in a court case number, parted by blanks: none, zero, a year alone, one digit
again and again, or a person number that is no person's."""

_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12]\\d|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)\\d\\d"
_TIME = r"(?:[ T]+\d\d?[:.]\d\d(?:[:.]\d\d)?)?"
_DATE = "|".join(
    [
        *(rf"{_DAY}{mark}{_MONTH}{mark}(?:{_YEAR}|\d\d)" for mark in ("-", "/", r"\.", r"\. ")),
        rf"{_DAY}/{_MONTH}[- ]{_YEAR}",
        *(rf"{_YEAR}{mark}{_MONTH}{mark}{_DAY}" for mark in ("-", "/", r"\.")),
    ]
)
_SPAN = "|".join(
    rf"{y}\s*[-/\u2013]\s*(?:{str(y)[:2]})?{(y + 1) % 100:02}" for y in range(1990, 2060)
)
_TOWN = r"(?:DK-?)?[1-9]\d{3},? +\pL{3,}(?:[ .]+\pL+)*\.?"
_DIVISION = (
    r"(?:\d{1,2}\.? ?(?:afd|afdeling|kontor|retskreds)\b\.?|\b(?:afd|afdeling)\b\.? ?\d{1,2})"
)
_COURT = rf"(?:(?:\pL*ret(?:ten)?\b|{_DIVISION}|[\pL ,.\-()])*)"
NO_COURT_CASE_AS_WRITTEN = rf"(?i)^\W*(?:(?:{_DATE}){_TIME}|{_SPAN}|{_TOWN}|{_COURT})\W*$"
"""Of a court case number as it is written: a date, a year and the next, a postcode with its town,
or the name of a court and its division."""
