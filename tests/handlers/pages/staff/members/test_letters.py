import re
from datetime import timedelta

from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from handlers.club import Club
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counter.test_today import USER, _comes, joins, queued


def _writes(club: Club, text: str, member: int | None, user: str = USER) -> None:
    with club.store.begin() as uow:
        inbox.add(
            uow, ChatText(text, user, club.now()), key=f"l:{text}", kind="message", member_id=member
        )


def test_a_letter_is_answered_from_here_or_closed(desks: Desks) -> None:
    browser = desks.signed_in("sato")
    member = joins(desks.club)
    _writes(desks.club, "席は予約できますか", member)
    _writes(desks.club, "友だちです", None, user="U" + "2" * 32)
    page = browser.get("/staff/inbox").text
    assert "席は予約できますか" in page
    assert "さくら様" in page
    assert "ここからは届けられない" in page
    with desks.club.store.read() as uow:
        ids = {letter.text: letter.id for letter in inbox.open_letters(uow, limit=9)}
    path = f"/staff/inbox/{ids['席は予約できますか']}"
    empty = browser.post(path, how="send", text="  ", key="a0")
    assert empty.headers["Location"].endswith("no=answer_empty")
    sent = browser.post(path, how="send", text="はい、承ります。", key="a1")
    assert sent.headers["Location"].endswith("done=answered")
    late = browser.post(path, how="send", text="はい。", key="a2")
    assert late.headers["Location"].endswith("no=letter_gone")
    closed = browser.post(f"/staff/inbox/{ids['友だちです']}", how="close", text="無視", key="a3")
    assert closed.headers["Location"].endswith("done=closed")
    assert queued(desks.club) == ["answer"]
    assert "未対応のメッセージはありません" in browser.get("/staff/inbox").text
    assert browser.post(f"/staff/inbox/{1 << 70}", how="close", key="a4").status_code == 404


def test_answered_letters_are_found_and_who_writes_is_told_beside(desks: Desks) -> None:
    browser, club = desks.signed_in("sato"), desks.club
    member = joins(club)
    _comes(club, member)
    _writes(club, "ありがとう", member)
    with club.store.begin() as uow:
        angry = ChatText("冷めていました", USER, club.now() - timedelta(hours=5))
        inbox.add(uow, angry, key="l:bad", kind="feedback", member_id=member, complaint=True)
    page = browser.get("/staff/inbox").text
    assert page.index("冷めていました") < page.index("ありがとう")
    assert re.search(r'class="tag">前回 \d+年', page)
    assert "対応済みのメッセージはまだありません" in browser.get("/staff/inbox?answered=1").text
    with club.store.read() as uow:
        ids = {letter.text: letter.id for letter in inbox.open_letters(uow, limit=9)}
    browser.post(f"/staff/inbox/{ids['冷めていました']}", how="close", key="a1")
    assert "冷めていました" not in browser.get("/staff/inbox").text
    done = browser.get("/staff/inbox?answered=1").text
    assert "冷めていました" in done
    assert "ありがとう" not in done
    assert "さんが対応" in done
    assert 'name="how"' not in done
    older = f"/staff/inbox?answered=1&before={ids['冷めていました']}"
    assert "冷めて" not in browser.get(older).text


def test_an_idea_is_taken_up_and_says_so_ever_after(desks: Desks) -> None:
    browser, club = desks.signed_in("sato"), desks.club
    member = joins(club)
    _writes(club, "お昼の席が寒いです", member)
    _writes(club, "友だちです", None, user="U" + "2" * 32)
    with club.store.read() as uow:
        ids = {letter.text: letter.id for letter in inbox.open_letters(uow, limit=9)}
    page = browser.get("/staff/inbox").text
    assert page.count("採用する") == 1
    path = f"/staff/inbox/{ids['お昼の席が寒いです']}/adopt"
    assert browser.post(path, text=" ", key="a0").headers["Location"].endswith("no=adopt_empty")
    sent = browser.post(path, text="ひざかけを<b>置きました", key="a1")
    assert sent.headers["Location"].endswith("done=adopted")
    assert browser.post(path, text="もう一度", key="a2").headers["Location"].endswith("adopt_again")
    assert queued(club) == ["adopted"]
    page = browser.get("/staff/inbox?answered=1").text
    assert "採用：ひざかけを&lt;b&gt;置きました" in page
    assert "採用する" not in page
