"""Where the statuses of a policy are published, for those who use their data."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kvarter.policy.fields import Model

Page = Annotated[str, Field(pattern=r"^https?://[^\s<>]+$")]


class Publication(Model):
    """Where statuses are published, and under what licence their data may be used."""

    page: Page = Field(description="The web page where the statuses are to be found")
    licence: Page = Field(description="The address of the licence, such as that of CC BY 4.0")
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", description="Whom users of the data write to")
