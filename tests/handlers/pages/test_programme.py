"""The programme's page says every rule, in the language asked for, and keeps the surprises."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.explaining.explain import explain
from tests.journeys.town import Town, town


@pytest.fixture(scope="module")
def cafe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("cafe")
    with town(f"sqlite:///{folder / 'club.sqlite3'}", folder) as running:
        yield running


def test_it_says_every_rule_that_members_may_know(cafe: Town) -> None:
    page = cafe.http.get("/programme").get_data(as_text=True)
    programme = cafe.club.timeline().latest.programme
    for section in explain(programme, "ja"):
        for sentence in section.sentences if section.name != "sending" else ():
            assert sentence in page
    assert programme.privacy.purpose.ja in page


def test_it_is_in_english_for_who_asks(cafe: Town) -> None:
    answer = cafe.http.get("/programme?lang=en")
    assert '<html lang="en">' in answer.get_data(as_text=True)
    assert '<html lang="ja">' in cafe.http.get("/programme?lang=%00x").get_data(as_text=True)


def test_hidden_badges_stay_hidden(cafe: Town) -> None:
    page = cafe.http.get("/programme").get_data(as_text=True)
    hidden = [b for b in cafe.club.timeline().latest.programme.badges if b.hidden]
    assert hidden
    assert not [badge.name.ja for badge in hidden if badge.name.ja in page]


def test_it_runs_no_script_and_is_framed_nowhere(cafe: Town) -> None:
    policy = cafe.http.get("/programme").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
