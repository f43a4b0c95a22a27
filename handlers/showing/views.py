"""What pictures show, as finished strings: the programme's and a member's facts in one language."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.calendar import is_public_holiday
from images.badge import BadgePicture
from images.banner import BannerPicture
from images.barcode import Barcode
from images.calendar import CalendarDay, CalendarPicture
from images.card import CardPicture
from images.closed import ClosedPicture
from images.greeting import GreetingPicture, Occasion
from images.look import Look
from images.medal import Medal, State
from images.new_year import NewYearPicture
from images.recap import RecapPicture
from images.share import SharePicture
from images.shelf import BADGES_MAX, ShelfBadge, ShelfPicture
from rules.base import WEEKDAYS, Lang
from rules.characters import spaced_number
from rules.facts import Facts
from rules.outlook.campaign_days import CampaignDays, campaign_days
from rules.outlook.month import MonthRecap
from rules.programme.badges import Badge
from rules.programme.programme import Programme
from rules.shop import days, next_month
from rules.wording.badges import badge_label
from rules.wording.card import CardView, badge_views
from rules.wording.texts import day_since, long_date, month_name, show, weekday_names
from rules.wording.words import Words
from rules.zodiac import animal_of

from ..art import ArtFolder

#: A new design makes new addresses, so that nobody is shown what was drawn before it.
DESIGN = 2
#: How many days the rhythm of somebody's weeks is read from, and from how many visits on.
RHYTHM_DAYS = 84
_RHYTHM_VISITS_MIN = 4
#: From which share of all visits on a weekday is somebody's own.
_OWN_DAY = 0.3


@dataclass(frozen=True, slots=True)
class Scene:
    """What every picture of one club is made with, in one language."""

    programme: Programme
    art: ArtFolder
    lang: Lang

    @property
    def shop(self) -> str:
        return self.programme.shop.name.in_(self.lang)

    @property
    def look(self) -> Look:
        theme = self.programme.theme
        return Look(
            self.programme.shop.accent,
            theme.texture,
            self.art.get(theme.logo),
            self.art.get(theme.mascot),
        )

    @property
    def plain_colours(self) -> tuple[str, str]:
        """What belongs to somebody without a rank: the shop's own colours."""
        colours = self.look.colours
        return colours.back, colours.back_end

    @property
    def words(self) -> Words:
        return Words(self.programme, self.lang)

    def say(self, key: str, **values: Any) -> str:
        """A text of the pictures, with the shop's own words."""
        return self.words.say(key, **values)

    def tier(self, rank: str | None) -> tuple[int, int]:
        """The rank's place on the ladder, from 1 (0 for none), and how many steps there are."""
        ladder = self.programme.ranks
        return (ladder.index(rank) + 1, len(ladder.steps)) if ladder else (0, 0)


def fingerprint(view: object, look: Look) -> str:
    """What a picture shows, as a few letters: another picture has others."""
    return hashlib.sha256(repr((DESIGN, view, look)).encode()).hexdigest()[:10]


def card_picture(scene: Scene, view: CardView, facts: Facts, *, code: str) -> CardPicture:
    """The card of a member. `view.name` is as the chat greets them."""
    tier, tiers = scene.tier(facts.rank.id)
    return CardPicture(
        shop=view.shop,
        name=view.name,
        number=spaced_number(view.number),
        code=code,
        caption=scene.say("picture.code"),
        points=show(scene.lang, view.points),
        points_name=view.points_name,
        rank=view.rank,
        colours=view.colours if tier else scene.plain_colours,
        tier=tier,
        tiers=tiers,
        step=view.step_text,
        progress=view.progress,
        barcode=barcode(scene.programme, view.number),
    )


def barcode(programme: Programme, number: str) -> Barcode | None:
    """The barcode of that card; None where the programme has none on it."""
    policy = programme.card
    if policy.barcode is None:
        return None
    text = policy.barcode_text(number)
    spaced = spaced_number(number)
    readable = f"{text[:2]} {spaced} {text[-1]}" if policy.barcode == "jan13" else spaced
    return Barcode(policy.barcode, text, readable)


def closed_picture(scene: Scene) -> ClosedPicture:
    """What stands in the place of a card that counts no more."""
    return ClosedPicture(
        scene.shop, scene.say("picture.closed"), scene.say("picture.closed_advice")
    )


def shelf_picture(scene: Scene, facts: Facts, day: date) -> ShelfPicture:
    """The member's badges; hidden ones only once they are earned."""
    views = badge_views(scene.programme, facts, day=day, lang=scene.lang)
    badges = {badge.id: badge for badge in scene.programme.badges}
    shown = []
    for view in views[:BADGES_MAX]:
        earned = view.earned_on is not None
        when = day_since(scene.lang, view.earned_on, day) if view.earned_on else ""
        note = when or f"{view.had:,} / {view.needed:,}"
        struck = _medal(
            scene,
            badges[view.id],
            "earned" if earned else "locked",
            fraction=view.had / view.needed,
        )
        shown.append(ShelfBadge(struck, view.name, note))
    earned_count = sum(view.earned_on is not None for view in views)
    return ShelfPicture(scene.say("menu.badges"), f"{earned_count} / {len(views)}", tuple(shown))


def badge_picture(
    scene: Scene,
    badge: Badge,
    *,
    state: State,
    on: date | None = None,
    had: int = 0,
    needed: int = 1,
) -> BadgePicture:
    """One badge: earned or new `on` that day, or locked with `had` of `needed`."""
    note = long_date(scene.lang, on) if on else scene.say("picture.so_far", had=had, needed=needed)
    return BadgePicture(
        medal=_medal(scene, badge, state, fraction=had / needed),
        headline=scene.say(f"picture.badge_{state}"),
        name=badge.name.in_(scene.lang),
        how=badge_label(scene.words, badge),
        note=note,
        shop=scene.shop,
    )


def _medal(scene: Scene, badge: Badge, state: State, *, fraction: float) -> Medal:
    tone = next(n for n, known in enumerate(scene.programme.badges) if known.id == badge.id)
    # In steps, so that equal medals are drawn once.
    share = round(min(1.0, fraction) * 40) / 40 if state == "locked" else 0.0
    return Medal(badge.icon, tone, state, share, scene.art.get(badge.art))


def banner_picture(scene: Scene, rank: str, *, reason: str, name: str) -> BannerPicture | None:
    """A rank just reached or revived; None for a rank that this programme doesn't have."""
    ladder = scene.programme.ranks
    step = ladder.get(rank) if ladder else None
    if step is None:
        return None
    tier, tiers = scene.tier(rank)
    return BannerPicture(
        headline=scene.say(
            "picture.rank_revived" if reason == "revived" else "picture.rank_reached"
        ),
        name=name,
        rank=step.name.in_(scene.lang),
        colours=step.colours,
        tier=tier,
        tiers=tiers,
        perks=tuple(perk.name.in_(scene.lang) for perk in step.perks),
        shop=scene.shop,
    )


def greeting_picture(scene: Scene, occasion: Occasion, name: str) -> GreetingPicture:
    """Best wishes for a birthday, or a word to who has been away."""
    key = f"birthday_{scene.programme.profile.birthday_is}" if occasion == "birthday" else occasion
    return GreetingPicture(occasion, scene.say(f"picture.greeting.{key}"), name, scene.shop)


def new_year_picture(scene: Scene, year: int, name: str) -> NewYearPicture:
    """Best wishes for that year."""
    animal = animal_of(year)
    whose = scene.say("picture.year_of", year=str(year), animal=scene.say(f"zodiac.{animal.id}"))
    wish = scene.say("picture.greeting.new_year")
    return NewYearPicture(wish, name, whose, animal.emoji, animal.kanji, scene.shop)


def share_picture(scene: Scene, line: int) -> SharePicture:
    """What a member shares, with the line of that number."""
    said = scene.say(f"share.line.{line}", shop=scene.shop)
    note = scene.say("share.note", shop=scene.shop)
    return SharePicture(said, scene.shop, scene.say("share.mark"), note)


def calendar_picture(
    scene: Scene, month: date, visits: Mapping[date, int], *, today: date, facts: Facts | None
) -> CalendarPicture:
    """The month beginning `month`, Sunday first. `visits` by day, `RHYTHM_DAYS` back from `today`
    and over the whole month; a day that is still to come has none. `facts` are the member's, for
    whom some campaigns are; None where it is nobody's calendar."""
    # A month that is over keeps the rhythm it ended with.
    rhythm, note = _rhythm(scene, visits, min(today, next_month(month)))
    campaigns = _campaigns(scene.programme, month, facts)
    marked = frozenset(day for each in campaigns for day in each.days)
    return replace(
        _month(scene, month, visits, today, marked),
        rhythm=rhythm,
        rhythm_note=note,
        extras=scene.words.listed(scene.words.name(each.campaign.name) for each in campaigns),
    )


def recap_picture(scene: Scene, recap: MonthRecap, visits: Mapping[date, int]) -> RecapPicture:
    """A month that is over, with its `visits` by day, which may go beyond it."""
    badges = (scene.programme.badge(badge) for badge in recap.badges)
    return RecapPicture(
        _month(scene, recap.month, visits, next_month(recap.month), frozenset()),
        scene.say("picture.thanks"),
        scene.shop,
        f"+{show(scene.lang, recap.points)}" if recap.points else "",
        scene.words.points if recap.points else "",
        tuple(_medal(scene, badge, "earned", fraction=1) for badge in badges if badge),
    )


def _month(
    scene: Scene,
    month: date,
    visits: Mapping[date, int],
    today: date,
    marked: Collection[date],
) -> CalendarPicture:
    """The month's days and how often somebody came."""
    count = sum(visits.get(day, 0) for day in days(month, next_month(month)))
    names = weekday_names(scene.lang)
    return CalendarPicture(
        title=month_name(scene.lang, month),
        figure=show(scene.lang, count),
        figure_caption=scene.say("picture.visits", count=count),
        weekdays=(names[6], *names[:6]),
        weeks=tuple(_weeks(scene, month, visits, today, marked)),
    )


def _campaigns(programme: Programme, month: date, facts: Facts | None) -> tuple[CampaignDays, ...]:
    """The campaigns that have days of their own in the month."""
    country, span = programme.shop.country, list(days(month, next_month(month)))
    holidays = {day for day in span if is_public_holiday(country, day)}
    return campaign_days(programme, span, holidays, facts)


def _weeks(
    scene: Scene,
    month: date,
    visits: Mapping[date, int],
    today: date,
    marked: Collection[date],
) -> list[tuple[CalendarDay, ...]]:
    first = month - timedelta(days=(month.weekday() + 1) % 7)
    weeks = []
    while first < next_month(month):
        week = list(days(first, first + timedelta(days=7)))
        shown = (_day(scene, day, month, visits.get(day, 0), today) for day in week)
        weeks.append(
            tuple(
                replace(each, extra=bool(each.number) and day in marked)
                for each, day in zip(shown, week, strict=True)
            )
        )
        first += timedelta(days=7)
    return weeks


def _day(scene: Scene, day: date, month: date, visits: int, today: date) -> CalendarDay:
    if (day.year, day.month) != (month.year, month.month):
        return CalendarDay("")
    if day == today:
        return CalendarDay(str(day.day), visits, "today")
    if not scene.programme.shop.is_open(day):
        return CalendarDay(str(day.day), visits, "closed")
    return CalendarDay(str(day.day), visits, "future" if day > today else "past")


def _rhythm(scene: Scene, visits: Mapping[date, int], today: date) -> tuple[tuple[float, ...], str]:
    """How the last weeks' visits fall on the weekdays, Sunday first, if that says anything."""
    since = today - timedelta(days=RHYTHM_DAYS)
    totals = dict.fromkeys(range(7), 0)
    for day, count in visits.items():
        if since <= day <= today:
            totals[day.weekday()] += count
    most = max(totals.values())
    total = sum(totals.values())
    best = [weekday for weekday in totals if totals[weekday] == most]
    if total < _RHYTHM_VISITS_MIN or len(best) > 1 or most < _OWN_DAY * total:
        return (), ""
    names = scene.say(f"explain.weekday.{WEEKDAYS[best[0]]}")
    shares = tuple(round(totals[weekday] / most, 3) for weekday in (6, 0, 1, 2, 3, 4, 5))
    return shares, scene.say("picture.rhythm", weekday=names)
