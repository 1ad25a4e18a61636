"""Danish street names that nobody has used all of: stems and endings put together at random."""

from __future__ import annotations

from numpy.random import Generator
from rapidfuzz.distance import OSA

from .people import pick, words

STEMS = words(
    """
    Ravne Krage Lærke Solsorte Svale Falke Ørne Ugle Spurve Drossel Mejse Vibe Hejre Svane Gåse
    Ande Måge Terne Ræve Hjorte Dådyr Bæver Odder Grævlinge Pindsvine Hare Ege Bøge Birke Linde
    Elme Aske Pile Poppel Kastanje Valnødde Hassel Tjørne Hybens Syren Guldregns Røn Ahorn Gran
    Fyrre Lærketræ Enebær Brombær Hindbær Solbær Stikkelsbær Jordbær Kirsebær Æble Pære Blomme
    Mirabel Fersken Rose Tulipan Lilje Krokus Anemone Viol Kløver Mælkebøtte Valmue Kornblomst
    Lavendel Timian Merian Salvie Persille Rosmarin Klokke Smede Bager Skrædder Skomager Væver
    Garver Bødker Snedker Tømrer Murer Maler Glarmester Rebslager Møller Fisker Skipper Lods
    Matros Bådsmands Kaptajn Admiral Sejl Mast Anker Kompas Fyrtårn Havne Kaj Bro Sluse Dok Strand
    Klit Fjord Bugt Sund Nor Kilde Bæk Å Sø Mose Eng Mark Hede Skov Lund Krat Høje Bakke Dals
    Slette Sten Kalk Ler Sand Grus Flint Rav Kobber Jern Sølv Guld Tin Bly Krystal Kvarts Ribe
    Skive Struer Hobro Nyborg Assens Faaborg Svaneke Nexø Allinge Skagen Thisted Holstebro Tønder
    Haderslev Aabenraa Vejle Kolding Horsens Silkeborg Grenaa Ebeltoft Samsø Anholt Læsø Fanø Rømø
    Mandø Møns Falster Lolland Langeland Ærø Tåsinge Sejerø Nekselø Hesselø Saltholm Vinter Sommer
    Forårs Høst Midsommer Nytårs Morgen Aften Dug Frost Sne Regnbue Torden Storm Sol Måne Stjerne
    Komet Polar Nordlys Kors Kirke Kloster Præste Degne Bispe Munke Nonne Ridder Væbner Herolds
    Konge Dronninge Prinsesse Grev Baron Slots Borg Volds Grav Port Tårn Mur Toft Hegns Gærde Led
    Kvæg Heste Fåre Gede Kalve Hane Høne Due Bi Humle Byg Havre Rug Hvede Boghvede Hør Hamp Roe
    Kål Løg Ærte Bønne Spinat Agurke Græskar Teglværks Glasværks Væveri Bryggeri Mejeri Sæbesyder
    Pakhus Toldbod Telegraf Jernbane Remise Sporvogns Postkusk Vogn Sadel Hesteko
    """
)
ENDINGS = words(
    """
    vej vej vej vej vej gade gade gade gade allé allé stræde stræde plads vænge vænge toft have
    bakke stien boulevard parken gården krogen lunden dalen holmen haven torv
    """
)
PREFIXES = ("Gammel", "Gammel", "Nørre", "Sønder", "Store", "Lille", "Sankt", "Øster", "Ny")
HONOURED_FIRST = words(
    """
    Thyra Ellen Ingeborg Valborg Asta Gerda Karla Sigrid Agnes Dagmar Ragnhild Astrid Holger Viggo
    Axel Valdemar Thorvald Gunnar Aksel Ejnar Oluf Svend Knud Regnar Ebbe Theodor Ludvig
    """
)
HONOURED_LAST = words(
    """
    Holm Bang Lind Dahl Krogh Bruun Winther Friis Juhl Kruse Vang Bech Toft Ravn Lassen Thorsen
    Ibsen Hjort Skov Brandt Fog Steen Bille Thrane Rosing Hvidt Møllgaard Østerby Aagesen Kofoed
    """
)
HONOURED_ENDINGS = ("Vej", "Vej", "Allé", "Plads", "Gade", "Stræde")
RESERVED = ("algade", "storgatan", "kungsgatan", "nørregade", "vestergade", "hovedgaden")
"""Streets of other towns that the extracts mention; no street here may resemble one."""

SHORT_WORDS = {"Gammel": "Gl", "Nørre": "Nr", "Sønder": "Sdr", "Sankt": "Skt", "Øster": "Ø"}
POSTAL_LENGTH = 20


def street_names(rng: Generator, how_many: int) -> list[str]:
    """`how_many` street names, all different even when å is written aa and case is ignored."""
    names: dict[str, str] = {}
    while len(names) < how_many:
        name = _street_name(rng)
        if not any(OSA.distance(name.lower(), other, score_cutoff=2) <= 2 for other in RESERVED):
            names.setdefault(fold(name), name)
    return list(names.values())


def _street_name(rng: Generator) -> str:
    kind = rng.random()
    if kind < 0.12:
        last = pick(rng, HONOURED_LAST)
        whose = last if last.endswith("s") else f"{last}s"
        return f"{pick(rng, HONOURED_FIRST)} {whose} {pick(rng, HONOURED_ENDINGS)}"
    name = pick(rng, STEMS) + pick(rng, ENDINGS)
    return f"{pick(rng, PREFIXES)} {name}" if kind < 0.25 else name


def fold(text: str) -> str:
    """`text` with what Danes write in two ways written in one: case, å/aa, æ/ae, ø/oe, é/e."""
    text = text.lower().replace("å", "aa").replace("æ", "ae").replace("ø", "oe")
    return text.replace("é", "e").replace(".", "")


def postal_name(name: str) -> str:
    """The name cut to the 20 characters there is room for in the postal register."""
    words = [SHORT_WORDS.get(word, word) for word in name.split()]
    if len(" ".join(words)) > POSTAL_LENGTH and len(words) == 3:
        words[0] = words[0][0]
    return " ".join(words)[:POSTAL_LENGTH].rstrip()
