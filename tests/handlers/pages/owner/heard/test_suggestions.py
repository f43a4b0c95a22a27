"""Suggestions in the console, and at the counter: seen, put together, decided on, told by hand."""

import html
import re

from bot.store.members.profiles import Profile
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.jobs.many import suggestions as job
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.rules.examples import CAFE

from .test_pages import member_at, told, writes

LIST = "/owner/voice/suggestions"


def marks(browser: Browser, words: str, **more: str) -> None:
    """From the case's page, as staff do."""
    page = html.unescape(browser.get("/staff/inbox").text)
    paths = re.findall(r'href="(/staff/inbox/[^/"]+/\d+)"', page)
    path = next(each for each in paths if words in html.unescape(browser.get(each).text))
    suggest = re.search(r'action="([^"]+/suggest/\d+)"', browser.get(path).text)
    assert suggest
    sent = browser.post(suggest[1], key=words, **more)
    assert sent.headers["Location"].endswith("done=suggested")


def ids(page: str) -> list[str]:
    return re.findall(rf'href="{LIST}/(\d+)"', page)


def seen_of(owner: Browser, its: str) -> str:
    """As what its page saw of it says."""
    seen = re.search(r'name="seen" value="(\d+)"', owner.get(f"{LIST}/{its}").text)
    assert seen
    return seen[1]


def decides(owner: Browser, its: str, **more: str) -> str:
    return _sent(owner, its, seen=seen_of(owner, its), **more)


def _sent(owner: Browser, its: str, **more: str) -> str:
    answer = owner.post(f"{LIST}/{its}", **more)
    return html.unescape(answer.headers.get("Location") or answer.text)


def two_marked(shop: SmallClub, owner: Browser, desks: Desks) -> list[str]:
    """The numbers of two suggestions, the newer first."""
    sato = desks.signed_in("sato")
    for words in ("ひとつめ", "ふたつめ"):
        writes(shop, member_at(shop, "ekimae"), words, "suggestion")
        marks(sato, words)
    return ids(told(owner, LIST))


def test_staff_mark_a_letter_and_the_owner_decides(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    sato = desks.signed_in("sato")
    for words in ("ひざかけがほしい", "足もとが寒い"):
        writes(shop, member_at(shop, "ekimae"), words, "suggestion")
    marks(sato, "ひざかけがほしい", title="ひざかけ")
    [its] = ids(told(owner, LIST))
    marks(sato, "足もとが寒い", into=its)
    page = told(owner, f"{LIST}/{its}")
    assert "ひざかけがほしい" in page
    assert "足もとが寒い" in page
    assert "提案してくださったのは2名です" in page
    # What was typed stays where it can't be so.
    refused = decides(owner, its, state="adopted", title="", word="置きました", key="d0")
    assert "提案の名前が必要です" in refused
    assert "置きました</textarea>" in refused
    more = {"state": "adopted", "title": "ひざかけ", "word": "置きました", "shown": "1"}
    assert decides(owner, its, **more, key="d1").endswith("done=decided")
    # The page of before is a day old.
    old = _sent(owner, its, **more, seen="1", key="d2")
    assert "ほかの方が、先に変えています" in old
    assert its not in ids(told(owner, LIST))
    assert its in ids(told(owner, f"{LIST}?state=adopted"))
    job.run_if_due(shop.club)
    # Neither has LINE.
    assert told(owner, f"{LIST}/{its}").count("電話の一覧に出ています") == 2
    assert sato.get(LIST).status_code == 403


def test_a_manager_reads_those_of_their_store_and_decides_nothing(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    sato = desks.signed_in("sato")
    for store, words in (("ekimae", "駅前の提案"), ("kawabe", "川辺の提案")):
        writes(shop, member_at(shop, store), words, "suggestion")
        marks(sato, words)
    mika = desks.signed_in("mika", "manager", "kawabe")
    page = told(mika, LIST)
    assert "川辺の提案" in page
    assert "駅前の提案" not in page
    other = next(each for each in ids(told(owner, LIST)) if each not in ids(page))
    assert mika.get(f"{LIST}/{other}").status_code == 404
    [mine] = ids(page)
    assert 'name="state"' not in told(mika, f"{LIST}/{mine}")
    assert mika.post(f"{LIST}/{mine}", state="adopted", key="x").status_code == 403
    # Nor do they add to what they don't read, which would let them read it.
    number = shop.member(member_at(shop, "kawabe")).number
    for into, said in ((other, "no=suggestion_gone"), (mine, "done=heard")):
        sent = mika.post(LIST, card=number, words="わたしも", into=into, key=f"h{into}")
        assert sent.headers["Location"].endswith(said)
    assert mika.get(f"{LIST}/{other}").status_code == 404


def test_what_was_said_at_the_counter_is_told_back_by_staff(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    with shop.work(MANAGER, key="paper") as work:
        purpose = work.programme.privacy.purpose.ja
        profile = Profile("田村和子", "たむら", phone="+819012345678")
        paper = join_at_counter(work, Newcomer("ja", purpose, profile)).member_id
    number = shop.member(paper).number
    wrong = owner.post(LIST, card="0000000000", words="ひざかけを", key="h0")
    assert wrong.headers["Location"].endswith("no=no_such_card")
    said = owner.post(LIST, card=number, words="ひざかけを", key="h1")
    assert said.headers["Location"].endswith("done=heard")
    [its] = ids(told(owner, LIST))
    more = {"state": "adopted", "title": "ひざかけ", "word": "置きました"}
    assert decides(owner, its, **more, key="d1").endswith("done=decided")
    job.run_if_due(shop.club)
    sato = desks.signed_in("sato")
    calls = html.unescape(sato.get("/staff/calls").text)
    assert "ひざかけ: 置きました" in calls
    assert "tel:+819012345678" in calls
    form = re.search(r'action="(/staff/calls/suggestions/\d+)"', calls)
    assert form
    assert sato.post(form[1], key="c1").headers["Location"].endswith("done=told")
    assert "置きました" not in html.unescape(sato.get("/staff/calls").text)
    assert "置きました" in html.unescape(sato.get(f"/staff/members/{number}").text)


def test_two_are_put_together_and_one_is_taken_apart_again(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    two, one = two_marked(shop, owner, desks)
    seen = seen_of(owner, two)
    joined = owner.post(f"{LIST}/{two}/join", into=one, seen=seen, key="j1")
    assert joined.headers["Location"].endswith(f"{one}?done=joined")
    page = told(owner, f"{LIST}/{one}")
    parts = re.findall(rf'action="({LIST}/{one}/part/\d+)"', page)
    assert len(parts) == 2
    assert owner.post(parts[1], key="p1").headers["Location"].endswith("done=parted")
    assert len(ids(told(owner, LIST))) == 2


def test_an_old_page_decides_nothing_on_the_next_of_the_same_number(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    two, one = two_marked(shop, owner, desks)
    seen = seen_of(owner, two)
    owner.post(f"{LIST}/{two}/join", into=one, seen=seen, key="j1")
    # SQLite gives the number of the one that is gone to the next.
    writes(shop, member_at(shop, "ekimae"), "みっつめ", "suggestion")
    marks(desks.signed_in("kato"), "みっつめ")
    decided = {"state": "adopted", "title": "ふたつめ", "word": "置きました"}
    old = owner.post(f"{LIST}/{two}", seen=seen, key="d1", **decided)
    assert old.status_code in (404, 409)
    assert told(owner, f"{LIST}?state=adopted").count(f'href="{LIST}/') == 0


def test_whose_store_is_gone_reads_no_suggestion_of_the_one_that_is_left(
    shop: SmallClub, desks: Desks
) -> None:
    sato = desks.signed_in("sato")
    for store, words in (("ekimae", "駅前の提案"), ("kawabe", "川辺の提案")):
        writes(shop, member_at(shop, store), words, "suggestion")
        marks(sato, words)
    mika = desks.signed_in("mika", "manager", "kawabe")
    head, _, rest = CAFE.partition('[[stores]]\nid = "kawabe"')
    shop.publishes(head + rest[rest.index("[visits]") :])
    page = told(mika, LIST)
    assert "川辺の提案" in page
    assert "駅前の提案" not in page
