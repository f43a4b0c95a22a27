"""The audit log: read by who may, found by what is known, told in sentences."""

import ast
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.settings import PROJECT
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.log import note
from handlers.pages.staff.team import log
from rules.wording.texts import keys, say
from rules.wording.words import Words
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.rules.examples import cafe


def _writes(desks: Desks, who: str, action: str, *, store: str = "ekimae", days: int = 0) -> None:
    person = desks.person(who)
    desk = Actor(person.id, person.name, person.role, store)
    with desks.club.work(desk) as work:
        note(work.moment(desks.club.now() - timedelta(days=days)), action)


def _table(browser: Browser, query: str = "") -> str:
    answer = browser.get(f"/staff/log{query}")
    assert answer.status_code == 200
    return answer.text.partition("<tbody>")[2].partition("</tbody>")[0]


def test_the_log_says_who_did_what_where_in_words(desks: Desks) -> None:
    device = desks.device(name="レジ横のタブレット")
    hana = desks.hires("hana")
    device.get("/staff/tap")
    device.post("/staff/tap", staff=str(hana.id))
    boss = desks.browser()
    boss.logs_in("boss")
    told = _table(boss)
    for words in ("Hana", "ログイン（名前のタップ）", "駅前店 · レジ横のタブレット"):
        assert words in told
    assert "端末「レジ横のタブレット」を登録（駅前店）" in told
    boss.post("/staff/language", language="en")
    assert "Logged in (tap)" in _table(boss)


def test_the_log_is_found_by_person_action_store_and_day(desks: Desks) -> None:
    desks.hires("hana")
    desks.hires("ken")
    boss = desks.signed_in("boss", "owner", None)
    _writes(desks, "hana", "check_in")
    _writes(desks, "ken", "purchase", store="kawabe")
    _writes(desks, "ken", "undo", days=40)
    visit, till, undone = (
        Words(cafe(), "ja").say(f"staff.log.did.{a}") for a in ("check_in", "purchase", "undo")
    )
    assert all(word in _table(boss) for word in (visit, till, undone))
    found = _table(boss, f"?staff={desks.person('ken').id}")
    assert (visit in found, till in found) == (False, True)
    found = _table(boss, "?action=check_in")
    assert (visit in found, till in found) == (True, False)
    found = _table(boss, "?store=kawabe")
    assert (visit in found, till in found) == (False, True)
    day = (desks.club.now() - timedelta(days=30)).date().isoformat()
    assert undone not in _table(boss, f"?since={day}")
    assert undone in _table(boss, f"?until={day}")
    asked = boss.post("/staff/log", member="0000 0000 00", action="check_in").location
    assert "action=check_in" in asked
    assert "0000000000" not in asked
    assert _table(boss, asked.removeprefix("/staff/log")) == ""
    assert 'name="member" inputmode="numeric" maxlength="20" value="0000000000"' in (
        boss.get(asked).text
    )
    assert _table(boss, "?staff=x&since=yesterday&before=-1") != ""


def test_a_manager_sees_their_own_store_whatever_they_ask_for(desks: Desks) -> None:
    desks.hires("ken", store="kawabe")
    manager = desks.signed_in("hana", "manager")
    _writes(desks, "ken", "purchase", store="kawabe")
    for query in ("", "?store=kawabe", "?action=purchase"):
        assert say("ja", "staff.log.did.purchase") not in _table(manager, query)


def test_a_long_log_goes_on_on_the_next_page(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "LINES", 3)
    boss = desks.signed_in("boss", "owner", None)
    for _ in range(6):
        _writes(desks, "boss", "check_in")
    seen, path = 0, "/staff/log?action=check_in"
    while path:
        page = boss.get(path).text
        seen += page.partition("<tbody>")[2].count("<tr>")
        older = page.partition("/staff/log?action=check_in&amp;before=")[2].partition('"')[0]
        path = f"/staff/log?action=check_in&before={older}" if older else ""
    assert seen == 6


def _noted() -> Iterator[tuple[str, str]]:
    """Every word that actions write into the log, and where."""
    for file in sorted((PROJECT / "handlers").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in ("note", "note_look", "log", "add"):
                yield from ((word, file.name) for word in _words(node))


def _called(node: ast.Call) -> str:
    """`note`, `note_look` and `log` by their own names, and `audit.add`."""
    if isinstance(node.func, ast.Name):
        return node.func.id if node.func.id != "add" else ""
    owner = getattr(getattr(node.func, "value", None), "id", "")
    return "add" if owner == "audit" and getattr(node.func, "attr", "") == "add" else ""


def _words(node: ast.Call) -> Iterator[str]:
    """The action of `note(uow, desk, action, …)`: a string, or one of two."""
    for argument in node.args[1:3]:
        choices = (
            (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)
        )
        for choice in choices:
            if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
                yield choice.value


def test_everything_that_is_logged_has_a_name_for_people() -> None:
    noted = dict(_noted())
    assert len(noted) > 15
    assert {"member_seen", "not_allowed", "refused", "locked_out"} <= noted.keys()
    known = keys("ja")
    missing = {word: where for word, where in noted.items() if f"staff.log.did.{word}" not in known}
    assert missing == {}


def test_a_manager_of_one_store_reads_no_names_of_another(desks: Desks) -> None:
    desks.device("kawabe", name="川辺のレジ")
    desks.device("ekimae", name="駅前のレジ")
    desks.hires("taro", store="kawabe")
    desks.hires("hana")
    page = desks.signed_in("tencho", "manager").get("/staff/log").text
    assert "駅前のレジ" in page
    assert ">Hana<" in page
    assert ">Boss<" in page
    assert "川辺のレジ" not in page
    assert ">Taro<" not in page
    owner = desks.browser()
    owner.logs_in("boss")
    page = owner.get("/staff/log").text
    assert "川辺のレジ" in page
    assert ">Taro<" in page
