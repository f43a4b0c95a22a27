"""Sheets of cards: drawn one after the other for a device, whoever taps how often."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from typing import Any

import pytest

from handlers.pages.staff.members import printing
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody
from tests.waiting import SECONDS_MAX, until


def beside(browser: Browser) -> Browser:
    """Another window of the same browser."""
    other = Browser(browser.client.application.test_client(), browser.csrf)
    other.client._cookies = browser.client._cookies
    return other


def test_a_device_has_one_sheet_drawn_at_a_time_and_one_waiting(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, hana = somebody(desks, "U1"), desks.signed_in("hana")
    taro = desks.signed_in("taro")
    begun, may_end = Semaphore(0), Event()

    def slow(*_: Any) -> bytes:
        begun.release()
        assert may_end.wait(SECONDS_MAX)
        return b"%PDF"

    def prints(browser: Browser) -> int:
        return beside(browser).post("/staff/cards/sheet.pdf", n=number).status_code

    monkeypatch.setattr(printing, "sheet_pdf", slow)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(prints, hana)
        begun.acquire()
        second = pool.submit(prints, hana)
        until(lambda: [desk.there for desk in printing._desks.values()] == [2], "the second")
        third = beside(hana).post("/staff/cards/sheet.pdf", n=number)
        assert third.status_code == 429
        assert "前のシートを作っています" in third.text
        # Nobody else's device waits for it.
        other = pool.submit(prints, taro)
        begun.acquire()
        too_many = begun.acquire(blocking=False)
        may_end.set()
        assert not too_many
        assert [each.result() for each in (first, second, other)] == [200] * 3
    assert printing._desks == {}
