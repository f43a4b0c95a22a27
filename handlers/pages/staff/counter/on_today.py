"""What is on at the counter today, and what staff switch on and off for it: rain, at one tap."""

from datetime import datetime, timedelta

from flask import jsonify
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from handlers.actions.counter.scan import DeviceTimes
from handlers.actions.counter.switch_campaign import Switching, day_at, switch_campaign
from rules.base import Lang
from rules.outlook.on_today import running, switchable
from rules.programme.programme import Programme
from rules.wording.explain_earning import campaign_label
from rules.wording.words import Words

from ...current import current_club
from ..frame.access import SignedInStaff, signed, staff_page
from ..frame.blueprint import pages
from ..frame.words import refusal_here
from .json_answers import body, writing
from .scan_answers import JsonAnswer
from .scan_requests import SwitchBody

#: So long a page waits for an answer.
_ON_ITS_WAY = timedelta(seconds=30)


@pages.post("/api/switch")
@staff_page
def api_switch() -> ResponseReturnValue:
    return jsonify(_switch(signed(), body(SwitchBody)))


def _switch(who: SignedInStaff, asked: SwitchBody) -> JsonAnswer:
    """The switching, which a device may have kept for a while, and what is on after it."""
    club, store = current_club(), who.desk.store
    with writing(who.desk, asked.key) as work:
        at = _moment(asked.clocks.travelled(club.clock.travelled()), asked.on, work.now)
        done = switch_campaign(work, Switching(asked.campaign, store, asked.on, at))
        campaigns = campaigns_json(work.uow, work.programme, store, who.language, now=work.now)
    answer: JsonAnswer = {"result": "switched", "tone": "good", "campaigns": campaigns}
    if done.refused:
        no = refusal_here(done.refused)
        answer |= {"result": "refused", "tone": "bad", "line": no.why, "next": no.then}
    return answer


def _moment(clocks: DeviceTimes, on: bool, now: datetime) -> datetime:
    """When it was tapped. The way here took its time, which could put it behind a scan that came
    after it: so a device's clock is believed where it is no further off than that."""
    at = clocks.happened(now)
    if on and clocks.made_at and timedelta(0) <= at - clocks.made_at <= _ON_ITS_WAY:
        return clocks.made_at
    return at


def campaigns_json(
    uow: UnitOfWork, programme: Programme, store: str, lang: Lang, *, now: datetime
) -> list[JsonAnswer]:
    """What runs at that store by itself, and what can be switched there."""
    words, day = Words(programme, lang), day_at(uow, programme, now, store)
    mine = switchable(programme, day, store)
    on = [each.campaign for each in running(programme, day, store=store)]
    return [
        {
            "id": campaign.id,
            "name": words.name(campaign.name),
            "label": campaign_label(words, campaign),
            "switch": campaign in mine,
            "on": campaign in on,
        }
        for campaign in programme.campaigns
        if campaign in mine or campaign in on
    ]
