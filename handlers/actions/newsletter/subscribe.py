"""Asking for the newsletter, and stopping it: kept with when, where and in which words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.store.members import consents, members
from bot.store.members.consents import ConsentKind
from handlers.actions.recording.work import Work
from rules.activity import Occasion

from ..members.profile import TopicChoice, choose_topic
from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out


@dataclass(frozen=True, slots=True)
class NewsletterChoice:
    """What a member says of the newsletter."""

    member_id: int
    wanted: bool
    #: When they said so.
    at: datetime
    #: What they agreed to, as they read it.
    wording: str
    #: Where they did.
    channel: Literal["line", "card"] = "line"


def choose_newsletter(work: Work, choice: NewsletterChoice) -> Outcome:
    """Notes the choice, unless the member chose again since. The first yes ever earns by its rule;
    no and yes again bring nothing more."""
    asked = f"newsletter {choice.member_id} {choice.wanted}"
    return once(work, asked, lambda: _choose(work, choice))


def _choose(work: Work, choice: NewsletterChoice) -> Outcome:
    member = members.lock(work.uow, choice.member_id)
    balance = member.facts.balance
    said = consents.of(work.uow, member.id)
    left = choose_topic(work, member.id, TopicChoice("newsletter", choice.wanted, choice.at))
    if ("newsletter" in left) == choice.wanted:
        # They chose otherwise since.
        return Outcome(member.id, balance=balance)
    latest = consents.latest_on_newsletter(work.uow, member.id)
    kind: ConsentKind = consents.NEWSLETTER if choice.wanted else consents.NEWSLETTER_STOPPED
    if (latest.kind if latest else consents.NEWSLETTER_STOPPED) == kind:
        return Outcome(member.id, balance=balance)
    consents.note(
        work.uow, member.id, kind, channel=choice.channel, wording=choice.wording, at=choice.at
    )
    asked_before = any(each.kind == consents.NEWSLETTER for each in said)
    if not choice.wanted or asked_before or member.facts.counts.get("newsletter"):
        return Outcome(member.id, balance=balance)
    return carry_out(work, Request(member.id, Occasion("newsletter"), choice.at))
