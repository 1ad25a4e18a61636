"""What a column holds, told by its name in Danish or English and by what stands in it.

A meaning is a register column (`street_name`, `floor`), a role of an extract (`event_date`,
`address`), or what a statistic or layer is read by (`year`, `dwellings`, `unit`). `WORDS` is the
one place where the words of the field are kept; names of Denmark's registers (DAR, DAWA, BBR, CPR)
are among them.

    ranked("postcode", ["By", "Post nr.", "Husnr"])       -> [("Post nr.", 1.0)]
    ranked("person_number", names, values)                -> by the values too, the likeliest first
    assigned(["street_name", "house_number"], names)      -> {"street_name": "Vejnavn", ...}
    meaning_of("Etagebetegnelse")                         -> "floor"
    likeliest("street_name", names, "--column street_name") -> "Vejnavn", or None for no guess

`values` maps a column's name to some of its values as text: 200 of them tell as much as all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from rapidfuzz import fuzz, process

WORDS: Mapping[str, str] = {
    "address_id": "adresseid, adresse id, enhedsadresse, enhedsadresseid, adresse uuid, dar id, "
    "adresse id lokalid, adresseidentifikation, address id, id, id lokalid, uuid",
    "access_address_id": "adgangsadresse, adgangsadresseid, adgangsadresse uuid, adgang, "
    "adgangsid, husnummerid, husnummer id, husnummer uuid, husnummer id lokalid, access address, "
    "access address id, entrance, entrance id",
    "street_name": "vejnavn, gadenavn, vej, gade, navngiven vej, street, street name, road name",
    "postal_street_name": "adresseringsvejnavn, vejadresseringsnavn, postal street name",
    "house_number": "husnr, husnummer, husnummertekst, hus nr, nr, house number, house no",
    "floor": "etage, etagebetegnelse, etagenr, etagenummer, sal, floor",
    "door": "dør, dørbetegnelse, dørnr, dørnummer, side, side dør, sidedør, dør side, door",
    "supplementary_town": "supplerende bynavn, supplerendebynavn navn, stedbynavn, lokalitet, "
    "supplementary town",
    "postcode": "postnr, postnummer, post nummer, postkode, postnr og by, postnummer og by, "
    "postcode, postal code, zip, zip code",
    "post_district": "postdistrikt, postnrnavn, postnummernavn, postnr navn, by, bynavn, postby, "
    "post by, post district, city, town",
    "municipality_code": "kommunekode, kommune kode, kommunenr, kommunenummer, komkode, komnr, "
    "kommune, municipality code, municipality",
    "street_code": "vejkode, vej kode, street code",
    "x": "x, øst, x koordinat, koordinat x, koordinat øst, østkoordinat, utm x, utm øst, "
    "etrs89 øst, etrs89koordinat øst, easting, længdegrad, wgs84koordinat længde, lon, lng, "
    "longitude, x coordinate",
    "y": "y, nord, y koordinat, koordinat y, koordinat nord, nordkoordinat, utm y, utm nord, "
    "etrs89 nord, etrs89koordinat nord, northing, breddegrad, wgs84koordinat bredde, lat, "
    "latitude, y coordinate",
    "valid_from": "gyldig fra, gældende fra, virkning fra, ikrafttrædelse, ikrafttrædelsesdato, "
    "ikraftdato, fra dato, dato fra, startdato, valid from",
    "valid_to": "gyldig til, gældende til, virkning til, ophørt, ophørsdato, nedlagt, nedlagtdato, "
    "til dato, dato til, slutdato, valid to",
    "replaced_by": "erstattet af, erstattes af, ny adresse id, nyt adresseid, replaced by",
    "bulk_postcode": "stormodtagerpostnr, stormodtager postnr, bulk postcode",
    "bulk_district": "stormodtagerpostnrnavn, stormodtager postnrnavn, bulk district",
    "kvhx": "kvhx, kvh, adressenøgle",
    "event_date": "dato, hændelsesdato, sagsdato, oprettelsesdato, modtagelsesdato, gerningsdato, "
    "sigtelsesdato, udsættelsesdato, varslingsdato, varselsdato, afgørelsesdato, retsdato, "
    "modtaget, hændelse, event date, date, day",
    "address": "adresse, fuld adresse, bopæl, bopælsadresse, adressetekst, adressebetegnelse, "
    "adr, vej og nr, vej og husnr, vej og husnummer, gade og nr, gade og husnr, "
    "folkeregisteradresse, bo adresse, tekst, address, text",
    "person_number": "cpr, cprnr, cpr nr, cprnummer, cpr nummer, personnummer, personnr, "
    "person nr, pnr, person number",
    "birth_date": "fødselsdato, fødselsdag, født, fdato, birth date, date of birth",
    "name": "navn, fulde navn, borgers navn, borger, lejer, lejers navn, debitor, name, tenant",
    "court_case": "fogedsag, fogedsagsnr, fogedretssag, retssag, retssagsnr, rettens sagsnr, "
    "fs nr, sagsnr, sagsnummer, sags nr, sagsid, journalnr, court case, case number",
    "sender": "afsender, indsender, anmelder, udlejer, boligorganisation, boligselskab, rekvirent, "
    "kreditor, sender, landlord",
    "kind": "art, type, årsag, kategori, sagstype, hændelsestype, gerningskode, forhold, kind, "
    "category, reason",
    "year": "år, årstal, dataår, opgørelsesår, year",
    "unit": "rode, rodenr, rodenummer, kvarter, distrikt, bydel, sogn, skoledistrikt, unit",
    "dwellings": "boliger, antal boliger, lejligheder, antal lejligheder, boligenheder, husstande, "
    "antal husstande, dwellings, homes, households",
    "residents": "beboere, antal beboere, indbyggere, antal indbyggere, borgere, antal borgere, "
    "personer, antal personer, befolkning, residents, population, persons",
    "area_name": "navn, områdenavn, område, boligområde, areanavn, name, area, area name",
}
"""The words for each meaning, parted by commas. Case, blanks, marks and æøå/ae-oe-aa are alike."""

_UUID = r"\{?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?"
_DATE = r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}.*|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.*|\d{8}"
_NUMBER = r"-?\d[\d., ]*"
_LOOKS: Mapping[str, str] = {
    "address_id": r"\S{1,50}",
    "access_address_id": r"\S{1,50}",
    "street_name": r".*[a-zæøå]{2}.*",
    "house_number": r"\d{1,3} ?[a-z]?",
    "floor": r"\d{1,2}\.?|st(?:uen|\.)?|k[ldæ].{0,7}|k\d|",
    "door": r"t\.?[vh]\.?|mf\.?|\d{1,4}|[a-z]\d*|venstre|højre|midt.*|",
    "postcode": r"\d{3,4}(?: .*)?",
    "post_district": r"[a-zæøå].*",
    "municipality_code": r"0?\d{3}(?:\.0)?",
    "street_code": r"\d{1,4}",
    "x": _NUMBER,
    "y": _NUMBER,
    "valid_from": _DATE,
    "valid_to": _DATE,
    "event_date": _DATE,
    "birth_date": _DATE,
    "address": r".*[a-zæøå]{2}.*",
    "person_number": r"\d{5,6}[-. ]?\d{4}|\d{6}-?xxxx",
    "name": r"[^\d]*[a-zæøå][^\d]*",
    "year": r"(?:19|20)\d\d(?:\.0)?",
    "dwellings": _NUMBER,
    "residents": _NUMBER,
}
"""What the values of a column look like, in small letters; a blank value says nothing."""

_TELLING: Mapping[str, str] = {
    "person_number": _LOOKS["person_number"],
    "event_date": _DATE,
    "address": r"[^,]*[a-zæøå]{3}[^,]* \d{1,3} ?[a-z]?\b.*",
    "address_id": _UUID,
    "access_address_id": _UUID,
    "year": _LOOKS["year"],
}
"""Values that tell what a column holds also where its name does not."""

_FITS, _BY_VALUES_ALONE = 0.5, 0.9
_LETTERS, _ALL_BUT_THE_SAME = 75, 88


def ranked(
    meaning: str, columns: Iterable[str], values: Mapping[str, Sequence[str]] | None = None
) -> list[tuple[str, float]]:
    """The `columns` that may hold `meaning`, each with how well it fits (over 0), the best first.

    A column whose name says another meaning better is not among them, nor one whose values cannot
    be it. With `values`, a column whose name says nothing can be told by them alone.
    """
    found = []
    for column in columns:
        by_name = _scores(column)
        score = by_name.get(meaning, 0.0)
        if any(other > score for other in by_name.values()):
            continue
        given = [text.strip().lower() for text in (values or {}).get(column, []) if text.strip()]
        if given:
            if score and meaning in _LOOKS:
                fit = _share(_LOOKS[meaning], given)
                score = score + fit if fit >= _FITS else 0.0
            elif not score and meaning in _TELLING:
                fit = _share(_TELLING[meaning], given)
                score = fit / 2 if fit >= _BY_VALUES_ALONE else 0.0
        if score:
            found.append((column, round(score, 3)))
    return sorted(found, key=lambda pair: -pair[1])


def assigned(
    meanings: Iterable[str],
    columns: Sequence[str],
    values: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, str]:
    """A column for each of `meanings` that one is found for, none of them used twice.

    The surest pair is settled first; among equals the order of `meanings` and `columns` decides.
    """
    pairs = [
        (-score, order, column, meaning)
        for order, meaning in enumerate(meanings)
        for column, score in ranked(meaning, columns, values)
    ]
    given: dict[str, str] = {}
    for _, _, column, meaning in sorted(pairs, key=lambda pair: pair[:2]):
        if meaning not in given and column not in given.values():
            given[meaning] = column
    return given


def meaning_of(column: str) -> str | None:
    """What a column of this name holds; the first of WORDS where several fit alike."""
    scores = _scores(column)
    return max(scores, key=lambda meaning: scores[meaning]) if scores else None


def likeliest(sought: str, columns: Sequence[str], use: str = "") -> str | None:
    """The column that is meant by `sought`, which none is called; None where nothing is likely.

    `use`: what it is sought for, whose last word may be a meaning: `--column street_name`,
    `sources[x].columns.event_date`. Letters alone never make a postcode of a street name.
    """
    named = re.findall(r"\w+", re.sub(r"\[\d+\]$", "", use))
    meaning = named[-1] if named and named[-1] in WORDS else meaning_of(sought)
    near = process.extractOne(
        _tight(sought), [_tight(name) for name in columns], scorer=fuzz.ratio, score_cutoff=_LETTERS
    )
    by_letters = columns[near[2]] if near else None
    if meaning is None or (near and near[1] >= _ALL_BUT_THE_SAME):
        return by_letters
    if by_letters is not None and meaning_of(by_letters) == meaning:
        return by_letters
    fitting = ranked(meaning, columns)
    if fitting:
        return fitting[0][0]
    return by_letters if by_letters is not None and meaning_of(by_letters) is None else None


def _share(pattern: str, values: list[str]) -> float:
    return sum(re.fullmatch(pattern, value) is not None for value in values) / len(values)


def _scores(column: str) -> dict[str, float]:
    """How well each meaning fits the name of a column: 1 for one of its words, less for a part."""
    whole, parts = _tight(column), _parts(column)
    best: dict[str, float] = {}
    for meaning, words in _known().items():
        score = max(_score(whole, parts, word) for word in words)
        if score:
            best[meaning] = score
    return best


def _score(whole: str, parts: Sequence[str], word: str) -> float:
    if word == whole:
        return 1.0
    if len(word) < 3:  # `by` and `nr` stand in too many names
        return 0.0
    share = len(word) / max(len(whole), 1)
    if word in parts:
        return 0.5 + share / 2
    return 0.4 + share / 2 if len(word) >= 4 and whole.endswith(word) else 0.0


@cache
def _known() -> dict[str, list[str]]:
    return {
        meaning: [_tight(word) for word in words.split(",")] for meaning, words in WORDS.items()
    }


def _tight(name: str) -> str:
    """`name` without blanks, marks and case, æøå as ae, oe and aa: `Post nr.` is `postnr`."""
    return "".join(_parts(name))


def _parts(name: str) -> list[str]:
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])", " ", text).casefold()
    for letter, letters in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        text = text.replace(letter, letters)
    return re.findall(r"[^\W_]+", text)
