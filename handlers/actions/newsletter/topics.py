"""What a member gets sent: each topic on or off, or all at once. The newsletter is a topic that one
agrees to, and SMS stop with all the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.store import UnitOfWork
from bot.store.members import consents
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.base import Lang
from rules.programme.programme import Programme
from rules.sending.policy import TOPICS, Topic

from ..members.profile import TopicChoice, choose_topic
from ..members.sms_consent import stop_sms
from .subscribe import NewsletterChoice, choose_newsletter


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What a member gets sent now."""

    #: The topics that there are, and whether each is on.
    topics: Mapping[Topic, bool]
    has_sms: bool

    @property
    def on(self) -> tuple[Topic, ...]:
        return tuple(topic for topic, is_on in self.topics.items() if is_on)

    @property
    def are_any(self) -> bool:
        return self.has_sms or bool(self.on)


def subscriptions(uow: UnitOfWork, programme: Programme, member: Member) -> Subscriptions:
    topics: dict[Topic, bool] = {each: each not in member.topics_left for each in TOPICS}
    if programme.newsletter:
        topics["newsletter"] = consents.wants_newsletter(uow, member.id)
    return Subscriptions(topics, consents.sms_agreed_at(uow, member.id) is not None)


@dataclass(frozen=True, slots=True)
class TopicsChoice:
    """How somebody chose what they get sent."""

    wanted: bool
    #: When they said so.
    at: datetime
    #: In which language they read what the newsletter is.
    lang: Lang
    #: Where they said so.
    channel: Literal["line", "card"]


def choose_topics(
    work: Work, member_id: int, topics: Iterable[Topic], choice: TopicsChoice
) -> None:
    """Turns them on or off, as far as there are such."""
    newsletter = work.programme.newsletter
    for topic in topics:
        if topic != "newsletter":
            choose_topic(work, member_id, TopicChoice(topic, choice.wanted, choice.at))
        elif newsletter:
            about = newsletter.about.in_(choice.lang)
            said = NewsletterChoice(member_id, choice.wanted, choice.at, about, choice.channel)
            choose_newsletter(work.under(f"{work.key}:newsletter"), said)


def stop_all(work: Work, member: Member, choice: TopicsChoice) -> Subscriptions:
    """Turns off all that they get sent, SMS too. Gives what they got until then."""
    before = subscriptions(work.uow, work.programme, member)
    choose_topics(work, member.id, before.topics, choice)
    if before.has_sms:
        stop_sms(work, member.id, channel=choice.channel, at=choice.at)
    return before
