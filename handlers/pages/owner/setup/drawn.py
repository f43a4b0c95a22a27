"""What members and customers will see, drawn of a programme that nobody is a member of yet."""

from dataclasses import replace

from handlers.showing import views
from handlers.showing.menus import menu_pictures
from handlers.showing.poster import poster_picture
from handlers.showing.views import Scene
from images.card import CardPicture
from images.look import Look
from images.poster import PosterPicture
from images.rich_menu import MenuPicture
from rules.base import Lang
from rules.facts import changed, newcomer
from rules.programme.programme import Programme
from rules.wording.card import CardHolder, card_view
from rules.wording.texts import say

from ...current import current_club

#: Nobody's: the number has the check digit of no member's.
_NUMBER = "0000000000"
_POINTS = 240


def sample_card(programme: Programme, lang: Lang) -> tuple[CardPicture, Look]:
    """The card of somebody who has no rank yet: it is in the shop's own colours."""
    scene = Scene(programme, current_club().art, lang)
    now = current_club().wall.now()
    day = programme.shop.business_date(now)
    facts = changed(newcomer(day, now), balance=_POINTS)
    holder = CardHolder(_NUMBER, say(lang, "owner.look.name"))
    view = card_view(programme, facts, holder, (), day=day, lang=lang)
    return views.card_picture(scene, view, facts, code=say(lang, "owner.look.code")), scene.look


def sample_menu(programme: Programme, lang: Lang) -> tuple[MenuPicture, Look]:
    """The menu under the chat, as everybody sees it."""
    scene, menu = next(menu_pictures([Scene(programme, current_club().art, lang)]))
    return menu, scene.look


def sample_poster(programme: Programme, lang: Lang, shop: str) -> tuple[PosterPicture, Look]:
    """The poster for the counter, of a shop of that name; of the programme's where it is empty. Its
    QR leads nowhere yet."""
    scene = Scene(programme, current_club().art, lang)
    poster = poster_picture(scene, "https://line.me/")
    return (replace(poster, shop=shop) if shop else poster), scene.look
