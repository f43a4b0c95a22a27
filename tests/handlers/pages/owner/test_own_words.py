"""Members' texts in the owner's hands: found, changed, refused, reset; and what protects members
is nobody's to change."""

import html
import re
import tomllib

import pytest

from bot.store.history import drafts, programs
from bot.store.staff.staff import Role
from handlers.pages.staff.frame.forms import new_key
from rules.wording.own.offered import PLACES, offered
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting

HELLO = "chat.talk.hello"


def draft_words(desks: Desks) -> list[dict[str, str]]:
    with desks.club.store.read() as uow:
        kept = drafts.find(uow)
    words: list[dict[str, str]] = tomllib.loads(kept.text).get("words", []) if kept else []
    return words


def seen_of(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def changes(owner: Browser, key: str, **fields: str) -> tuple[int, str]:
    """Opens the text's form, types that, and keeps it; the status and the page."""
    page = owner.get(f"/owner/words/{key}").text
    typed = {
        name: html.unescape(value)
        for name, value in re.findall(r'<textarea id="(\w+)"[^>]*>([^<]*)</textarea>', page)
    }
    answer = owner.post(f"/owner/words/{key}", seen=seen_of(page), **{**typed, **fields})
    return answer.status_code, html.unescape(answer.text)


def test_what_was_searched_for_stands_there_still_after_one_is_kept(owner: Browser) -> None:
    at = f"/owner/words/{HELLO}?q=こんにちは"
    page = owner.get(at).text
    assert "?q=%E3%81%93" in page.partition('class="back"')[2]
    done = owner.post(at, seen=seen_of(page), ja="まいど！{name}", en="")
    assert done.status_code == 303
    assert "q=%E3%81%93" in done.headers["Location"]
    assert done.headers["Location"].endswith(f"#{HELLO}")
    assert "place=" not in done.headers["Location"]
    # Texts that belong together stand below their own title.
    assert '<h2 class="about">' in owner.get("/owner/words?place=chat").text


def test_texts_are_listed_by_place_and_found_by_a_word(desks: Desks, owner: Browser) -> None:
    for place in PLACES:
        page = owner.get(f"/owner/words?place={place}").text
        assert say("ja", f"owner.words.place.{place}") in page
        for key in [key for key, at in offered().items() if at == place]:
            assert f'href="/owner/words/{key}"' in page
    found = owner.get("/owner/words?q=こんにちは").text
    assert f'href="/owner/words/{HELLO}?q=' in found
    assert "chat.badges.none" not in found
    assert say("ja", "owner.words.nothing") in owner.get("/owner/words?q=ぬるぽ").text
    assert "/owner/programme#journeys" in owner.get("/owner/words?place=push").text
    assert owner.get("/owner/words?place=nowhere").status_code == 200


def test_a_text_is_changed_told_in_the_draft_and_reset(desks: Desks, owner: Browser) -> None:
    status, _ = changes(owner, HELLO, ja="{name}、いらっしゃい！")
    assert status == 303
    assert draft_words(desks) == [{"id": HELLO, "ja": "{name}、いらっしゃい！"}]
    only = owner.get("/owner/words?only=own").text
    assert (only.count('href="/owner/words/chat'), "さくらさん、いらっしゃい！" in only) == (
        1,
        True,
    )
    assert say("ja", "owner.words.was", text="さくらさん、こんにちは！") in only
    told = html.unescape(owner.get("/owner/draft").text)
    assert "日本語：「{name}、こんにちは！」を「{name}、いらっしゃい！」とお伝えします。" in told
    page = owner.get(f"/owner/words/{HELLO}").text
    assert owner.post(f"/owner/words/{HELLO}", seen=seen_of(page), reset="1").status_code == 303
    assert draft_words(desks) == []


def test_what_is_typed_just_as_ours_says_it_changes_nothing(desks: Desks, owner: Browser) -> None:
    for key in (HELLO, "chat.rewards.left", "picture.greeting.birthday_month", "sms.phone_code"):
        assert changes(owner, key)[0] == 303
    with desks.club.store.read() as uow:
        assert drafts.find(uow) is None


def test_every_text_has_a_form(desks: Desks, owner: Browser) -> None:
    for key in list(offered())[::25]:
        page = owner.get(f"/owner/words/{key}")
        assert page.status_code == 200, key
        assert say("ja", "owner.look.broken") not in page.text, key


def test_what_cannot_be_said_is_told_beside_its_field_and_stays_typed(
    desks: Desks, owner: Browser
) -> None:
    status, page = changes(owner, HELLO, ja="お名前なしで")
    assert status == 422
    wrong = re.search(r'id="ja-wrong">([^<]+)<', page)
    assert wrong is not None
    assert wrong[1] == say("ja", "problem.word_placeholder", names="{name}")
    assert ">お名前なしで</textarea>" in page
    assert draft_words(desks) == []


def test_who_changed_it_meanwhile_is_not_overwritten(desks: Desks, owner: Browser) -> None:
    old = owner.get(f"/owner/words/{HELLO}").text
    assert changes(owner, HELLO, ja="{name}、やあ！")[0] == 303
    late = owner.post(
        f"/owner/words/{HELLO}", seen=seen_of(old), ja="{name}、どうも！", key=new_key()
    )
    assert late.status_code == 409
    assert say("ja", "refusal.part_changed.why") in late.text
    assert "{name}、どうも！</textarea>" in late.text, "nothing typed is lost"
    assert draft_words(desks) == [{"id": HELLO, "ja": "{name}、やあ！"}]


@pytest.mark.parametrize(
    "key", ["chat.sms.wording", "sms.text", "share.post", "staff.skip", "no.text"]
)
def test_what_protects_members_is_changed_by_no_form_and_no_forged_one(
    desks: Desks, owner: Browser, key: str
) -> None:
    assert owner.get(f"/owner/words/{key}").status_code == 404
    assert owner.post(f"/owner/words/{key}", ja="同意なし").status_code == 404
    assert owner.post(f"/owner/words/{key}/look", ja="同意なし").status_code == 404
    for path in (f"/owner/programme/words/{key}", "/owner/programme/new/words"):
        assert owner.post(path, id=key, ja="同意なし").status_code == 404
    assert f"/owner/words/{key}" not in owner.get("/owner/words?q=" + key).text
    assert draft_words(desks) == []


def test_the_phone_shows_what_is_typed_in_both_languages(desks: Desks, owner: Browser) -> None:
    owner.get(f"/owner/words/{HELLO}")
    look = owner.post(f"/owner/words/{HELLO}/look", ja="{name}、ようこそ<b>", en="Hello, {name}!")
    assert "さくらさん、ようこそ&lt;b&gt;" in look.text
    assert "Hello, Sakura!" in look.text
    broken = owner.post(f"/owner/words/{HELLO}/look", ja="{", en="")
    assert say("ja", "owner.look.broken") in broken.text
    assert say("ja", "problem.word_braces") in broken.text
    card = owner.post("/owner/words/card.no_rank/look", ja="お友だち", en="").text
    assert "data:image/jpeg;base64," in card
    with desks.club.store.read() as uow:
        assert drafts.find(uow) is None


@pytest.mark.parametrize("role", ["staff", "manager"])
def test_the_words_are_the_owners(desks: Desks, role: Role) -> None:
    other = desks.signed_in("midori", role)
    for path in ("/owner/words", f"/owner/words/{HELLO}"):
        assert other.get(path).status_code == 403, path
    assert other.post(f"/owner/words/{HELLO}", ja="{name}！").status_code == 403


def test_a_form_without_the_pages_token_changes_nothing(desks: Desks, owner: Browser) -> None:
    assert owner.client.post(f"/owner/words/{HELLO}", data={"ja": "{name}！"}).status_code == 400
    assert draft_words(desks) == []


def test_what_others_published_of_another_text_is_not_lost(desks: Desks, owner: Browser) -> None:
    assert changes(owner, HELLO, ja="{name}、やあ！")[0] == 303
    with desks.club.store.begin() as uow:
        theirs = f'{programs.newest(uow).text}\n[[words]]\nid = "menu.rewards"\nja = "ごほうび"\n'
        programs.publish(uow, theirs, since=desks.club.now())
    desks.club.programmes.forget()
    assert owner.post("/owner/draft/catch-up").status_code == 200
    assert {each["id"] for each in draft_words(desks)} == {HELLO, "menu.rewards"}


def test_the_pages_read_no_member(desks: Desks, owner: Browser) -> None:
    for path in ("/owner/words?place=chat", "/owner/words?q=a", f"/owner/words/{HELLO}"):
        with counting(desks.club.store) as counted:
            assert owner.get(path).status_code == 200
        assert len(counted.statements) < 15, path
        assert not [each for each in counted.statements if "FROM members" in each.sql], path
