import threading
from collections.abc import Callable
from datetime import timedelta
from queue import Queue

import pytest
from argon2.exceptions import VerifyMismatchError

from bot import passwords
from bot.passwords import AT_ONCE, WAITING_MAX
from bot.store.staff import staff
from handlers.actions.staff.signing import FREE_TRIES
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import PASSWORD, Desks

WRONG = say("ja", "refusal.login_wrong.why")


def test_who_knows_the_password_gets_in_and_to_the_page_they_wanted(desks: Desks) -> None:
    desks.hires("hana")
    browser = desks.browser()
    turned_away = browser.get("/staff/?view=big")
    assert turned_away.status_code == 303
    assert turned_away.location == "/staff/login?next=/staff/?view%3Dbig"
    answer = browser.logs_in("hana", next="/staff/?view=big")
    assert (answer.status_code, answer.location) == (303, "/staff/?view=big")
    assert "Hana" in browser.get("/staff/").text


def test_who_forgot_their_password_is_told_what_to_do(desks: Desks) -> None:
    page = desks.browser().get("/staff/login").text
    assert "パスワードを忘れたとき" in page
    assert "staff invite" in page


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(desks: Desks) -> None:
    desks.hires("hana")
    wrong = desks.browser().logs_in("hana", "no")
    unknown = desks.browser().logs_in("nobody", "no")
    assert wrong.status_code == unknown.status_code == 401
    assert WRONG in wrong.text
    assert WRONG in unknown.text
    assert wrong.text.count("\n") == unknown.text.count("\n")


def test_a_post_without_the_pages_token_changes_nothing(desks: Desks) -> None:
    desks.hires("hana")
    browser = desks.browser()
    browser.get("/staff/login")
    for csrf in ("", "forged"):
        browser.csrf = csrf
        answer = browser.post("/staff/login", login="hana", password=PASSWORD)
        assert answer.status_code == 400
        assert say("ja", "refusal.csrf.why") in answer.text
    assert browser.get("/staff/").status_code == 303


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/staff/",
        "//evil.example/staff/",
        "/\\evil.example/staff/",
        "/staff/..//evil.example",
        "javascript:alert(1)",
        "/staff/\n//evil.example",
        "/simulator",
    ],
)
def test_the_log_in_leads_to_no_other_site(desks: Desks, elsewhere: str) -> None:
    desks.hires("hana")
    assert desks.browser().logs_in("hana", next=elsewhere).location == "/staff/"


def test_owners_on_the_way_to_nowhere_begin_in_the_console(desks: Desks) -> None:
    desks.hires("boss", "owner", None)
    desks.hires("mika", "manager")
    browser = desks.browser()
    assert browser.logs_in("boss").location == "/owner/"
    assert browser.get("/staff/login").location == "/owner/"
    assert desks.browser().logs_in("boss", next="/staff/members").location == "/staff/members"
    assert desks.browser().logs_in("boss", next="//evil.example").location == "/staff/"
    assert desks.browser().logs_in("mika").location == "/staff/"
    # At the counter they are there to work.
    assert desks.device("ekimae").logs_in("boss").location == "/staff/"


def test_after_several_wrong_passwords_even_the_right_one_must_wait(desks: Desks) -> None:
    desks.hires("hana")
    for _ in range(FREE_TRIES + 1):
        assert desks.browser().logs_in("hana", "no").status_code == 401
    assert desks.browser().logs_in("hana").status_code == 401
    desks.wall.ahead += timedelta(seconds=31)
    assert desks.browser().logs_in("hana").status_code == 303
    with desks.club.store.read() as uow:
        person = staff.by_login(uow, "hana")
    assert person is not None
    assert (person.failed, person.locked_until) == (0, None)


def test_a_session_ends_when_it_is_idle_after_its_hours_and_by_logging_out(desks: Desks) -> None:
    browser = desks.signed_in("hana")
    for minutes in range(59, 12 * 60, 59):
        desks.wall.ahead = timedelta(minutes=minutes)
        assert browser.get("/staff/").status_code == 200
    desks.wall.ahead = timedelta(hours=12)
    assert browser.get("/staff/").status_code == 303
    idle = desks.signed_in("yui")
    for _ in range(2):
        desks.wall.ahead += timedelta(minutes=40)
        # The list refreshes itself on a screen that nobody looks at.
        answer = idle.get("/staff/today/list")
    assert answer.status_code == 303
    browser = desks.signed_in("ken")
    cookies = browser.client.get_cookie("__Host-kayoi_staff")
    assert browser.post("/staff/logout").status_code == 303
    assert browser.get("/staff/").status_code == 303
    # A copy of the cookie, taken before, is worth nothing either.
    assert cookies is not None
    thief = desks.browser()
    thief.client.set_cookie("__Host-kayoi_staff", cookies.value)
    assert thief.get("/staff/").status_code == 303


def test_who_is_disabled_is_out_at_once(desks: Desks) -> None:
    browser = desks.signed_in("hana")
    with desks.club.store.begin() as uow:
        person = staff.by_login(uow, "hana")
        assert person is not None
        staff.change(uow, person.id, disabled_at=desks.wall.now())
    assert browser.get("/staff/").status_code == 303
    assert browser.get("/staff/api/session").get_json() == {"error": "signed_out"}
    assert browser.logs_in("hana").status_code == 401


def test_cookies_are_this_hosts_and_pages_say_how_they_may_be_used(desks: Desks) -> None:
    desks.hires("hana")
    browser = desks.browser()
    answer = browser.logs_in("hana")
    browsers, session = sorted(answer.headers.getlist("Set-Cookie"))
    assert session.startswith("__Host-kayoi_staff=")
    assert browsers.startswith("__Host-kayoi_browser=")
    for cookie, site in ((session, "Lax"), (browsers, "Strict")):
        for flag in ("Secure", "HttpOnly", f"SameSite={site}", "Path=/"):
            assert flag in cookie
    kept = browser.get("/staff/").headers.getlist("Set-Cookie")
    assert not [cookie for cookie in kept if "kayoi_browser" in cookie]
    page = browser.get("/staff/").headers
    assert page["Cache-Control"] == "no-store"
    assert "script-src 'self' 'wasm-unsafe-eval'" in page["Content-Security-Policy"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert page["Permissions-Policy"].startswith("camera=(self)")
    assert page["X-Content-Type-Options"] == "nosniff"


class SlowHasher:
    """Hashes when it is told to, and knows how many it was asked for at once."""

    def __init__(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.go = threading.Event()
        self.meanwhile = meanwhile
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def hash(self, secret: str) -> str:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.meanwhile()
        assert self.go.wait(10)
        with self._lock:
            self._now -= 1
        return "$argon2id$slow"

    def verify(self, kept: str, secret: str) -> bool:
        self.hash(secret)
        raise VerifyMismatchError

    def check_needs_rehash(self, kept: str) -> bool:
        return False


def test_two_are_looked_at_at_once_and_few_wait(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.hires("hana")
    hasher = SlowHasher()
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    monkeypatch.setattr(passwords, "_nobodys", lambda _: "")
    more = 3
    browsers = [desks.browser(f"192.0.2.{n}") for n in range(AT_ONCE + WAITING_MAX + more)]
    answers: Queue[tuple[int, str | None]] = Queue()

    def tries(n: int) -> None:
        answer = browsers[n].post("/staff/login", login="hana", password=f"guess {n}")
        answers.put((answer.status_code, answer.headers.get("Retry-After")))

    threads = [threading.Thread(target=tries, args=(n,)) for n in range(len(browsers))]
    for browser in browsers:
        browser.get("/staff/login")
    for thread in threads:
        thread.start()
    # They are told at once, while the others' passwords are being looked at.
    assert [answers.get(timeout=10) for _ in range(more)] == [(503, "5")] * more
    # And whoever writes, as a webhook does, waits for nobody's password.
    with desks.club.work():
        pass
    hasher.go.set()
    for thread in threads:
        thread.join()
    assert {answers.get()[0] for _ in range(AT_ONCE + WAITING_MAX)} == {401}
    assert hasher.most == AT_ONCE == 2
    assert WAITING_MAX == 4


def test_nobody_waits_for_a_password_that_is_being_set(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = desks.signed_in("boss", "owner", None)
    hana = desks.hires("hana")
    looked: list[str] = []

    def write() -> None:
        with desks.club.store.begin():
            looked.append("written")

    hasher = SlowHasher(write)
    hasher.go.set()
    boss.get("/staff/account")
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    monkeypatch.setattr("handlers.pages.staff.frame.login.fits", lambda *_: True)
    new = "kumo no nai hi"
    assert boss.post("/staff/account/password", current="x", password=new, again=new).status_code
    assert boss.post(f"/staff/team/{hana.id}/pin", pin="4821").status_code == 303
    assert looked == ["written"] * 2
