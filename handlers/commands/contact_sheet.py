"""The contact sheet: every picture of a club, with names that are hard to draw."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

from images.badge import draw_badge
from images.banner import draw_banner
from images.calendar import draw_calendar
from images.card import draw_card
from images.closed import draw_closed
from images.greeting import Occasion, draw_greeting
from images.medal import State
from images.new_year import draw_new_year
from images.poster import draw_poster
from images.recap import draw_recap
from images.rich_menu import draw_rich_menu
from images.sheet import SheetRow
from images.shelf import draw_shelf
from rules.base import LANGS
from rules.facts import DayTotal, Facts, RankState, newcomer
from rules.outlook.month import last_month
from rules.programme.programme import Programme
from rules.wording.card import CardHolder, card_view
from rules.wording.names import greeting

from ..art import ArtFolder
from ..showing import views
from ..showing.menus import menu_pictures
from ..showing.poster import poster_picture
from ..showing.views import Scene

#: As long as a LINE name may be to us, emoji, rare kanji, and none at all.
NAMES = (
    "とても長い名前をつけるのが好きなさくらとゆかいな仲間たち御一行様です🌸本日も元気",
    "☕Mika🎉💪",
    "髙橋 﨑山",
    "",
)
#: Made up; it is signed like any other, so the codes on the sheet are as dense as real ones.
NUMBER = "4820117736"
_STATES: tuple[State, ...] = ("locked", "earned", "new")


@dataclass(frozen=True, slots=True)
class SampleClub:
    """A club to be shown."""

    programme: Programme
    art: ArtFolder
    #: What its cards' QR say.
    code: str
    #: What its poster's says.
    link: str


def sheet_rows(club: SampleClub, *, today: date) -> Iterator[SheetRow]:
    """Every picture of the club in both languages: cards by rank and name, and all the others."""
    scenes = [Scene(club.programme, club.art, lang) for lang in LANGS]
    name = scenes[0].shop
    for tier, rank in enumerate(_ranks(club.programme)):
        cards = [
            _card(scene, club, rank, called, points=(0, 1_240, 38_500)[tier % 3], today=today)
            for scene in scenes
            for called in NAMES
        ]
        yield SheetRow(f"{name} · {rank or '–'}", cards, 266)
    closed = [draw_closed(views.closed_picture(scene), scene.look) for scene in scenes]
    yield SheetRow(f"{name} · closed", closed, 266)
    yield SheetRow(f"{name} · badges", [p for s in scenes for p in _badges(s, today)], 266)
    yield SheetRow(f"{name} · new ranks", [p for s in scenes for p in _banners(s)], 266)
    greetings = [p for s in scenes for p in _greetings(s, today)]
    yield SheetRow(f"{name} · greetings", greetings, 266)
    months = [p for s in scenes for p in (_shelf(s, today), *_months(s, today))]
    yield SheetRow(f"{name} · shelf and months", months, 420)
    menus = [draw_rich_menu(picture, scene.look) for scene, picture in menu_pictures(scenes)]
    yield SheetRow(f"{name} · menus", menus, 260)
    posters = [draw_poster(poster_picture(scene, club.link), scene.look) for scene in scenes]
    yield SheetRow(f"{name} · poster", posters, 900)


def _ranks(programme: Programme) -> list[str | None]:
    ladder = programme.ranks
    return [None, *(step.id for step in ladder.steps)] if ladder else [None]


def _card(
    scene: Scene, club: SampleClub, rank: str | None, name: str, *, points: int, today: date
) -> bytes:
    facts = replace(_facts(scene.programme, today), balance=points, rank=RankState(rank))
    person = CardHolder(NUMBER, greeting(name, scene.lang))
    shown = card_view(scene.programme, facts, person, (), day=today, lang=scene.lang)
    return draw_card(views.card_picture(scene, shown, facts, code=club.code), scene.look)


def _facts(programme: Programme, today: date) -> Facts:
    """Somebody who comes on Tuesdays, and has earned every other badge."""
    joined = today - timedelta(days=200)
    came = tuple(DayTotal(day, visits=1) for day in sorted(_visits(today)))
    return replace(
        newcomer(joined, datetime.combine(joined, time(3), UTC)),
        settled=today.replace(day=1),
        visits=len(came),
        last_visit_on=came[-1].on,
        days=came,
        badges={badge.id: joined for badge in programme.badges[::2]},
        badge_counts={badge.id: n for n, badge in enumerate(programme.badges)},
    )


def _visits(today: date) -> dict[date, int]:
    """Every Tuesday and every other Saturday of the last weeks, one of them twice."""
    back = [today - timedelta(days=n) for n in range(90)]
    days = {day: 1 for day in back if day.weekday() == 1 or (day.weekday() == 5 and day.day % 2)}
    return {**days, max(days): 2}


def _badges(scene: Scene, today: date) -> Iterator[bytes]:
    for place, state in enumerate(_STATES):
        badge = scene.programme.badges[place % len(scene.programme.badges)]
        on = None if state == "locked" else today
        view = views.badge_picture(scene, badge, state=state, on=on, had=3, needed=10)
        yield draw_badge(view, scene.look)


def _banners(scene: Scene) -> Iterator[bytes]:
    name = greeting("髙橋 さくら🌸", scene.lang)
    for rank in _ranks(scene.programme)[1:]:
        view = views.banner_picture(scene, rank or "", reason="reached", name=name)
        if view is not None:
            yield draw_banner(view, scene.look)


def _greetings(scene: Scene, today: date) -> Iterator[bytes]:
    name = greeting("髙橋 さくら🌸", scene.lang)
    for occasion in get_args(Occasion):
        yield draw_greeting(views.greeting_picture(scene, occasion, name), scene.look)
    yield draw_new_year(views.new_year_picture(scene, today.year + 1, name), scene.look)


def _shelf(scene: Scene, today: date) -> bytes:
    view = views.shelf_picture(scene, _facts(scene.programme, today), today)
    return draw_shelf(view, scene.look)


def _months(scene: Scene, today: date) -> Iterator[bytes]:
    this = today.replace(day=1)
    for month in ((this - timedelta(days=1)).replace(day=1), this):
        view = views.calendar_picture(
            scene, month, _visits(today), today=today, facts=_facts(scene.programme, today)
        )
        yield draw_calendar(view, scene.look)
    facts = _facts(scene.programme, today)
    badges = dict.fromkeys(facts.badges, this - timedelta(days=3))
    recap = replace(last_month(replace(facts, badges=badges), today), points=240)
    yield draw_recap(views.recap_picture(scene, recap, _visits(today)), scene.look)
