"""Each kind of message that is pushed, once in a language that nobody speaks: what a member reads
stands in the files of the texts, or is the shop's own. A kind without an example here is red."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from bot.store.events.events import StoredEvent
from bot.store.events.places import EventPlace
from bot.store.events.trials import StoredTrial
from handlers.actions.telling import circle_messages as of_circle
from handlers.actions.telling import event_messages as of_event
from handlers.actions.telling import issue_messages as of_issue
from handlers.actions.telling import messages as says
from handlers.actions.telling.say_kind import SayKind
from handlers.actions.telling.suggestion_messages import SayAdopted, SaySuggestion
from handlers.club import Club
from handlers.jobs.delivery import sms
from handlers.jobs.delivery.addressee import Addressee
from handlers.jobs.delivery.circle_at_hand import CircleAtHand
from handlers.jobs.delivery.event_wording import EventsAtHand
from handlers.jobs.delivery.journey_wording import journey_view, of_journey
from handlers.jobs.delivery.wording import word_message
from handlers.showing.viewer import as_of
from rules.base import LocalText
from rules.broadcasts.broadcast import Broadcast, BroadcastButton
from rules.events.circle import CircleSeat
from rules.events.event import EVENT_KINDS, FirstGuests, ShopEvent, Sitting
from rules.events.trial import CircleTrial, TrialChoice, TrialFigures, TrialPart
from rules.facts import RankState, Voucher, VoucherReason, changed
from rules.journeys.journey import Journey
from rules.journeys.member import DueMessage
from rules.journeys.parts import JourneyOffer
from rules.journeys.programme import journeys_of
from rules.journeys.words import arms_of
from rules.outlook.moments import PraiseKind
from rules.programme.newsletter import Newsletter
from rules.programme.ranks import RankChange, RankChangeReason
from rules.wording.highlights import Thanks
from tests.bot.line.strict import assert_line_accepts
from tests.handlers.clubs import DAY, MONDAY_NOON, SmallClub
from tests.pseudo import in_no_file, known_words, pseudo, pseudo_english, said_in
from tests.rules.journeys.people import CLUB, KINDS, ask, due_to, journey_of

__all__ = ["pseudo_english"]

pytestmark = pytest.mark.usefixtures("pseudo_english")

USER = "U" + "1" * 32
TODAY = MONDAY_NOON.date()
#: Letters of which our texts are made there.
OF_NOBODY = {*pseudo("abcdefghijklmnopqrstuvwxyz")} - {*"⟦⟧~ "}
#: The shop's own words, in what a member may read in every language.
OURS: Any = {"ja": "夜の試飲会"}
SITTING = Sitting(1, MONDAY_NOON + DAY, MONDAY_NOON + DAY + timedelta(hours=2), 9)
NUMBERED: dict[str, Any] = {"text": "はい。", "quote": "席は？", "asked_on": TODAY}
ISSUE: dict[str, Any] = {"issue": "2026-01", "title": OURS, "lead": OURS, "picture": "1024:682"}
#: What brings a step up that is told with a visit. What came of putting two cards together is told
#: as that.
STEPS_UP: tuple[RankChangeReason, ...] = ("reached", "revived")
#: What staff are shown and send no word for: a journey does.
SEEN = {"birthday", "badge"}


def _choices(kind: type[SayKind], field: str) -> tuple[Any, ...]:
    """All that such a message can say of itself there."""
    return get_args(kind.model_fields[field].annotation)


def _reached() -> Iterator[says.SayReached]:
    for reason in STEPS_UP:
        yield says.SayReached(
            rank=RankChange(None, "bronze", TODAY, reason), badges=("first_visit",)
        )
    for why in get_args(VoucherReason):
        held = Voucher(1, "cookie", why, TODAY, TODAY + 3 * DAY)
        yield says.SayReached(rewards=("off_100",), vouchers=(held,))
    for what in get_args(Thanks.__annotations__["what"]):
        for count in (1, 2):
            yield says.SayReached(thanks=Thanks(what, 30, years=count, stamps=count))


def _corrected() -> Iterator[says.SayCorrected]:
    for what in _choices(says.SayCorrected, "what"):
        for points, rank in ((0, False), (-30, True), (1, True)):
            yield says.SayCorrected(what=what, on=TODAY, points=points, rank=rank)


def _moved() -> Iterator[says.SayCardMoved]:
    for how in _choices(says.SayCardMoved, "how"):
        more: dict[str, Any] = {"back": "t", "until": TODAY} if how != "back" else {}
        for store in ("kawabe", None):
            yield says.SayCardMoved(how=how, on=TODAY, store=store, **more)


def _praise() -> Iterator[says.SayPraise]:
    for moment in sorted(set(get_args(PraiseKind)) - SEEN):
        for by in ("", "Ken"):
            yield says.SayPraise(moment=moment, target="bronze", store="kawabe", by=by)


def _of_each_event(kind: type[of_event.SayOfEvent], **more: Any) -> list[of_event.SayOfEvent]:
    return [kind(event=n, n=1, **more) for n, _ in enumerate(EVENT_KINDS, 1)]


#: Each kind that goes by LINE but the journeys', in all that it can say of itself.
EXAMPLES: dict[type[SayKind], list[Any]] = {
    says.SayRank: [
        says.SayRank(before=None, after=after, reason=reason)
        for reason in set(get_args(RankChangeReason)) - {"merged"}
        for after in ("bronze", None)
    ],
    says.SayPraise: list(_praise()),
    says.SayUsed: [
        says.SayUsed(reward="cookie", voucher=1, store=store, more=more)
        for store in ("kawabe", "")
        for more in ((), ("off_100",), ("off_100", "cookie"))
    ],
    says.SayAnswer: [
        says.SayAnswer(**NUMBERED),
        says.SayAnswer(**NUMBERED, card="4Z2-BTD-4XD", case=1),
        says.SayAnswer(**(NUMBERED | {"text": ""}), card="4Z2-BTD-4XD", case=1),
    ],
    SayAdopted: [SayAdopted(**NUMBERED, points=points) for points in (0, 1, 50)],
    SaySuggestion: [SaySuggestion(**NUMBERED, state=s) for s in _choices(SaySuggestion, "state")],
    of_issue.SayNewsletter: [of_issue.SayNewsletter(**ISSUE)],
    of_issue.SayNewsletterTrial: [of_issue.SayNewsletterTrial(**ISSUE)],
    says.SayBroadcast: [
        says.SayBroadcast(broadcast=n, is_trial=trial) for n in (1, 2, 3) for trial in (True, False)
    ],
    of_circle.SayCircleInvite: [of_circle.SayCircleInvite()],
    of_circle.SayTrialInvite: [of_circle.SayTrialInvite(trial=1)],
    of_circle.SayTrialQuestions: [of_circle.SayTrialQuestions(trial=1)],
    of_circle.SayTrialOff: [of_circle.SayTrialOff(trial=2)],
    of_circle.SayTrialOutcome: [of_circle.SayTrialOutcome(trial=1)],
    of_event.SayEventInvite: _of_each_event(of_event.SayEventInvite),
    of_event.SayEventOffer: _of_each_event(of_event.SayEventOffer, no=1, until=MONDAY_NOON),
    of_event.SayEventReminder: _of_each_event(of_event.SayEventReminder),
    of_event.SayEventOff: _of_each_event(of_event.SayEventOff),
    of_event.SayEventOffNow: _of_each_event(of_event.SayEventOffNow),
    of_event.SayEventThanks: _of_each_event(of_event.SayEventThanks),
    says.SayReached: list(_reached()),
    says.SayCorrected: list(_corrected()),
    says.SayCardMoved: list(_moved()),
}
#: What a journey says, each kind of it below.
OF_JOURNEYS = {says.SayJourney, says.SayRankAtRisk, says.SayPointsExpiring}
#: What proves a telephone: beside the tests of the door by which it goes.
BY_SMS = {says.SayCardCode, says.SayPhoneCode}
#: An answer of the chat that was too late for a reply: the chat's own test reads those.
AS_MADE = {says.SayMessages}


def test_every_kind_has_its_example() -> None:
    kinds = set(get_args(get_args(says.Say)[0]))
    assert kinds == {*EXAMPLES, *OF_JOURNEYS, *BY_SMS, *AS_MADE}


def _reader(cafe: SmallClub, say: object) -> Addressee:
    """Somebody of whom it is all true that is said."""
    member = cafe.member(cafe.joins(USER))
    rank = getattr(say, "after", "bronze")
    held = (
        [*says.SayReached.model_validate(say).vouchers] if isinstance(say, says.SayReached) else []
    )
    facts = changed(
        member.facts, rank=RankState(rank), badges={"first_visit": TODAY}, balance=120,
        vouchers=tuple(held),
    )  # fmt: skip
    who = replace(member, language="en", facts=facts)
    programme = cafe.timeline.latest.programme
    if programme.newsletter is None:
        programme = programme.model_copy(update={"newsletter": Newsletter(name=OURS, about=OURS)})
    return Addressee(
        club=cafe.club,
        programme=programme,
        member=as_of(cafe.timeline, who, MONDAY_NOON),
        day=TODAY,
        display_name="さくらさん",
        events=_events(member.id, say),
        circle=_circle(member.id, say),
        broadcasts=_broadcasts(),
        now=MONDAY_NOON,
    )


def _events(me: int, say: object) -> EventsAtHand:
    """One of each kind, in all that can be said of one."""
    is_off = isinstance(say, of_event.SayEventOff | of_event.SayEventOffNow)
    state: Any = "offered" if isinstance(say, of_event.SayEventOffer) else "taken"
    invited = isinstance(say, of_event.SayEventInvite)
    stored, places = {}, {}
    for n, kind in enumerate(EVENT_KINDS, 1):
        first = FirstGuests(
            guests="ranks", ranks=("bronze", "silver"), lapsed_too=bool(n % 2), visits_min=n,
            until=MONDAY_NOON + 2 * DAY,
        )  # fmt: skip
        event = ShopEvent(
            kind=kind, title=OURS, about=OURS, place=OURS if n % 2 else None,
            store="kawabe" if n % 3 else None, price_yen=500 * (n % 2), opens_at=MONDAY_NOON,
            closes_at=MONDAY_NOON + 9 * DAY, guests="ranks", ranks=("bronze", "silver"),
            visits_min=n, lapsed_too=bool(n % 2), first=first,
        )  # fmt: skip
        stored[n] = StoredEvent(n, event, "cancelled" if is_off else "open", 1, (SITTING,))
        if not invited:
            came = MONDAY_NOON if isinstance(say, of_event.SayEventThanks) else None
            places[me, n] = EventPlace(me, n, 1, 1, state, MONDAY_NOON, "chat", came_at=came)
    return EventsAtHand(stored, places, MONDAY_NOON)


def _circle(me: int, say: object) -> CircleAtHand:
    asked = isinstance(say, of_circle.SayCircleInvite)
    seat = CircleSeat(me, "invited" if asked else "in", MONDAY_NOON, "chat", "rank")
    trial = CircleTrial(
        title=OURS, about=OURS, reward="cookie", samples=5, question=OURS,
        choices=tuple(TrialChoice(id=each, name=OURS) for each in "abc"),
        ends_at=MONDAY_NOON + 9 * DAY,
    )  # fmt: skip
    came_of_it = (
        LocalText.model_validate(OURS) if isinstance(say, of_circle.SayTrialOutcome) else None
    )
    trials = {
        1: StoredTrial(1, trial, "open", 1, outcome=came_of_it),
        2: StoredTrial(2, trial, "cancelled", 1),
    }
    part = {
        (me, n): TrialPart(me, n, 1, MONDAY_NOON, "k", MONDAY_NOON, "k", choice="a") for n in (1, 2)
    }
    figures = TrialFigures(3, 2, 3, {"a": 2, "b": 1})
    return CircleAtHand({me: seat}, trials, {1: figures, 2: figures}, part)


def _broadcasts() -> dict[int, Broadcast]:
    plain = Broadcast(name="お知らせ", title=OURS, body=OURS, quotes_members=True)
    button = BroadcastButton(label=OURS, leads="link", link="https://example.com/")
    gift = JourneyOffer(reward="cookie")
    points = JourneyOffer(points=1, valid_days=1)
    return {
        1: plain,
        2: plain.model_copy(update={"button": button, "offer": gift}),
        3: plain.model_copy(update={"offer": points}),
    }


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)
def test_nothing_pushed_says_what_stands_in_no_file(cafe: SmallClub, kind: type) -> None:
    wrong = {}
    for say in EXAMPLES[kind]:
        reader = _reader(cafe, say)
        worded = word_message(say, reader)
        assert worded is not None, say
        assert_line_accepts(worded.messages)
        lines = list(said_in(worded.messages))
        assert any(set(line) & OF_NOBODY for line in lines), lines
        if found := in_no_file(lines, known_words(reader.programme, "Ken")):
            wrong[repr(say)] = found
    assert wrong == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_journey_says_what_stands_in_no_file(
    cafe: SmallClub, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By LINE, and as an SMS."""
    person, journey = due_to(kind, CLUB), journey_of(CLUB, kind)
    due = ask(CLUB, kind, person)
    assert isinstance(due, DueMessage)
    timeline = replace(cafe.timeline, models=person.models)
    monkeypatch.setattr(Club, "timeline", lambda _: timeline)
    member = replace(cafe.member(cafe.joins(USER)), language="en", facts=person.facts)
    reader = Addressee(
        club=cafe.club, programme=CLUB, member=member, day=person.day, display_name="さくら",
        lots=person.background.lots, called_on=person.background.called_on, now=MONDAY_NOON,
    )  # fmt: skip
    for say in _of(journey, due.period):
        worded, view = word_message(say, reader), journey_view(reader, *of_journey(say))
        assert worded is not None
        assert view is not None
        lines = [*said_in(worded.messages), sms._text(reader, view, "https://example.com/s")]
        assert in_no_file(lines, known_words(CLUB)) == []


def _of(journey: Journey, period: str) -> Iterator[Any]:
    if journey.kind == "rank_at_risk":
        yield says.SayRankAtRisk(month=date.fromisoformat(period))
    elif journey.kind == "points_expiring":
        yield says.SayPointsExpiring(due=date.fromisoformat(period.partition(":")[0]))
    else:
        for arm in arms_of(journey):
            yield says.SayJourney(name=journey.id, period=period, arm=arm.id)


def test_each_kind_of_journey_is_among_them() -> None:
    assert {journey.kind for journey in journeys_of(CLUB)} == set(KINDS)
