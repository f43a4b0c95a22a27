"""A broadcast as it is read: filled in, marked, and never without a way out."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from rules.base import LANGS, Lang
from rules.broadcasts.broadcast import Broadcast
from rules.broadcasts.view import Reading, view
from rules.programme.rewards import NOTHING_WITHHELD
from rules.wording.words import Words
from tests.rules.examples import CAFE, programme

TODAY = date(2026, 1, 6)


def a_broadcast(**more: Any) -> Broadcast:
    title = {"ja": "{name}へ", "en": "For {name}"}
    return Broadcast.model_validate({"name": "豆", "title": title, **more})


def reading(lang: Lang = "ja") -> Reading:
    return Reading(Words(programme(CAFE), lang), TODAY, "さくら", NOTHING_WITHHELD)


def test_each_is_called_by_their_name_and_can_stop_it() -> None:
    shown = view(a_broadcast(body={"ja": "{shop}でお待ちしています"}), "broadcast:1", reading())
    assert shown is not None
    assert shown.title == "さくらさんへ"
    assert shown.body == "通い路珈琲でお待ちしています"
    assert shown.stop == "このお知らせを止める"
    assert "いつでも止められます" in shown.note


@pytest.mark.parametrize("lang", LANGS)
def test_what_quotes_members_who_got_something_says_pr(lang: Lang) -> None:
    shown = view(a_broadcast(quotes_members=True), "broadcast:1", reading(lang))
    assert shown is not None
    assert "PR" in shown.title


def test_what_it_promises_is_kept_at_the_next_visit_and_named_with_its_last_day() -> None:
    offer = {"points": 50, "valid_days": 10}
    shown = view(a_broadcast(offer=offer), "broadcast:1", reading())
    assert shown is not None
    assert shown.promise is not None
    assert (shown.promise.points, shown.promise.until) == (50, date(2026, 1, 15))
    assert not shown.promise.is_comeback, "it goes to who was here yesterday, too"
    assert "50ポイント" in shown.offer


def test_without_what_it_promises_it_does_not_go_out() -> None:
    assert view(a_broadcast(offer={"reward": "gone"}), "broadcast:1", reading()) is None


@pytest.mark.parametrize(
    "more",
    [
        {"title": {"ja": "{rank}へ"}},
        {"title": {"ja": "{"}},
        {"body": {"ja": "よ" * 1_001}},
        {"button": {"label": {"ja": "見る"}, "leads": "link"}},
        {"button": {"label": {"ja": "見る"}, "leads": "card", "link": "https://example.jp"}},
        {"button": {"label": {"ja": "見る"}, "link": "http://example.jp"}},
        {"whom": {"visited_since": "2026-02-01", "visited_before": "2026-01-01"}},
    ],
)
def test_what_cannot_be_so_is_no_broadcast(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_broadcast(**more)
