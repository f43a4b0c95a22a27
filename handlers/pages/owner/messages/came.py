"""Who came in the days of a journey's messages, by name, the newest message first."""

from datetime import UTC, datetime, timedelta

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.finding.results import SentAsked, SentPlace, came_after
from handlers.showing.journey_audience import journeys_to_queue
from rules.characters import instant, spaced_number, whole_number
from rules.explaining.explain_journeys import journey_name
from rules.explaining.figure_words import day_word
from rules.journeys.counts import version_span
from rules.wording.names import formal

from ...current import current_club, current_programme
from ...staff.frame.access import language, owner_page, signed
from ...staff.frame.layout import not_found
from ...staff.frame.looks import note_look
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages

#: So many messages are looked at for a page.
MESSAGES = 200


@pages.get("/results/<journey>/came", endpoint="result_came")
@owner_page
def who_came(journey: str) -> ResponseReturnValue:
    club, programme = current_club(), current_programme()
    known = next((each for each in journeys_to_queue(programme) if each.id == journey), None)
    if known is None:
        not_found()
    now, after = club.now(), _after()
    since = version_span(club.timeline(), known, now=now).since
    asked = SentAsked(known.queued_as, timedelta(days=known.measure_days), since, now, after)
    with club.store.read() as uow:
        page = came_after(uow, asked, limit=MESSAGES)
    note_look(signed().desk, "figure_seen")
    words, lang, shop = words_now(), language(), programme.shop

    def day(at: datetime) -> str:
        return day_word(words, shop.business_date(at))

    more = None
    if page.next_at:
        place = page.next_at
        more = {"at": place.at.astimezone(UTC).isoformat(), "after": str(place.member_id)}
    return layout.page(
        "result_came",
        journey=known,
        name=journey_name(words, known.id),
        messages=page.messages,
        still_open=page.still_open,
        people=[
            (each, formal(each.name, lang), day(each.sent_at), day(each.came_at))
            for each in page.people
        ],
        spaced=spaced_number,
        more=more,
        is_first=after is None,
    )


def _after() -> SentPlace | None:
    """Where the page before ended, as the address tells it; None for the first page, and for what
    is no place."""
    after = whole_number(request.args.get("after", ""), 15)
    at = instant(request.args.get("at", ""))
    return None if after is None or at is None else SentPlace(at, after)
