"""Texts in an unusual order, or with more in them than one address: clause by clause.

    folded text --split--> clauses --name--> street | number | unit | postcode | district | note
      --put together--> the parts of one address, and what is said against it

Most texts are read in the order in which addresses are written (`read`). Here are the others: the
columns of an address in any order, labels, a house letter apart, a unit behind the district, a
street whose name has a number, a firm or another address beside. What stands beside an address can
also say that it is not the one that is meant (`not_there`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from kvarter.addresses import not_there, other_numbers
from kvarter.addresses.other_numbers import without_other_numbers
from kvarter.addresses.places import names_abroad, place
from kvarter.addresses.reasons import Reason, bits
from kvarter.addresses.units import NOTE, Unit, read_unit

Known = Callable[[str], bool]
"""Whether a folded name is known, as a street or as a district."""

_SPLIT = re.compile(r"[,;|()\[\]]|(?<=\s)[-–/](?=\s)|(?<=[a-z0-9])/(?=[a-z]{3})")
_LABEL = re.compile(
    r"(?:^|(?<=[ .]))((?:(?:folkeregister|gammel|gl\.?|ny|tidl\.?|tidligere|nuvaerende|hus|ikke) )?"
    r"[a-z][a-z./-]*) ?[:=]"
)
_LETTER_JOINED = re.compile(r"(?<![a-z\d])(\d{1,3})(?: ?- ?| ?/ ?)([a-z])(?![a-z\d./])")
_RANGE = re.compile(
    r"(?<![\w.-])\d{1,3}[a-z]?(?: ?[-/] ?\d{1,3}[a-z]?(?![a-z\d.]| ?(?:tv|th|mf|sal)\b))+"
)
_UNIT_AS_LABEL = re.compile(
    r"(\b(?:\d{1,2}|st|kl|stuen)\b\.? ?(?:sal )?(?:t\.?v|t\.?h|mf|venstre|hoejre)\b\.?"
    r"|\b(?:\d{1,2}\. ?|st\.? ?)\d{1,2}) ?:"
)
_LETTER_NAMED = (
    r"(?:litra|litr\.?|lit\.?|bogstav|bogst\.?|opgang|opg\.?|indgang|indg\.?|husbogstav)"
)
_LETTER_BEHIND = re.compile(rf" ?,? ?({_LETTER_NAMED}) ?([a-z])(?![a-z\d])")
_LETTER = re.compile(
    rf"(?:(?P<named>{_LETTER_NAMED}) ?)?(?P<letter>[a-z])(?:\.?|[ .-]+(?P<unit>[^ ].*))"
)
_STAIRCASE_BEHIND = re.compile(
    r"(?<=[a-z\d]) (?:opg|opgang|indg|indgang|blok|bygn|bygning|port|trappe)\.? ?(?:nr\.? ?)?"
    r"(?:[a-z]|\d{1,2})$"
)
_STAIRCASE = re.compile(r"opg|indg")
"""Where the register has no such letter, it is how the house calls its staircase."""
_DOORS_AND_FLOORS = "hvmi"
"""What stands for a side or a floor where nothing says that it is a letter of the house."""
_NUMBER = re.compile(
    r"(?:(?:hus ?)?(?:nr|nummer)\.? ?|no\.? ?|# ?)?0*([1-9]\d{0,2}) ?([a-z]?)[.']?"
    r"(?:-\d{1,3}[a-z]?)*"
)
_IN_CLAUSE = re.compile(
    r"(?<![\w-])0*([1-9]\d{0,2})([a-z]?)(?!\w)(?:[.']? ?'?([a-z])(?![\w./])'?)?[.']?"
)
_NUMBER_SIGN = re.compile(
    r"(?<=[ ,;=:])(?:(?:hus ?)?(?:nr|nummer)|no|n°|num|#)[.:]? ?(?=\d)"
    r"|^(?P<before>\D*[a-z]{3},? )(?:hus|opg|opgang|indg|indgang)[.:]? ?(?=\d)"
)
_TAG = re.compile(r"<[^<>]*>")
_MORE_NUMBERS = re.compile(r"(?: ?[-/] ?\d{1,3}[a-z]?(?![a-z\d.]| ?(?:tv|th|mf|sal)\b))+")
_FLOOR_BEHIND = re.compile(
    r"[. ]*(?:sal|etage|etg|tv|th|mf)\b"
    r"| ?-?(?:m2|kvm|kr|aar|aarige?|pers|personer|dage|uger|mdr|maaneder|vaer|vaerelser)\b"
)
_POSTCODE_BEHIND = re.compile(
    r"(?:^|[ ,.-])(?:dk? ?-? ?)?(?P<code>[1-9]\d{3})(?:[ .-]+(?P<district>[a-z?][a-z .?-]*?))?"
    r"(?: +(?P<unit>(?:\d{1,2}\b|st\b|stuen?\b|kl\b|kld\b|t[vh]\b|mf\b).*))? ?$"
)
_DISTRICT_THEN_CODE = re.compile(
    r"(?P<district>[a-z][a-z .-]*?) (?:dk? ?-? ?)?(?P<code>[1-9]\d{3})"
)
_PLACE = re.compile(r"(?:dk ?-? ?)?[1-9]\d{3}(?: .*)?|[a-z][a-z .]*")
_ENDINGS = tuple(
    "vej vejen gade gaden alle alleen plads pladsen straede straedet boulevard torv torvet".split()
)
_COUNTRY = "(?:se|de|nl|uk|us|usa|pl|fi|fr|gb|es|it|ch|lt|lv|ro|bg|tr|be|cz|hu|gr)"
_ABROAD_CODE = re.compile(
    r"(?:^|[ ,])(?:fo[- ]?\d{3}\b|[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b)"
    r"|(?:^|[ ,])(?:(?:fo|fr)[- ]?\d{3}|[a-z]{1,3}-\d{4,5}|\d{5}|s?-?\d{3} \d{2})[ ,]+[a-z]{3}"
    r"|[ ,](?:[a-z]{1,3}-)?\d{3} \d{2}[ ,]*$|,? (?:[a-z]{1,3}-)\d{4,5}[ ,]*$|, ?\d{5}[ ,]*$"
    rf"|, ?{_COUNTRY}[. ]*$|\({_COUNTRY}\)|(?:^|[ ,])\d\d-\d{{3}}\b|, ?[a-z]{{2}} \d{{5}}\b"
    r"|(?:^|[ ,])39\d\d (?:nuuk|sisimiut|ilulissat|qaqortoq|maniitsoq|aasiaat|tasiilaq|narsaq)"
)
_DANISH_CODE = re.compile(r"(?<!\d)(?!39)[1-9]\d{3}(?!\d)")
_ENDS_ABROAD = re.compile(r"\d{4} [a-z ]+ ([a-z]+)[ .)]*$")
"""`2100 koebenhavn oe sverige`"""
_WORD = re.compile(r"[a-z]+")
_LIVES_IN = re.compile(
    r"^(?:[a-z]{0,2}-?\d{4} (?:[a-z]{1,2} )?|(?:bor|nu|p\.?t|er|flyttet|rejst|opholder|sig|bosat"
    r"|hjem|hjemrejst|udrejst|emigreret|udvandret|udvist|tilbage|taget|sendt|ophold"
    r"|midlertidigt|i|til|fast|for tiden)[. ]+)*"
)
_GOES_ON = re.compile(r" til [a-z]")
"""`fra ravnevej 4 til torvet`"""
_MOST_WORDS = 6
_MOST_OF_A_NAME = 4
_FIRST_WORD = re.compile(r"st\.? (?!t\.?[vh]\b|mf\b|\d|sal\b|venstre|hoejre|midt)")
"""`st. hans gade`: a saint, and no floor."""
_MOST_WORDS_OF_A_UNIT = 6
_FEWEST_LETTERS = 4
_NO_SIGNS = str.maketrans("", "", ".'-?")
_UNIT_BEGINS = (
    r"(?:\d|st\b|stue|parterre|kld?\b|kaeld|t\.?[vh]\b|mf\b|venstre|hoejre|midt|doer\b|lejl"
    r"|bolig|etage|etg|sal\b|side\b|vaer|box\b|postbo|foerste|anden|tredje|fjerde|femte)"
)
_JOINS = {"og", "eller", "samt", "&", "+", "til", "-", "/"}
_MARKS = str.maketrans({"_": " ", **dict.fromkeys("*\u00b7\u2022~\\<>@^{}", ",")})

_BESIDE = [not_there.HINT, other_numbers.HINT]
_UNITS = [
    # Abroad: a code, or a place in brackets where there is no postcode.
    r"(?:^|[ ,])(?:f[or][ -]?\d{3}|[a-z]{1,3}-\d{3,5}|\d{5}|\d{3} \d{2}|39\d\d|\d\d-\d{3})"
    r"(?:[ ,]|$)",
    rf", ?{_COUNTRY}[. ]*$|\({_COUNTRY}\)|"
    r"\d{4} [a-z]{2} [a-z]{4}"
    r"| [a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b|^\D*\d{1,3}\D*\([a-z ]+\)\D*$",
    # Labels, and a letter apart.
    r"[a-z] ?[:=]",
    rf"\d ?[.,;/('-]+ ?[a-z](?:[ ,;)'-]|$)|\b{_LETTER_NAMED} ?[a-z](?:[ ,;)]|$)",
    r"[|<>@\\^{}\[\]]",
    # A unit behind the district, the postcode or a note; or before the street without a comma.
    rf"\d{{4}}[ .-]+[a-z?][a-z .?]*[\],;(|/\[-][^a-z]*{_UNIT_BEGINS}",
    rf"\((?:{_UNIT_BEGINS}|i{{1,3}}\b|iv\b)",
    rf"\d{{4}} [a-z .?]+ {_UNIT_BEGINS}|\d{{4}}[, ]+(?:\d|st\b|stue|kld?\b)",
    r",[^,\d]+, ?(?:\d{1,2}|st)\b[^,]*$",
    r", ?[a-z .]+ (?:\d{1,2}|st|kl)\.? ?(?:sal ?)?(?:t\.?[vh]|mf)\b",
]
_ORDER = [
    r"^(?:\d{1,2}(?:t[vh]|mf)?|stu?e?n?|kld?)\b[^,]*[a-z]{4}[^,]*\d",
    r"^(?:t\.? ?[vh]|m\.?f|venstre|hoejre)\b",
    r"^[^,]*(?:[a-z).] - | - [a-z(])|^\D*\d{1,3}\D*,[^,\d]+,[^,\d]+$",
    # Another number beside, and a number in a clause of its own.
    r"[a-z]{3}\.? \d{1,3}[a-z]?\b.*[a-z]{4} \d{1,3}[a-z]?(?:[ ,.;)]|$)|^\d{1,2}\. ?[a-z]{4}",
    r"[a-z]\.?[,;] ?(?:nr\.? ?)?\d{1,3} ?[a-z]?(?:[,;]|$)",
    r"\b[a-z]{4,}(?: [a-z]{1,2})? \d{4}$|_|# ?\d|^\d{1,3} ?[a-z]?[,;]",
    # A name without a comma behind it, or with a unit.
    r"^(?:c/o|co\b|c\.o|p/a|pr\.? adr|att\b|v/|(?:bor )?hos\b)[^,]*\d"
    r"|\badr(?:esse)?\b|\d.*(?:c/o|v/|\bhos\b)[^,]*\d|beskyt|ukendt|hemmelig|oplyst",
]
CLAUSE_HINTS = ["|".join(hints).replace(r"\w", "[a-z0-9]") for hints in (_BESIDE, _UNITS, _ORDER)]
"""What a text has, any of these, that may have to be read clause by clause.

Looked for in three parts: all of it as one pattern takes four times as long, and thirty times with
all the letters of the world.
"""

NUMBERED = (
    r"^([^,;\d]*[a-z][^,;\d]* ?\d{1,4}\.?(?: [a-z]{3}[a-z]*)?)"
    r"[ ,;]+(?:nr\.? ?)?\d{1,3}[a-z]?(?:[ ,;]|$)"
)
"""A street with a number in its name, and a house number."""

_LABELS = {
    "street": "vej vejnavn gade gadenavn street adresse adr".split(),
    "number": "nr nummer husnr husnummer husnumre no number".split(),
    "letter": "litra bogstav husbogstav".split(),
    "floor": "etage sal etg floor".split(),
    "door": "doer side doernr sidedoer".split(),
    "postcode": "postnr postnummer pnr postcode zip post".split(),
    "district": "by bynavn postdistrikt postnrnavn city town".split(),
    "note": (
        "tlf telefon mobil tel cpr cprnr cvr sag sagsnr sagsnummer jnr journalnr att navn"
        " dato kode portkode doerkode mail email e-mail bemaerkning bem note"
        " lejemaalsnr lejlnr matr matrikel bfe ref reference afd afdeling selskab kontaktperson"
    ).split(),
}
_KIND_OF_LABEL = {label: kind for kind, labels in _LABELS.items() for label in labels}


@dataclass(frozen=True)
class Clause:
    """What stands between two marks, and the label before it."""

    text: str
    label: str = ""

    @property
    def kind(self) -> str:
        """What the label says that it is; blank for no label, or one that is none of these."""
        if not self.label:
            return ""
        return _KIND_OF_LABEL.get(self.label.replace(".", "").replace(" ", ""), "")


@dataclass
class Named:
    """A street and house number that a text names, from clause `at` to before `end`.

    `lead` and `rest`: what stands before and behind them in their clauses. `number_at`: the clause
    of the number, where it stands apart.
    """

    at: int
    end: int
    lead: str
    street: str
    number: str
    rest: str = ""
    said: Reason | None = None
    number_at: int | None = None
    letter_apart: bool = False
    known: bool = True
    is_range: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.street.replace(" ", "").replace(".", ""), self.number


@dataclass
class Arranged:
    """The parts of an address, as in `read.PARTS`.

    `first`: whether the text is to be read so before it is read as it stands; `only`: whether it
    may be read in no other way. `staircase`: its letter is of a staircase, which the register may
    not have.
    """

    head: str
    number: str
    unit: Unit = field(default_factory=Unit)
    postcode: str = ""
    district: str = ""
    between: str = ""
    reasons: int = 0
    first: bool = False
    only: bool = False
    staircase: bool = False


def arrange(folded: str, is_street: Known, is_district: Known) -> Arranged | None:
    """The address in a folded text; None where no street and number can be told in it."""
    scrubbed = without_other_numbers(folded)
    clauses = _clauses(scrubbed)
    named = (
        _all_named(clauses, is_street)
        or _all_named(clauses, is_street, "note")
        or _unknown(clauses, is_district)
    )
    if not named:
        return None
    behind = {each.end for each in named}
    for at, each in enumerate(named):
        each.said = _said(each, clauses, is_of_another=each.at - 1 in behind)
        if at and each.said is None and each.lead in _JOINS:  # `mellem ravnevej 4 og ravnevej 8`
            each.said = named[at - 1].said
    ends = [each.lead.split()[-1:] for each in named]
    to_another = ["til"] in ends or any(_GOES_ON.match(each.rest) for each in named)
    if ["fra"] in ends and to_another:
        for each in named:
            each.said = each.said or Reason.BESIDE_THE_HOUSE
    plain = [each for each in named if each.said is None]
    own = [each for each in plain if not not_there.is_firm(each.rest)] or plain
    main = next((each for each in own if each.known), (own or named)[0])
    reasons = bits(main.said) if main.said else 0
    others = {each.key for each in own} - {main.key}
    if others or not_there.names_another_number(main.rest):
        reasons |= bits(Reason.SEVERAL_ADDRESSES)
    after_street = folded.partition(main.street)[2]
    if len(named) == 1 and not reasons and not_there.ends_near(after_street):
        reasons |= bits(Reason.BESIDE_THE_HOUSE)
    is_denied = len(named) == 1 and not_there.is_denied(after_street)
    is_denied |= not_there.is_asked(folded, lambda name: place(name) is not None)
    if is_denied or (main in plain and not_there.is_firm(main.rest)):
        reasons |= bits(Reason.NOT_THIS_ADDRESS)
    made = _together(main, named, clauses, is_district)
    if _is_abroad(after_street) or _comes_after_abroad(main, clauses):
        reasons |= bits(Reason.ABROAD)
    is_labelled = clauses[main.at].label != "" and clauses[main.at].kind != "street"
    has_lead = main.lead != "" and not _unit_of(main.lead)
    if len(named) > 1 or scrubbed != folded or has_lead or is_labelled:
        made.reasons |= bits(Reason.NOTE_IGNORED)
    made.first = made.first or scrubbed != folded or "_" in folded
    made.only = made.only or reasons != 0 or len(named) > 1
    made.first = made.first or made.only
    made.reasons |= reasons
    return made


def arrange_numbered(folded: str, is_street: Known, is_district: Known) -> list[Arranged]:
    """As `arrange`, with what stands before a second number as the street: `vje 4 12`.

    For a street with a number in its name that is misspelt.
    """
    found = re.match(NUMBERED, folded)
    head = found[1].strip(" .,") if found else ""
    made = arrange(folded, lambda name: name == head or is_street(name), is_district)
    if made is None or made.head != head or made.only:
        return []
    return [replace(made, first=False, reasons=made.reasons | bits(Reason.NOTE_IGNORED))]


def labelled_streets(folded: str) -> list[str]:
    """What a text says by its label that it is a street: `vejnavn: ravnevej`."""
    return [each.text for each in _clauses(folded) if each.kind == "street"]


def _clauses(folded: str) -> list[Clause]:
    found = []
    text = _TAG.sub(",", folded).translate(_MARKS)
    text = _NUMBER_SIGN.sub(r"\g<before>", _LETTER_JOINED.sub(r"\1\2", text))
    text = _UNIT_AS_LABEL.sub(r"\1,", _RANGE.sub(_joined, text))
    for piece in _SPLIT.split(text):
        begin, label = 0, ""
        for match in _LABEL.finditer(piece):
            found.append(Clause(piece[begin : match.start()].strip(" .:-'"), label))
            begin, label = match.end(), match[1]
        found.append(Clause(piece[begin:].strip(" .:-'"), label))
    return [clause for clause in found if clause.text]


def _joined(found: re.Match[str]) -> str:
    """`4 - 8` as `4-8`: house numbers of a range stand together. `4 - 2` is a house and a floor."""
    numbers = [int(number) for number in re.findall(r"\d+", found[0])]
    joined = found[0].replace(" ", "").replace("/", "-")
    return joined if numbers == sorted(set(numbers)) else found[0]


def _all_named(clauses: list[Clause], is_street: Known, *kinds: str) -> list[Named]:
    """The streets and house numbers in the order in which they are named.

    `kinds`: labelled clauses to look in besides those with no label and that of a street.
    """
    found: list[Named] = []
    for at, clause in enumerate(clauses):
        if clause.kind not in ("", "street", *kinds):
            continue
        is_known = is_street(clause.text)
        is_labelled = clause.kind == "street" and not any(map(str.isdigit, clause.text))
        apart = _number_apart(at, clauses) if is_known or is_labelled else None
        if apart is not None and not is_known:  # its label says that it is a street
            apart.known = False
        found += [apart] if apart else _in_clause(at, clause.text, is_street)
    return found


def _unknown(clauses: list[Clause], is_district: Known) -> list[Named]:
    """The one misspelt street and house number of a text, told by where they stand; else nothing.

    Whether the register has a street that is spelt nearly so shows later.
    """
    found = [
        replace(each, known=False)
        for each in _all_named(clauses, lambda name: _may_be_street(name, is_district))
        if not each.lead or _unit_of(each.lead)
    ]
    return found if len(found) == 1 else []


def _may_be_street(name: str, is_district: Known) -> bool:
    """Whether words that are no street of the register may be one misspelt."""
    words = name.split()
    letters = "".join(words).translate(_NO_SIGNS)
    return (
        len(letters) >= _FEWEST_LETTERS
        and letters.isalpha()
        and len(words) <= _MOST_WORDS
        and not (_unit_of(words[0]) or _unit_of(name) or NOTE.match(name))
        and not (is_district(name) and not name.endswith(_ENDINGS))
    )


def _in_clause(at: int, text: str, is_street: Known) -> list[Named]:
    """Those that a clause names with the number behind the street."""
    found: list[Named] = []
    begin = 0
    for match in _IN_CLAUSE.finditer(text):
        if _FLOOR_BEHIND.match(text, match.end(2)) or match.start() < begin:
            continue
        before = text[begin : match.start()].rstrip(" ,'")
        street, known = _street_at_the_end(before, is_street)
        numbered = f"{street} {match[1]}{match[2]}"
        if not street or (is_street(numbered) and _IN_CLAUSE.search(text, match.end())):
            continue  # `vej 4 12`: the first number is of the name
        if found:
            found[-1].rest = text[begin : begin + len(before) - len(street)]
        letter = match[3] if not match[2] and _is_of_number(match[3], text, match.end()) else ""
        end = match.end() if letter else match.end(2)
        lead = before[: len(before) - len(street)].strip(" .:-'")
        number = (match[1] + (match[2] or letter)).upper()
        apart = letter != "" and text[match.end(2) : match.start(3)] != " "
        a_range = _MORE_NUMBERS.match(text, match.end(2))
        end = a_range.end() if a_range else end
        rest = text[end:]
        found.append(Named(at, at + 1, lead, street, number, rest, letter_apart=apart, known=known))
        found[-1].is_range = a_range is not None
        begin = end
    return found


def _is_of_number(letter: str | None, text: str, end: int) -> bool:
    """Whether a letter apart is the house's: not `13 i gaarden`."""
    return letter is not None and not (letter in "aio" and re.match(r" [a-z]{3}", text[end:]))


def _street_at_the_end(before: str, is_street: Known) -> tuple[str, bool]:
    """The longest street that a text ends with, and whether the register has it."""
    words = before.split()
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        name = " ".join(words[-count:])
        if is_street(name) or is_street(name.rstrip(".")):
            return name, True
    if not words or not words[-1].rstrip(".").endswith(_ENDINGS):
        return "", False
    # `overfor noerebrogade`, but `2. tv otto buses gade`: words before it are of the name.
    name = before
    while " " in name and _unit_of(name.split()[0]) and not _FIRST_WORD.match(name):
        name = name.partition(" ")[2]
    *lead, last = name.split()
    is_name = len(lead) < _MOST_OF_A_NAME and name.replace(" ", "").translate(_NO_SIGNS).isalpha()
    if lead and is_name and not not_there.said_before(" ".join(lead)):
        return name, False
    return (last, False) if last.rstrip(".") not in _ENDINGS else ("", False)


def _number_apart(at: int, clauses: list[Clause]) -> Named | None:
    """The street of a clause of its own, with the house number in one beside, or by its label."""
    labelled = [n for n, clause in enumerate(clauses) if clause.kind == "number"]
    for n in labelled or _beside(at, clauses):
        if match := _NUMBER.fullmatch(clauses[n].text):
            number = (match[1] + match[2]).upper()
            end = at + 2 if n == at + 1 else at + 1
            is_range = "-" in match[0]
            return Named(at, end, "", clauses[at].text, number, number_at=n, is_range=is_range)
    return None


def _beside(at: int, clauses: list[Clause]) -> Iterator[int]:
    """Where the number of a street of its own can stand: behind it, its place, or before it."""
    behind = at + 1
    while behind < len(clauses) and _PLACE.fullmatch(clauses[behind].text):
        behind += 1
    before = at - 2 if at > 1 and _LETTER.fullmatch(clauses[at - 1].text) else at - 1
    unit = read_unit(" ".join(clause.text for clause in clauses[behind : behind + 2]))
    places = [behind, before]
    if unit.floor and unit.door and not unit.rest:  # `12, ravnevej, 2, tv`
        places.reverse()
    yield from (n for n in places if 0 <= n < len(clauses))


def _said(named: Named, clauses: list[Clause], *, is_of_another: bool) -> Reason | None:
    """What the text says against an address that it names.

    `is_of_another`: the clause before it stands behind another address.
    """
    said = not_there.said_before(clauses[named.at].label) or not_there.said_before(named.lead)
    if said is None and named.at and not is_of_another:
        before = clauses[named.at - 1]
        of_others = not_there.is_of_others(before.label) or not_there.is_of_others(before.text)
        if of_others or not_there.says_only_not(before.text):
            said = Reason.NOT_THIS_ADDRESS
    if said is None and named.rest.strip(" .:-"):
        return not_there.said_behind(named.rest)
    if said is None and named.end < len(clauses):
        return not_there.said_behind(clauses[named.end].text)
    return said


def _together(
    main: Named, named: list[Named], clauses: list[Clause], is_district: Known
) -> Arranged:
    """The parts of the address that `main` is of, from its own clause and those about it."""
    place_of = named.index(main)
    start = named[place_of - 1].end if place_of else 0
    stop = named[place_of + 1].at if place_of + 1 < len(named) else len(clauses)
    apart = main.number_at
    has_digit = any(map(str.isdigit, main.street))
    made = Arranged(main.street, main.number, only=main.letter_apart)
    made.reasons = bits(Reason.HOUSE_NUMBER_RANGE) if main.is_range else 0
    made.first = apart is not None or has_digit or main.letter_apart
    behind = [Clause(main.rest.strip(" .:-'"))] if main.rest.strip(" .:-'") else []
    if (match := _LETTER_BEHIND.match(main.rest)) and made.number.isdigit():
        made.number = _with_letter(made, match[2], match[1])
        behind = [Clause(main.rest[match.end() :].strip(" .:-'"))]
    before, after = clauses[start : main.at], clauses[main.end : max(stop, main.end)]
    if apart is not None and apart < main.at:  # `12, b, ravnevej`
        before, after = before[: apart - start], before[apart - start + 1 :] + after
    elif apart is not None and apart >= main.end:  # `ravnevej, 2400, 12, b`
        after = after[apart - main.end + 1 :] + after[: apart - main.end]
    behind += after
    units: list[str] = []
    for at, clause in enumerate(behind):
        next_unit = read_unit(behind[at + 1].text if at + 1 < len(behind) else "")
        if (letter := _letter_of(made, clause, next_unit)) and (at == 0 or letter["named"]):
            made.number = _with_letter(made, letter["letter"], letter["named"] or clause.label)
            clause = Clause(letter["unit"] or "")
        _take(made, clause, units, is_district, late=bool(made.postcode))
    for clause in [*before, Clause(main.lead)]:
        unit = "" if units else _unit_at_the_end(clause.text)
        if unit and clause.kind in ("", "note") and unit != clause.text:
            made.reasons |= bits(Reason.NOTE_IGNORED)
            clause = Clause(unit)
        _take(made, clause, units, is_district, late=True)
    made.unit = read_unit(" ".join(units))
    made.reasons |= bits(Reason.REORDERED) if apart is not None else 0
    return made


def _with_letter(made: Arranged, letter: str, named: str) -> str:
    """The number with a house letter that stands apart: no other house may be taken for it.

    `named`: what says that it is a letter.
    """
    made.staircase = bool(_STAIRCASE.match(named))
    made.first, made.only = True, not made.staircase
    made.reasons |= bits(Reason.REORDERED)
    return made.number.rstrip(letter.upper()) + letter.upper()


def _letter_of(made: Arranged, clause: Clause, next_unit: Unit) -> re.Match[str] | None:
    """The letter of the house number that a clause is, or begins with before a unit."""
    match = _LETTER.fullmatch(clause.text)
    if match is None or clause.kind not in ("", "letter"):
        return None
    if not made.number.isdigit() and not made.number.endswith(match["letter"].upper()):
        return None
    if match["unit"]:
        unit = read_unit(match["unit"])
        is_unit = unit.floor and unit.door and not unit.rest
        return match if is_unit and match["letter"] != "i" else None  # `i stuen til hoejre`
    # `i, lejlighed 2` is a flat on the first floor.
    next_is_floor = next_unit.floor and (next_unit.door or match["letter"] != "i")
    is_named = match["named"] or clause.kind or next_is_floor
    return match if is_named or match["letter"] not in _DOORS_AND_FLOORS else None


def _take(
    made: Arranged, clause: Clause, units: list[str], is_district: Known, *, late: bool
) -> None:
    """Put what a clause says where it belongs. `late`: a unit here is behind the postcode."""
    text, kind = clause.text, clause.kind
    if text.startswith("i ") and is_district(text[2:]):  # `ravnevej 4 i odense`
        text = text[2:]
    made.first = made.first or bool(kind)
    if kind == "note" or not text:
        made.reasons |= bits(Reason.NOTE_IGNORED) if text else 0
        return
    if kind in ("floor", "door"):
        units.insert(0 if kind == "floor" else len(units), f"{text}." if kind == "floor" else text)
        return
    if (without := _STAIRCASE_BEHIND.sub("", text)) != text:
        made.reasons |= bits(Reason.NOTE_IGNORED)
        text = without
    match = _DISTRICT_THEN_CODE.fullmatch(text) if not made.postcode else None
    if match and is_district(match["district"]):
        made.postcode, made.district = match["code"], match["district"]
        return
    if not made.postcode and (match := _POSTCODE_BEHIND.search(text)):
        before, behind = text[: match.start()].strip(" .,-"), match["unit"] or ""
        district = match["district"] or ""
        if behind and place(f"{district} {behind}") is not None:  # `6940 lem st`
            district, behind = f"{district} {behind}", ""
        if made.district:
            made.between, made.district = made.district, ""
        made.postcode = match["code"]
        made.district = NOTE.sub("", district).strip(" .-")
        if before:
            _take(made, Clause(before), units, is_district, late=late)
        if behind:
            _take(made, Clause(behind), units, is_district, late=True)
        return
    name, unit = _place_and_unit(text, is_district) if not made.district else ("", "")
    if unit:
        made.district, made.first = name, True
        units.append(unit)
        made.reasons |= bits(Reason.REORDERED)
        return
    if unit := _unit_of(text):
        units.append(unit)
        late = late or bool(made.reasons & bits(Reason.NOTE_IGNORED))
        made.first = made.first or late
        made.reasons |= bits(Reason.REORDERED) if late else 0
        made.reasons |= bits(Reason.NOTE_IGNORED) if unit != text else 0
    elif kind == "district" or (
        not made.district and text.replace(" ", "").replace(".", "").isalpha() and is_district(text)
    ):
        text = text.removesuffix(" kommune")
        made.district = text
        # Not where the text as it stands leaves the place out: `ravnevej 4 (odense)`.
        made.only = made.only or not (made.postcode or late or made.staircase)
    else:
        made.reasons |= bits(Reason.NOTE_IGNORED)


def _place_and_unit(text: str, is_district: Known) -> tuple[str, str]:
    """`koebenhavn v 2. tv`: a place and the unit behind it; two blanks for anything else."""
    words = text.split()
    for count in range(1, len(words)):
        name, behind = " ".join(words[:-count]), " ".join(words[-count:])
        unit = read_unit(behind)
        if unit.floor and unit.door and not unit.rest and name[0].isalpha() and is_district(name):
            return name, behind
    return "", ""


def _unit_of(text: str) -> str:
    """The unit that a clause is, or that stands behind a note in it; blank for none."""
    unit = read_unit(text)
    if (unit.floor or unit.door) and not unit.rest and not unit.note:
        return text
    note = NOTE.match(text)
    words = text.split() if note else []
    for count in range(4, 0, -1):
        behind = " ".join(words[-count:])
        unit = read_unit(behind)
        if count < len(words) and unit.floor and unit.door and not unit.rest:
            return behind
    return _unit_in_front(text)


def _unit_in_front(text: str) -> str:
    """`2. tv samme adresse`: the flat before words that are none of it; blank for none."""
    words = text.split()
    for count in range(min(_MOST_WORDS_OF_A_UNIT, len(words) - 1), 1, -1):
        before, behind = " ".join(words[:count]), "".join(words[count:])
        unit = read_unit(before)
        if unit.floor and unit.door and not unit.rest and behind.strip("().-").isalpha():
            return before
    return ""


def _is_only_abroad(clause: str) -> bool:
    """`2100 antwerpen`, `nu i sverige`; not `foedt i polen`: that is where somebody comes from."""
    return _LIVES_IN.sub("", clause.strip(" .")) in names_abroad()


def _unit_at_the_end(text: str) -> str:
    """`sag 2023/12 2. tv`: the unit that words before a street end with; blank for none."""
    words = text.split()
    for count in range(min(_MOST_WORDS_OF_A_UNIT, len(words)), 0, -1):
        behind = " ".join(words[-count:])
        unit = read_unit(behind)
        if unit.floor and unit.door and not (unit.rest or unit.note):
            return behind
    return ""


def _comes_after_abroad(main: Named, clauses: list[Clause]) -> bool:
    """Whether a clause or label before an address is only a place abroad: `i sverige:`."""
    before = [main.lead, clauses[main.at].label, *(each.text for each in clauses[: main.at])]
    return any(text and _is_only_abroad(text) for text in before)


def _is_abroad(behind: str) -> bool:
    """Whether a place in another country stands behind the house number."""
    if not names_abroad().isdisjoint(_WORD.findall(behind)):
        last = _ENDS_ABROAD.search(behind)
        return (
            not _DANISH_CODE.search(behind)
            or any(map(_is_only_abroad, _SPLIT.split(behind)))
            or (last is not None and last[1] in names_abroad())
        )
    return _ABROAD_CODE.search(behind) is not None and not _DANISH_CODE.search(behind)
