"""Files of other systems, brought in by an owner's browser."""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from bot.store.finding import due_members
from bot.store.history.programs import publish
from bot.store.members import members, profiles
from bot.store.members.members import Member
from handlers.jobs.many import imports as job
from handlers.jobs.night.audit import audit
from tests.handlers.pages.conftest import CAFE
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import searches, somebody

PAGE = "/owner/import"
#: As a spreadsheet leaves it: noughts dropped, days as numbers, widths mixed, a quoted line break.
NAMES = (
    "会員番号,氏名,フリガナ,携帯電話,生年月日,入会日,来店回数,ポイント,有効期限,備考\n"
    'A001,山田　花子,ヤマダハナコ,9012345678,昭和58年5月12日,2024/4/1,１２,"1,200",2030/1/1,\n'
    'A002,"佐藤\n太郎",,090-1111-2222,1990-01-05,45383,3,0,,\n'
    ",,,,,,,,,\n"
    "A003,鈴木,,090-3333-4444,5月1日,4月1日,,,,年がない\n"
    "A001,山田　花子,,,,,,,,二度め\n"
    "=1+2,式,,,,,,,,\n"
)


def text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def sends(owner: Browser, data: bytes, kind: str) -> TestResponse:
    owner.get(PAGE)
    file = (io.BytesIO(data), "list.csv")
    sent = {"csrf_token": owner.csrf, "kind": kind, "file": file}
    return owner.client.post(PAGE, data=sent)


def looked_at(owner: Browser, desks: Desks, data: bytes, kind: str, **chosen: str) -> str:
    """Hands the file in, says yes to the columns as they are guessed; gives the import's page."""
    answer = sends(owner, data, kind)
    assert answer.status_code == 303, text(answer.text)
    at: str = answer.location
    page = owner.get(at).text
    columns = {
        name: next(iter(re.findall(r'<option value="(\d+)" selected', options)), "")
        for name, options in re.findall(
            r'<select id="column-[a-z]+" name="(column_[a-z]+)">(.*?)</select>', page, re.DOTALL
        )
    }
    checked = {"has_head": "on"} if 'name="has_head" checked' in page else {}
    went = owner.post(f"{at}/columns", **{**columns, **checked, **chosen})
    assert went.status_code == 303
    assert "no=" not in went.location, went.location
    goes_on(desks)
    return at


def goes_on(desks: Desks) -> None:
    job.run_if_due(desks.club)


def does(owner: Browser, desks: Desks, at: str) -> str:
    """Says yes to what was shown; gives the page once it is over."""
    [counted] = re.findall(r'name="counted" value="(\d+)"', owner.get(at).text)
    assert owner.post(f"{at}/do", counted=counted).status_code == 303
    goes_on(desks)
    return text(owner.get(at).text)


def with_number(desks: Desks, number: str) -> Member:
    with desks.club.store.read() as uow:
        found = members.get(uow, members.by_code(uow, "old", number) or 0)
    assert found is not None
    return found


def everything_adds_up(desks: Desks) -> bool:
    found = [each for each in audit(desks.club) if each]
    assert not found, found
    return True


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_list_of_members_is_shown_first_and_makes_each_of_them_once(
    owner: Browser, desks: Desks, encoding: str
) -> None:
    at = looked_at(owner, desks, NAMES.encode(encoding), "members")
    shown = text(owner.get(at).text)
    assert "新しくできる会員 2行" in shown
    # Nothing is made before somebody says yes.
    assert not everybody(desks)
    for n, why in (
        (5, "何年かがわかりません"),
        (6, "前の行にあります"),
        (7, "計算式が入っています"),
    ):
        assert f"{n}行目" in shown
        assert why in shown
    assert "取り込んだ行 2行" in does(owner, desks, at)
    hanako, taro = with_number(desks, "A001"), with_number(desks, "A002")
    with desks.club.store.read() as uow:
        profile = profiles.get(uow, hanako.id)
        assert (profile.name, profile.phone) == ("山田 花子", "+819012345678")
    assert hanako.line_user_id is None
    facts = hanako.facts
    assert (facts.source, facts.joined_on.isoformat()) == ("import", "2024-04-01")
    assert facts.birthday is not None
    assert (facts.birthday.year, facts.birthday.month) == (1983, 5)
    # No welcome: 1,200 are what they had.
    assert (facts.balance, facts.visits) == (1200, 12)
    # 45383 is the first of April 2024.
    assert taro.facts.joined_on.isoformat() == "2024-04-01"
    assert everything_adds_up(desks)
    # The counter finds them by the number on the card of before, which their page leads to.
    assert "山田" in searches(desks.signed_in("m", "manager"), "山田").text


def everybody(desks: Desks) -> list[int]:
    with desks.club.store.read() as uow:
        return list(due_members.id_span(uow))


def test_the_same_file_twice_changes_nothing(owner: Browser, desks: Desks) -> None:
    data = NAMES.encode()
    does(owner, desks, looked_at(owner, desks, data, "members"))
    before = everybody(desks)
    shown = text(owner.get(looked_at(owner, desks, data, "members")).text)
    # With the one that stands twice in it.
    assert "もう入っている行（何も変わりません） 3行" in shown
    assert everybody(desks) == before


def test_rows_that_are_wrong_are_mended_and_sent_again(owner: Browser, desks: Desks) -> None:
    at = looked_at(owner, desks, NAMES.encode(), "members")
    answer = owner.get(f"{at}/wrong.csv")
    assert answer.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["会員番号", "A003", "A001", "'=1+2"]
    assert rows[1][-2].endswith("何年かがわかりません")
    rows[1][5] = "2024/4/1"
    out = io.StringIO()
    csv.writer(out).writerows(rows[:2])
    does(owner, desks, looked_at(owner, desks, out.getvalue().encode("utf-8-sig"), "members"))
    assert with_number(desks, "A003").facts.joined_on.isoformat() == "2024-04-01"


def test_what_happened_before_is_judged_by_its_day_and_told_to_nobody(
    owner: Browser, desks: Desks
) -> None:
    does(owner, desks, looked_at(owner, desks, NAMES.encode(), "members"))
    visits = (
        "会員番号\t来店日\nA001\t2024/5/1\nA001\t2024/5/2 10:30\nA001\t2024/5/1\n"
        "A002\t2020/1/1\nB9\t2024/5/1\n"
    )
    at = looked_at(owner, desks, visits.encode("utf-16"), "visits")
    shown = text(owner.get(at).text)
    assert "記録するご来店 3行" in shown
    assert "入会日より前です" in shown
    assert "この番号の会員はいません" in shown
    done = does(owner, desks, at)
    # Twice on one day is once, as at the counter.
    assert "取り込んだ行 2行" in done
    hanako = with_number(desks, "A001")
    assert hanako.facts.visits == 12 + 2
    assert hanako.facts.last_visit_on is not None
    assert hanako.facts.last_visit_on.isoformat() == "2024-05-02"
    assert everything_adds_up(desks)


def test_a_balance_is_what_the_file_says_with_what_imported_visits_brought(
    owner: Browser, desks: Desks
) -> None:
    does(owner, desks, looked_at(owner, desks, NAMES.encode(), "members"))
    bought = "会員番号;日付;合計金額\nA002;2024/5/1;1,000円\n"
    does(owner, desks, looked_at(owner, desks, bought.encode(), "purchases"))
    earned = with_number(desks, "A002").facts.balance
    assert earned > 0
    told = "会員番号,残高,有効期限\nA002,500,2031/3/1\nA001,100,\n"
    at = looked_at(owner, desks, told.encode(), "balances")
    does(owner, desks, at)
    assert with_number(desks, "A002").facts.balance == 500
    assert with_number(desks, "A001").facts.balance == 100
    assert everything_adds_up(desks)
    # Taken back as a whole: what there was before.
    assert owner.post(f"{at}/undo", sure="on").status_code == 303
    goes_on(desks)
    assert with_number(desks, "A002").facts.balance == earned
    assert with_number(desks, "A001").facts.balance == 1200
    assert everything_adds_up(desks)


def test_members_who_came_since_stay_when_all_is_taken_back(owner: Browser, desks: Desks) -> None:
    at = looked_at(owner, desks, NAMES.encode(), "members")
    does(owner, desks, at)
    visits = looked_at(owner, desks, "会員番号,来店日\nA001,2025/5/1\n".encode(), "visits")
    does(owner, desks, visits)
    owner.post(f"{at}/undo", sure="on")
    goes_on(desks)
    shown = text(owner.get(at).text)
    assert "取り消した行 1行" in shown
    assert "そのあとにご来店があったか、LINEとつながっています" in shown
    assert with_number(desks, "A001").erased_at is None
    with desks.club.store.read() as uow:
        assert members.by_code(uow, "old", "A002") is None
    assert everything_adds_up(desks)
    # Once the visits are taken back, too, nothing keeps them any more; and all may come again.
    owner.post(f"{visits}/undo", sure="on")
    goes_on(desks)
    owner.post(f"{at}/undo", sure="on")
    goes_on(desks)
    assert "取り消した行 2行" in text(owner.get(at).text)
    does(owner, desks, looked_at(owner, desks, NAMES.encode(), "members"))
    assert with_number(desks, "A001").facts.balance == 1200
    assert everything_adds_up(desks)


def test_without_saying_that_one_is_sure_nothing_is_taken_back(
    owner: Browser, desks: Desks
) -> None:
    at = looked_at(owner, desks, NAMES.encode(), "members")
    does(owner, desks, at)
    assert "no=import_unsure" in owner.post(f"{at}/undo").location
    goes_on(desks)
    assert with_number(desks, "A001").erased_at is None


def test_whoever_has_a_card_already_gets_the_number_of_before_with_it(
    owner: Browser, desks: Desks
) -> None:
    number = somebody(desks, name="花子")
    with desks.club.store.begin() as uow:
        known = members.by_code(uow, "number", number) or 0
        profile = profiles.Profile("花子", phone="+819012345678")
        profiles.put(uow, known, profile, at=desks.club.now())
    does(owner, desks, looked_at(owner, desks, NAMES.encode(), "members"))
    assert with_number(desks, "A001").id == known
    assert with_number(desks, "A001").facts.source == "line"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 a workbook", "Excelのブックです"),
        (b"\x81\x00\xff\xfe\x00", "文字として読めないファイルです"),
        ("氏名\n山\0田\n".encode(), "文字として読めないファイルです"),
        (b"", "ファイルに何もありません"),
        (b"\n\n,,,\n", "ファイルに何もありません"),
        ("氏名,電話\n\"閉じない,".encode() + b"x" * 3_000, "この行から先が読めません"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_words(
    owner: Browser, desks: Desks, data: bytes, code: str
) -> None:
    answer = sends(owner, data, "members")
    assert answer.status_code == 400
    assert code in text(answer.text)
    assert "これまでの取り込み" not in text(owner.get(PAGE).text)


def test_columns_that_say_too_little_are_refused_and_chosen_again(
    owner: Browser, desks: Desks
) -> None:
    answer = sends(owner, "だれ,いつ\nA001,2024/5/1\n".encode(), "visits")
    at = answer.location
    went = owner.post(f"{at}/columns", has_head="on", column_day="1")
    assert "no=import_needs_who" in went.location
    went = owner.post(f"{at}/columns", has_head="on", column_day="1", column_number="1")
    assert "no=import_twice_column" in went.location
    assert owner.post(f"{at}/columns", column_day="1", column_number="0").status_code == 303
    goes_on(desks)
    assert "この番号の会員はいません" in text(owner.get(at).text)
    assert owner.post(f"{at}/drop").location.endswith(PAGE)
    assert owner.get(at).status_code == 404


def test_who_changed_meanwhile_is_seen_again_when_it_is_done(owner: Browser, desks: Desks) -> None:
    """A yes to a page a day old does not do more than was shown."""
    at = looked_at(owner, desks, NAMES.encode(), "members")
    assert "no=import_changed" in owner.post(f"{at}/do", counted="7").location
    # The same rows come by another file first.
    once_more = looked_at(owner, desks, NAMES.encode() + b"\n", "members")
    does(owner, desks, once_more)
    shown = does(owner, desks, at)
    assert "もう入っている行（何も変わりません） 2行" in shown
    assert with_number(desks, "A001").joined_at < desks.club.now() - timedelta(days=1)


def test_a_yes_to_other_columns_than_are_chosen_by_now_does_nothing(
    owner: Browser, desks: Desks
) -> None:
    """Two tabs: what the first shows is not what the second chose since."""
    at = looked_at(owner, desks, NAMES.encode(), "members")
    [shown] = re.findall(r'name="reading" value="([^"]*)"', owner.get(at).text)
    owner.post(f"{at}/columns", has_head="on", column_number="0", column_name="2")
    goes_on(desks)
    [counted] = re.findall(r'name="counted" value="(\d+)"', owner.get(at).text)
    went = owner.post(f"{at}/do", counted=counted, reading=shown)
    assert "no=import_changed" in went.location
    [now] = re.findall(r'name="reading" value="([^"]*)"', owner.get(at).text)
    assert now != shown
    assert "no=" not in owner.post(f"{at}/do", counted=counted, reading=now).location


def test_only_owners_bring_files_in(desks: Desks) -> None:
    assert desks.signed_in("m", "manager").get(PAGE).status_code == 403


STAMPS = "\n[stamp_cards]\npoints = 10\n"
OLD_CARDS = "カード番号,スタンプの数\nP1,7個\nP2,51\n".encode()


def publishes(desks: Desks, text: str, *, minutes_ago: int) -> None:
    with desks.club.store.begin() as uow:
        publish(uow, text, since=datetime.now(UTC) - timedelta(minutes=minutes_ago))
    desks.club.programmes.forget()


def test_old_cards_are_offered_where_they_are_taken_and_their_worth_is_said(
    owner: Browser, desks: Desks
) -> None:
    assert 'value="stamps"' not in owner.get(PAGE).text
    assert sends(owner, OLD_CARDS, "stamps").status_code == 400
    publishes(desks, CAFE + STAMPS, minutes_ago=9)
    assert 'value="stamps"' in owner.get(PAGE).text
    at = looked_at(owner, desks, OLD_CARDS, "stamps")
    shown = text(owner.get(at).text)
    assert "移すスタンプカード 1行" in shown
    assert "スタンプ1個を10ポイントとして移します。" in shown
    assert "1枚のカードに押せる数をこえています" in shown
    form = {"counted": "1", "worth": "10"}
    # A stamp is worth something else by the time somebody says yes.
    publishes(desks, CAFE + STAMPS.replace("10", "20"), minutes_ago=1)
    assert "no=stamps_changed" in owner.post(f"{at}/do", **form).location
    assert "スタンプ1個を20ポイントとして移します。" in text(owner.get(at).text)
    assert "no=" not in owner.post(f"{at}/do", counted="1", worth="20").location
    goes_on(desks)
    assert with_number(desks, "P1").facts.balance == 140
    owner.post(f"{at}/undo", sure="on")
    goes_on(desks)
    assert "取り消した行 1行" in text(owner.get(at).text)
    assert everything_adds_up(desks)
