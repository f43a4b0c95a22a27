"""A shop's texts speak of what it calls its points, its counter and its birthdays, wherever they
stand."""

import ast
import re

import pytest

from rules.base import LANGS, Lang
from rules.wording.own.terms import Term
from rules.wording.texts import keys
from rules.wording.words import Words, shop_terms
from tests.rules.examples import CAFE, GYM, programme

from .rendered import rendered
from .test_texts import is_key, sources, spelled

#: What the café has and the gym has not.
CAFES = {
    "ja": re.compile("レジ|ポイント|来店|店頭|当店|店内|お誕生日に"),
    "en": re.compile(r"\b(?:points?|till)\b", re.IGNORECASE),
}
#: And what no member reads of a place that is no shop.
SHOP = {"ja": re.compile("お店|お会計"), "en": re.compile(r"\bshop\b", re.IGNORECASE)}
#: Of a day that is celebrated, not of a month; of what is bought.
ANOTHERS = {
    "given.birthday.day", "journey.explained.birthday_day", "explain.purchase.tax_included",
    "explain.purchase.tax_excluded",
    # Two names of LINE's.
    "doctor.mini_app.there",
    # Of percentages.
    "owner.figures.move.up_points", "owner.figures.move.down_points",
}  # fmt: skip
#: Said of one trade, before there is a programme.
OF_A_TRADE = "owner.template."
STAFFS = re.compile(r"^(?:staff|scan|owner|doctor)\.|\.staff\.")


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_says_a_cafes_words_to_a_gym(lang: Lang) -> None:
    gym = programme(GYM)
    said = {
        key: texts
        for key, texts in rendered(gym, lang)
        if key not in ANOTHERS and not key.startswith(OF_A_TRADE)
    }
    assert len(said) > 1500
    assert {
        key: text for key, texts in said.items() for text in texts if CAFES[lang].search(text)
    } == {}
    of_members = {key: texts for key, texts in said.items() if not STAFFS.search(key)}
    assert _with(SHOP[lang], of_members).keys() <= {"refusal.undo_spent.then"}


def test_the_cafe_has_them_for_its_own() -> None:
    words = Words(programme(CAFE), "ja")
    assert words.say("chat.button.show_card") == "レジで見せる"
    assert Words(programme(GYM), "ja").say("chat.button.show_card") == "受付で見せる"
    assert Words(programme(GYM), "en").say("chat.button.show_card") == "Show at the desk"
    assert words.say("voucher.birthday") == "お誕生月のお祝い"
    on_the_day = programme(CAFE.replace('birthday_is = "month"', 'birthday_is = "day"'))
    assert Words(on_the_day, "ja").say("voucher.birthday") == "お誕生日のお祝い"


def test_no_english_text_says_a_visit_in_japanese() -> None:
    said = dict(rendered(programme(GYM), "en"))
    assert _with(re.compile("来[店館]"), said) == {}


@pytest.mark.parametrize(("count", "said"), [(1, "One more mile"), (3, "3 more miles")])
def test_one_of_them_is_no_plural(count: int, said: str) -> None:
    assert Words(programme(GYM), "en").say("reward.points_missing", count=count) == said


#: What is asked only of many.
MANY = {"staff.flags.what.burst", "staff.flags.what.old_codes", "staff.flags.what.card_moves",
        "staff.flags.what.by_hand_day", "refusal.points_unsure.why", "journey.results.early_long",
        "journey.results.alone_yet",
        "explain.badge.needs.streak", "staff.log.said.expired_unwarned",
        "owner.words.room", "owner.words.room_lines", "owner.monday.people_least"}  # fmt: skip


def test_english_says_one_as_one() -> None:
    plural = re.compile(r"(?<![¥\d,/])\b1 (?:more )?(?!unread|is)[a-z]+s\b")
    assert _with(plural, dict(rendered(programme(CAFE), "en"))).keys() <= MANY


def test_nothing_in_english_is_in_japanese_but_what_is_the_shops() -> None:
    foreign = re.compile("来店|来館|ポイント|レジ")
    assert _with(foreign, dict(rendered(programme(CAFE), "en"))) == {}


def test_a_heading_begins_with_a_capital() -> None:
    assert f"{Term('miles'):start}" == "Miles"
    assert Words(programme(GYM), "en").say("chat.points.title") == "Miles"


def test_the_counters_scripts_are_given_them_filled_in() -> None:
    sure = Words(programme(GYM), "ja").section("staff.page")["insist.sure"]
    assert isinstance(sure, str)
    assert sure.startswith("足りない{count}マイル")


def test_whoever_says_a_text_with_the_shops_own_words_knows_them() -> None:
    """`say` alone knows none: a text that names one is said by `Words`, or is given it."""
    terms = set(shop_terms(programme(CAFE), "ja"))
    wrong = []
    for file, tree in sources():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "say":
                continue
            given = {each.arg for each in call.keywords}
            patterns = [p for p in map(spelled, call.args[:2]) if p and is_key(p)]
            if None in given or not patterns:
                continue
            wrong += [
                (f"{file.name}:{call.lineno}", key)
                for key, text in keys("ja").items()
                if re.fullmatch(patterns[0], key)
                and any(_names(form, terms - given) for form in _forms(text))
            ]
    assert wrong == []


def _with(pattern: re.Pattern[str], said: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {key: text for key, texts in said.items() for text in texts if pattern.search(text)}


def _forms(text: str | dict[str, str]) -> tuple[str, ...]:
    return tuple(text.values()) if isinstance(text, dict) else (text,)


def _names(text: str, terms: set[str]) -> bool:
    return any(f"{{{term}" in text for term in terms)
