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
    "visits_min = 1", "visits_min = 2\nagain_after_days = 0"
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
    told = runs(cafe, "surveys", "results", "first_cup")
    assert "おたずねした回数 1、お答えの始まり 1、最後まで 1（100%）" in told
    assert "1: 0  2: 1  3: 0  4: 0  5: 0" in told
    assert "前の期待 5.0 → 体験 2.0　差 -3.0（まだ人数が少なく" in told
    assert "「先日のご来店について」" in runs(cafe, "surveys", "results")
    assert cafe.adds_up()


def runs(cafe: Town, *words: str) -> str:
    """What a command says in Japanese."""
    runner = cafe.http.application.test_cli_runner()
    result = runner.invoke(args=[*words, "--lang", "ja"])
    assert result.exit_code == 0, result.output
    said: str = result.output
    return said


def test_engagement_satisfaction_and_loyalty_stand_apart(cafe: Town) -> None:
    busy, quiet = cafe.newcomer("さくら"), cafe.newcomer("しずか")
    for each in (busy, quiet):
        each.follows()
    busy.opens(cafe.counter_link())
    busy.writes("傘を忘れました")
    busy.taps("do=card")
    busy.taps("do=points")
    told = runs(cafe, "engagement", "--each")
    headings = [line for line in told.splitlines() if line and not line.startswith(" ")]
    assert headings == [
        "行動（エンゲージメント）",
        "満足度",
        "おすすめ度（ロイヤルティ、NPS）",
        "3つは別のものです。足したり平均したりせず、それぞれの動きを見てください。",
    ]
    # The code by which she checked in is a visit, and no message.
    for line in ("在籍の会員 2人", "ご来店　1人、あわせて1回", "ボタン　1人、あわせて2回",
                 "メッセージ　1人、あわせて1通", "どれもなかった方　1人",
                 f"{busy.member.number}　ご来店 1　ボタン 2　メッセージ 1"):  # fmt: skip
        assert line in told
    assert quiet.member.number not in told
