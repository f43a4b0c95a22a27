"""The newsletter: asked for, written, sent to who asked, read, counted, stopped."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from bot.store.members import consents
from bot.store.messages import newsletters
from handlers.jobs.clockwork import Clockwork
from tests.journeys.conftest import SUNDAY
from tests.journeys.town import Customer, Said, Town, town
from tests.rules.examples import CAFE

_PROGRAMME = CAFE.replace(
    "[[campaigns]]",
    """
[newsletter]
name = { ja = "通い路だより", en = "Kayoiji Letter" }
about = { ja = "月に1回、豆のことをお届けします。", en = "Once a month, about beans." }

[[earning]]
id = "letter"
name = { ja = "会報誌のお申し込み" }
on = "newsletter"
award = { kind = "fixed", points = 7 }

[[campaigns]]""",
    1,
)
ISSUE = """
id = "2037-12"
picture = "beans.png"
title = { ja = "冬の豆が届きました", en = "Winter beans" }
lead = { ja = "エチオピアの<新しい>豆です。", en = "New beans." }
[[sections]]
heading = { ja = "産地から", en = "From the farm" }
body = { ja = '''はじめの段落です。

<script>alert(1)</script>''', en = "A paragraph." }
"""


@pytest.fixture
def cafe(database_url: str, tmp_path: Path) -> Iterator[Town]:
    path = tmp_path / "program.toml"
    path.write_text(_PROGRAMME, encoding="utf-8")
    picture = BytesIO()
    Image.new("RGB", (1_600, 900), "brown").save(picture, "PNG")
    (tmp_path / "beans.png").write_bytes(picture.getvalue())
    (tmp_path / "2037-12.toml").write_text(ISSUE, encoding="utf-8")
    with town(database_url, tmp_path, programme=str(path)) as running:
        running.simulator.set_offset(SUNDAY - datetime.now(UTC))
        yield running


def runs(town: Town, *words: str) -> str:
    result = town.http.application.test_cli_runner().invoke(args=["newsletter", *words])
    assert result.exit_code == 0, result.output
    said: str = result.output
    return said


def newcomers(town: Town, *names: str) -> list[Customer]:
    people = [town.newcomer(name) for name in names]
    for each in people:
        each.follows()
    return people


def link(said: Said) -> str:
    """The address of the button that opens the issue."""
    return next(part for part in str(said.messages).split("'") if "/newsletter/2037-12/" in part
                and not part.endswith(".jpg"))  # fmt: skip


def test_asking_earns_once_and_whatever_is_said_later_counts(cafe: Town) -> None:
    [sakura] = newcomers(cafe, "さくら")
    points = sakura.member.facts.balance
    offered = sakura.writes("会報誌")
    assert "月に1回、豆のことをお届けします。" in offered
    yes = offered.data("do=newsletter&on=1")
    assert "7ポイント" in sakura.taps(yes)
    assert sakura.member.facts.balance == points + 7
    # Off and on again, here and under the topics, and all at once: nothing more.
    for tap in ("do=newsletter&on=0", yes, "do=topics&topic=newsletter&on=0",
                "do=topics&topic=newsletter&on=1", "do=topics&to=none"):  # fmt: skip
        sakura.taps(tap)
    assert sakura.member.facts.balance == points + 7
    assert "newsletter" in sakura.member.topics_left
    with cafe.club.store.read() as uow:
        said = consents.of(uow, sakura.member.id)
        assert not consents.wants_newsletter(uow, sakura.member.id)
    kinds = [each.kind for each in said if each.kind.startswith("newsletter")]
    assert kinds == ["newsletter", "newsletter_stopped"] * 3
    assert said[-1].wording == "月に1回、豆のことをお届けします。"
    assert "会報誌のお申し込み" in sakura.writes("わたしの情報")
    assert cafe.adds_up()


def test_an_issue_goes_to_who_asked_is_read_and_counted_once(cafe: Town, tmp_path: Path) -> None:
    asked, stopped, silent = newcomers(cafe, "さくら", "やめた", "しずか")
    for each in (asked, stopped):
        each.taps("do=newsletter&on=1")
    assert "keep" not in runs(cafe, "add", str(tmp_path / "2037-12.toml"))
    assert "2 member(s)" in runs(cafe, "preview", "2037-12")
    # A draft is nobody's to read.
    assert cafe.http.get("/newsletter/2037-12").status_code == 404
    assert cafe.http.get("/newsletter/2037-12/picture.jpg").status_code == 404
    for _ in range(2):
        assert "on its way" in runs(cafe, "send", "2037-12", "--yes")
    # The clock does it; when it has, it can be sent again, to nobody twice.
    Clockwork(cafe.club).tick()
    assert "for 2: 0 sent, 2 waiting" in runs(cafe, "list")
    # Who stops it before it goes out gets none.
    stopped.taps("do=newsletter&on=0")
    for each in (asked, stopped, silent):
        each.reads()
    cafe.travels(days=1)
    said = asked.reads()
    assert [len(each.reads().messages) for each in (stopped, silent)] == [0, 0]
    assert "エチオピアの<新しい>豆です。" in said
    assert "'1024:576'" in str(said.messages)
    # Opening counts, once; the page's own address says nothing of anybody.
    path = urlsplit(link(said)).path
    assert asked.member.number not in path
    for _ in range(2):
        opened = cafe.http.get(path)
        assert urlsplit(opened.headers["Location"]).path == "/newsletter/2037-12"
    cafe.http.get("/newsletter/2037-12/made-up")
    page = cafe.http.get("/newsletter/2037-12")
    assert "冬の豆が届きました" in page.text
    assert "<script>" not in page.text
    assert "Winter beans" in cafe.http.get("/newsletter/2037-12?lang=en").text
    assert cafe.http.get("/newsletter/2037-12/picture.jpg").content_type == "image/jpeg"
    told = runs(cafe, "list")
    assert "for 2: 1 sent, 0 waiting, 1 not; opened by 1 (100% of those who got it)" in told
    # It stays as it went out.
    again = cafe.http.application.test_cli_runner()
    refused = again.invoke(args=["newsletter", "add", str(tmp_path / "2037-12.toml")])
    assert "stays as it is" in refused.output
    # One tap in the message stops it, for the card that it came for.
    stop = said.data("do=newsletter&on=0")
    assert stop.endswith(f"&of={asked.member.number}")
    assert "止めました" in asked.taps(stop)
    with cafe.club.store.read() as uow:
        assert list(newsletters.subscribers(uow, after=0, limit=9)) == []
    assert "冬の豆が届きました" in asked.writes("会報誌")
    assert cafe.adds_up()
