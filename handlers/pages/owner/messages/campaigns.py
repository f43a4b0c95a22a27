"""Campaigns on a year's bar: what each brings, whether members are told of it, an early end, and
the same again next year. All of it changes the draft."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from handlers.actions.programme.tapping import Kept, announce, end_campaign, repeat_next_year
from rules.base import Refusal
from rules.checking.reading import InvalidProgramme
from rules.editing import taps
from rules.explaining.explain_journeys import journey_sentence
from rules.journeys.journey import Journey
from rules.outlook.year_bar import Stretch, months_of, place, year_bar
from rules.programme.campaigns import Campaign
from rules.shop import add_months, month_start
from rules.wording.explain_earning import campaign_sentence
from rules.wording.texts import month_short

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page
from ...staff.frame.words import refusal_line
from ..frame import layout
from ..frame.blueprint import pages
from ..programme.drafted import Drafted, drafted_now

layout.place(42, "owner.campaigns")

State = Literal["waits", "runs", "over"]
_ORDER: tuple[State, ...] = ("runs", "waits", "over")
#: So many months before today the bar begins.
_BEFORE = 2


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign as the list shows it."""

    campaign: Campaign
    name: str
    sentence: str
    state: State
    #: That in a word.
    said: str
    #: From which day to which, in words; empty where it has no dates.
    dates: str
    bar: tuple[Stretch, ...]
    #: By which journey members are told when it begins; None: by none.
    teller: Journey | None
    teller_name: str
    #: What that journey says of itself.
    told: str
    #: Whether that journey tells of nothing else.
    own: bool
    #: Whether its beginning can be told at all.
    tellable: bool
    #: Whether it is otherwise in what is published.
    is_drafted: bool

    @property
    def may_end(self) -> bool:
        """Whether it runs, and does so after today."""
        return self.state == "runs"

    @property
    def may_repeat(self) -> bool:
        return bool(self.campaign.starts or self.campaign.ends)


@pages.get("/campaigns", endpoint="campaigns")
@owner_page
def open_campaigns() -> ResponseReturnValue:
    return _list()


@pages.post("/campaigns/<campaign>/announce", endpoint="announce_campaign")
@owner_page
def announce_it(campaign: str) -> ResponseReturnValue:
    on = forms.field("on", 1) == "1"
    with forms.form_work() as work:
        done = announce(work, campaign, on=on)
    return _went(done, campaign, "told" if on else "untold")


@pages.post("/campaigns/<campaign>/end", endpoint="end_campaign")
@owner_page
def end_it(campaign: str) -> ResponseReturnValue:
    with forms.form_work() as work:
        done = end_campaign(work, campaign)
    return _went(done, campaign, "ended")


@pages.post("/campaigns/<campaign>/repeat", endpoint="repeat_campaign")
@owner_page
def repeat_it(campaign: str) -> ResponseReturnValue:
    with forms.form_work() as work:
        done = repeat_next_year(work, campaign)
    if isinstance(done, Refusal):
        return _list(refusal_line(done.code))
    part, kept = done
    return _went(kept, part.id, "repeated")


def _went(done: Kept, campaign: str, went: str) -> ResponseReturnValue:
    if isinstance(done, InvalidProgramme):
        return _list(done.listed(language()))
    if isinstance(done, Refusal):
        return _list(refusal_line(done.code))
    return redirect(url_for("owner.campaigns", done=went, _anchor=f"campaign-{campaign}"), 303)


def _list(problem: str = "") -> ResponseReturnValue:
    now, club = drafted_now(), current_club()
    today = now.programme.shop.business_date(club.now())
    first = add_months(month_start(today), -_BEFORE)
    cards = [_card(now, each, today, first) for each in now.programme.campaigns]
    return layout.page(
        "campaigns",
        status=409 if problem else 200,
        drafted=now,
        cards=sorted(cards, key=_rank),
        months=[month_short(language(), each) for each in months_of(first)],
        today=place(today, first),
        problem=problem,
        done=forms.done_line("owner.campaigns.done"),
    )


def _rank(card: CampaignCard) -> tuple[int, date]:
    """What runs first, then what comes, each by its first day; what is over last."""
    return _ORDER.index(card.state), card.campaign.starts or date.min


def _card(now: Drafted, campaign: Campaign, today: date, first: date) -> CampaignCard:
    words = now.words
    published = current_club().timeline().latest.programme
    tellers = taps.tellers(now.programme, campaign.id)
    own = next((each for each in tellers if each.tells_of == campaign.id), None)
    teller = own or next(iter(tellers), None)
    waits = campaign.starts is not None and campaign.starts > today
    there = next((each for each in published.campaigns if each.id == campaign.id), None)
    state: State = "over" if campaign.is_over(today) else "waits" if waits else "runs"
    return CampaignCard(
        campaign,
        words.name(campaign.name),
        campaign_sentence(words, campaign),
        state,
        words.say(f"owner.campaigns.state.{state}"),
        words.dates(campaign.starts, campaign.ends),
        () if campaign.staff_switch else year_bar(campaign, first),
        teller,
        words.say(f"journey.kind.{teller.kind}") if teller else "",
        journey_sentence(words, teller) if teller else "",
        own is not None,
        taps.may_be_announced(campaign, today),
        there != campaign,
    )
