"""The areas: which they are, where they lie, and what must be known of their borders."""

from __future__ import annotations

from kvarter.documents.charts import area_map
from kvarter.documents.document import Bullets, Illustration, Item, Paragraph, Section
from kvarter.editions.edition import Edition
from kvarter.editions.geography import Geography
from kvarter.i18n import _, locale


def areas_section(status: Edition) -> Section:
    """The areas of an edition on the map, and how they lie to each other and to the city."""
    area_set = status.policy.area_set(status.definition.area_set)
    said = locale.say(area_set.title)
    if area_set.decided:
        said += ", " + _("decided {date}", date=locale.date(area_set.decided))
    names = locale.listed([outline.name for outline in status.geography.areas.values()])
    picture = area_map(status, None, 0)
    return Section(
        _("The areas"),
        (
            Paragraph(f"{said}: {names}."),
            Illustration(picture, _map_caption(status.geography)),
            Bullets(tuple(Item(fact) for fact in _facts(status.geography))),
        ),
        id="areas",
        kind="goal",
    )


def _map_caption(geography: Geography) -> str:
    if geography.districts:
        return _("The areas on the city's districts.")
    if geography.built_up is not None:
        return _("The areas, and in grey the ground that has addresses of the municipality.")
    return _("The areas.")


def _facts(geography: Geography) -> list[str]:
    facts = [_("The areas do not overlap.")]
    if geography.overlap_m2 >= 1:
        text = _(
            "The areas overlap by {m2} m²; {count} {count:entrance lies|entrances lie} in more "
            "than one.",
            m2=locale.number(geography.overlap_m2),
            count=locale.number(geography.entrances_in_several),
        )
        facts = [text]
    if geography.outside_m2 is not None and geography.outside_m2 < 1:
        facts.append(_("They lie wholly within the city."))
    elif geography.outside_m2 is not None:
        out = _("They stick out of the city by {m2} m².", m2=locale.number(geography.outside_m2))
        others = _(
            "{count} {count:entrance there belongs|entrances there belong} to other "
            "municipalities and {count:is|are} not counted.",
            count=locale.number(geography.entrances_of_others),
        )
        facts.append(f"{out} {others}")
    if geography.mended:
        facts.append(
            _(
                "Polygons whose outline crossed itself, and was mended: {count}.",
                count=locale.number(geography.mended),
            )
        )
    return facts
