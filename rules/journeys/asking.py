"""Journeys that may ask a survey: the message leads to its first question."""

from abc import ABC

from pydantic import model_validator

from ..base import Id, Impossible
from .journey import Journey
from .member import DueMessage, MemberOnDay


class AskingJourney(Journey, ABC):
    """A journey that asks `survey`, where the shop names one. It makes no offer then: what is
    promised with a question is an answer's price."""

    survey: Id | None = None

    @model_validator(mode="after")
    def _asks_alone(self) -> "AskingJourney":
        if self.survey is None:
            return self
        if self.offer or any(arm.offer for arm in self.arms):
            raise Impossible("survey_offer")
        if self.channels != ("line",):
            raise Impossible("survey_line")
        return self

    @property
    def asks(self) -> str | None:
        return self.survey

    def forms(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        plain = super().forms(member, due)
        return ("asks", *plain) if self.survey else plain

    def taps(self, due: DueMessage) -> tuple[str, ...]:
        return ("questions",) if self.survey else super().taps(due)
