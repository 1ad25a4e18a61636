"""Person numbers are replaced as they are read, and stand nowhere in what Kvarter writes."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import os
import re
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamlet import HEADER, build, run_in
from kvarter.cases import Pseudonyms
from kvarter.cases.key import find_key
from kvarter.cases.persons import (
    age_on,
    read_person_number,
    words_of_name,
    words_of_names,
)
from kvarter.cases.persons import (
    masked as masked_in_a_column,
)
from kvarter.cli import main
from kvarter.editions.releases import release
from kvarter.errors import InputError, KeyMissingError, Problem
from kvarter.files import read_table
from kvarter.notes import Note
from kvarter.pipeline.run import run
from kvarter.privacy import without_person_numbers
from make.people import never_issued

KEY = "k" * 40


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("010190-1233", dt.date(1990, 1, 1)),
        ("0101901233", dt.date(1990, 1, 1)),
        ("010190 1233", dt.date(1990, 1, 1)),
        ("101901233", dt.date(1990, 1, 1)),
        ("101901233.0", dt.date(1990, 1, 1)),
        ("010306-5233", dt.date(2006, 3, 1)),
        ("010336-4233", dt.date(2036, 3, 1)),
        ("010337-4233", dt.date(1937, 3, 1)),
        ("610190-1233", dt.date(1990, 1, 1)),
        ("010100-4233", dt.date(2000, 1, 1)),
        ("010158-5233", dt.date(1858, 1, 1)),
        ("010157-8233", dt.date(1957 + 100, 1, 1)),
        ("01.01.90-1233", dt.date(1990, 1, 1)),
        ("01/01/90/1233", dt.date(1990, 1, 1)),
        ("1/1/90-1233", dt.date(1990, 1, 1)),
        ("010190'1233", dt.date(1990, 1, 1)),
        ("'0101901233", dt.date(1990, 1, 1)),
        ('="0101901233"', dt.date(1990, 1, 1)),
        ("101901233,0", dt.date(1990, 1, 1)),
        ("1.01901233E+08", dt.date(1990, 1, 1)),
        ("1,101901233E9", dt.date(1990, 1, 11)),
        ("1.10190123E+09", dt.date(1990, 1, 11)),
        ("01011990-1233", dt.date(1990, 1, 1)),
        ("19900101-1233", dt.date(1990, 1, 1)),
        ("1990-01-01-1233", dt.date(1990, 1, 1)),
        ("01.01.1990 1233", dt.date(1990, 1, 1)),
        ("01032006-5233", dt.date(2006, 3, 1)),
        ("\u200f010190-1233\u200b", dt.date(1990, 1, 1)),
        ("\uff10\uff11\uff10\uff11\uff19\uff10\uff11\uff12\uff13\uff13", dt.date(1990, 1, 1)),
        ("CPR-nr.: 010190-1233", dt.date(1990, 1, 1)),
        ("010190 \u2013 1233", dt.date(1990, 1, 1)),
        ("1. jan. 1990-1233", dt.date(1990, 1, 1)),
        ("31-DEC-1990 1233", dt.date(1990, 12, 31)),
        ("\u201c010190-1233\u201d", dt.date(1990, 1, 1)),
        ("(010190-1233)", dt.date(1990, 1, 1)),
    ],
)
def test_a_number_gives_its_birth_date(text: str, born: dt.date) -> None:
    found = read_person_number(text)
    assert found is not None
    assert found[1] == born


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "310290-1233", "12345", "010190-12345", "٠١٠١٩٠١٢٣٣"),
        "01011990-5233",  # the seventh digit says 1890
        "1101 90-123",  # a digit is missing, and nobody knows where
        "1.01858E+09",  # rounded
        "1011990",
        "010190-1233 / 020290-1233",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert read_person_number(text) is None


def test_pseudonyms_depend_on_the_key_and_not_on_the_spelling() -> None:
    one, other = Pseudonyms("a" * 32), Pseudonyms("b" * 32)
    number = pl.Series(["0101901233"])
    assert one.of_numbers(number)[0] != other.of_numbers(number)[0]
    names = one.of_names(pl.Series(["Åse  ØRUM", "ørum, åse", "Åse Ørom", " - "]))["key"]
    assert names[0] == names[1] != names[2]
    assert names[3] is None
    assert "a" * 32 not in repr(one)


def test_pseudonyms_are_those_that_are_stored() -> None:
    """Of an edition made before: another pseudonym would unite no row with the same in it."""
    key = Pseudonyms("a" * 32)

    def keyed(message: str) -> str:
        return hmac.new(b"a" * 32, message.encode(), "sha256").hexdigest()[:24]

    assert key.of_numbers(pl.Series(["0101901233"]))[0] == keyed("number:0101901233")
    assert key.of_names(pl.Series(["Åse Ørum-Weiß"]))["key"][0] == keyed("name:ase weiss ørum")
    cases = key.of_court_cases(pl.Series(["fs 18-1674/2023"]))["key"]
    assert cases[0] == keyed("court case:FS1816742023")
    texts = pl.Series(["Ærøvej 1", "hos 010190-1233"])
    ids = key.of_texts(texts, pl.Series(["Ærøvej 1", "hos [cpr]"]))
    assert ids[0] == "t" + hashlib.sha256("Ærøvej 1".encode()).hexdigest()[:20]
    assert ids[1] == "t" + keyed("text:hos 010190-1233")[:20]


@given(st.text(min_size=32, max_size=200), st.lists(st.none() | st.text(), max_size=5))
def test_pseudonyms_are_hashed_as_the_standard_library_does(
    key: str, values: list[str | None]
) -> None:
    """Of any length: SHA-256 takes 64 bytes at a time, of the key too."""

    def keyed(value: str) -> str:
        return hmac.new(key.encode(), f"number:{value}".encode(), "sha256").hexdigest()[:24]

    column = pl.Series(values, dtype=pl.String)
    expected = [None if value is None else keyed(value) for value in values]
    assert Pseudonyms(key).of_numbers(column).to_list() == expected
    known = column.drop_nulls()
    ids = ["t" + hashlib.sha256(text.encode()).hexdigest()[:20] for text in known]
    assert Pseudonyms(key).of_texts(known, known).to_list() == ids


@given(st.lists(st.text("aÅåéñßØøÆ  ,-.1²ŁłİĳſÇ\u0301\u00a0", max_size=14), max_size=5))
def test_names_are_read_in_a_column_as_one_by_one(names: list[str]) -> None:
    together = words_of_names(pl.Series(names, dtype=pl.String)).to_list()
    assert together == [words_of_name(name) for name in names]


def test_the_id_of_a_text_shows_no_number_and_needs_the_key_only_for_one() -> None:
    one, other = Pseudonyms("a" * 32), Pseudonyms("b" * 32)
    texts = pl.Series(["Strandvejen 3", "hos 010190-1233", "hos [cpr]"])
    masked = pl.Series([without_person_numbers(text) for text in texts])
    mine, theirs = one.of_texts(texts, masked), other.of_texts(texts, masked)
    assert mine[0] == theirs[0]
    assert mine[1] != theirs[1]
    assert mine[1] != mine[2]


def test_age_is_in_whole_years() -> None:
    days = pl.DataFrame({"day": [dt.date(2024, 2, 28), dt.date(2024, 2, 29)]})
    born = pl.lit(dt.date(2008, 2, 29))
    assert days.select(age_on(pl.col("day"), born)).to_series().to_list() == [15, 16]


@given(st.integers(0, 999999), st.integers(0, 9999), st.sampled_from(["", "-", " ", "\u2011"]))
def test_no_problem_quotes_a_number(first: int, second: int, between: str) -> None:
    number = f"{first:06}{between}{second:04}"
    assert number not in str(Problem(f"the value {number} is odd", f"Mend {number}.", number))
    assert number not in without_person_numbers(f"bor ({number}) her")


MARKS = [*" -.,/_x()[]", *"\u00a0\u2009\u200b\u00ad\u2011\u2013\u2014\u2212", " - ", "--"]


@st.composite
def spelt_numbers(draw: st.DrawFn) -> str:
    """A person number that can be one, with marks between any of its digits."""
    day, month = draw(st.integers(1, 28)), draw(st.integers(1, 12))
    digits = f"{day:02}{month:02}{draw(st.integers(0, 99)):02}{draw(st.integers(0, 9999)):04}"
    marks = draw(st.lists(st.sampled_from(["", "", *MARKS]), min_size=9, max_size=9))
    return digits[0] + "".join(mark + digit for mark, digit in zip(marks, digits[1:], strict=True))


@given(
    spelt_numbers(),
    st.text("abc æ(:;\n").map(lambda text: text + " "),
    st.text("abc æ):;\n").map(lambda text: " " + text),
)
def test_a_number_is_masked_however_it_is_spelt(number: str, before: str, after: str) -> None:
    assert without_person_numbers(before + number + after) == before + "[cpr]" + after


@given(st.text("0123456789 -\u00a0\u2013.", max_size=16))
def test_what_is_read_as_a_number_is_masked(text: str) -> None:
    if (found := read_person_number(text)) and len(re.findall(r"\d", text)) == 10:
        assert found[0][-4:] not in re.sub(r"\D", "", without_person_numbers(text))


@pytest.mark.parametrize(
    "number",
    [
        "010185 - 7788",
        "01 01 85 7788",
        "01018577 88",
        "010185\u22127788",
        "01.01.85-7788",
        "31.12.85 7788",
        "(010185)7788",
        "311285, 7788",
        "21. 12. 85-7788",
        "01011985-7788",
        "01-01-1985 7788",
        "01/01/1985 - 7788",
        "010185\u00ad7788",
        "\uff10\uff11\uff10\uff11\uff18\uff15\uff17\uff17\uff18\uff18",
        "1.01857788E+08",
        "1,01858E+09",
        "10185 - 7788",
        "1 01 85 7788",
        "610185/7788",
        "1 2100 01018-57788",
        "0101857788.0",
        "19850101-7788",
        "1985-01-01-7788",
        "1985/01/01 7788",
        "198501017788",
        "01011985:7788",
        "010185:7788",
        "010185;7788",
        "010185*7788",
        "010185|7788",
        "010185 = 7788",
        "010185      7788",
        "010185\n7788",
        "010185\u2022\u20267788",
        "010185(7788)",
        "[010185] 7788",
        "1. jan. 1985-7788",
        "1. januar 1985 - 7788",
        "01 JAN 85 7788",
        "1/1-85-7788",
        "1.1.1985:7788",
        "010185 cpr 7788",
        "010185, kontrolcifre 7788",
        "O1O185-7788",
        "0l0l85-77I8",
        "cpr010185-7788",
        "CPR-nr.:0101857788",
        "\u0660\u0661\u0660\u0661\u0668\u0665-\u0667\u0667\u0668\u0668",
        "01\u00ad0185-77\u200b88",
        "010185&#45;7788",
        "010185&ndash;7788",
        "&#48;10185&nbsp;7788",
        "<b>010185</b>-7788",
        "010185%2D7788",
        "010185%E2%80%937788",
        "610185:7788",
    ],
)
def test_spellings_of_numbers_that_are_masked(number: str) -> None:
    for text in (
        number,
        f"c/o {number} Malervej 33, 2450 Sydhavnen",
        f"Malervej 33, 2450 K {number}",
    ):
        masked = without_person_numbers(text)
        assert "[cpr]" in masked
        assert re.sub(r"\D", "", masked) in {"", "332450"}
        assert masked_in_a_column(pl.Series([text])).item() == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Malervej 33, 010185-77882450 København", "Malervej 33, [cpr]2450 København"),
        ("Malervej 33, 01018577882450 København", "Malervej 33, [cpr]2450 København"),
        ("Malervej 33, 2450010185-7788", "Malervej 33, [cpr]"),
        ("Malervej 33, 24500101857788", "Malervej 33, 2450[cpr]"),
        ("Malervej 33010185-7788", "Malervej 33[cpr]"),
    ],
)
def test_a_number_stuck_to_another_is_masked_and_the_other_stays(text: str, masked: str) -> None:
    assert without_person_numbers(text) == masked
    assert masked_in_a_column(pl.Series([text])).item() == masked


SEPARATORS = [*"-/:;.,*+=~#'\"|\\\n\t", "", " ", " - ", "\u2013", "\u2003", " " * 6]
SEPARATORS += ["&nbsp;", "&#x2D;", "%2D", "<br>"]
PLAIN = "0123456789"
SCRIPTS = [PLAIN, *("".join(chr(zero + n) for n in range(10)) for zero in (0x660, 0xFF10))]
MONTH_NAMES = "jan. februar Marts apr maj JUNI jul. august sept. oktober nov december".split()


@st.composite
def written_dates(draw: st.DrawFn) -> str:
    """A birth date and four digits, in one of the orders and scripts people write them in."""
    day, month, year = draw(st.integers(1, 31)), draw(st.integers(1, 12)), draw(st.integers(0, 99))
    century, serial = draw(st.sampled_from(["19", "20"])), f"{draw(st.integers(0, 9999)):04}"
    between = draw(st.sampled_from(SEPARATORS))
    date = draw(
        st.sampled_from(
            [
                f"{day:02}{month:02}{year:02}",
                f"{day:02}{month:02}{century}{year:02}",
                f"{century}{year:02}{month:02}{day:02}",
                f"{day}. {MONTH_NAMES[month - 1]} {century}{year:02}",
                f"{day:02}.{month:02}.{century}{year:02}",
            ]
        )
    )
    if (between == ";" and not date.isdigit()) or (between == "," and len(date) > 6):
        between = "-"  # a date and a postcode may stand so
    script = str.maketrans(PLAIN, draw(st.sampled_from(SCRIPTS)))
    return date.translate(script) + between + serial.translate(script)


@given(
    written_dates(),
    st.sampled_from(["hos ", "cpr", "(", "\u200b"]),
    st.sampled_from(["", ")", " st.", ", "]),
)
def test_a_number_is_masked_in_every_order_and_script(number: str, before: str, after: str) -> None:
    masked = without_person_numbers(before + number + after)
    assert masked == before + "[cpr]" + after


@pytest.mark.parametrize(
    "text",
    [
        "Malervej 33, 1. 12, 2450 København SV",
        "Ravnevej 101, 1. 12, 2450 København SV",
        "Ravnevej 21, 11. 12, 2450 København SV",
        "Ravnevej 12-14, 2. 3, 2450 København SV",
        "2400 København NV",
        "tlf. 20304050",
        "tlf. 20 30 40 50, 2450 København SV",
        "FS 18-1674/2023",
        "2023-01-02",
        "2012-12-31 12:30",
        "02-01-2023 12:30",
        "02-01-2023 2450 København SV",
        "05-01-2023, 2450",
        "05-01-2023;2450",
        "2023-01-02;2450 Valby",
        "2023-01-02 2450 Valby",
        "20230102 2450 Valby",
        "1. maj 2023 2450 København SV",
        "2. maj 2023, 2450",
        "2012-12-31T12:30:00Z",
        "31-12-20 12:30",
        "BS1234/2023",
        "BS-1234/2023-KBH",
        "+45 20 30 40 50",
        "eDoc 2024-0353188, F2 6655654",
        "5798000420526",
        "01014032__12_1___tv",
        "12ab Vigerslev, København",
        "1. Maj Allé 12, 2450 København SV",
        "55.676098, 12.568337",
        "eb331a26-6c70-4bb5-91dc-c842868296ff",
        "02023642-64b0-4392-a612-130110920c11",
        "b4d598674869f1442026b2129b1a784788f8585e7cddf4cee608b9264c67555f",
        "Istedgade 101, 4, 1650 København V",
        "Postboks 1234, 1357 København K",
    ],
)
def test_other_numbers_are_not_masked(text: str) -> None:
    assert without_person_numbers(text) == text


HIDDEN = [
    # A day of birth in few digits, or beside words
    *("f. 1-1-80 1234", "1-1-80 1234 bor her", "født d. 1/1 1980, 1234", "cpr.: 1/1-80, 1234"),
    *("den 1/1-1980 1234", "1/1 1980 cpr. nr. 1234", "født 01-01-1980 1234"),
    # A word between
    *("010180 cprnr 1234", "010180 personnr. 1234", "cpr 010180 ctr. 1234", "010180 og 1234"),
    *("010180kl1234", "01011990kl1234", "010180 - slut 1234", "010180 endelse 1234"),
    # One sign between all
    *("01:01:80:1234", "01;01;80;1234", "01*01*80*1234", "01|01|80|1234", "01\\01\\80-1234"),
    # Letters and other digits for digits
    *("l0l80-1234", "lO1O80-1234", "⓪①⓪①⑧⓪-①②③④", "𝟎𝟏𝟎𝟏𝟖𝟎-𝟏𝟐𝟑𝟒", "⁰¹⁰¹⁸⁰-¹²³⁴"),
    # Codes, and a country's before it
    *("+450101801234", "+45 010180-1234", "00450101801234", "010180=2D1234", "010180\\u002d1234"),
]


@pytest.mark.parametrize("text", HIDDEN)
@pytest.mark.parametrize("around", ["{}", "Ravnevej 4, 2. tv, 2450 Valby. {}", "hos {}, ring"])
def test_a_number_is_masked_whatever_stands_between_its_digits(text: str, around: str) -> None:
    masked = without_person_numbers(around.format(text))
    assert "[cpr]" in masked
    left = "".join(c for c in unicodedata.normalize("NFKC", masked) if c.isdigit())
    assert "1234" not in left
    column = masked_in_a_column(pl.Series([around.format(text)]))
    assert column.to_list() == [masked]


STREETS = [
    "Ravnevej",
    "Vej 3 ",
    "1. Maj Allé",
    "10. Februar Vej",
    "Christian 10. Vej",
    "gl. kongevej",
]
FLOORS = [
    "",
    ", st. tv",
    ", 2. tv",
    " 1.tv",
    ", 11. 12",
    ", 1.2",
    ", 4, 3",
    ", 1/12",
    ", lejl. 12-101",
]
DISTRICTS = ["2400 København", "2450 kbh sv", "1850 Frederiksberg C", "1950 frb c", "2000"]
DAYS = ["02-01-2023", "2/1-2023", "2. maj 2023", "2023-01-02", "(02.01.2023)", "kl. 12.30"]


@given(
    st.tuples(
        st.sampled_from(
            ["", "Afd. 10, ", "c/o Hansen 2. sal, ", "Lejl. 1012, ", "matr.nr. 12ab, "]
        ),
        st.sampled_from(STREETS),
        st.integers(1, 320),
        st.sampled_from(["", "A", " b", "l"]),
        st.sampled_from(FLOORS),
        st.sampled_from([", ", " "]),
        st.sampled_from(DISTRICTS),
        st.sampled_from(
            ["", *(f" siden {day}" for day in DAYS), ", tlf. 20 30 40 50", " BBR 12345678"]
        ),
    )
)
def test_no_address_is_masked(parts: tuple[str | int, ...]) -> None:
    text = "".join(map(str, parts))
    assert without_person_numbers(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("flyttet 010523 til 2400 København NV", "010523: lejl. 1012", "010523 Sag 2023-0012"),
        *("1.2.12 2450 kbh", "12. 1. 12, 2450 Valby", "1/12 1950 Frederiksberg C, 2. juni 2019"),
        *("45 m² i 2400 København", "Ravnevej 1–3, 1½ sal, 2450 Valby"),
    ],
)
def test_a_day_beside_a_postcode_is_not_masked(text: str) -> None:
    assert without_person_numbers(text) == text


GOOD = "8c1f0e5a9d47b362" * 4


def test_a_run_needs_a_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KVARTER_KEY", "KVARTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(KeyMissingError, match="openssl rand"):
        run(build(tmp_path / "h"), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    monkeypatch.setenv("KVARTER_KEY", GOOD)
    assert find_key() == Pseudonyms(GOOD)


def put_key(path: Path, content: str | bytes = GOOD, mode: int = 0o600) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("content", "mode", "what"),
    [
        ("abc", 0o600, "3 characters"),
        (GOOD[:31], 0o600, "31 characters"),
        ("", 0o600, "0 characters"),
        ("0" * 64, 0o600, "only 1 different"),
        ("abcd" * 16, 0o600, "only 4 different"),
        (bytes(range(1, 200)), 0o600, "plain letters"),
        ("x" * 20_000, 0o600, "at most 10,000"),
        (GOOD, 0o644, r"others than you .*\n.*chmod 600"),
        (GOOD, 0o640, "others than you"),
        (GOOD, 0o602, "others than you"),
        ("0" * 64, 0o666, "others than you"),
    ],
)
def test_a_key_that_protects_nobody_is_refused(
    tmp_path: Path, content: str | bytes, mode: int, what: str
) -> None:
    path = put_key(tmp_path / "key", content, mode)
    with pytest.raises(KeyMissingError, match=what) as told:
        find_key(path)
    assert GOOD not in str(told.value)
    assert told.value.problems[0].remedy


def test_a_key_is_a_file_that_its_owner_alone_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put_key(tmp_path / "key", GOOD + "\n")
    assert find_key(path) == Pseudonyms(GOOD)
    (tmp_path / "link").symlink_to(path)
    assert find_key(tmp_path / "link") == Pseudonyms(GOOD)
    put_key(path, mode=0o400)
    assert find_key(path) == Pseudonyms(GOOD)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for other in (tmp_path / "pipe", tmp_path, tmp_path / "loop", Path("/dev/zero"), Path("a\0")):
        with pytest.raises(KeyMissingError):
            find_key(other)
    monkeypatch.setenv("KVARTER_KEY", "0" * 64)
    with pytest.raises(KeyMissingError, match="KVARTER_KEY: the key has only 1 different"):
        find_key()


def test_every_synthetic_number_could_never_be_issued(city: Path) -> None:
    numbers = numbers_in(city)
    assert len(numbers) > 5000
    assert all(never_issued(number) for number in numbers)


def numbers_in(city: Path) -> set[str]:
    """Every person number of the example's extracts, as ten digits."""
    numbers = set()
    for path in sorted((city / "extracts").iterdir()):
        sheets = [str(y) for y in range(2016, 2024)] if path.suffix == ".xlsx" else [None]
        for sheet in sheets:
            name = "Cpr-nr" if sheet else "Borger CPR" if "domus" in path.name else "CPR-NR"
            for text in read_table(path, {"": name}, sheet=sheet).column(name):
                if found := read_person_number(text):
                    numbers.add(found[0])
    return numbers


def test_no_person_number_stands_in_any_output(city: Path) -> None:
    numbers = numbers_in(city)
    spellings = {s for n in numbers for s in (n, f"{n[:6]}-{n[6:]}", n.lstrip("0"))}
    digits = re.compile(rb"(?<!\d)\d{5,6}-?\d{4}(?!\d)")
    files = [path for path in (city / "status").rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        if path.suffix == ".parquet":
            import polars as pl

            lists = pl.selectors.by_dtype(pl.List(pl.String))
            content = pl.read_parquet(path).with_columns(lists.list.join(" ")).write_csv().encode()
        found = {match.decode() for match in digits.findall(content)} & spellings
        assert not found, path


def test_numbers_in_free_text_are_masked_and_errors_quote_none(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    number = "010190-1233"
    rows = [
        f"1;03-01-2023;{number};{number};{number} Strandvejen 2, st. tv, 2100;{number}",
        f"2;{number};;x;Strandvejen 3;x;{number}",
    ]
    policy = build(tmp_path / "h", rows)
    run_in(policy, tmp_path / "out", documents=True)
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            assert number.encode() not in path.read_bytes(), path
            assert number.replace("-", "").encode() not in path.read_bytes(), path
    headed = build(
        tmp_path / "g",
        content=f"{number};{number}\n".encode() + HEADER.replace("Dato", "Dag").encode(),
    )
    with pytest.raises(Exception) as raised:
        run_in(headed, tmp_path / "out")
    assert number not in str(raised.value)
    assert number not in "".join(capfd.readouterr())


def test_a_person_number_in_the_name_of_a_file_stands_in_no_output(tmp_path: Path) -> None:
    policy = build(tmp_path / "h")
    (extract,) = {path for path in (tmp_path / "h").glob("*.csv") if "Sagsnr" in path.read_text()}
    extract.rename(extract.with_name("010190-1233.csv"))
    policy.write_text(policy.read_text().replace(extract.name, "010190-1233.csv"))
    run_in(policy, tmp_path / "out", documents=True)
    texts = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert any("[cpr].csv" in path.read_text() for path in texts if path.name == "run.json")
    assert not [path for path in texts if b"010190-1233" in path.read_bytes()]


@given(
    st.lists(
        spelt_numbers()
        | st.sampled_from(["1.01857788E+08", "tlf. 20 30 40 50", "Malervej 33, 1. 12, 2450", ""]),
        max_size=6,
    )
)
def test_texts_are_masked_in_a_column_as_one_by_one(texts: list[str]) -> None:
    column = masked_in_a_column(pl.Series(texts, dtype=pl.String))
    assert column.to_list() == [without_person_numbers(text) for text in texts]


def test_a_message_quotes_no_number_in_any_of_its_parts() -> None:
    problem = Problem("'010190-1233' is no date", "Mend 010190-1233.", "x", field="a[010190-1233]")
    assert "1233" not in problem.what + problem.remedy + problem.field
    note = Note("{file} has {rows} rows", {"file": "010190-1233.csv", "rows": 3})
    assert str(note) == "[cpr].csv has 3 rows"


def test_a_number_typed_as_a_day_of_decision_is_not_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = build(tmp_path, changed={"decisions": {"file": "d.csv"}})
    row = "text_id;decision;decided_by;decided_on\nt1;ingen;MLI;010190-1233\n"
    (tmp_path / "d.csv").write_text(row, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["kvarter", "check", str(policy)])
    with pytest.raises(SystemExit):
        main()
    said = "".join(capsys.readouterr())
    assert "[cpr]" in said
    assert "1233" not in said


@pytest.mark.parametrize("option", ["by", "where"])
def test_a_number_is_not_put_on_record_as_who_released_what(tmp_path: Path, option: str) -> None:
    given = {"by": "Anna Berg", "where": "kk.dk"} | {option: "Anna 19900101-1233"}
    with pytest.raises(InputError, match=f"--{option}: here stands"):
        release(tmp_path, on=dt.date(2024, 11, 1), **given)


@pytest.mark.parametrize(
    "span",
    ["2022-06-01 → 2023-12-31", "2022-06-01 – 2023-12-31", "01-01-2022 - 31-12-2023"],
)
def test_from_one_day_to_another_is_no_number(span: str) -> None:
    assert without_person_numbers(f"notices: {span}.") == f"notices: {span}."
