"""What several parts of a policy file are made of: ids, years, texts and spans."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, model_validator

from kvarter.policy.written import Whole

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Year = Annotated[Whole, Field(ge=1900, le=2200)]
Language = Literal["da", "en"]
Place = Literal["city", "municipality"]
"""What the whole is called in texts."""
Group = Literal["areas", "rest", "city"]

AREAS: Group = "areas"
REST: Group = "rest"
CITY: Group = "city"

EVERY_SOURCE = "ALL"
"""What tables call the sources of a kind of case together; no id has capitals."""


class Model(BaseModel):
    """Strict about names: an unknown field is a spelling mistake until shown otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Bilingual(Model):
    """A text in Danish and, where someone has written it, in English."""

    da: str
    en: str | None = None


Text = str | Bilingual


def say(text: Text | None, language: Language) -> str:
    """`text` in `language`; Danish where there is no English."""
    if text is None or isinstance(text, str):
        return text or ""
    return (text.en if language == "en" else None) or text.da


def by_presence_of(field: str, one: str, other: str) -> Discriminator:
    """Tells a part of the model `one` by its `field`, else it is `other`.

    So a mistake in it is explained by one of the two alone.
    """

    def which(value: object) -> str:
        has = field in value if isinstance(value, dict) else type(value).__name__ == one
        return one if has else other

    return Discriminator(which)


class YearSpan(Model):
    first: Year = Field(alias="from")
    last: Year = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> YearSpan:
        if self.last < self.first:
            raise ValueError("`to` is before `from`")
        return self


class AgeSpan(Model):
    """Whole years a person must have reached on the day of the event, both ends included."""

    lowest: Whole = Field(alias="from", ge=0, le=130)
    highest: Whole = Field(alias="to", ge=0, le=130)

    @model_validator(mode="after")
    def _in_order(self) -> AgeSpan:
        if self.highest < self.lowest:
            raise ValueError("`to` is below `from`")
        return self
