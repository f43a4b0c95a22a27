"""お客さまの声: what members have said and let be shown, for anybody (`/voices`).

All of it by date, whatever its stars: to pick what praises would be a hidden advertisement
(景品表示法, ステマ規制). What was rewarded says so, and how many were taken down is told.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request

from bot.store.heard import reviews
from bot.store.heard.reviews import Review
from rules.characters import whole_number
from rules.heard.stars import STARS, stars_line
from rules.wording.texts import long_date
from rules.wording.words import Words

from .current import current_club, current_programme
from .headers import safe
from .language import page_language

SHOWN_MAX = 20
_PAGES_MAX = 5_000

pages = Blueprint(
    "voices",
    __name__,
    template_folder="templates",
    static_folder="static/voices",
    static_url_path="/voices/static",
)


@dataclass(frozen=True, slots=True)
class VoiceView:
    """A review as anybody reads it."""

    stars: str
    stars_said: str
    words: str
    name: str
    day: str
    rewarded: bool
    edited: bool


@pages.get("/voices")
def show() -> Response:
    """In Japanese, or with `?lang=en`; `page` from 1 on."""
    language = page_language()
    number = min(max(whole_number(request.args.get("page", ""), 6) or 1, 1), _PAGES_MAX)
    with current_club().store.read() as uow:
        found = reviews.shown(uow, after=(number - 1) * SHOWN_MAX, limit=SHOWN_MAX + 1)
        taken_down = reviews.count_taken_down(uow)
    words = Words(current_programme(), language.lang)
    shop = words.programme.shop
    page = render_template(
        "voices/page.html",
        lang=language.lang,
        language=language,
        say=words.say,
        shop=words.name(shop.name),
        voices=[_view(review, words) for review in found[:SHOWN_MAX]],
        taken_down=taken_down,
        newer=number - 1,
        older=number + 1 if len(found) > SHOWN_MAX else 0,
        elsewhere=shop.review_url,
    )
    return safe(make_response(page), "programme")


def _view(review: Review, words: Words) -> VoiceView:
    return VoiceView(
        stars=stars_line(review.stars),
        stars_said=words.say("voices.stars", count=review.stars, most=STARS[-1]),
        words=review.words,
        name=review.shown_as or words.say("voices.nobody"),
        day=long_date(words.lang, review.business_date),
        rewarded=review.rewarded,
        edited=review.edited_at is not None,
    )
