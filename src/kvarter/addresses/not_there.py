"""What stands beside an address and says that it is not, or not surely, the house that is meant.

    relation       overfor, ved siden af, hjoernet af, mellem ... og     near it, not at it
    change         tidligere, fraflyttet, skal flytte til, arbejder paa  not there, or no longer
    alternative    23 eller 25, 12 og 14                                 one of several

A text with nothing else is a guess at most, whatever its address says. Words are folded.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kvarter.addresses.other_numbers import MONTH
from kvarter.addresses.reasons import Reason


def _any_of(phrases: str) -> str:
    """One pattern of phrases, which have a line or a stroke between them."""
    return "|".join(part.strip() for line in phrases.splitlines() for part in line.split(" / "))


_NEAR = _any_of(
    r"""over ?for / skraa(?:t|s)? over(?: ?for)? / overfr / lige over / vis[- ]a[- ]vis
    modsat(?: side af)? / paa den anden side af / bag ?ved / bag om / (?:paa )?bagsiden af / bag
    for ?an / ud ?for / uden ?for / inde? ved / nede? ved / oppe ved / henne ved / (?:lige )?ved
    ved siden af / ved foden af / siden af / om ved / langs(?: med)? / op ad / rundt om / omkring
    naer / naer ved / naerheden af / i naerheden af / i naerh\.? af / naermest / taet (?:paa|ved)
    (?:nabo|genbo)(?:en|huset|ejendommen|opgangen)? (?:til|ved|af) / naboejendom(?:men)? til
    (?:paa |ved )?(?:hjoernet|hj\.?)(?: af| ved| med)? / krydset(?: ved| af| mellem)?
    krydsningen(?: af)? / i?mellem / under / oven ?for / neden ?for / for enden af / (?:i )?enden af
    (?:nord|syd|oest|vest|nordvest|nordoest|sydvest|sydoest) for / hen mod / ud mod / mod
    i retning (?:af|mod) / ca\.? / cirka / \d+ ?m(?:eter)? (?:fra|efter|foer)
    et sted (?:ved|paa|mellem) / straekningen / opgange? fra / i?mellem .* og
    ml\.?(?: .* og)? / over / for / foer / efter / bag / ad / med / om / indtil
    parallelt med / paa vej (?:til|mod) / midt (?:i ?)?mellem"""
)
_NEAR_BEHIND = _any_of(
    r"""over ?for / skraat over ?for / bag ?ved / ved siden af
    (?<!hos )(?<!til )nabo(?:en|hus\w*|ejendom\w*|opgang\w*)? / genbo(?:en)?
    modsatte? side / paa den anden side / paa hjoernet / (?:eller )?deromkring / i naerheden
    (?:huset|ejendommen|opgangen|doeren) (?:bag|ved siden af|overfor)\w* / nabohus\w*
    (?:paa )?(?:den )?(?:anden|modsatte?) side(?: af (?:gaden|vejen))? / (?:eller )?i naerheden
    (?:midt )?i?mellem (?:denne?|dette|det)(?: hus)?(?: og .*)? / mellem(?:gang|rum)\w*(?: til .*)?
    (?:midt )?i ?mellem(?: dem| husene| opgangene| de to)? / mellem (?:husene|opgangene|de to)\w*
    og (?:omegn|opefter|nedefter|frem|fremefter|ned|op|videre)"""
)
_NOT = _any_of(
    r"""ikke(?! (?:alene|kun|bare|blot|mindst)\b) / ej / aldrig / intet med / fraflyt\w* / fraflt\.? / udflyt\w* / flytte(?:t|de) (?:fra|ud)
    flytter(?: snart)? (?:til|fra|ind|ud) / indflytning\w* / indflytter / overtager / anvist\w* / faar noegle\w*
    opsagt\w* / ophoert / afmeldt / u(?:be)?kendt paa / ubekendt / fejladresseret / ingen / venteliste
    anholdt / antruffet / hentet / afhentet / overnatter / sover / sagsbehandler\w* / herberg(?:et)?
    (?:skal|vil|kan|oensker(?: at)?|planlaegger(?: at)?|forventer(?: at)?|haaber(?: at)?) (?:\w+ )?(?:flytte|bo|overtage)\w*
    tidl\.? / tidligere / forh\.? / forhen\w* / foerhen / fhv\.? / sidste?(?: set| kendte?)? / senest\w*
    (?:gammel|gl\.?|ex|oprindelig|ny|naeste) (?:adr\w*|bopael|bolig) / kommende / fremtidig\w*
    arbejde(?:r|t|de)? / arbejds(?:sted|plads|adr)\w* / arb\.?(?: ?adr\w*| ?sted)? / ansat
    (?:firma|kontor|leverings|faktura|ferie|fritids)adr\w*
    ejer af / ejer ogsaa / ejede / udlejer / fremlejer / udrejst\w* / rejst fra
    foedt(?: paa| i)? / vokset op / opvokset / boede / har boet
    (?:mor|far|foraeldre|foraeldrene|soester|broder|bror|soen|datter|kaereste|ven|veninde|nabo|naboen)s (?:adr\w*|bopael|bolig|lejlighed|hus)
    besoeger / paa besoeg(?: i| paa| hos)? / hentes / afhentes / leveres(?: til)?
    opholder sig ikke(?: paa| i)? / gerningssted\w* / moede(?:s|sted)? / moedes(?: paa| i)?
    set (?:paa|ved|i) / barn(?:et)? (?:bor )?hos
    bortset fra / undtagen / undtaget / alt andet end / i ?stedet for / frasagt / afslag paa
    nej(?: tak)? til / slet(?:tes)? / udgaar / bortfalder / hverken / uden tilknytning / ugyldig\w* / forkert\w* / fejl\w* / annulleret / slettet / udgaaet / forrige / barndomshjem / (?:eks|ex)-?\w*
    maaske / muligvis / formentlig / formodentlig / vistnok / antagelig\w* / sandsynligvis / angiveligt
    tilbudt / planlagt / venter / skrevet op / bytter / visiteret / smidt ud / solgt / solgte / koebt
    opbevar\w* / opmagasin\w* / paa lager / stjaalet / parkeret / afleveres / indlagt / handler i
    spiser / traener / samtale / afslaaet / proforma\w* / kusine bor / takket nej til
    afhaendet / returpost / post retur / modpart / sommerhus\w* / ferie(?:hus|bolig)"""  # noqa: E501
)
_NOT_BEHIND = _any_of(
    r"""(?:er )?(?:fraflyttet|udflyttet|flyttet|frafl\.?|udrejst) / boede\w* / flyttede\w*
    ikke (?:laengere|mere|her|der|rigtig|korrekt|gaeldende|hans|hendes|deres|bopael|adressen?|kendt)
    ikke (?:gyldig|aktuel|aktiv)\w* / (?:maa|skal|kan|boer) ikke (?:bruges|benyttes|anvendes)
    (?:er|var|blev|bliver) (?:nu )?(?:fejl\w*|en fejl|udgaaet|revet ned|revet|slettet|ugyldig|solgt)
    (?:er|var) (?:den|en|hans|hendes|deres|min) (?:gamle?|tidligere|forrige) / udgaaet / annulleret
    slettet / fejl\w* / ugyldig\w* / (?:kommer|post|posten|sendt|alt) retur / returpost
    overtages / indflytning / foer i tiden / til og med / ophaevet
    (?:passer|stemmer|findes|eksisterer|kendes|gaelder) ikke
    (?:er )?forkert(?: adr\w*)? / gammel adr\w* / gl\.? adr\w*
    tidl(?:\.|igere)? (?:adr\w*|bopael|bolig) / nedlagt / nedrevet / afmeldt / opsagt
    (?:har |har hun |har han )?(?:aldrig|ikke|ej) (?:\w+ )?(?:boet|bosat|tilmeldt)(?: her| der)?
    (?:blev|har) aldrig / ej (?:bopael|adresse|her|der|laengere|mere|bosat|kendt) / afvist / ubeboet
    (?:ingen|ikke nogen) (?:paa|ved|bor paa) (?:adressen|stedet) / bor der ikke / ikke (?:her|der)$
    udgaar / bortfalder / ophoerer / slettes / nedlaegges / frasagt / uaktuel\w* / nej tak
    udvandret\w* / emigreret\w* / hjemrejst\w* / hjemsendt\w* / deporteret\w* / udvist\w*
    afvises / kender ikke / (?:kun )?proforma\w* / ikke lejer / (?:er )?opgivet / kommende
    (?:beboer|borger|person)(?:en)? ukendt / nu (?:ukendt|hjemloes|flyttet)
    ophoert / nej / u(?:be)?kendt paa / ubekendt / kan ikke bekraeftes
    ingen (?:ved navn|tilknytning) / indtil(?! videre)"""
)
_FORMERLY = r"tidl(?:\.|igere)?(?=[ .:]*(?:[),]|$))"
"""At the end only: a `tidligere bageri` is a house."""
_OTHERS = _any_of(
    r"""mor / moren / moderen / far / faren / faderen / foraeldre / foraeldrene / datter / datteren
    soen / soennen / boern / boernene / soester / soesteren / bror / broder / broderen
    (?:mor|far|farmor|mormor|farfar|morfar|soen|datter|bror|soester|kaereste|foraeldrene)s
    tante / onkel / faetter / kusine / niece / nevoe / svigermor / svigerfar / svigerforaeldre
    bedsteforaeldre / bedstemor / bedstefar / plejefamilie / plejemor / plejeforaeldre / aflastning
    nabo / genbo / ven / vennen / veninde / veninden / stoettekontaktperson / bostoette\w*
    tandlaege / boernehave / vuggestue / dagpleje / daginstitution / vaerksted
    kaereste / kaeresten / kontaktperson / paaroerende / vaerge / samlever / hustru / aegtefaelle
    (?:hans|hendes|deres|min|sin|vores) (?:mor|far|soester|bror|soen|datter|kaereste|ven|veninde)
    naboen / genboen / vicevaerten / ansat / elev / modpart\w*
    advokat / udlejer / ejer / klager / anmelder / vidne / skole / laege
    (?:praktiserende|egen) laege / kontor / arbejdsgiver / sagsbehandler / administrator
    vicevaert / ejendomskontor"""
)
"""Whose address it is, where it is another's; the first word of what stands before it."""
_HAS_VERB = _any_of(
    """har / havde / faar / fik / skal / skulle / vil / ville / kan / kunne / var / blev / bliver
    gaar / benaegter / naegter / afviser / henter / holder / sidder / ligger / stammer / kender"""
)
_AT = "(?:paa|i|fra|til|af|ved)"
_AT_HOME = re.compile(
    r"(?:(?:bor|boende|bosat|bosiddende|bopael|bopaelsadresse|opholder|sig|ophold|opholdssted"
    r"|tilmeldt|registreret|folkeregister\w*|cpr|adr|adresse|adressen|nuvaerende|er|har|nu|pt|p\.t"
    r"|stadig|fortsat|endnu|indflyttet|tilflyttet|tilsyn|besoeg|hjemmebesoeg|adressen|bopaelen|alene|fast|hjemme|lejer|lejlighed|lejligheden|lejl|bolig|boligen"
    r"|lejemaal|lejemaalet|ejendom|ejendommen|ligger|beliggende|kontaktes|traeffes|brev|varsel|sendt"
    r"|udsat|udsaettelse|udsaettelsen|udsaettes|foged\w*|sag|sagen|vedr|ang|lejeren|borger"
    r"|borgeren|paa|i|fra|til|af|bor hos|skyldner|skyldneren|debitor|beboer|beboeren|beboerne"
    r"|familie|familien|husstand|husstanden|hus|huset|vaerelse|vaerelset|kollegievaerelse|post"
    r"|modtager|sendes|lejeaftale|lejekontrakt|kontrakt|opsigelse|ophaevelse|udlaeg|midlertidigt?"
    r"|(?:skal|staar til) udsaett\w*|kan (?:traeffes|kontaktes|findes)|besoegt"
    r"|flyttet(?: ind)? (?:til|paa|i)|findes|anbragt|indkvarteret|placeret|bosted|forretning(?:en)?"
    r"|bor (?:(?:ikke alene|alene|sammen med|hos|sine?|hans|hendes|mor|far|foraeldre|kaereste) ?)+"
    r"|\d{1,2}|st|stuen|kl|kaelderen|sal|t\.?v|t\.?h|mf|venstre|hoejre|nr)[ .:]*)*"
)
"""Words that say no more than that somebody lives, or lived until an eviction, at what follows."""
_ABOUT = re.compile(
    r"(?:\w+ )*\w*(?:aftale|kontrakt|restance|husleje|opsigelse|varsel|regning|opkraevning|sag)\w*"
    r" (?:for|paa|i|til|af)"
)
"""A matter of the house that follows: `lejekontrakt for`."""
_FIRM = r"a/s|aps|i/s|k/s|p/s|ivs|a\.?m\.?b\.?a\.?|holding|ejendomme|fonden"
_OR = r"(?:eller|el\.?|og|samt|hhv\.?|henholdsvis|alternativt|evt\.?|\+|&|og/eller)"
_UNIT_WORD = r"(?:\.? ?(?:sal|etage|etg|tv|th|mf|vaer|rum|pers|boern|voksne|kl\b|st\b))"

_ANYWHERE = "|".join((_NOT, _NEAR, _NOT_BEHIND, _NEAR_BEHIND, _OR, _HAS_VERB, _AT, "ikke"))
_LOOKS_AROUND = re.compile(r"\(\?<?!(?:[^()]|\([^()]*\))*\)")
"""A hint does without: a column of texts is searched with another engine, and may find more."""
HINT = (
    r"[a-z\d]\?+[ ).]*$|\(\?|(?:\d[a-z]?|tv|th|mf)\?+ ?[,\d]"
    rf"|(?:^|[ .:(])(?:{_LOOKS_AROUND.sub('', _ANYWHERE)})(?:[ .:,)]|$)|[&+]"
    rf"|(?:^|[,;:.(-] ?)(?:{_OTHERS})s?[ .:,]"
)
"""What a text has where anything here may be said of its address."""

_ENDS_NEAR = re.compile(rf"(?:^|[ .:])(?:{_NEAR})[ .:]*$")
_HAS_NOT = re.compile(rf"(?:^|[ .:(])(?:{_NOT})(?=[ .:)]|$)")
_ENDS_AT = re.compile(rf"(?:^|[ .:]){_AT}[ .:]*$")
_BEGINS_WITH_VERB = re.compile(rf"(?:{_HAS_VERB})(?= |$)")
_IS_NEAR_BEHIND = re.compile(rf"[ .:(-]*(?:{_NEAR_BEHIND})[ .:)]*")
_ENDS_NEAR_BEHIND = re.compile(rf"(?:^|[ ,.:(-])(?:{_NEAR_BEHIND})[ .:)]*$")
_ENDS_NOT = re.compile(
    r"(?:^|[ ,.:(-])bor (?:\w+ )*ikke(?: laengere| mere| her| der)*[ .:)!]*(?:,|$)"
)
_BUT_NOT = r"(?! (?:ind|hertil|alene|mig|os)\b)"
_SMALL = (
    rf"(?:adr(?:esse)?n?|paa|til|i|pr|per|fra|d|den|kendte?|{MONTH}|\d{{1,2}}|\d{{4}}|{_OTHERS})"
)
_ONLY_NOT = re.compile(rf"(?:{_NOT})(?:[ .:]+{_SMALL})*[ .:]*")
_BEGINS_NOT = re.compile(rf"^[ .:(-]*(?:(?:{_NOT_BEHIND})(?=[ .:)\d]|$){_BUT_NOT}|{_FORMERLY})")
_OF_OTHERS = re.compile(rf"(?:{_OTHERS})s?(?=[ .:]|$)")
_DOES_SOMETHING = re.compile(r" (?:har|kan|skal|vil|kommer|ringer|henter|hjaelper|klager)\b")
"""`far har noegle` is a note, and tells of no other house."""
_IS_NOT = re.compile(rf"(?:^|[ .:(,-])(?:(?:{_NOT_BEHIND})(?=[ .:),\d]|$){_BUT_NOT}|{_FORMERLY})")
_ASKED = re.compile(r"((?:^|[ ,])\d{1,3}[a-z]?|(?<=[\d ,])[a-z][a-z ]*[a-z])(\?+)[ ).]*$")
_DOUBTED = re.compile(r"\(\?+\)|(?:\d[a-z]?|\btv|\bth|\bmf)\?+ ?(?:,|\d{4})")
_IS_FIRM = re.compile(rf"^[ .]*(?:{_FIRM})(?=[ .,)]|$)")
_ANOTHER_NUMBER = re.compile(
    rf"^ ?,? ?(?:{_OR}|(?:frem |hen |og )?til) ?(?:nr\.? ?)?\d{{1,3}} ?[a-z]?(?![a-z\d])"
    rf"(?!{_UNIT_WORD}| ?(?:t\.?v|t\.?h|mf)\b|\.(?! *$))"
)


def is_asked(folded: str, is_place: Callable[[str], bool]) -> bool:
    """Whether a text ends with a sign that it may be otherwise: `ravnevej 4, 2500 valby?`, `(?)`.

    A sign can stand for a letter that was lost: only behind a number, or a place that is whole.
    """
    if _DOUBTED.search(folded):
        return True
    found = _ASKED.search(folded)
    if found is None or folded.count("?") > len(found[2]):
        return False
    return found[1][-1].isdigit() or is_place(found[1].strip())


def said_before(lead: str) -> Reason | None:
    """What the words before a street say of the house."""
    if not lead:
        return None
    is_of_others = _OF_OTHERS.match(lead) and not _ENDS_NEAR.search(lead)  # `nabo til` is near
    if lead == "foer" or _HAS_NOT.search(lead) or is_of_others:
        return Reason.NOT_THIS_ADDRESS
    if _ABOUT.fullmatch(lead):
        return None
    if _ENDS_NEAR.search(lead):
        return Reason.BESIDE_THE_HOUSE
    # `gaar i skole paa`: whoever it is does something there, and need not live there.
    does = _ENDS_AT.search(lead) or _BEGINS_WITH_VERB.match(lead)
    return Reason.NOT_THIS_ADDRESS if does and not _AT_HOME.fullmatch(lead) else None


def says_only_not(clause: str) -> bool:
    """Whether a clause says only that what follows is not the address: `ny adresse pr. 1. maj`.

    `ikke ringe paa` says something else.
    """
    return _ONLY_NOT.fullmatch(clause) is not None


def said_behind(rest: str) -> Reason | None:
    """What the words behind a house number, or behind its clause, say of the house."""
    if _BEGINS_NOT.match(rest):
        return Reason.NOT_THIS_ADDRESS
    return Reason.BESIDE_THE_HOUSE if _IS_NEAR_BEHIND.fullmatch(rest) else None


def is_of_others(words: str) -> bool:
    """Whether a clause names whose address follows, where it is another's: `udlejer: kab`."""
    found = _OF_OTHERS.match(words)
    return found is not None and not _DOES_SOMETHING.match(words[found.end() :])


def is_denied(rest: str) -> bool:
    """Whether all that stands behind an address says somewhere that it is not the one."""
    return _IS_NOT.search(rest) is not None or _ENDS_NOT.search(rest) is not None


def ends_near(rest: str) -> bool:
    """Whether what stands behind an address ends with a relation to it: `nabohuset`."""
    return _ENDS_NEAR_BEHIND.search(rest) is not None


def is_firm(rest: str) -> bool:
    """Whether an address is only a firm's name: `halmtorvet 29 a/s`."""
    return _IS_FIRM.match(rest) is not None


def names_another_number(rest: str) -> bool:
    """Whether a second house number is joined to the first: `23 eller 25`."""
    return _ANOTHER_NUMBER.match(rest) is not None
