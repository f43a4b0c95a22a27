"""What every journey has: for whom it is, what it says and gives, how it is tested. And what each
kind says of itself."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from ..activity import Membership, Trigger
from ..base import Impossible
from ..programme.campaigns import Campaign
from ..programme.programme import Programme
from ..sending.policy import JourneyTopic
from ..shop import Shop
from ..wording.texts import has_text, say
from ..wording.words import Words
from .candidates import Candidates, ClubOnDay, IndexedDay
from .member import DAY, Draft, DueLater, DueMessage, JourneyReason, MemberOnDay, NotDue
from .parts import (
    OUR_ARMS,
    Arm,
    Audience,
    Channel,
    HoldoutShare,
    JourneyId,
    JourneyOffer,
    JourneyStep,
    MeasureDays,
    OwnText,
    PictureKind,
    Priority,
    Promotion,
    RankText,
    RestDays,
    TextPart,
    UsefulHours,
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What to reckon with before anything is known: rules of thumb, for clubs that come a few
    times a month. A club's own figures are better."""

    #: The share of members that a kind reaches in a month.
    reach: float
    #: How many of them come anyway, as a share of 1.
    base: float
    #: How many more of them the message should bring, as a share of 1.
    lift: float


#: What is asked once only is not asked again within anybody's life.
_FOR_GOOD = 100 * 366


class Journey(Audience, ABC):
    """One journey of a programme. The fields are what can be set about every kind; a kind gives
    them its defaults and adds fields of its own."""

    #: The kind's name; each kind has one of its own.
    kind: str
    id: JourneyId
    #: Not sent at all.
    off: bool = False
    states: Annotated[tuple[Membership, ...], Field(min_length=1)] = ("active",)
    #: The shop's own words.
    title: OwnText = None
    body: OwnText = None
    by_rank: Annotated[tuple[RankText, ...], Field(max_length=8)] = ()
    offer: JourneyOffer | None = None
    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=2)] = ("line",)
    topic: JourneyTopic
    priority: Priority
    arms: Annotated[tuple[Arm, ...], Field(max_length=4)] = ()
    #: Another version draws arms and holdout anew.
    version: Annotated[int, Field(ge=1, le=1_000)] = 1
    #: The share of episodes in which nothing is sent, so that it can be seen what the message does.
    #: None: as it is wise for the kind (`arms.share_held_back`).
    holdout: HoldoutShare | None = None
    #: "winner": the arm that surely does best goes to everybody by itself.
    promote: Promotion = "none"
    #: What counts as its effect are visits in so many days after it.
    measure_days: MeasureDays = 14
    #: So long after it became due it is too late.
    useful_hours: UsefulHours = 72
    #: The same member gets it again after so many days at the earliest.
    again_after_days: RestDays = 0
    picture: PictureKind = "none"

    #: What may be named in the texts of this kind, beside what may in all.
    own_placeholders: ClassVar[tuple[str, ...]] = ()
    #: What a tap asks the chat for; its label is the chat's own.
    buttons: ClassVar[tuple[str, ...]]
    #: Our own versions of its words.
    our_arms: ClassVar[tuple[Arm, ...]] = OUR_ARMS
    #: What a test of it is reckoned with; None where nothing is tested.
    guess: ClassVar[Guess | None] = None
    #: Sent to bring somebody in: whether it does can only be seen against silence.
    persuades: ClassVar[bool] = False
    #: It speaks to who stays away: one such word is followed by the next after some days only.
    about_absence: ClassVar[bool] = False
    #: It wishes a happy New Year: it goes out on New Year's Day, too, if the shop is open.
    wishes_new_year: ClassVar[bool] = False
    #: The next step is what the message leads to.
    names_next_step: ClassVar[bool] = False
    #: Promised by another part of the programme: sent whether or not it is named, to everybody, and
    #: queued by that part.
    is_promised: ClassVar[bool] = False
    #: A day by which members are found for this kind alone. By that it is a column of the members'
    #: table, with an index, which a migration must add.
    own_day: ClassVar[IndexedDay | None] = None
    #: What it must know of a member beside the row: the points they have, what the chat told them.
    looks_at_lots: ClassVar[bool] = False
    looks_at_chat: ClassVar[bool] = False

    @model_validator(mode="after")
    def _no_gift_for_those_who_left(self) -> "Journey":
        parts: tuple[Arm | JourneyStep, ...] = (*self.arms, *self.own_steps)
        offers = (self.offer, *(part.offer for part in parts))
        if "left" in self.states and any(offers):
            raise Impossible("offer_to_leavers")
        return self

    @model_validator(mode="after")
    def _arms_of_their_own(self) -> "Journey":
        ids = [arm.id for arm in self.arms]
        if len(set(ids)) < len(ids):
            raise Impossible("arms_twice")
        return self

    @property
    def queued_as(self) -> str:
        """What the outbox calls this journey's messages."""
        return f"journey:{self.id}"

    @property
    def own_steps(self) -> tuple[JourneyStep, ...]:
        """Its steps; most have none."""
        return ()

    @property
    def segments_asked(self) -> tuple[str, ...]:
        """The segments by which it is judged who gets it, and which of its arms."""
        return (*self.segments, *(each for arm in self.arms for each in arm.segments))

    # ── Whom it is for, and when ──

    @abstractmethod
    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        """Whom it may be due to: all that any of these name, each asked by its index. After days on
        which nobody was asked, those too for whom it has become too late. None where it can't be
        due to anybody, or where the points they have tell who is asked."""

    @abstractmethod
    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """The reason to write to them; else why there is none (`journey.not_due.<reason>`)."""

    def due(self, member: MemberOnDay) -> DueMessage | NotDue:
        """Whether it is due to the member. Pure, and asked twice: by the job that queues, and once
        more when the message is about to go out."""
        return self._judged(member, self.trigger)

    def _judged(
        self, member: MemberOnDay, cause_of: Callable[[MemberOnDay], JourneyReason | str]
    ) -> DueMessage | NotDue:
        if reason := self.not_for(member):
            return NotDue(reason)
        cause = cause_of(member)
        return NotDue(cause) if isinstance(cause, str) else self._in_time(member, cause)

    def trigger_of(self, member: MemberOnDay, period: str) -> JourneyReason | str:
        """The reason that was queued for `period`, where there may be several at a time."""
        return self.trigger(member)

    def still_due(self, member: MemberOnDay, period: str) -> DueMessage | None:
        """The reason to write, if it still holds and is the one that was queued for `period`."""
        # That it was queued must not keep it from going out.
        unsent = replace(member, background=replace(member.background, sent_on=None))
        answer = self._judged(unsent, lambda member: self.trigger_of(member, period))
        if not isinstance(answer, DueMessage) or answer.not_before is not None:
            return None
        return answer if answer.period == period else None

    def due_later(self, member: MemberOnDay, period: str) -> DueLater | None:
        """When what was queued for `period`, and isn't due now, will be; None: not any more."""
        return None

    def not_for(self, member: MemberOnDay) -> str | None:
        """Why somebody like them never gets this journey; None when they do."""
        facts = member.facts
        if facts.membership not in self.states:
            return facts.membership
        survey = member.programme.survey(self.asks) if self.asks else None
        if survey and survey.ranks and facts.rank.id not in survey.ranks:
            return "other_rank"
        return self.leaves_out(facts, member.language)

    def _in_time(self, member: MemberOnDay, reason: JourneyReason) -> DueMessage | NotDue:
        shop, day, sent_on = member.shop, member.day, member.background.sent_on
        if day < reason.since:
            return NotDue("not_yet")
        until = self.useful_until(shop, reason)
        if shop.opens(day) >= until:
            return NotDue("too_late")
        if sent_on is not None and (day - sent_on).days < self._rest_days(member.programme):
            return NotDue("written_lately")
        sends_on = self.sends_on(reason)
        return DueMessage(
            reason.period,
            until,
            reason.step,
            reason.target,
            reason.values,
            shop.opens(sends_on) if day < sends_on else None,
        )

    def _rest_days(self, programme: Programme) -> int:
        """For so many days after it was sent it isn't again; a survey isn't asked sooner than it
        may be."""
        survey = programme.survey(self.asks) if self.asks else None
        if survey is None:
            return self.again_after_days
        rest = _FOR_GOOD if survey.rest_days is None else survey.rest_days
        return max(self.again_after_days, rest)

    def sends_on(self, reason: JourneyReason) -> date:
        """The first day on which it may go out for that reason. It is drawn when that begins."""
        return reason.since

    def useful_until(self, shop: Shop, reason: JourneyReason) -> datetime:
        """When it is too late to write for that reason."""
        until = shop.opens(self.sends_on(reason)) + timedelta(hours=self.useful_hours)
        return until if reason.ends is None else min(until, shop.opens(reason.ends))

    def among(self, **asked: Any) -> Candidates:
        """Those it is for, of whom that is asked besides."""
        least = max(self.visits_min, asked.pop("visits_min", 0))
        most = [n for n in (self.visits_max, asked.pop("visits_max", None)) if n is not None]
        return Candidates(
            self.states,
            visits_min=least,
            visits_max=min(most, default=None),
            ranks=self.ranks,
            languages=self.languages,
            **asked,
        )

    def late_days(self, club: ClubOnDay) -> int:
        """For how many days after it became due it is still useful, and those missed."""
        return ceil(timedelta(hours=self.useful_hours) / DAY) + club.missed_days

    # ── What it says ──

    def our_text(self, what: TextPart, draft: Draft) -> str:
        """Our own text, in the form that fits best."""
        version = "b" if draft.arm == "b" and not self.arms else "a"
        base, lang = f"journey.{self.kind}.{version}.{what}", draft.member.language
        keys = (*(f"{base}_{form}" for form in self.forms(draft.member, draft.due)), base)
        return say(lang, next(key for key in keys if has_text(lang, key)), **draft.values)

    def forms(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        """Which of our texts fit ("last", "ranked" …), the best first; the plain one comes last of
        all."""
        return ("ranked",) if member.facts.rank.id else ()

    def named(self, member: MemberOnDay, due: DueMessage) -> dict[str, Any]:
        """What texts may name of what was found."""
        return {"target": member.name_of(due.target), **due.values}

    def taps(self, due: DueMessage) -> tuple[str, ...]:
        """What its buttons ask the chat for."""
        return self.buttons

    def brought(self, member: MemberOnDay, due: DueMessage) -> tuple[Trigger, date] | None:
        """Which earning rules give something for the same reason, and since when it counts: it is
        told in a line of its own. None where none do."""
        return None

    def gifts(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        """What else there is for that reason, beside points: a line for each."""
        return ()

    # ── What the programme's readers are told of it ──

    @property
    def tells_of(self) -> str | None:
        """The campaign that it is told to tell of, by its id."""
        return None

    @property
    def asks(self) -> str | None:
        """The survey whose questions it puts, by its id."""
        return None

    def may_tell_of(self, programme: Programme) -> tuple[Campaign, ...]:
        """The campaigns that it could tell of."""
        return ()

    def told(self, programme: Programme) -> tuple[Campaign, ...]:
        """The campaigns that it does tell of."""
        return ()

    def explained(self, words: Words) -> str:
        """When it is sent, in a sentence; empty for what this programme has no use for."""
        return words.say(f"journey.explained.{self.kind}", **self.explained_with)

    @property
    def explained_with(self) -> dict[str, Any]:
        """What that sentence names."""
        return {}

    def lacks(self, programme: Programme) -> str | None:
        """The part of a programme that it can't do without, where there is none."""
        return None

    def is_idle(self, programme: Programme) -> bool:
        """Whether the club has nothing that it could be about."""
        return False

    def is_owed(self, programme: Programme) -> bool:
        """Whether it warns, or tells of what the programme promises in public: nobody is held
        back from it."""
        return False


#: What nobody chooses about a warning that is promised.
_NOT_CHOSEN = (
    "off", "ranks", "segments", "languages", "visits_min", "visits_max", "states", "offer", "arms",
    "version", "holdout", "promote", "measure_days", "useful_hours", "again_after_days",
)  # fmt: skip


class PromisedWarning(Journey, ABC):
    """A warning that another part of the programme promises: it reaches everybody, and is sent
    whether or not the programme names it. What can be chosen are its words."""

    holdout: HoldoutShare | None = 0

    our_arms = OUR_ARMS[:1]
    is_promised = True

    def is_owed(self, programme: Programme) -> bool:
        return True

    @model_validator(mode="after")
    def _for_everybody(self) -> "PromisedWarning":
        fields = type(self).model_fields
        changed = [n for n in _NOT_CHOSEN if getattr(self, n) != fields[n].default]
        if changed:
            keys = ", ".join(f"`{name}`" for name in _NOT_CHOSEN)
            raise Impossible("promised_warning", keys=keys)
        return self

    @property
    def queued_as(self) -> str:
        return self.id
