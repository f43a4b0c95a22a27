"""A reward that is about to end."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.facts import Facts, Voucher
from rules.facts import Offer as Promise
from rules.programme.programme import Programme
from rules.programme.rewards import in_hand
from rules.sending.policy import JourneyTopic

from ..candidates import Candidates, ClubOnDay, IndexedDay
from ..journey import Guess, Journey
from ..member import DAY, DueMessage, JourneyReason, MemberOnDay
from ..parts import JourneyId, Priority, UsefulHours


def _holds_until(facts: Facts) -> date | None:
    """The first day on which a reward in hand, or promised, ends."""
    ends = [voucher.until for voucher in facts.vouchers]
    return min([*ends, *(offer.until for offer in facts.offers)], default=None)


_HOLDS_UNTIL = IndexedDay("holds_until", lambda facts, _: _holds_until(facts))


class RewardExpiring(Journey):
    """A reward in hand, or a promised one, can be used for `days_before` days more."""

    kind: Literal["reward_expiring"] = "reward_expiring"
    id: JourneyId = "reward_expiring"
    days_before: Annotated[int, Field(ge=1, le=60)] = 7
    topic: JourneyTopic = "points"
    priority: Priority = 3
    useful_hours: UsefulHours = 24 * 5

    own_placeholders = ("target", "until")
    buttons = ("rewards", "card")
    guess = Guess(reach=0.05, base=0.3, lift=0.1)
    own_day = _HOLDS_UNTIL

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        # What has ended is still among what they hold until the week does (`decide.advance`).
        last = club.day + DAY * self.days_before
        yield self.among(span=_HOLDS_UNTIL.span(club.day - DAY * 7, last))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """The voucher or the promise that ends first, from the day after it was given at the
        earliest; no voucher of what isn't handed out now."""
        facts, day, withheld = member.facts, member.day, member.background.withheld
        usable = [each for each in in_hand(facts, day) if not withheld.refusal(each.reward, each.n)]
        held = [self._voucher_ends(voucher) for voucher in usable]
        held += [self._promise_ends(offer) for offer in facts.offers if day <= offer.until]
        ending = [found for found in held if found.since <= day]
        return min(ending, key=lambda found: found.values["until"], default="nothing_ends")

    def _voucher_ends(self, voucher: Voucher) -> JourneyReason:
        return JourneyReason(
            f"{voucher.reward}:{voucher.n}",
            max(voucher.until - DAY * (self.days_before - 1), voucher.given_on + DAY),
            voucher.until + DAY,
            target=voucher.reward,
            values={"until": voucher.until},
        )

    def _promise_ends(self, offer: Promise) -> JourneyReason:
        return JourneyReason(
            f"promise:{offer.journey}:{offer.until.isoformat()}",
            max(offer.until - DAY * (self.days_before - 1), offer.made_on + DAY),
            offer.until + DAY,
            target=offer.reward,
            values={"until": offer.until, "promised": offer.points},
        )

    def forms(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        return ("promised",) if "promised" in due.values else super().forms(member, due)

    def named(self, member: MemberOnDay, due: DueMessage) -> dict[str, Any]:
        values = super().named(member, due)
        if "promised" in values:
            values["target"] = member.gift(points=values["promised"], reward=due.target)
            values["until"] = member.last_open(values["until"])
        return values

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.days_before}

    def is_idle(self, programme: Programme) -> bool:
        return not programme.rewards

    def is_owed(self, programme: Programme) -> bool:
        return True
