"""Members' texts in forms: listed, filled, read back, and seen as they look."""

import pytest

from rules.base import LANGS, Lang
from rules.editing.own_words import fields_of, listed, placeholders, seen, typed
from rules.own_texts import OwnText
from rules.wording.own.offered import PLACES, Place, offered, placeholders_of
from rules.wording.words import Words
from tests.rules.examples import CAFE, GYM, programme

HELLO = OwnText(id="chat.talk.hello", ja="{name}、いらっしゃい！")


def words(lang: Lang = "ja", *own: OwnText) -> Words:
    return Words(programme(CAFE).model_copy(update={"words": own}), lang)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("place", PLACES)
def test_each_text_stands_in_its_place_once_without_a_hole(place: Place, lang: Lang) -> None:
    rows = [row for table in listed(words(lang), place=place) for row in table.rows]
    assert sorted(row.key for row in rows) == sorted(
        k for k, at in offered().items() if at == place
    )
    assert not any("{" in row.now or not row.now for row in rows)


def test_what_is_otherwise_stands_beside_ours() -> None:
    [row] = [r for t in listed(words("ja", HELLO), said="いらっしゃい！") for r in t.rows]
    assert (row.now, row.ours, row.is_own) == (
        "さくらさん、いらっしゃい！",
        "さくらさん、こんにちは！",
        True,
    )
    english = [r for t in listed(words("en", HELLO), said="hello, sakura") for r in t.rows]
    assert [(r.key, r.ours, r.is_own) for r in english] == [("chat.talk.hello", "", True)]
    assert list(listed(words(), said="ぬるぽ")) == []


def test_a_form_asks_each_language_and_each_form_and_what_ours_says_is_not_kept() -> None:
    fields = fields_of("chat.rewards.left", {"ja": "のこり{count}{points}"})
    assert [field.name for field in fields] == ["ja", "en", "en_one"]
    assert fields[0].value == "のこり{count}{points}"
    assert typed("chat.rewards.left", {field.name: field.ours for field in fields}) == {}
    assert typed("chat.rewards.left", {"ja": " ある\r\nだけ ", "en": "", "id": "x"}) == {
        "id": "chat.rewards.left", "ja": "ある\nだけ"
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_every_placeholder_is_explained_with_a_sample(lang: Lang) -> None:
    cafe = words(lang)
    for key in offered():
        told = placeholders(cafe, key)
        assert {f"{{{name}}}" for name in placeholders_of(lang, key)} <= {
            each.name for each in told
        }
        assert all(each.what and each.sample for each in told), key


@pytest.mark.parametrize("text", [CAFE, GYM])
def test_every_text_is_seen_in_both_languages(text: str) -> None:
    shop = programme(text)
    for key in offered():
        looks = seen(shop, key)
        assert {each.lang for each in looks} == set(LANGS), key
        assert not any("{" in f"{each.title}{each.body}{each.button}" for each in looks), key


def test_a_text_is_seen_with_what_belongs_to_it() -> None:
    ja = {
        key: seen(programme(CAFE), key)[0]
        for key in ("push.rank.reached.title", "chat.button.card")
    }
    title = ja["push.rank.reached.title"]
    assert title.title.startswith("🎉")
    assert title.body
    assert (ja["chat.button.card"].button, ja["chat.button.card"].body) == ("会員証", "")
    why = seen(programme(CAFE), "refusal.visited_today.then")[0]
    assert why.title
    assert why.body
    assert len(seen(programme(CAFE), "chat.rewards.left")) == 3, "English says one by itself"
