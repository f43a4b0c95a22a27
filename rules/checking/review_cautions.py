"""Words of the shop that pay or ask for stars and for reviews on sites, wherever they stand: sites
forbid reviews in return for something, and one that was paid for and doesn't say so is an unfair
representation (景品表示法 第5条第3号, ステマ規制)."""

import re
from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

from pydantic import BaseModel

from ..base import LANGS, LocalText
from ..journeys.journey import Journey
from ..programme.badges import Badge
from ..programme.campaigns import Campaign
from ..programme.earning import EarningRule
from ..programme.programme import Programme
from .caution import Caution
from .journey_problems import texts_in

_SITES = (
    r"google|グーグル|食べログ|tabelog|ぐるなび|ホットペッパー|トリップアドバイザー"
    r"|tripadvisor|yelp"
)
_REVIEWS = r"口コミ|クチコミ|くちこみ|レビュー|\breviews?\b"
_STARS = (
    r"星を?5つ?|(?:5|五)つ?星|星(?:を?五つ|五)|[★⭐☆]{3,}|[★⭐☆][x×]?5"
    r"|(?:\b5|\bfive)[ -]?stars?\b"
)
#: Words that ask for the ones above, or pay for them.
_ASKED = (
    r"(?:投稿|書[いくき]|お願い|ください|下さい|いただ|頂|[付つ]け|の?お礼|のご?協力|キャンペーン"
    r"|(?:で|すると|すれば)[^。]{0,10}"
    r"(?:ポイント|プレゼント|進呈|贈|特典|割引|無料|サービス|円引|円off|\d倍))"
)
_ASKING = r"\b(?:leave|write|post|give|rate|points for|reward for|thanks for)\b[^.]{0,20}"
_PAID = r"[^.]{0,10}\b(?:earns?|gets?|brings?|for (?:\d|points|a gift))"

_KINDS = tuple(re.compile(kind) for kind in (_SITES, _REVIEWS, _STARS))


def _asked(kind: str) -> re.Pattern[str]:
    return re.compile(f"(?:{kind})[^。]{{0,12}}{_ASKED}|{_ASKING}(?:{kind})|(?:{kind}){_PAID}")


_REVIEWS_ASKED, _STARS_ASKED = _asked(_REVIEWS), _asked(_STARS)
_REVIEWS_ON_A_SITE = _asked(_SITES)
_IN_CHAT = re.compile(r"トーク|チャット|\bchat\b")
#: In a message that goes out unasked there is no other reason to name one.
_IN_A_MESSAGE = re.compile(f"{_SITES}|{_REVIEWS}|{_STARS}|[★⭐]")

#: What the name of such a rule says is what its points are paid for. Reviews told in the chat and
#: posts marked PR may be; stars and sites of reviews never.
_NAMED_BY_THE_SHOP = {"eco", "feedback", "adopted", "newsletter", "deed"}
_NAMED_BY_US = {"review", "share"}


def review_cautions(programme: Programme) -> Iterator[Caution]:
    """Each text that asks or pays for stars or for reviews, but the journeys' own."""
    for name in Programme.model_fields:
        for path, text, part in _texts_below(getattr(programme, name), name, None):
            if any(_pays(_plain(getattr(text, lang)), path, part) for lang in LANGS):
                yield Caution(path, "review_asking")


def journey_reviews(journey: Journey, path: str) -> Iterator[Caution]:
    """The same of a journey, whose every word is a message."""
    for where, text, _ in texts_in(journey, path):
        if any(_IN_A_MESSAGE.search(_plain(text.in_(lang))) for lang in LANGS):
            yield Caution(where, "review_asking")


def _texts_below(
    value: Any, path: str, part: BaseModel | None
) -> Iterator[tuple[str, LocalText, BaseModel | None]]:
    """Every text in `value`, where it stands, and the part with an id that it belongs to."""
    if isinstance(value, LocalText):
        yield path, value, part
    elif isinstance(value, BaseModel):
        gap = " ." if path.endswith('"') else "."
        part = value if hasattr(value, "id") else part
        for name in type(value).model_fields:
            yield from _texts_below(getattr(value, name), f"{path}{gap}{name}", part)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            own = getattr(item, "id", None)
            label = f' "{own}"' if own else ""
            yield from _texts_below(item, f"{path}[{place}]{label}", part)


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold()


def _pays(text: str, path: str, part: BaseModel | None) -> bool:
    site, review, stars = (bool(kind.search(text)) for kind in _KINDS)
    if site + review + stars >= 2 or _STARS_ASKED.search(text) or _REVIEWS_ON_A_SITE.search(text):
        return True
    on = part.on if isinstance(part, EarningRule) else None
    in_chat = _IN_CHAT.search(text) or _is_of_chat_reviews(part)
    if on in _NAMED_BY_THE_SHOP or path.startswith("counter.eco"):
        return site or stars or (review and not in_chat)
    if on in _NAMED_BY_US:
        return site or stars
    return not in_chat and _REVIEWS_ASKED.search(text) is not None


def _is_of_chat_reviews(part: BaseModel | None) -> bool:
    """Whether it follows from reviews that were told in the chat."""
    match part:
        case Campaign():
            return "review" in part.on
        case Badge():
            return getattr(part.needs, "on", None) == "review"
    return False
