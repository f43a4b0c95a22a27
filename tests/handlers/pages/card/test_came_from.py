"""Where a poster's QR leads."""

from urllib.parse import unquote, urlsplit

from bot.store.members import sources
from bot.store.members.sources import SourceFields
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.conftest import desks as desks


def where(browser: Browser, path: str, lang: str = "ja") -> str:
    answer = browser.client.get(browser.address(path), headers={"Accept-Language": lang})
    assert answer.status_code == 303
    return unquote(answer.headers["Location"])


def put_up(desks: Desks, code: str) -> None:
    with desks.club.store.begin() as uow:
        sources.add(uow, code, SourceFields("駅", "poster", None), at=desks.club.now())


def test_it_leads_to_the_chat_with_its_code_typed_in(desks: Desks) -> None:
    put_up(desks, "K7D2MX")
    browser = desks.browser()
    link = where(browser, "/from/K7D2MX")
    assert "/R/oaMessage/" in link
    assert urlsplit(link).query == "会員証をつくる K7D2MX"
    assert where(browser, "/from/k7d2mx", "en-GB").endswith("?Get my card K7D2MX")


def test_a_poster_of_a_source_that_is_gone_leads_to_the_chat_as_before(desks: Desks) -> None:
    put_up(desks, "K7D2MX")
    with desks.club.store.begin() as uow:
        source = sources.by_code(uow, "K7D2MX")
        assert source is not None
        sources.change(uow, source, dropped_at=desks.club.now())
    assert where(desks.browser(), "/from/K7D2MX").endswith("会員証をつくる K7D2MX")


def test_what_never_was_a_code_leads_to_the_shops_account(desks: Desks) -> None:
    for code in ("nothing", "K7D2MX" * 40, "<b>", "é"):
        assert "/R/ti/p/" in where(desks.browser(), f"/from/{code}")
