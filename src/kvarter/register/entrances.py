"""The entrances (access addresses) of a register: one row each, with its point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from kvarter.engine import Engine

if TYPE_CHECKING:
    import ibis


def entrances_of(engine: Engine, register: ibis.Table) -> pl.DataFrame:
    """`place` (access address id), `street_name, postcode, municipality_code, x, y, units`, by id.

    Of today's addresses only: a former one leads to today's before it is placed.
    """
    today = register.filter(register.replaced_by == "")
    entrances = today.group_by(place=today.access_address_id).aggregate(
        street_name=today.street_name.min(),
        postcode=today.postcode.min(),
        municipality_code=today.municipality_code.min(),
        x=today.x.min(),
        y=today.y.min(),
        units=today.count(),
    )
    return engine.fetch(entrances).sort("place")
