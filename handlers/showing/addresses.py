"""Pictures by their addresses: made where messages are written, read where pictures are served.

An address says what is drawn and for whom, encrypted, and carries a fingerprint of what it showed
when it was made, so that a card that has changed has another address and no cache shows the old
one. It never expires. An old one still leads to a picture: of the member as they are now (card,
shelf, month), or of the moment it was made for (a new badge, a new rank). What shows the member as
they are now is of one issue of the card: once that is closed, the address says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, get_args

from bot.codes import PictureAddress
from bot.store import UnitOfWork
from bot.store.finding import cards
from bot.store.history import stock, visit_days
from bot.store.members import line_accounts, profiles
from bot.store.members.members import Member
from handlers.club import Club
from images.badge import draw_badge
from images.banner import draw_banner
from images.calendar import calendar_size, draw_calendar
from images.card import card_size, draw_card
from images.closed import draw_closed
from images.greeting import Occasion, draw_greeting
from images.look import Look
from images.new_year import draw_new_year
from images.paint import Size
from images.recap import draw_recap, recap_size
from images.share import draw_share
from images.shelf import draw_shelf, shelf_size
from rules.base import LANGS, Lang
from rules.facts import Facts
from rules.outlook.month import MonthRecap, badges_in
from rules.programme.badges import Badge
from rules.programme.programme import Programme
from rules.shop import next_month
from rules.wording.card import CardHolder, CardView, card_view
from rules.wording.names import greeting as greeted_as

from . import views
from .viewer import Viewer, as_of, in_segments
from .views import Scene, fingerprint

#: The lines that what is shared may say (`share.line.<number>` in the texts).
SHARE_LINES: Final = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a picture is, and how large it is in pixels."""

    url: str
    size: Size

    @property
    def ratio(self) -> str:
        """As LINE's Flex messages want it: "1024:682"."""
        return f"{self.size[0]}:{self.size[1]}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that can be drawn."""

    view: Any
    look: Look
    #: Called with `view` and `look`.
    draw: Callable[[Any, Look], bytes]
    #: Tells it from every other.
    key: str
    #: Whether its address will show nothing else any more.
    for_good: bool = False

    def bytes(self) -> bytes:
        return self.draw(self.view, self.look)


def card(club: Club, scene: Scene, card: CardView, facts: Facts, issue: int) -> Address:
    """The member's card, in the issue that counts."""
    view = views.card_picture(scene, card, facts, code=str(issue))
    what = PictureAddress("card", card.number, fingerprint(view, scene.look), issue)
    return _address(club, what, card_size(view))


def card_name(uow: UnitOfWork, member: Member, greeted: str) -> str:
    """Whose name is on the card: the one that staff know, else as the chat greets them. A parent's
    chat has several cards."""
    return greeted_as(profiles.get(uow, member.id).name, member.language) or greeted


def shelf(club: Club, scene: Scene, member: Member, day: date) -> Address:
    """The badges, on business day `day`, of a member settled up to it."""
    view = views.shelf_picture(scene, member.facts, day)
    what = PictureAddress("badges", member.number, fingerprint(view, scene.look), member.issue)
    return _address(club, what, shelf_size(len(view.badges)))


def calendar(
    club: Club,
    scene: Scene,
    member: Member,
    month: date,
    visits: Mapping[date, int],
    *,
    today: date,
) -> Address:
    """The member's visits in the month beginning `month` (see `visits_for`)."""
    view = views.calendar_picture(scene, month, visits, today=today, facts=member.facts)
    size = calendar_size(len(view.weeks), rhythm=bool(view.rhythm_note))
    detail = f"{month:%Y-%m} {fingerprint(view, scene.look)}"
    return _address(club, PictureAddress("calendar", member.number, detail, member.issue), size)


def visits_for(uow: UnitOfWork, member_id: int, month: date, today: date) -> dict[date, int]:
    """The visits that a month's calendar and its rhythm are made of."""
    seen_from = min(today, next_month(month))
    start = min(month, seen_from - timedelta(days=views.RHYTHM_DAYS))
    return visit_days.between(uow, member_id, start, next_month(month))


def recap(
    club: Club, scene: Scene, number: str, recap: MonthRecap, visits: Mapping[date, int]
) -> Address:
    """A member's month that is over, of which `visits` are by day."""
    view = views.recap_picture(scene, recap, visits)
    detail = f"{recap.month:%Y-%m} {recap.points} {scene.lang} {fingerprint(view, scene.look)}"
    what = PictureAddress("month", number, detail)
    return _address(club, what, recap_size(len(view.month.weeks)))


def new_badge(club: Club, scene: Scene, number: str, badge: Badge, on: date) -> Address:
    """A badge just earned."""
    view = views.badge_picture(scene, badge, state="new", on=on)
    detail = f"{badge.id} {on.isoformat()} {scene.lang} {fingerprint(view, scene.look)}"
    return _address(club, PictureAddress("badge", number, detail), (1024, 682))


def new_rank(
    club: Club, scene: Scene, number: str, rank: str, *, reason: str, name: str
) -> Address | None:
    """A rank just reached or revived; None for a rank that the programme doesn't have."""
    view = views.banner_picture(scene, rank, reason=reason, name=name)
    if view is None:
        return None
    detail = f"{rank} {reason} {scene.lang} {fingerprint(view, scene.look)}"
    return _address(club, PictureAddress("rank", number, detail), (1024, 682))


def greeting(club: Club, scene: Scene, number: str, occasion: Occasion, *, name: str) -> Address:
    """Best wishes, or a word to who has been away."""
    view = views.greeting_picture(scene, occasion, name)
    detail = f"{occasion} {scene.lang} {fingerprint(view, scene.look)}"
    return _address(club, PictureAddress("greeting", number, detail), (1024, 682))


def new_year(club: Club, scene: Scene, number: str, year: int, *, name: str) -> Address:
    """Best wishes for that year."""
    view = views.new_year_picture(scene, year, name)
    detail = f"{year} {scene.lang} {fingerprint(view, scene.look)}"
    return _address(club, PictureAddress("new_year", number, detail), (1024, 682))


def share(club: Club, scene: Scene, number: str, line: int) -> Address:
    """What a member shares, with the line of that number."""
    view = views.share_picture(scene, line)
    detail = f"{line} {scene.lang} {fingerprint(view, scene.look)}"
    return _address(club, PictureAddress("share", number, detail), (1024, 536))


def _address(club: Club, what: PictureAddress, size: Size) -> Address:
    return Address(club.base_url + club.codes.picture_path(what), size)


@dataclass(frozen=True, kw_only=True)
class _PictureRequest(Viewer):
    """Somebody asks for a picture of the member, as an address of ours says."""

    uow: UnitOfWork
    details: tuple[str, ...]

    def scene_in(self, lang: Lang, programme: Programme | None = None) -> Scene:
        return Scene(programme or self.programme, self.club.art, lang)

    def moment(self, view: Any, look: Look, draw: Callable[[Any, Look], bytes]) -> Drawing:
        """Something that happened, which stays as it was."""
        drawing = _drawing(view, look, draw)
        return replace(drawing, for_good=drawing.key == self.details[-1])


def _drawing(view: Any, look: Look, draw: Callable[[Any, Look], bytes]) -> Drawing:
    return Drawing(view, look, draw, fingerprint(view, look))


def find(club: Club, uow: UnitOfWork, member: Member, what: PictureAddress) -> Drawing | None:
    """What an address leads to now; None for one that no version of ours made."""
    kind = _KINDS.get(what.kind)
    details = tuple(what.detail.split(" "))
    if kind is None or len(details) != kind[0]:
        return None
    now = club.now()
    if kind[1] not in _MOMENTS and _is_closed(member, what):
        return _closed(Scene(club.timeline().at(now).programme, club.art, member.language))
    timeline = club.timeline()
    programme = timeline.at(now).programme
    day = programme.shop.business_date(now)
    account = line_accounts.get(uow, member.line_user_id or "")
    asked = _PictureRequest(
        club=club,
        programme=programme,
        member=in_segments(uow, programme, day, [as_of(timeline, member, now)])[0],
        day=day,
        display_name=account.display_name if account else "",
        uow=uow,
        details=details,
    )
    return kind[1](asked)


def _is_closed(member: Member, what: PictureAddress) -> bool:
    """Whether it is of a card that counts no more: issued anew, moved, or put together with
    another, whose holder has an address of their own."""
    return member.merged_into is not None or what.issue != member.issue


def _closed(scene: Scene) -> Drawing:
    return _drawing(views.closed_picture(scene), scene.look, draw_closed)


def _card(asked: _PictureRequest) -> Drawing:
    member, lang = asked.member, asked.member.language
    beside = cards.details(asked.uow, member.id, asked.day)
    person = CardHolder(member.number, greeted_as(beside.name, lang) or asked.name)
    programme, now = asked.programme, asked.club.now()
    shown = card_view(
        programme,
        member.facts,
        person,
        beside.lots,
        day=asked.day,
        lang=lang,
        withheld=stock.withheld(asked.uow, programme, member, now=now),
    )
    scene = asked.scene
    code = asked.club.codes.card_code(member.number, member.issue)
    view = views.card_picture(scene, shown, member.facts, code=code)
    return _drawing(view, scene.look, draw_card)


def _shelf(asked: _PictureRequest) -> Drawing:
    scene = asked.scene
    view = views.shelf_picture(scene, asked.member.facts, asked.day)
    return _drawing(view, scene.look, draw_shelf)


def _calendar(asked: _PictureRequest) -> Drawing:
    scene = asked.scene
    month = date.fromisoformat(f"{asked.details[0]}-01")
    visits = visits_for(asked.uow, asked.member.id, month, asked.day)
    view = views.calendar_picture(scene, month, visits, today=asked.day, facts=asked.member.facts)
    return _drawing(view, scene.look, draw_calendar)


def _recap(asked: _PictureRequest) -> Drawing:
    first, points, lang, _ = asked.details
    scene, month = asked.scene_in(_lang(lang)), date.fromisoformat(f"{first}-01")
    visits = visit_days.between(asked.uow, asked.member.id, month, next_month(month))
    badges = badges_in(asked.member.facts, month)
    # What was earned by then is of the message: nobody remembers it for long.
    recap = MonthRecap(month, sum(visits.values()), int(points), badges)
    return asked.moment(views.recap_picture(scene, recap, visits), scene.look, draw_recap)


def _badge(asked: _PictureRequest) -> Drawing | None:
    badge_id, on, lang, _ = asked.details
    scene = asked.scene_in(_lang(lang))
    badge = scene.programme.badge(badge_id)
    for version in reversed(asked.club.timeline().versions):
        # A badge may be gone from the programme; who earned it has it still.
        if badge is None and (badge := version.programme.badge(badge_id)):
            scene = asked.scene_in(_lang(lang), version.programme)
    if badge is None:
        return None
    view = views.badge_picture(scene, badge, state="new", on=date.fromisoformat(on))
    return asked.moment(view, scene.look, draw_badge)


def _rank(asked: _PictureRequest) -> Drawing | None:
    rank, reason, lang, _ = asked.details
    programmes = [asked.programme]
    programmes += [version.programme for version in reversed(asked.club.timeline().versions)]
    for programme in programmes:
        scene = asked.scene_in(_lang(lang), programme)
        view = views.banner_picture(scene, rank, reason=reason, name=asked.name)
        if view is not None:
            return asked.moment(view, scene.look, draw_banner)
    return None


def _greeting(asked: _PictureRequest) -> Drawing | None:
    occasion, lang, _ = asked.details
    scene = asked.scene_in(_lang(lang))
    found = next((known for known in get_args(Occasion) if known == occasion), None)
    if found is None:
        return None
    view = views.greeting_picture(scene, found, asked.name)
    return asked.moment(view, scene.look, draw_greeting)


def _new_year(asked: _PictureRequest) -> Drawing:
    year, lang, _ = asked.details
    scene = asked.scene_in(_lang(lang))
    view = views.new_year_picture(scene, int(year), asked.name)
    return asked.moment(view, scene.look, draw_new_year)


def _share(asked: _PictureRequest) -> Drawing | None:
    line, lang, _ = asked.details
    if line not in map(str, SHARE_LINES):
        return None
    scene = asked.scene_in(_lang(lang))
    return asked.moment(views.share_picture(scene, int(line)), scene.look, draw_share)


def _lang(told: str) -> Lang:
    return next((lang for lang in LANGS if lang == told), "ja")


#: How many details each kind of address has, and what it leads to.
_KINDS: dict[str, tuple[int, Callable[[_PictureRequest], Drawing | None]]] = {
    "card": (1, _card),
    "badges": (1, _shelf),
    "calendar": (2, _calendar),
    "month": (4, _recap),
    "badge": (4, _badge),
    "rank": (4, _rank),
    "greeting": (3, _greeting),
    "new_year": (3, _new_year),
    "share": (3, _share),
}
#: These show what happened, and nothing of the member as they are now.
_MOMENTS = (_recap, _badge, _rank, _greeting, _new_year, _share)
