"""Which of our texts a shop may say otherwise, and what may stand in its own words.

Where members meet a text, what stays as it is and how long a text may be are lists here; a new text
is offered by its section, and a test asks whether it should be protected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Final, Literal

from ...base import Lang
from ...characters import graphemes
from ..texts import Text, keys, text_of
from .samples import TERMS, sample_filled

Place = Literal["chat", "push", "card", "menu", "pages", "rules", "refusals", "sms"]
#: Why a text stays as it is. `machine`: a program reads it again, or there is nothing to say
#: otherwise in it; `early`: it is said where no programme is known.
Kept = Literal["consent", "stop", "pr", "guardian", "legal", "machine", "early"]

#: Where members meet texts, by the beginnings of their keys; in the order of the owner's page.
PLACES: Final[dict[Place, tuple[str, ...]]] = {
    "chat": (
        "chat", "event", "seat", "trial", "fan", "suggestion", "step", "today", "recap", "eco",
        "charity", "profile",
    ),
    "push": (
        "push", "reached", "journey.someone", "journey.gift_points", "journey.gift_reward",
        "journey.offer", "journey.given", "broadcast",
    ),
    "card": ("card", "picture", "zodiac", "paper", "subscription"),
    "menu": ("menu",),
    "pages": (
        "card_page", "member_page", "programme", "privacy", "newsletter", "voices", "share",
        "counter",
    ),
    "rules": ("explain", "activity", "reward", "given", "voucher"),
    "refusals": ("refusal", "refused"),
    "sms": ("sms",),
}  # fmt: skip

_SECTIONS: Final = tuple(section for each in PLACES.values() for section in each)

#: What only the owner or the staff read of a section that members read besides; and the words of
#: journeys, which have forms of their own.
_OTHERS: Final = re.compile(
    r"broadcast\.trial|explain\.(?:kind|cases|surveys|words)\..*|explain\.title\.(?:cases|surveys|journeys|words)"
    r"|explain\.sending\.worth|refusal\..*\.staff\..*|push\.(?:points_expiring|rank_at_risk|rank_goes)\..*"
)

#: The refusals that members hear.
MEMBERS_REFUSALS: Final = frozenset(
    ("ask_over", "birthday_changes", "birthday_unread", "button_over", "card_closed",
     "card_line_away", "card_link_over", "card_none", "card_over", "card_shared",
     "card_signed_out", "circle_none", "circle_not_asked",
     "code_tries", "codes_asked", "counter_expired", "counter_off",
     "counter_unknown", "erased", "event_subscribers", "left", "link_expired", "link_same",
     "link_taken",
     "link_unknown", "link_used", "no_purchases", "phone_unknown", "points_short",
     "purchase_amount", "receipt_again", "receipt_not_later", "receipt_too_old", "reward_gone",
     "reward_early", "reward_held", "reward_points", "reward_rank", "reward_reserved",
     "reward_stock",
     "reward_used_up",
     "slip_expired", "slip_unknown", "slip_used", "sms_link_unknown", "sms_not_offered",
     "use_cancelled", "use_over", "visited_just_now", "visited_today", "voucher_gone",
     "answer_address", "answer_choice", "answer_empty", "answer_kana", "answer_name",
     "answer_postcode", "answer_prefecture", "answer_too_long", "back_done", "back_late",
     "back_unknown", "birthday_again", "birthday_year", "busy", "consent_missing",
     "event_cancelled", "event_closed", "event_first", "event_gone", "event_lapsed", "event_none",
     "event_not_yet",
     "event_offer_over", "event_over", "event_rank", "event_segment", "event_twice", "event_visits",
     "guardian_missing", "membership_same", "merge_self", "merged", "phone_code_none",
     "phone_code_over", "phone_code_wrong", "phone_country", "phone_known", "phone_not_mobile",
     "phone_proven", "profile_changed", "profile_long", "profile_name", "receipt_from_future",
     "referral_member", "referral_self", "referral_unknown", "review_closed", "review_gone",
     "review_long", "review_short", "review_today", "step_unasked", "too_many", "too_often"),
)  # fmt: skip

#: What stays as it is, whatever a shop would rather say: members rely on it, or the law asks for
#: it (consent: 個人情報保護法 第21条, 第27条; stop lines and the sender's name: 特定電子メール法
#: 第4条; PR marks: 景品表示法 第5条第3号, 令和5年内閣府告示第19号).
PROTECTED: Final[dict[Kept, tuple[str, ...]]] = {
    "consent": (
        r"chat\.my_data\.(?:consent|erase\w*)(?:\..*)?", r"chat\.sms\..*",
        r"chat\.button\.(?:sms\w*|policy|profile_(?:agree|gone)|questions_agree|my_data|erase\w*)",
        r"chat\.button\.review_(?:consent|keep|hide|withdraw\w*|as_\w+|elsewhere)",
        r"chat\.my_reviews\.(?:consent\w*|withdraw\w*|gone|not_shown|kept|waits|shown)",
        r"chat\.my_reviews\.taken_down\..*", r"chat\.my_data\.(?:wrong|shared)",
        r"chat\.welcome\.privacy", r"profile\.(?:abroad|free|form\.(?:agree|gone))",
        r"privacy\..*", r"explain\.profile\.step", r"programme\.(?:privacy|policy)",
        r"voices\.(?:how|taken_down)",
        r"member_page\.(?:data\.(?:given|out)|part\.consents)",
        r"member_page\.done\.(?:phone_gone|given)",
        r"refusal\.(?:consent_missing|sms_\w+)\..*",
        r"chat\.(?:button\.link_(?:merge_)?share|link\.(?:title|ask)_share)",
    ),
    "stop": (
        r"chat\.(?:topics|ways)\..*",
        r"chat\.circle\.(?:leave_\w+|now\..*)",
        r"seat\.invitation\.note", r"chat\.button\.circle_leave\w*",
        r"chat\.membership\.(?:leave\w*|left)",
        r"sms\.(?:text|button|ask\..*|stopped\..*)",
        r"chat\.button\.(?:stop|receive|topics\w*|newsletter_stop|leave\w*|ways|survey_none)",
        r"broadcast\.(?:note|stop)", r"push\.newsletter\.stop",
        r"chat\.my_data\.(?:some_topics|topics_off)",
        r"newsletter\.how_to_stop", r"chat\.newsletter\.off_now",
        r"explain\.(?:sending\..*|newsletter|circle)",
        r"member_page\.done\.(?:topics|sms)",
        r"member_page\.leave\..*", r"chat\.talk\.which", r"push\.card_moved\..*",
    ),
    "pr": (
        r"share\..*", r"broadcast\.pr", r"chat\.share\.pr", r"activity\.share\..*",
        r"chat\.review\.(?:alike|elsewhere)",
        r"voices\.(?:rewarded|edited)", r"suggestion\.wish\.(?:share|review)",
        r"activity\.review\..*",
    ),
    "guardian": (
        r"chat\.birthday\.guardian", r"chat\.button\.guardian_\w+",
        r"explain\.profile\.guardian(?:\..*)?",
        r"refusal\.guardian_missing\..*",
    ),
    "machine": (
        r"counter\.message", r"paper\.(?:slip|link)_message",
        r"chat\.referral\.(?:message|invitation)", r"chat\.came_by\.message",
        r"explain\.(?:space|list_join|list_last)", r".*\.(?:\w+_)?join", r"card\.stamps\.figure",
        r"activity\.birthday\.term\..*", r"refused\.whole", r"chat\.unknown\.kind\..*",
    ),
    "early": (
        r"chat\.sorry", r"chat\.my_data\.erased_already", r"chat\.language\.name",
        r"chat\.button\.language", r"chat\.language\.(?:title|ask)",
    ),
}  # fmt: skip
_PROTECTED: Final = {why: re.compile("|".join(each)) for why, each in PROTECTED.items()}
#: A text that names one of these tells who is responsible, or what for.
_LEGAL_NAMES: Final = frozenset({"sender", "contact", "purpose", "abroad"})

#: What a text may leave out beside them: who speaks needn't name themselves.
MAY_GO: Final = TERMS | {"shop"}


@dataclass(frozen=True, slots=True)
class Room:
    """How much room a text has: `most` pieces that a reader takes for one character, of what stands
    there when its placeholders are filled in; and whether it may have several lines."""

    most: int
    lines: bool = False


#: LINE's own limits (`bot.line.limits`; a test holds them together), by key: labels of buttons and
#: quick replies, the bar of the menu.
LABEL_MAX, BAR_MAX = 20, 14
_ROOMS: Final[tuple[tuple[re.Pattern[str], Room], ...]] = tuple(
    (re.compile(pattern), room)
    for pattern, room in (
        (r"menu\.bar", Room(BAR_MAX)),
        (r"menu\..*", Room(10)),
        (r"chat\.(?:button|survey\.reason|shop\.open|review\.stars)\..*", Room(LABEL_MAX)),
        (r"push\.(?:see_\w+|newsletter\.read|answer\.(?:not_)?helped)", Room(LABEL_MAX)),
        (r"sms\..*", Room(130)),
        (r"push\..*title.*", Room(60)),
        (r"push\..*|journey\..*", Room(400, lines=True)),
        (r"chat\..*title.*", Room(60)),
        (r"chat\..*|recap\..*|profile\.ask\..*", Room(500, lines=True)),
    )
)
#: Elsewhere a text has as much more room as ours, and no less than so much.
_TIMES, _ROOM_MIN = 2, 12
#: In pictures there is less.
_DRAWN: Final = re.compile(r"(?:card|picture|zodiac|paper)\..*")
_TIMES_DRAWN: Final = 1.5


def kept_why(key: str) -> Kept | None:
    """Why the text `key` stays as it is; None for one that may be said otherwise."""
    found = next((why for why, pattern in _PROTECTED.items() if pattern.fullmatch(key)), None)
    if found is not None:
        return found
    if not _LEGAL_NAMES.isdisjoint(_names_of("ja", key)):
        return "legal"
    return (
        None if any(any(map(str.isalpha, _bare(form))) for form in _all_forms(key)) else "machine"
    )


@cache
def place_of(key: str) -> Place | None:
    """Where members meet the text; None for one that they don't read, or that has another form."""
    if _OTHERS.fullmatch(key) or key not in keys("ja"):
        return None
    section, _, rest = key.partition(".")
    if section == "refusal" and rest.split(".")[0] not in MEMBERS_REFUSALS:
        return None
    for place, beginnings in PLACES.items():
        if section in beginnings or key in beginnings:
            return place
    return None


@cache
def offered() -> dict[str, Place]:
    """The texts that a shop may say otherwise, each with its place."""
    found = {key: place_of(key) for key in sorted(keys("ja"), key=_order)}
    return {key: place for key, place in found.items() if place and kept_why(key) is None}


def _order(key: str) -> int:
    """Sections as they are named above; within one the file's own order stays."""
    section = key.partition(".")[0]
    return _SECTIONS.index(section) if section in _SECTIONS else len(_SECTIONS)


def one_and_other(text: Text) -> tuple[str, str]:
    """A text as its form for other numbers and its form for one: "" where it has but one."""
    return (text["other"], text.get("one", "")) if isinstance(text, dict) else (text, "")


def names_in_text(text: str) -> Iterator[str]:
    """The placeholders of a text. ValueError for braces that can't be read."""
    for _, name, _, _ in Formatter().parse(text):
        if name is not None:
            yield name


@cache
def placeholders_of(lang: Lang, key: str) -> tuple[str, ...]:
    """What the shop's own words may name in place of that text, beside the shop's own terms."""
    return tuple(dict.fromkeys(n for n in _names_of(lang, key) if n not in TERMS))


def _names_of(lang: Lang, key: str) -> tuple[str, ...]:
    return tuple(n for form in one_and_other(text_of(lang, key)) for n in names_in_text(form))


def _all_forms(key: str) -> tuple[str, ...]:
    return (*one_and_other(text_of("ja", key)), *one_and_other(text_of("en", key)))


def _bare(text: str) -> str:
    """A text without its placeholders."""
    return "".join(said for said, _, _, _ in Formatter().parse(text))


@cache
def room_of(lang: Lang, key: str) -> Room:
    """How much room the text has; never less than ours takes."""
    ours = [form for form in one_and_other(text_of(lang, key)) if form]
    length = max(len(graphemes(sample_filled(lang, form))) for form in ours)
    lines = any("\n" in form for form in ours)
    fixed = next((room for pattern, room in _ROOMS if pattern.fullmatch(key)), None)
    if fixed is not None:
        return Room(max(fixed.most, length), fixed.lines or lines)
    times = _TIMES_DRAWN if _DRAWN.fullmatch(key) else _TIMES
    return Room(max(round(length * times), _ROOM_MIN), lines)
