"""What is written where an address should be, and leads nowhere or out of the city."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from numpy.random import Generator

from .directory import Address
from .figures import NEIGHBOUR_SHARE
from .people import pick
from .places import Homes
from .written import official

NO_ABODE = ("uden fast bopæl", "Uden fast bopæl", "u. fast bopæl", "UFB", "hjemløs")
UNKNOWN = ("ukendt", "Ukendt adresse", "?", "-", "oplyses senere", "adresse mangler")
SECRET = ("hemmelig adresse", "Adressebeskyttelse", "navne- og adressebeskyttet")
DESCRIBED = (
    "hos kæreste på Amager",
    "bor hos sin søster",
    "sover på sofaen hos en ven",
    "midlertidigt hos familie",
    "indlagt",
    "flyttet, ny adresse ukendt",
)
NO_SUCH_STREETS = (
    "Xylofonkajen",
    "Zanzibarpromenaden",
    "Kosmonauternes Esplanade",
    "Quetzalcoatlgangen",
    "Wolframitslugten",
    "Hieroglyfpassagen",
    "Jujutsuarkaden",
    "Okapiernes Esplanade",
    "Bumerangkolonnaden",
    "Pyramidonslugten",
)
ABROAD = (
    ("Storgatan {}", "211 42 Malmö"),
    ("Kungsgatan {}", "252 21 Helsingborg"),
    ("Karl-Marx-Straße {}", "12043 Berlin"),
    ("ul. Długa {}", "80-831 Gdańsk"),
)
OTHER_TOWNS = (
    ("Algade {}", "4000 Roskilde"),
    ("", "8000 Aarhus C"),
    ("Vestergade {}", "5000 Odense C"),
    ("Hovedgaden {}", "3400 Hillerød"),
    ("Nørregade {}", "4600 Køge"),
    ("", "9000 Aalborg"),
)


@dataclass(frozen=True, slots=True)
class Nowhere:
    line: str
    post: str
    kind: str
    address: Address | None = None
    """Set where it is a registered address outside the city."""


def elsewhere(homes: Homes, how_many: int, rng: Generator) -> list[Nowhere]:
    """`how_many` rows that are not in the city as far as a reader can tell, no two a home."""
    across = homes.draw(~homes.city, round(how_many * NEIGHBOUR_SHARE), rng)
    neighbours = [homes.addresses[i] for i in across]
    rows = [Nowhere(official(a).line, official(a).post, "neighbour", a) for a in neighbours]
    while len(rows) < how_many:
        rows.append(pick(rng, KINDS)(homes, rng))
    return [rows[i] for i in rng.permutation(how_many).tolist()]


def vague(homes: Homes, address: Address, rng: Generator) -> Nowhere:
    """What someone who lives at `address` may have said instead of it; at best the street."""
    if rng.random() < 0.2:
        return Nowhere(address.street_name, official(address).post, "street_only")
    return pick(rng, (no_words, no_abode, unknown, described))(homes, rng)


def no_words(homes: Homes, rng: Generator) -> Nowhere:
    return Nowhere("", "", "blank")


def no_abode(homes: Homes, rng: Generator) -> Nowhere:
    return Nowhere(pick(rng, NO_ABODE), pick(rng, ("", "København")), "no_abode")


def unknown(homes: Homes, rng: Generator) -> Nowhere:
    return Nowhere(pick(rng, UNKNOWN), "", "unknown")


def secret(homes: Homes, rng: Generator) -> Nowhere:
    return Nowhere(pick(rng, SECRET), "", "secret")


def described(homes: Homes, rng: Generator) -> Nowhere:
    return Nowhere(pick(rng, DESCRIBED), "", "described")


def post_box(homes: Homes, rng: Generator) -> Nowhere:
    return Nowhere(f"Postboks {rng.integers(100, 999)}", _some_home(homes, rng)[1], "post_box")


def street_only(homes: Homes, rng: Generator) -> Nowhere:
    """A street with so many entrances that its name alone is no address."""
    while True:
        address, post = _some_home(homes, rng)
        if len(homes.directory.numbers_on(address.street_name)) >= 8:
            return Nowhere(address.street_name, post, "street_only")


def no_such_number(homes: Homes, rng: Generator) -> Nowhere:
    address, post = _some_home(homes, rng)
    return Nowhere(f"{address.street_name} {rng.integers(900, 1000)}", post, "no_such_number")


def no_such_street(homes: Homes, rng: Generator) -> Nowhere:
    """A street far from every street there is, so that nobody can take it for a slip."""
    streets = [name for name in NO_SUCH_STREETS if homes.directory.far_from_all(name)]
    line = f"{pick(rng, streets)} {rng.integers(1, 90)}, {rng.integers(1, 5)}. tv"
    return Nowhere(line, _some_home(homes, rng)[1], "no_such_street")


def abroad(homes: Homes, rng: Generator) -> Nowhere:
    line, post = pick(rng, ABROAD)
    # Municipal systems of the time write Windows-1252, which has no Polish letters.
    text = line.format(rng.integers(1, 80)).replace("ł", "l")
    return Nowhere(text, post.replace("ń", "n"), "abroad")


def other_town(homes: Homes, rng: Generator) -> Nowhere:
    line, post = pick(rng, OTHER_TOWNS)
    return Nowhere(line.format(rng.integers(1, 80)), post, "other_town")


KINDS: tuple[Callable[[Homes, Generator], Nowhere], ...] = (
    no_words,
    no_abode,
    unknown,
    secret,
    described,
    post_box,
    street_only,
    no_such_number,
    no_such_street,
    abroad,
    other_town,
)


def _some_home(homes: Homes, rng: Generator) -> tuple[Address, str]:
    """An address in the city, and its postcode and district."""
    address = homes.addresses[int(rng.choice(homes.city_places))]
    return address, official(address).post
