"""A statement as a typed model; `docs/statement.md` explains its fields with an example."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from kvarter.policy.fields import Id, Model, Text, by_presence_of
from kvarter.policy.written import Day, whole


class Accepted(Model):
    """A computed comment that somebody has read and takes as the administration's own."""

    accepted: str = Field(description="The code that stands beside the draft in the report")
    by: str
    on: Day


Comment = Annotated[
    Annotated[Text, Tag("Text")] | Annotated[Accepted, Tag("Accepted")],
    by_presence_of("accepted", "Accepted", "Text"),
]
"""The administration's own words, or a computed draft that is accepted."""


def _goal_number(value: object) -> object:
    """The number of a goal, written in one way only, so that no goal has two comments."""
    number = whole(value)
    if isinstance(value, str) and value != str(number):
        values = {"what": f"{value!r} is not how a goal is numbered", "remedy": f"Write {number}."}
        raise PydanticCustomError("written", "{what}", values)
    return number


class Entered(Model):
    """A figure that no run computed; it is always shown as entered, with its source."""

    title: Text = Field(description="What it is of")
    source: Text = Field(description="Where it comes from")
    period: str = Field(description="What time it is of, such as a year")
    count: int = Field(ge=0)
    of: int | None = Field(None, ge=1, description="How many it is a part of")
    share: Decimal | None = Field(None, description="Percent, with as many decimals as are shown")

    @model_validator(mode="after")
    def _agrees(self) -> Entered:
        if self.of is None:
            if self.share is not None:
                raise ValueError("`share` needs `of`: how many the count is a part of")
            return self
        if self.count > self.of:
            raise ValueError(f"{self.count} is more than the {self.of} it is a part of")
        if self.share is not None:
            right, decimals = 100 * self.count / self.of, -int(self.share.as_tuple().exponent)
            if abs(float(self.share) - right) > 0.5 * 10**-decimals + 1e-9:
                share = f"{right:.{max(decimals, 0)}f}"
                raise ValueError(f"{self.count} of {self.of} is {share} %, not {self.share} %")
        return self


class Memo(Model):
    """What the cover memo says of itself. What is left out stands as a line to be filled in."""

    date: Day | None = Field(None, description="The day it is dated")
    recipient: Text | None = Field(None, description="Whom it is sent to, such as a committee")
    sender: Text | None = Field(None, description="Who sends it, such as an office")
    asks: list[Text] = Field(
        [], description="What the recipient is asked to decide: each goes on after `that`"
    )


class Statement(Model):
    """What is said of one edition. Nothing has to be: the report then has drafts, marked as such.

    >>> edition.statement.comment_on(2)
    """

    edition: Id = Field(description="Id of the edition, as in the policy")
    published: Day | None = Field(None, description="The day the status is published")
    contact: Text | None = Field(None, description="Whom readers can ask: office, telephone, mail")
    memo: Memo = Memo()
    signed_by: list[str] = Field([], description="Who signs the cover memo: name or office")
    next_steps: list[Text] = Field([], description="What is to happen now, for the cover memo")
    comments: dict[Annotated[int, BeforeValidator(_goal_number), Field(ge=1)], Comment] = Field(
        {}, description="Number of the goal: the administration's words, or a draft accepted"
    )
    entered: dict[Annotated[int, BeforeValidator(_goal_number), Field(ge=1)], list[Entered]] = (
        Field({}, description="Number of the goal: figures of it that no run computes")
    )

    @classmethod
    def empty(cls, edition: str) -> Statement:
        """The statement of an edition that nobody has written anything of."""
        return cls(edition=edition)

    def comment_on(self, goal: int) -> Comment | None:
        """The comment on the goal of that number; None where there is none."""
        return self.comments.get(goal)
