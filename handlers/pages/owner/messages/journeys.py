"""What goes to members by itself: each journey as a switch, with its words, what it brought, and
whom it would reach tomorrow. A switch changes the draft; the journey's form changes the rest."""

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import decisions, outbox_figures
from handlers.actions.programme.tapping import switch_journey
from handlers.showing.journey_audience import journey_run
from handlers.showing.journey_counts import counted
from handlers.showing.journey_tomorrow import ExpectedMessage, look_ahead
from rules.base import Refusal
from rules.characters import whole_number
from rules.checking.reading import InvalidProgramme
from rules.editing.parts import Part
from rules.editing.sample import SampleMessage, sample_of_arm
from rules.editing.taps import journey_known, journeys_known
from rules.explaining.explain_journeys import journey_sentence, own_name, why_not
from rules.explaining.explain_results import ResultText, journey_text
from rules.journeys.deciding import in_force
from rules.journeys.journey import Journey
from rules.journeys.member import NotDue
from rules.journeys.programme import journey_named
from rules.journeys.results import JourneyResult, club_results
from rules.journeys.words import arms_of
from rules.sending.policy import MONTH

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page, signed
from ...staff.frame.layout import not_found
from ...staff.frame.looks import note_look
from ...staff.frame.words import refusal_line
from ...staff.members.member_views import MemberRow, member_row
from ..frame import layout
from ..frame.blueprint import pages
from ..programme.drafted import Drafted, drafted_now
from ..programme.preview import preview
from .effects import alone, range_of
from .statistics import statistics_of
from .versions import version_names

layout.place(40, "owner.journeys")

#: So long a page looks for those of tomorrow.
_SECONDS = 0.15
#: Why somebody to whom it is due gets nothing all the same.
WITHHELD = ("already", "held_out", "other_audience", "topic", "blocked", "unreachable")
#: An address names no more candidates than a club may have.
_DIGITS = 7


@dataclass(frozen=True, slots=True)
class JourneyCard:
    """A journey as the list shows it. `state`: "on", "off", or "idle" where the club has nothing
    that it could be about; `sent`: how many of the last thirty days."""

    journey: Journey
    name: str
    sentence: str
    state: str
    sent: int
    #: Whether it is otherwise in what is published.
    is_drafted: bool
    message: SampleMessage


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """One side of a journey's test, as it is read."""

    id: str
    message: SampleMessage


@dataclass(frozen=True, slots=True)
class ExpectedReader:
    """Who would get it, as staff know them."""

    who: MemberRow
    message: ExpectedMessage


@pages.get("/journeys", endpoint="journeys")
@owner_page
def open_journeys() -> ResponseReturnValue:
    return _list()


@pages.post("/journeys/<journey>/switch", endpoint="switch_journey")
@owner_page
def switch(journey: str) -> ResponseReturnValue:
    on = forms.field("on", 1) == "1"
    with forms.form_work() as work:
        done = switch_journey(work, journey, on=on)
    if isinstance(done, InvalidProgramme):
        return _list(done.listed(language()))
    if isinstance(done, Refusal):
        return _list(refusal_line(done.code))
    went = "on" if on else "off"
    if forms.field("from", 8) == "page":
        return redirect(url_for("owner.journey", journey=journey, done=went), 303)
    return redirect(url_for("owner.journeys", done=went, _anchor=f"journey-{journey}"), 303)


@pages.get("/journeys/<journey>", endpoint="journey")
@owner_page
def open_journey(journey: str) -> ResponseReturnValue:
    now, known = _found(journey)
    part = Part("journeys", known.id)
    return layout.page(
        "journey",
        drafted=now,
        card=_card(now, known, _sent(known)),
        look=preview(now.programme, part, now.words.lang),
        versions=[
            ReadVersion(arm.id, sample_of_arm(now.words, known, arm.id, _somebody(now)))
            for arm in arms_of(known)
        ],
        done=forms.done_line("owner.journeys.done"),
    )


@pages.get("/journeys/<journey>/tomorrow", endpoint="journey_tomorrow")
@owner_page
def tomorrow(journey: str) -> ResponseReturnValue:
    """Who would get it tomorrow, and why the others of those looked at don't. `after` are the
    candidates of the pages before, `found` those of them who would."""
    now, known = _found(journey)
    club, after, before = current_club(), _asked("after"), _asked("found")
    day = now.programme.shop.business_date(club.now()) + timedelta(days=1)
    end = monotonic() + _SECONDS
    asking = journey_run(club, now.programme, known, day)
    page = look_ahead(asking, after=after, is_time=lambda: monotonic() > end)
    is_short = "HX-Request" in request.headers and "count" in request.args
    if not is_short:
        note_look(signed().desk, "tomorrow_seen")
    with club.store.read() as uow:
        readers = [
            ExpectedReader(member_row(uow, each.member), each)
            for each in (() if is_short else page.messages)
        ]
    is_part = "HX-Request" in request.headers
    return layout.page(
        "tomorrow_count" if is_short else "tomorrow_part" if is_part else "tomorrow",
        journey=known,
        name=own_name(now.words, known),
        day=day,
        readers=readers,
        arms=len(arms_of(known)) > 1,
        expected=page,
        found=before + len(page.messages),
        others=[(_why(now, reason), count) for reason, count in page.others.most_common()],
    )


@pages.get("/journeys/<journey>/results", endpoint="journey_results")
@owner_page
def results(journey: str) -> ResponseReturnValue:
    """What it brought, with how far that may be believed."""
    now, known = _found(journey)
    is_part = "HX-Request" in request.headers
    result = _result(known)
    return layout.page(
        "measured_part" if is_part else "measured",
        journey=known,
        name=own_name(now.words, known),
        text=_told(now, result) if result else None,
        picture=alone(range_of(result.whole)) if result else None,
        statistics=statistics_of(known.queued_as),
        many_arms=len(arms_of(known)) > 1,
    )


def _found(journey: str) -> tuple[Drafted, Journey]:
    """The draft, and its journey of that id; 404 for none."""
    now = drafted_now()
    known = journey_known(now.programme, journey)
    if known is None:
        not_found()
    return now, known


def _list(problem: str = "") -> ResponseReturnValue:
    now = drafted_now()
    since = current_club().now() - MONTH
    with current_club().store.read() as uow:
        sent = outbox_figures.all_sent(uow, since=since)
    cards = [
        _card(now, each, sent.get(each.queued_as, 0)) for each in journeys_known(now.programme)
    ]
    return layout.page(
        "journeys",
        status=409 if problem else 200,
        drafted=now,
        cards=sorted(cards, key=lambda card: card.state == "idle"),
        policy=now.programme.sending,
        problem=problem,
        done=forms.done_line("owner.journeys.done"),
    )


def _card(now: Drafted, journey: Journey, sent: int) -> JourneyCard:
    words, published = now.words, current_club().timeline().latest.programme
    idle = journey.is_idle(now.programme) or journey.lacks(now.programme)
    state = "off" if journey.off else "idle" if idle else "on"
    there = None if journey.off else journey
    return JourneyCard(
        journey,
        own_name(now.words, journey),
        journey_sentence(words, journey),
        state,
        sent,
        journey_named(published, journey.id) != there,
        sample_of_arm(words, journey, arms_of(journey)[0].id, _somebody(now)),
    )


def _somebody(now: Drafted) -> str:
    return now.words.say("owner.look.name")


def _sent(journey: Journey) -> int:
    since = current_club().now() - MONTH
    with current_club().store.read() as uow:
        return outbox_figures.all_sent(uow, since=since).get(journey.queued_as, 0)


def _asked(name: str) -> int:
    return whole_number(request.args.get(name, ""), _DIGITS) or 0


def _why(now: Drafted, reason: str) -> str:
    if reason in WITHHELD:
        return now.words.say(f"owner.journeys.withheld.{reason}")
    return why_not(now.words, NotDue(reason))


def _result(journey: Journey) -> JourneyResult | None:
    """By what holds for members now: a draft has brought nothing yet."""
    club = current_club()
    programme = club.timeline().at(club.now()).programme
    published = journey_named(programme, journey.id)
    if published is None or published.is_promised:
        return None
    found = club_results(programme, list(counted(club, programme, [published], now=club.now())))
    return found.journeys[0]


def _told(now: Drafted, result: JourneyResult) -> ResultText | None:
    with current_club().store.read() as uow:
        decision = in_force(decisions.last(uow, result.journey))
    return journey_text(now.words, result, decision, version_names(now.words, result.journey))
