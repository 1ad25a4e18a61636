"""The demo's edition in the making: eighteen goals of seven administrations, in every state.

The administrations are Copenhagen's. The titles of goals 2 and 5 are the policy's; those of the
others are invented, as the city has not published them, and say so. All that is written is made up.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kvarter.web.accounts.models import User
    from kvarter.web.goals.models import GoalInEdition

_INVENTED = " (opdigtet titel)"
SOF = "Socialforvaltningen"
ADMINISTRATIONS = {
    "sof": SOF,
    "oekf": "Økonomiforvaltningen",
    "kff": "Kultur- og Fritidsforvaltningen",
    "buf": "Børne- og Ungdomsforvaltningen",
    "suf": "Sundheds- og Omsorgsforvaltningen",
    "tmf": "Teknik- og Miljøforvaltningen",
    "bif": "Beskæftigelses- og Integrationsforvaltningen",
}
"""By the short name that logins have."""
GOALS = {
    1: ("bif", "Flere voksne i job"),
    2: ("sof", ""),
    3: ("buf", "Flere børn i dagtilbud"),
    4: ("buf", "Flere består afgangsprøven"),
    5: ("sof", ""),
    6: ("buf", "Flere unge i uddannelse"),
    7: ("kff", "Flere børn i foreninger"),
    8: ("kff", "Flere bruger bibliotekerne"),
    9: ("oekf", "Større tryghed"),
    10: ("oekf", "Mere blandede boliger"),
    11: ("tmf", "Flere grønne gårde"),
    12: ("tmf", "Sikre veje til skole"),
    13: ("tmf", "Bedre indeklima i boligerne"),
    14: ("suf", "Færre daglige rygere"),
    15: ("suf", "Flere til sundhedstjek"),
    16: ("suf", "Færre ensomme ældre"),
    17: ("kff", "Flere deltager i lokaldemokratiet"),
    18: ("bif", "Flere tilbage i job efter sygdom"),
}
"""By number: the administration's short name, and a title where the policy has none."""


@dataclass(frozen=True)
class People:
    """The demo's users by what they do: owners and approvers by their administration."""

    coordinator: User
    reader: User
    owners: dict[str, User]
    approvers: dict[str, User]


def begin_work(people: People, editions: Path) -> None:
    """Make an edition of the newest status in `editions`, by the actions that pages use."""
    from django.conf import settings
    from django.utils import timezone

    from kvarter.web.goals.actions.editions import do_edition, plan, settle
    from kvarter.web.goals.models import WorkingEdition
    from kvarter.web.goals.rules.states import EditionAct

    if WorkingEdition.objects.exists():
        return
    drafts = Path(settings.DRAFTS) / "eksempel"
    shutil.copytree(editions, drafts, dirs_exist_ok=True)
    newest = max(path.parent.name for path in drafts.glob("[!.]*/edition.json"))
    today = timezone.localdate()
    edition = plan(people.coordinator, f"eksempel/{newest}", today + dt.timedelta(days=30))
    goals = {goal.number: goal for goal in edition.goals.select_related("edition")}
    for number, goal in goals.items():
        _assign(people, goal, today + dt.timedelta(days=5 + 3 * number if number != 8 else -4))
    do_edition(people.coordinator, edition.pk, EditionAct.OPEN)
    settle(people.coordinator, edition.pk, "Efteråret 2028", "")
    _write(people, goals)


def _assign(people: People, goal: GoalInEdition, deadline: dt.date) -> None:
    from kvarter.web.goals.actions.editions import Assignment, assign

    short, title = GOALS.get(goal.number, ("sof", ""))
    said = title + _INVENTED if title else goal.title
    given = Assignment(people.owners[short], ADMINISTRATIONS[short], said, deadline)
    assign(people.coordinator, goal.pk, given)


def _write(people: People, goals: dict[int, GoalInEdition]) -> None:
    """A goal for each state, and what people say of them."""
    from kvarter.web.goals.actions.talk import remark
    from kvarter.web.goals.actions.writing import accept_draft, write
    from kvarter.web.goals.models import GoalInEdition
    from kvarter.web.goals.rules.content import Content
    from kvarter.web.goals.rules.entered import EnteredFigure
    from kvarter.web.goals.rules.states import Act

    def version(number: int) -> int:
        return GoalInEdition.objects.get(pk=goals[number].pk).version

    def say(number: int, content: Content) -> None:
        owner = people.owners[GOALS[number][0]]
        write(owner, goals[number].pk, content, version(number))

    accept_draft(people.owners["sof"], goals[5].pk, 0)
    say(
        2,
        Content(
            comment=(
                "Varslingerne for 2023 kommer fra DOMUS, hvor adresser skrives i fritekst. Siden "
                "forrige status har forvaltningen skiftet journalsystem, så udviklingen er usikker."
            ),
            interventions="- Boligrådgivere i områderne\n- Opsøgende gældsrådgivning",
            next_steps=(
                "- Forvaltningen forklarer, hvorfor der er talt færre varslinger end i "
                "ledelsesinformationen."
            ),
        ),
    )
    children = EnteredFigure("Børn i dagtilbud", "Forvaltningens opgørelse", "2023", 412, 500, "82")
    say(3, Content(comment="Flere børn er i dagtilbud.", figures=(children,)))
    pupils = EnteredFigure(
        "Elever med bestået prøve", "Skolernes indberetning", "2023", 28, 50, "57"
    )
    say(4, Content(comment="Flere elever består.", figures=(pupils,)))
    say(7, Content(no_comment="Foreningerne indberetter først til foråret."))
    say(11, Content(comment="To gårde er blevet grønne i perioden."))
    say(14, Content(comment="Antallet af rygere er faldet 40 % siden baseline."))
    remark(people.reader, goals[2].pk, "Skal det siges, hvor meget usikkerheden betyder?")
    remark(people.approvers["suf"], goals[14].pk, "Hvor kommer de 40 % fra?")
    for number in (3, 5, 7, 11):
        _step(people.owners[GOALS[number][0]], goals[number].pk, Act.SUBMIT)
    for number in (3, 5):
        _step(people.approvers[GOALS[number][0]], goals[number].pk, Act.APPROVE)
    _step(people.coordinator, goals[5].pk, Act.INCLUDE)
    _step(people.approvers["tmf"], goals[11].pk, Act.RETURN, "Skriv også, hvilke områder det er.")
    _step(people.coordinator, goals[16].pk, Act.WAIVE, "Målet opgøres hvert fjerde år.")


def _step(by: User, goal: int, act: str, reason: str = "") -> None:
    from kvarter.web.goals.actions.steps import do
    from kvarter.web.goals.facts import goal_now
    from kvarter.web.goals.models import GoalInEdition
    from kvarter.web.goals.rules.policies import Given
    from kvarter.web.goals.rules.states import Act

    now = goal_now(GoalInEdition.objects.select_related("edition").get(pk=goal))
    do(by, goal, Act(act), Given(reason, now.hash))
