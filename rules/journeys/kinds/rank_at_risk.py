"""The warning before a rank goes."""

from collections.abc import Iterator
from typing import Literal

from rules.outlook.next_step import keeps_in_vain
from rules.programme import ranks
from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic
from rules.shop import month_start, next_month
from rules.wording.steps import revival_text
from rules.wording.texts import say
from rules.wording.words import Words

from ..candidates import Candidates, ClubOnDay
from ..journey import PromisedWarning
from ..member import DAY, Draft, JourneyReason, MemberOnDay
from ..parts import PictureKind, Priority, TextPart, UsefulHours


class RankAtRisk(PromisedWarning):
    """The rank goes at the month's end unless more comes: in its last `ranks.warn_days` days."""

    kind: Literal["rank_at_risk"] = "rank_at_risk"
    id: Literal["rank_at_risk"] = "rank_at_risk"
    topic: JourneyTopic = "ranks"
    priority: Priority = 3
    useful_hours: UsefulHours = 24 * 28
    picture: PictureKind = "rank"

    own_placeholders = ("count", "target", "until")
    about_absence = True
    buttons = ("rank",)

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        ladder = club.programme.ranks
        if ladder and (next_month(club.day) - club.day).days <= ladder.warn_days:
            yield self.among(ranked=True)

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """The month that is ending would cost the rank."""
        ladder, facts, day = member.programme.ranks, member.facts, member.day
        missing = ranks.at_risk(ladder, member.shop, facts, day) if ladder else None
        if ladder is None or missing is None:
            return "rank_is_safe"
        ends = next_month(day)
        too_many = keeps_in_vain(member.programme, facts, day)
        # How long the rank stays, or until when they may come to keep it.
        until = ends - DAY if too_many else member.last_open(ends - DAY)
        return JourneyReason(
            month_start(day).isoformat(),
            ends - DAY * ladder.warn_days,
            ends,
            target=facts.rank.id,
            values={"count": missing, "until": until, "too_many": too_many},
        )

    def our_text(self, what: TextPart, draft: Draft) -> str:
        """Nobody is told to come more often than the days left allow."""
        ladder = draft.member.programme.ranks
        form = ladder.measure if ladder and what == "body" else what
        too_many = draft.due.values["too_many"]
        key = f"push.rank_goes.{what}" if too_many else f"push.rank_at_risk.{form}"
        text = say(draft.member.language, key, **draft.values)
        if what != "body":
            return text
        back = revival_text(draft.member.programme, draft.values["rank"], draft.member.language)
        return "\n".join(filter(None, (text, back)))

    def explained(self, words: Words) -> str:
        ladder = words.programme.ranks
        return words.say("journey.explained.rank_at_risk", count=ladder.warn_days) if ladder else ""

    def lacks(self, programme: Programme) -> str | None:
        return None if programme.ranks else "[ranks]"
