"""What members say, as who manages reads it: who waits, what it is about, what they answer."""

import html
import re
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bot.store.heard import cases, surveys
from bot.store.heard.cases import CaseName
from bot.store.messages.inbox import ChatText
from bot.store.tables import cases as case_rows
from bot.store.tables import inbox
from handlers.actions.heard.answering import CaseAnswer, answer_case, sort_case
from handlers.actions.heard.asking import GivenWord, answer_question, ask_survey
from handlers.actions.heard.hearing import Heard, hear
from handlers.actions.heard.survey import say_why_left
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.pages.owner.heard import cases as cases_page
from rules.heard.cases import CaseReason
from rules.heard.topics import CaseTopic
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.pages.owner.shops import rows_of
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.counting import counting
from tests.rules.examples import CAFE

SURVEYS = """
[[surveys]]
id = "visit"
kind = "satisfaction"
title = { ja = "先日のご来店" }
[[surveys.questions]]
id = "content"
kind = "scale"
text = { ja = "ご満足いただけましたか" }
[[surveys.questions]]
id = "why"
kind = "words"
text = { ja = "ひとこと" }

[[surveys]]
id = "recommend"
kind = "nps"
title = { ja = "おすすめ度" }
[[surveys.questions]]
id = "score"
kind = "scale"
least = 0
most = 10
text = { ja = "すすめたいですか" }
"""


def told(browser: Browser, path: str = "/owner/voice") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def writes(shop: SmallClub, member: int, words: str, reason: CaseReason = "complaint") -> CaseName:
    key = shop.key()
    with shop.work("member", key=key) as work:
        said = ChatText(words, f"U{member:032x}", shop.now)
        hear(work, Heard(member, said, "feedback", reason))
        row = work.uow.run(select(inbox).where(inbox.c.key == key)).one()
    return CaseName(member, row.case_number)


def answers(shop: SmallClub, name: CaseName, *, closes: bool = False) -> None:
    with shop.work(MANAGER, key=shop.key()) as work:
        found = cases.get(work.uow, name)
        assert found is not None
        text = "" if closes else "ありがとうございます"
        outcome = answer_case(work, CaseAnswer(name, found.moved, text, closes=closes))
        assert outcome.done, outcome.refused


def sorts(shop: SmallClub, name: CaseName, topic: CaseTopic) -> None:
    with shop.work(MANAGER, key=shop.key()) as work:
        assert sort_case(work, name, topic).done


def member_at(shop: SmallClub, store: str) -> int:
    member = shop.joins()
    shop.visits(member, store=store)
    return member


def tiles(page: str) -> list[str]:
    return re.findall(r'class="tile".*?<strong>([^<]*)</strong>', page)


def test_who_waits_stands_overdue_first_with_who_has_it_and_a_way_to_the_case(
    shop: SmallClub, owner: Browser
) -> None:
    writes(shop, member_at(shop, "ekimae"), "ぬるい")
    shop.passes(days=2)
    writes(shop, member_at(shop, "kawabe"), "いつ開きますか", "question")
    page = told(owner)
    assert page.index("ぬるい") < page.index("いつ開きますか")
    assert page.count('<span class="pill bad">期限切れ</span>') == 1
    assert tiles(page)[:2] == ["2件", "2件"]
    assert "うち1件は期限切れ" in page
    paths = re.findall(r'href="(/staff/inbox/[^/"]+/\d+)"', page)
    assert "ぬるい" in told(owner, paths[0])
    assert "担当なし" in page
    assert "/owner/programme/cases" in page


def test_how_long_it_took_is_told_beside_the_days_before(shop: SmallClub, owner: Browser) -> None:
    before = writes(shop, shop.joins(user_id="U" + "1" * 32), "寒い")
    shop.passes(hours=8)
    answers(shop, before)
    shop.passes(days=30)
    for hours in (2, 4, 9):
        name = writes(shop, before.member_id, "ぬるい")
        shop.passes(hours=hours)
        answers(shop, name)
        shop.passes(hours=1)
        answers(shop, name, closes=True)
    page = told(owner)
    assert tiles(page) == ["0件", "3件", "4時間", "5時間"]
    assert "前は8時間" in page


def test_a_manager_sees_what_was_said_of_their_store_alone(shop: SmallClub, desks: Desks) -> None:
    writes(shop, member_at(shop, "ekimae"), "駅前が寒い")
    kawabe = writes(shop, member_at(shop, "kawabe"), "川辺が寒い")
    sorts(shop, kawabe, "place")
    mika = desks.signed_in("mika", "manager", "kawabe")
    for query in ("", "?store=ekimae", "?store="):
        for path in ("", "/words", "/words/table.csv"):
            page = told(mika, f"/owner/voice{path}{query}")
            assert "川辺が寒い" in page
            assert "駅前が寒い" not in page
        assert "苦情,席・設備,1,0" in told(mika, f"/owner/voice/reasons/table.csv{query}")
    assert 'id="by-store"' not in told(mika)


def test_stores_stand_side_by_side_for_who_sees_all(shop: SmallClub, owner: Browser) -> None:
    writes(shop, member_at(shop, "ekimae"), "寒い")
    writes(shop, shop.joins(), "まだ行けていません", "question")
    part = told(owner).partition('id="by-store"')[2].partition("</table>")[0]
    found = re.findall(r'scope="row">([^<]*)</th><td[^>]*>(\d+)<', part)
    assert found == [("駅前店", "1"), ("川辺店", "0"), ("まだお越しでない方", "1")]


def test_reasons_are_counted_by_topic_beside_the_days_before_with_the_words_behind(
    shop: SmallClub, owner: Browser
) -> None:
    member = member_at(shop, "ekimae")
    old = writes(shop, member, "待ちました")
    sorts(shop, old, "wait")
    shop.passes(days=30)
    other = member_at(shop, "ekimae")
    new = writes(shop, other, "=ぬるい")
    sorts(shop, new, "goods")
    writes(shop, member_at(shop, "ekimae"), "だめ")
    found = rows_of(owner, "/owner/voice/reasons/table.csv")
    assert ["苦情", "商品・メニュー", "1", "0"] in found
    assert ["苦情", "待ち時間", "0", "1"] in found
    assert ["苦情", "まだ分けていない", "1", "0"] in found
    words = told(owner, "/owner/voice/words?reason=complaint&topic=goods")
    assert "=ぬるい" in words
    assert "だめ" not in words
    assert re.findall(r'href="([^"]*)" aria-current="page"', words)[-1:] == ["/owner/voice/reasons"]
    assert "だめ" in told(owner, "/owner/voice/words?reason=complaint&topic=none")
    exported = rows_of(owner, "/owner/voice/words/table.csv?reason=complaint&topic=goods")
    assert [row[-1] for row in exported[1:]] == ["'=ぬるい"]
    assert shop.member(other).number not in str(exported)


def test_why_somebody_left_is_counted_and_waits_for_nobody(shop: SmallClub, owner: Browser) -> None:
    member = member_at(shop, "ekimae")
    with shop.work("member", key="left") as work:
        change_membership(work, member, "left", at=shop.now)
    said: tuple[tuple[str, CaseTopic | None], ...] = (("遠くなった", "far"), ("引越で", None))
    for words, topic in said:
        with shop.work("member", key=words) as work:
            say_why_left(work, member, ChatText(words, "U1", shop.now), topic=topic)
    assert ["退会のわけ", "引っ越し・遠い", "1", "0"] in rows_of(
        owner, "/owner/voice/reasons/table.csv"
    )
    assert "引越で" in told(owner, "/owner/voice/words?reason=leaving")
    assert tiles(told(owner))[:2] == ["0件", "0件"]


def test_of_who_is_erased_no_word_stays_and_they_are_counted_still(
    shop: SmallClub, owner: Browser
) -> None:
    member = member_at(shop, "ekimae")
    writes(shop, member, "ぬるい")
    with shop.work("member", key="gone") as work:
        erase(work, member)
    assert "ぬるい" not in told(owner) + told(owner, "/owner/voice/words")
    assert ["苦情", "まだ分けていない", "1", "0"] in rows_of(
        owner, "/owner/voice/reasons/table.csv"
    )


def asks(shop: SmallClub, member: int, survey_id: str, answers: Sequence[int | str]) -> None:
    with shop.work("member", key=shop.key()) as work:
        survey = work.programme.survey(survey_id)
        assert survey is not None
        ask_survey(work, member, survey, by="how", at=shop.now)
        which = surveys.last(work.uow, [member], survey_id)
        assert which is not None
        for question, given in zip(survey.questions, answers, strict=False):
            said = ChatText("", None, shop.now)
            number = given if isinstance(given, int) else None
            words = given if isinstance(given, str) else None
            answer_question(work, which, survey, GivenWord(question, said, number, words=words))


def test_satisfaction_and_nps_stand_apart_with_margins_and_nothing_below_thirty(
    shop: SmallClub, owner: Browser, desks: Desks
) -> None:
    shop.publishes(CAFE + SURVEYS)
    ekimae = [member_at(shop, "ekimae") for _ in range(30)]
    kawabe = [member_at(shop, "kawabe") for _ in range(29)]
    for n, member in enumerate(ekimae):
        asks(shop, member, "visit", [4 if n % 2 else 5, "よかったです" if n == 3 else ""])
        asks(shop, member, "recommend", [10])
    for member in kawabe:
        asks(shop, member, "visit", [3])
    found = rows_of(owner, "/owner/voice/satisfaction/table.csv")
    by_name = {(row[1], row[2]): row[3:] for row in found}
    # 30 of 4.5, 29 of 3; 4.5 ± 1.96 · 0.5085 / √30.
    assert by_name["ご満足いただけましたか", "駅前店"] == ["30", "4.50 ±0.18"]
    assert by_name["ご満足いただけましたか", "川辺店"] == ["29", ""]
    assert by_name["すすめたいですか", "駅前店"] == ["30", "'+100 ±0"]
    page = told(owner, "/owner/voice/satisfaction")
    assert "よかったです" in page
    assert "評価 4" in page
    mika = desks.signed_in("mika", "manager", "kawabe")
    page = told(mika, "/owner/voice/satisfaction?store=ekimae")
    assert "29件のお答え" in page
    assert "よかったです" not in page
    assert "よかったです" not in told(mika, "/owner/voice/satisfaction/comments?survey=visit")


def test_each_person_counts_once_by_their_latest_answer_whatever_card_it_was(
    shop: SmallClub, owner: Browser
) -> None:
    shop.publishes(CAFE + SURVEYS)
    many = [member_at(shop, "ekimae") for _ in range(30)]
    twin = member_at(shop, "ekimae")
    asks(shop, twin, "visit", [1])
    with shop.work(MANAGER, key="merged") as work:
        assert merge(work, MergeRequest(many[0], twin)).done
    shop.passes(days=40)
    for member in many:
        asks(shop, member, "visit", [5])
    found = rows_of(owner, "/owner/voice/satisfaction/table.csv")
    assert found[1][3:] == ["30", "5.00 ±0.00"]


@pytest.mark.parametrize("path", ["", "/reasons", "/words", "/satisfaction"])
def test_a_page_asks_as_little_of_many_as_of_few(
    shop: SmallClub, owner: Browser, path: str
) -> None:
    shop.publishes(CAFE + SURVEYS)
    asked = []
    # The first look at words is noted once for a while.
    for many in (1, 1, 12):
        for _ in range(many):
            writes(shop, member_at(shop, "ekimae"), "ぬるい")
        with counting(shop.store) as counted:
            told(owner, f"/owner/voice{path}")
        asked.append(len(counted.statements))
    assert asked[1] == asked[2]


def test_who_waits_stands_page_by_page(
    shop: SmallClub, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases_page, "PAGE", 2)
    for n in range(5):
        writes(shop, member_at(shop, "ekimae"), f"その{n}です")
        shop.passes(minutes=1)
    seen = []
    for page in range(3):
        seen += re.findall(r"その\dです", told(owner, f"/owner/voice?page={page}"))
    assert seen == [f"その{n}です" for n in range(5)]


def test_a_case_is_of_the_store_where_they_had_come_last(shop: SmallClub) -> None:
    member = member_at(shop, "ekimae")
    shop.passes(days=1)
    shop.visits(member, store="kawabe")
    shop.passes(days=1)
    writes(shop, member, "寒い")
    with shop.store.read() as uow:
        assert [row.store for row in uow.run(select(case_rows))] == ["kawabe"]


def test_staff_sort_a_case_and_no_colleague_has_to_read_it_anew(
    shop: SmallClub, desks: Desks
) -> None:
    name = writes(shop, member_at(shop, "ekimae"), "寒い")
    sato = desks.signed_in("sato")
    path = f"/staff/inbox/{shop.member(name.member_id).number}/{name.number}"
    before = re.findall(r'name="seen" value="(\d+)"', sato.get(path).text)
    sorted_ = sato.post(f"{path}/topic", topic="place", key="t1")
    assert sorted_.headers["Location"].endswith("done=sorted")
    page = sato.get(path).text
    assert '<option value="place" selected>' in page
    assert re.findall(r'name="seen" value="(\d+)"', page) == before


def test_whose_store_is_gone_reads_nothing_of_the_one_that_is_left(
    shop: SmallClub, desks: Desks
) -> None:
    for store, words in (("ekimae", "駅前のことば"), ("kawabe", "川辺のことば")):
        writes(shop, member_at(shop, store), words)
    mika = desks.signed_in("mika", "manager", "kawabe")
    head, _, rest = CAFE.partition('[[stores]]\nid = "kawabe"')
    shop.publishes(head + rest[rest.index("[visits]") :])
    for path in ("/owner/voice", "/owner/voice/words", "/owner/voice/words/table.csv"):
        page = told(mika, path)
        assert "川辺のことば" in page
        assert "駅前のことば" not in page
