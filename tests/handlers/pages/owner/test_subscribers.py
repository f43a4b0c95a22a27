"""A file of who subscribes, and of what was delivered: shown first, done once, taken back."""

import html
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.test import TestResponse

from bot.store import UnitOfWork
from bot.store.members import line_plans, members, profiles
from bot.store.members.members import Member
from bot.store.members.profiles import Profile
from handlers.actions.recording.record import Request, carry_out
from handlers.commands.sharing.subscribers import subscribers_command
from rules.activity import MembershipChanged, Subscribed
from rules.facts import Facts
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody
from tests.rules.examples import BEANS, THIRD

PAGE = "/owner/subscribers"


@pytest.fixture
def owner(desks: Desks) -> Browser:
    with_programme(desks.club, CAFE + BEANS + THIRD)
    desks.club.programmes.forget()
    return desks.signed_in("boss", "owner", None)


def text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def uploads(owner: Browser, data: bytes, kind: str = "days") -> TestResponse:
    owner.get(PAGE)
    file = (io.BytesIO(data), "list.csv")
    sent = {"csrf_token": owner.csrf, "kind": kind, "file": file}
    return owner.client.post(PAGE, data=sent)


def sends(owner: Browser, shown: str, how: str = "keep") -> str:
    """The button below what was shown."""
    fields = dict(re.findall(r'<input type="hidden" name="(key|kind)" value="([^"]*)"', shown))
    # As browsers read it: the first line break of a field is none of its text.
    [rows] = re.findall(r'<textarea name="rows" hidden>\n?(.*?)</textarea>', shown, re.DOTALL)
    data = {"csrf_token": owner.csrf, "rows": html.unescape(rows), "how": how, **fields}
    answer = owner.client.post(f"{PAGE}/keep", data=data)
    assert answer.status_code == 303
    return text(owner.get(answer.location).text)


def facts(desks: Desks, number: str) -> Facts:
    with desks.club.store.read() as uow:
        found = members.get(uow, members.by_code(uow, "number", number) or 0)
    assert found is not None
    return found.facts


def phoned(desks: Desks, phone: str, name: str) -> str:
    """Somebody on paper who told that telephone."""
    number = somebody(desks, name=name)
    with desks.club.store.begin() as uow:
        member_id = members.by_code(uow, "number", number) or 0
        profiles.put(uow, member_id, Profile(name, phone=phone), at=desks.club.now())
        profiles.refresh(uow, member_id)
    return number


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_shown_first_and_does_each_row_once(
    owner: Browser, desks: Desks, encoding: str
) -> None:
    one, other = somebody(desks, name="あき"), phoned(desks, "+819012345678", "はる")
    spaced = f"{one[:3]} {one[3:6]} {one[6:]}"
    rows = (
        "会員番号,はじめ,おわり,定期\r\n"
        f"{spaced},2026/4/1,,豆の定期便\r\n"
        "090-1234-5678,２０２６年４月２日,2026-04-30,beans\r\n"
        "1234567890,2026-04-01,,\r\n"
        f"{one},soon,,\r\n"
        f"{one},2026-04-01,,お茶の定期便\r\n"
    ).encode(encoding)
    shown = uploads(owner, rows).text
    said = text(shown)
    assert "登録する、または変わる行：2" in said
    assert "登録できない行：3" in said
    assert "4行目 1234567890：この番号の会員が見つかりません" in said
    assert "5行目" in said
    assert "いまの会員プログラムにありません" in said
    assert facts(desks, one).subscriptions == {}

    assert "登録しました。 （2件）" in sends(owner, shown)
    mark = facts(desks, one).subscriptions["beans"]
    assert (f"{mark.since}", mark.until, mark.by) == ("2026-04-01", None, "import")
    assert f"{facts(desks, other).subscriptions['beans'].until}" == "2026-04-30"
    sends(owner, shown)
    seq = _seq(desks, one)
    sends(owner, shown)
    assert _seq(desks, one) == seq
    again = text(uploads(owner, rows).text)
    assert "登録する、または変わる行：0" in again
    assert "すでに登録してある行：2" in again
    assert "いまご利用中の会員 1" in text(owner.get(PAGE).text)
    assert "定期のご利用のCSV（2件）" in text(owner.get("/staff/log").text)


def _seq(desks: Desks, number: str) -> int:
    with desks.club.store.read() as uow:
        found = members.get(uow, members.by_code(uow, "number", number) or 0)
    assert found is not None
    return found.seq


def test_deliveries_count_once_a_day_and_are_taken_back_as_a_whole(
    owner: Browser, desks: Desks
) -> None:
    one = somebody(desks, name="あき")
    sends(owner, uploads(owner, f"{one},2026-01-01".encode()).text)
    rows = "".join(f"{one},2026-0{month}-10\n" for month in (2, 3, 4)) + f"{one},2026-04-10\n"
    shown = uploads(owner, rows.encode(), "deliveries").text
    assert "記録するお届け：3" in text(shown)
    assert "すでに登録してある行：1" in text(shown)
    sends(owner, shown)
    assert [each.reward for each in facts(desks, one).vouchers] == ["third"]
    back = uploads(owner, rows.encode(), "deliveries").text
    assert "このファイルで登録した3件を取り消す" in text(back)
    assert "取り消しました。 （3件）" in sends(owner, back, "back")
    now = facts(desks, one)
    assert (now.vouchers, now.counts.get("delivery", 0)) == ((), 0)
    # The same file may be handed in once more.
    sends(owner, uploads(owner, rows.encode(), "deliveries").text)
    assert facts(desks, one).counts["delivery"] == 3


def test_a_file_that_begins_with_an_empty_line_is_taken_back_by_the_same(
    owner: Browser, desks: Desks
) -> None:
    one = somebody(desks, name="あき")
    rows = f"\n{one},2026-01-01\n".encode()
    sends(owner, uploads(owner, rows).text)
    back = uploads(owner, rows).text
    assert "このファイルで登録した1件を取り消す" in text(back)
    sends(owner, back, "back")
    assert facts(desks, one).subscriptions == {}


def test_a_row_without_a_day_changes_nothing_of_what_runs(owner: Browser, desks: Desks) -> None:
    one = somebody(desks, name="あき")
    sends(owner, uploads(owner, f"{one},2026-01-01".encode()).text)
    again = text(uploads(owner, f"{one},,,豆の定期便".encode()).text)
    assert "登録する、または変わる行：0" in again
    assert "すでに登録してある行：1" in again


def test_whoever_a_file_is_of_is_locked_in_the_order_of_all(
    owner: Browser, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files at once, and a merging, wait for one another in no circle."""
    numbers = [somebody(desks, name=name) for name in ("あき", "はる", "なつ")]
    rows = "".join(f"{number},2026-01-01\n" for number in reversed(numbers)).encode()
    locked: list[int] = []
    lock = members.lock

    def noted(uow: UnitOfWork, member_id: int) -> Member:
        locked.append(member_id)
        return lock(uow, member_id)

    monkeypatch.setattr(members, "lock", noted)
    for how in ("keep", "back"):
        locked.clear()
        sends(owner, uploads(owner, rows).text, how)
        first = list(dict.fromkeys(locked))
        assert len(first) == 3
        assert first == sorted(first)


def test_a_row_refused_once_is_done_when_it_can_be(owner: Browser, desks: Desks) -> None:
    one = somebody(desks, name="あき")
    rows = f"{one},2026-02-10\n".encode()
    sends(owner, uploads(owner, rows, "deliveries").text)
    assert "delivery" not in facts(desks, one).counts
    sends(owner, uploads(owner, f"{one},2026-01-01".encode()).text)
    sends(owner, uploads(owner, rows, "deliveries").text)
    assert facts(desks, one).counts["delivery"] == 1


def test_a_telephone_that_two_members_have_names_neither(owner: Browser, desks: Desks) -> None:
    for name in ("あき", "はる"):
        phoned(desks, "+819011112222", name)
    said = text(uploads(owner, b"09011112222,2026-01-01").text)
    assert "この電話番号の会員が、ほかにもいます" in said


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00\x81", b"1,2\n" * 1_001])
def test_what_is_no_list_is_told_and_nothing_kept(owner: Browser, data: bytes) -> None:
    answer = uploads(owner, data)
    assert answer.status_code == 400
    assert "ファイルを読み取れませんでした" in text(answer.text)


def test_the_command_looks_first_and_keeps_when_it_is_told_to(
    owner: Browser, desks: Desks, tmp_path: Path
) -> None:
    assert owner
    one = somebody(desks, name="あき")
    file = tmp_path / "list.csv"
    file.write_bytes(f"{one},2026-01-01\n0,2026-01-01\n".encode())

    command = subscribers_command(lambda: desks)
    looked = CliRunner().invoke(command, [str(file)])
    assert "To note: 1; known already: 0." in looked.output
    assert "Row 2: No member has this number." in looked.output
    assert facts(desks, one).subscriptions == {}
    kept = CliRunner().invoke(command, [str(file), "--keep"])
    assert "Noted: 1; known already: 0." in kept.output
    again = CliRunner().invoke(command, [str(file), "--keep"])
    assert "Noted: 0; known already: 1." in again.output
    assert facts(desks, one).subscriptions["beans"].by == "import"


def begins(desks: Desks, number: str, subscription: str, until: date | None = None) -> None:
    with desks.club.work("staff", key=f"test:{number}:{subscription}") as work:
        member_id = members.by_code(work.uow, "number", number) or 0
        what = Subscribed(subscription, until=until)
        assert carry_out(work, Request(member_id, what, work.now)).done


def leaves(desks: Desks, number: str) -> None:
    with desks.club.work("member", key=f"test:{number}:left") as work:
        member_id = members.by_code(work.uow, "number", number) or 0
        assert carry_out(work, Request(member_id, MembershipChanged("left"), work.now)).done


def test_how_many_have_each_is_counted_and_leads_to_who_they_are(
    desks: Desks, owner: Browser
) -> None:
    with_programme(desks.club, CAFE + BEANS + BEANS.replace('"beans"', '"tea"').replace("31", "41"))
    desks.club.programmes.forget()
    a, b, c, gone = (somebody(desks, name=name) for name in ("さくら", "けん", "はな", "ゆき"))
    begins(desks, a, "beans")
    begins(desks, gone, "beans")
    leaves(desks, gone)
    begins(desks, b, "beans")
    begins(desks, b, "tea")
    begins(desks, c, "tea", until=desks.club.now().date() - timedelta(days=3))
    page = owner.get(PAGE).text
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    counts = [re.findall(r">(\d+)</td>", row) for row in rows]
    assert counts == [["2"], ["1"]]
    assert "3189, 3190" in text(rows[0])
    [link] = re.findall(r'href="(/owner/members[?][^"]+)">2<', page)
    people = owner.get(html.unescape(link)).text
    assert "さくら" in people
    assert "はな" not in people
    assert "ゆき" not in people, "who left is not counted either"


def test_a_plan_that_no_subscription_names_is_told_with_how_many_have_it(
    desks: Desks, owner: Browser
) -> None:
    at = desks.club.now()
    with desks.club.store.begin() as uow:
        for user, plan, told in (
            ("U1", 12345, "joined"), ("U2", 12345, "renewed"), ("U3", 12345, "left"),
            ("U1", 3189, "joined"),
        ):  # fmt: skip
            line_plans.note(uow, user, plan, told, at=at)
    page = owner.get(PAGE).text
    assert "プラン12345（2人）が、どの定期にもつながっていません" in text(page)
    assert "プラン3189" not in text(page)
    [form] = re.findall(r'href="(/owner/programme/subscriptions/beans#[^"]+)"', page)
    assert 'id="line_memberships"' in owner.get(form.partition("#")[0]).text
    named = BEANS.replace("[3189, 3190]", "[3189, 3190, 12345]")
    with_programme(desks.club, CAFE + named)
    desks.club.programmes.forget()
    assert "どの定期にも" not in text(owner.get(PAGE).text)


def test_a_shop_without_subscriptions_hears_of_a_plan_too(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    with desks.club.store.begin() as uow:
        line_plans.note(uow, "U1", 7, "joined", at=desks.club.now())
    page = owner.get(PAGE).text
    assert "プラン7（1人）" in text(page)
    assert 'href="/owner/programme/new/subscriptions"' in page
