"""The console's first page: what matters this week, the figures, who is to be thought of, what went
out, what was unusual, what comes. A manager has that of their own store."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask.typing import ResponseReturnValue

from bot.store.figures import keeping
from handlers.showing.monday import STORES_MAX, WeekAsked, asked_now, gathered
from rules.broadcasts.broadcast import id_of as broadcast_id
from rules.explaining.explain_journeys import journey_name
from rules.explaining.figure_words import span_line
from rules.journeys.risk import ABSENT
from rules.monday.matters import Code, Matter, matters
from rules.monday.ordinary import WEEKS
from rules.monday.week import SentLately
from rules.monday.words import (
    ahead_sentence,
    brought,
    came_plainly,
    five_lines,
    matter_button,
    matter_sentence,
    people_word,
    store_figures,
    store_name,
    unusual_sentence,
)
from rules.outlook.gone import GONE_BELOW
from rules.wording.words import Words

from ...current import current_club
from ...staff.frame.access import manager_page, may_see, signed
from ...staff.frame.looks import note_look
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.absence import news_since
from ..frame.blueprint import pages
from ..frame.money import by_worth, has_money
from .owed import owed
from .people import DRIFTING_MAX, PEOPLE_MAX, people_of

layout.place(1, "owner.home")

#: So many kinds of messages are told by name.
_SENT_MAX = 6
#: Where each matter is seen to; a reader who may not see it isn't told of it.
_SEEN_TO: dict[Code, str] = {
    "night": "owner.doctor",
    "overdue": "owner.heard",
    "waiting": "owner.heard",
    "drifting": "owner.members",
    "quota": "owner.quota",
    "codes": "owner.codes",
    "out_of_reach": "owner.programme",
    "trial": "owner.broadcast",
    "test": "owner.results",
    "flags": "staff.flags",
}


@dataclass(frozen=True, slots=True)
class MatterCard:
    """What matters, and where it is seen to."""

    code: Code
    sentence: str
    button: str
    address: str


@dataclass(frozen=True, slots=True)
class SentLine:
    """What went out of one kind, what it brought, and where that is told."""

    name: str
    messages: int
    brought: str
    #: How many came, where nothing sure is known yet.
    plain: str
    address: str


@pages.get("/", endpoint="home")
@manager_page
def monday() -> ResponseReturnValue:
    asked, words = _asked(), words_now()
    week = gathered(asked)
    if not week.has_members:
        return layout.page("monday_first", first=_first_steps(), first_text=first_text)
    found = matters(week.stakes, [code for code in _SEEN_TO if _may_see(_SEEN_TO[code])])
    people, since = people_of(asked), news_since(asked.day)
    if people.short or people.drifting:
        note_look(signed().desk, "monday_seen")
    with current_club().store.read() as uow:
        is_behind = keeping.is_behind(uow)
        points = owed(uow, asked) if week.store is None else None
    return layout.page(
        "monday",
        of_store=store_name(words, week.store) if week.store else "",
        matters=[_card(words, each, since) for each in found],
        figures=store_figures(words, week),
        is_behind=is_behind,
        more_stores=len(asked.programme.stores) > STORES_MAX and week.store is None,
        stores_max=STORES_MAX,
        has_ranks=asked.programme.ranks is not None,
        people=people,
        drifting=week.stakes.drifting,
        all_drifting=people_word(words, week.stakes.drifting.people),
        whom={"risks": list(ABSENT)},
        by_worth=by_worth(),
        new_since=since,
        away_how=words.say(
            "owner.monday.away_how_yen" if has_money() else "owner.monday.away_how_year",
            most=DRIFTING_MAX,
        ),
        people_max=PEOPLE_MAX,
        points=points,
        span=span_line(words, week.period.whole),
        gone_below=round(100 * GONE_BELOW),
        sent=[_sent(words, each) for each in week.sent[:_SENT_MAX]],
        sent_rest=max(0, len(week.sent) - _SENT_MAX),
        unusual=[unusual_sentence(words, *each) for each in week.unusual],
        weeks=WEEKS,
        flags=week.stakes.flags,
        ahead=[ahead_sentence(words, each) for each in week.ahead],
        lines=five_lines(words, week, found) if week.store is None else (),
        is_owner=week.store is None,
    )


def _asked() -> WeekAsked:
    someone = signed()
    return asked_now(current_club(), None if someone.everywhere else someone.desk.store)


def _may_see(endpoint: str) -> bool:
    return may_see(endpoint, signed().desk.role)


def _first_steps() -> list[tuple[str, str]]:
    """Where one begins while there are no members: the text of each, and its address."""
    steps = (("setup", "owner.setup_after"), ("programme", "owner.programme"),
             ("stores", "owner.stores"))  # fmt: skip
    return [(name, url_for(endpoint)) for name, endpoint in steps if _may_see(endpoint)]


def first_text(name: str) -> str:
    """The text of a first step."""
    return f"owner.monday.first_{name}"


def _card(words: Words, matter: Matter, since: date) -> MatterCard:
    """`since`: from which day on it is news that somebody stays away."""
    endpoint = _SEEN_TO[matter.code]
    match matter.code:
        case "drifting":
            address = url_for(endpoint, drifting_since=since, sort=by_worth())
        case "trial":
            address = url_for(endpoint, broadcast_id=int(matter.of))
        case "test":
            address = url_for(endpoint, _anchor=f"decide-{matter.values['names'][0]}")
        case "out_of_reach":
            address = url_for(endpoint, _anchor="rewards")
        case _:
            address = url_for(endpoint)
    return MatterCard(
        matter.code, matter_sentence(words, matter), matter_button(words, matter), address
    )


def _sent(words: Words, sent: SentLately) -> SentLine:
    number = broadcast_id(sent.journey)
    address = url_for("owner.results")
    if number is not None:
        address = url_for("owner.broadcast", broadcast_id=number)
    elif sent.low is not None or sent.plain:
        address = url_for("owner.results", _anchor=sent.journey.replace(":", "-"))
    name, plain = journey_name(words, sent.journey), came_plainly(words, sent)
    return SentLine(name, sent.messages, brought(words, sent), plain, address)
