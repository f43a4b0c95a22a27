"""The warning before points go."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from rules.programme.points import ByInactivity, NoExpiry, expiry_of, warning_due, with_warnings
from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic
from rules.wording.card import expiring
from rules.wording.texts import say
from rules.wording.words import Words

from ..candidates import Candidates, ClubOnDay
from ..journey import PromisedWarning
from ..member import DAY, Draft, DueMessage, JourneyReason, MemberOnDay
from ..parts import Priority, TextPart, UsefulHours


class PointsExpiring(PromisedWarning):
    """The warnings that `points.expiry.warn_days` promises."""

    kind: Literal["points_expiring"] = "points_expiring"
    id: Literal["points_expiring"] = "points_expiring"
    topic: JourneyTopic = "points"
    priority: Priority = 1
    useful_hours: UsefulHours = 24 * 5

    own_placeholders = ("count", "until")
    buttons = ("points", "rewards")
    looks_at_lots = True

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        """Nobody by their row: lots tell whose points go."""
        yield from ()

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """A warning is owed about the points that go soonest."""
        policy, day = member.programme.points, member.day
        lots = [(lot, expiry_of(policy, lot, member.facts)) for lot in member.background.lots]
        owed = [on for lot, on in lots if on and warning_due(policy, lot, on, day)]
        if not owed:
            return "no_points_expiring"
        return JourneyReason(f"{min(owed).isoformat()}:{day.isoformat()}", day)

    def still_due(self, member: MemberOnDay, period: str) -> DueMessage | None:
        """The points that the warning was about, if any are left: those that go on the period's
        day; and what goes before them (`sooner`), whose own warning was earlier."""
        meant = date.fromisoformat(period.partition(":")[0])
        policy, facts, day = member.programme.points, member.facts, member.day
        # Told today: from here on they stay as long as was promised, if the warning had to wait.
        known = [(lot, expiry_of(policy, lot, facts)) for lot in member.background.lots]
        lots = tuple(with_warnings(policy, lot, meant, day) for lot, on in known if on == meant)
        told = next(iter(expiring(policy, facts, lots, day=day)), None)
        if told is None:
            return None
        others = tuple(lot for lot, on in known if on != meant)
        sooner = next(iter(expiring(policy, facts, others, day=day)), told)
        values = {"count": told.points, "until": told.on}
        values |= {"sooner": sooner} if sooner.on < told.on else {}
        return DueMessage(period, member.shop.opens(told.on), 0, None, values)

    def our_text(self, what: TextPart, draft: Draft) -> str:
        # On the day itself they are gone: what people ask is the last day that they count.
        values = {**draft.values, "last": draft.values["until"] - DAY}
        stay = isinstance(draft.member.programme.points.expiry, ByInactivity)
        sooner = draft.due.values.get("sooner")
        key = f"push.points_expiring.{what}{'_visit' if what == 'body' and stay else ''}"
        # One visit keeps all of them only before the first of them go, while the shop is open.
        first = sooner.on - DAY if sooner else values["last"]
        values["by"] = draft.member.last_open(first)
        if key.endswith("_visit") and sooner:
            key += "_sooner"
            values |= {"sooner": sooner.points, "first": first}
        elif key.endswith("_visit") and values["by"] < first:
            key += "_by"
        return say(draft.member.language, key, **values)

    def explained(self, words: Words) -> str:
        expiry = words.programme.points.expiry
        if isinstance(expiry, NoExpiry):
            return ""
        days = words.numbers(sorted(set(expiry.warn_days), reverse=True))
        return words.say("journey.explained.points_expiring", days=days)

    def is_idle(self, programme: Programme) -> bool:
        return programme.points.expiry.kind == "never"
