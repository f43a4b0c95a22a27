"""A shop without a page of its own for it has its privacy policy written by the club."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.history import programs
from rules.base import LANGS, Lang
from rules.wording.texts import say
from tests.journeys.town import Town, town

_OWN_PAGE = 'policy_url = "https://example.com/privacy"\n'


@pytest.fixture(scope="module")
def cafe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("cafe")
    with town(f"sqlite:///{folder / 'club.sqlite3'}", folder) as running:
        yield running


@pytest.fixture(scope="module")
def pageless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A shop without a web page."""
    folder: Path = tmp_path_factory.mktemp("pageless")
    with town(f"sqlite:///{folder / 'club.sqlite3'}", folder) as running:
        club = running.club
        text = Path("program.toml").read_text(encoding="utf-8")
        assert _OWN_PAGE in text
        with club.store.begin() as uow:
            programs.publish(uow, text.replace(_OWN_PAGE, ""), since=club.now())
        club.programmes.forget()
        running.travels(days=1)
        yield running


@pytest.mark.parametrize("lang", LANGS)
def test_it_says_who_keeps_what_what_for_how_long_and_whom_to_ask(
    pageless: Town, lang: Lang
) -> None:
    answer = pageless.http.get(f"/privacy?lang={lang}")
    page = answer.get_data(as_text=True)
    programme = pageless.club.timeline().latest.programme
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in page
    assert programme.shop.legal_name in page
    assert programme.privacy.purpose.in_(lang) in page
    assert programme.privacy.contact.in_(lang) in page
    for chapter in ("kept", "long", "others", "yours"):
        assert say(lang, f"privacy.{chapter}.title") in page
    for step in programme.profile.steps:
        assert say(lang, f"profile.title.{step.id}") in page
    assert say(lang, "privacy.others.line") in page


def test_who_is_told_of_by_sms_only_where_sms_are_sent(pageless: Town) -> None:
    page = pageless.http.get("/privacy").get_data(as_text=True)
    is_told = say("ja", "profile.abroad") in page
    assert is_told == (pageless.club.sms is not None)


def test_whoever_joins_and_whoever_reads_the_rules_is_led_to_it(pageless: Town) -> None:
    link = pageless.club.policy_link(pageless.club.timeline().latest.programme.privacy, "ja")
    assert link.endswith("/privacy?lang=ja")
    assert f'href="{link}"' in pageless.http.get("/programme").get_data(as_text=True)
    said = pageless.newcomer("さくら").follows()
    assert link in str(said)


def test_a_shop_with_a_page_of_its_own_keeps_it(cafe: Town) -> None:
    own = cafe.club.timeline().latest.programme.privacy.policy_url
    assert own
    answer = cafe.http.get("/privacy")
    assert (answer.status_code, answer.headers["Location"]) == (302, own)
    assert own in cafe.http.get("/programme").get_data(as_text=True)
