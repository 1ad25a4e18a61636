"""The areas: which they are, where they lie, and what must be known of their borders."""

from __future__ import annotations

from kvarter.documents.charts import area_map, numbered_names
from kvarter.documents.document import Bullets, Figure, Item, Paragraph, Section
from kvarter.editions.status import Ground, Status
from kvarter.i18n.language import Tongue


def areas_section(status: Status, tongue: Tongue) -> Section:
    """The areas of an edition on the map, and how they lie to each other and to the city."""
    _ = tongue._
    area_set = status.policy.area_set(status.edition.area_set)
    said = tongue.say(area_set.title)
    if area_set.decided:
        said += ", " + _("decided {date}", date=tongue.date(area_set.decided))
    names = ", ".join(numbered_names(status).values())
    picture = area_map(status, None, 0, tongue)
    return Section(
        _("The areas"),
        (
            Paragraph(f"{said}: {names}."),
            Figure(picture, _map_caption(status.ground, tongue)),
            Bullets(tuple(Item(fact) for fact in _facts(status.ground, tongue))),
        ),
        id="areas",
        kind="goal",
    )


def _map_caption(ground: Ground, tongue: Tongue) -> str:
    _ = tongue._
    if ground.layers.get("districts"):
        return _("The areas on the city's districts.")
    if ground.built_up is not None:
        return _("The areas, and in grey the ground that has addresses of the municipality.")
    return _("The areas.")


def _facts(ground: Ground, tongue: Tongue) -> list[str]:
    _ = tongue._
    facts = [_("The areas do not overlap.")]
    if ground.overlap_m2 >= 1:
        text = _(
            "The areas overlap by {m2} m²; {count} {count:entrance lies|entrances lie} in more "
            "than one.",
            m2=tongue.number(ground.overlap_m2),
            count=tongue.number(ground.entrances_in_several),
        )
        facts = [text]
    if ground.outside_m2 is not None and ground.outside_m2 < 1:
        facts.append(_("They lie wholly within the city."))
    elif ground.outside_m2 is not None:
        out = _("They stick out of the city by {m2} m².", m2=tongue.number(ground.outside_m2))
        others = _(
            "{count} {count:entrance there belongs|entrances there belong} to other "
            "municipalities and {count:is|are} not counted.",
            count=tongue.number(ground.entrances_of_others),
        )
        facts.append(f"{out} {others}")
    if ground.mended:
        facts.append(
            _(
                "Polygons whose outline crossed itself, and was mended: {count}.",
                count=tongue.number(ground.mended),
            )
        )
    return facts
