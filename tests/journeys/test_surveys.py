"""Surveys from the message that asks to its answers: what somebody hoped for, how it was, and how
a visit pleased."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store.heard import surveys
from tests.journeys.conftest import SUNDAY
from tests.journeys.town import Customer, Said, Town, _postbacks, town
from tests.rules.examples import CAFE
from tests.surveys import ASKING, FIRST_VISIT, SURVEYS

#: Nobody is held back, and the satisfaction with a visit is asked after the second one.
_PROGRAMME = CAFE.replace(FIRST_VISIT[0], f"holdout = 0\n{FIRST_VISIT[1]}") + ASKING.replace(
    "visits_min = 1", "visits_min = 2"
)


@pytest.fixture
def cafe(database_url: str, tmp_path: Path) -> Iterator[Town]:
    path = tmp_path / "program.toml"
    path.write_text(_PROGRAMME + SURVEYS, encoding="utf-8")
    with town(database_url, tmp_path, programme=str(path)) as running:
        running.simulator.set_offset(SUNDAY - datetime.now(UTC))
        yield running


def asked(who: Customer, survey: str) -> list[tuple[str, bool, bool]]:
    """Each round of the survey: which message asked, whether it was begun, and finished."""
    with who.town.club.store.read() as uow:
        found = surveys.rounds_of(uow, survey, since=datetime(2000, 1, 1, tzinfo=UTC))
    return [
        (each.asked_by, each.round.begun_at is not None, each.round.finished_at is not None)
        for each in found
    ]


def number(question: Said, value: int) -> str:
    """What a tap on that number of the scale sends back."""
    found = {data.rpartition("=")[2]: data for data in _postbacks(question.messages)}
    return found[str(value)]


def test_hopes_then_how_it_was_then_each_visit(cafe: Town) -> None:
    sakura = cafe.newcomer()
    hello = sakura.follows()
    hopes = sakura.taps(hello.data("do=questions&of=hopes"))
    assert "ありがとうございました" in sakura.taps(number(hopes, 5))
    cafe.travels(days=1)
    sakura.opens(cafe.counter_link())
    sakura.reads()
    cafe.travels(days=4)
    first = sakura.reads()
    assert "短い質問" in first
    assert asked(sakura, "first_cup") == [("first_visit", False, False)]
    question = sakura.taps(first.data("do=questions&of=first_cup"))
    assert "ほっとできましたか" in question
    assert "スタッフがお答えを読み" in sakura.taps(number(question, 2))
    assert asked(sakura, "first_cup") == [("first_visit", True, True)]
    sakura.opens(cafe.counter_link())
    sakura.reads()
    cafe.travels(days=2)
    thanks = sakura.reads()
    assert "of=visit" in str(thanks.messages)
    # Another visit within thirty days isn't asked about.
    cafe.travels(days=10)
    sakura.opens(cafe.counter_link())
    sakura.reads()
    cafe.travels(days=2)
    assert "of=visit" not in str(sakura.reads().messages)
    assert asked(sakura, "visit") == [("thanks", False, False)]
    assert cafe.adds_up()
