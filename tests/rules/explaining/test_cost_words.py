"""What one more visitor costs, in words."""

import pytest

from rules.explaining.cost_words import visitor_cost
from rules.journeys.counts import SideCounts
from rules.journeys.results import Comparison, Effect
from rules.science.difference import Estimate
from rules.wording.words import Words
from tests.rules.examples import cafe

NOBODY = SideCounts(None, None)


def seen(about: float, low: float, high: float, likely: float | None = None) -> Comparison:
    effect = Effect(about, low, high, "unknown", Estimate(about / 100, 0.01), likely=likely)
    return Comparison(None, None, NOBODY, NOBODY, effect)


@pytest.mark.parametrize(
    ("about", "low", "high", "said"),
    [
        (10.0, 5.0, 20.0, "およそ30円（15円〜60円）。"),
        (2.0, -3.0, 10.0, "まだ言えません。安くても30円はかかります。"),
        (-2.0, -3.0, 0.0, "送った方のほうが多く来られたとは言えません。"),
    ],
)
def test_it_is_told_with_its_range_also_where_that_has_no_end(
    about: float, low: float, high: float, said: str
) -> None:
    assert visitor_cost(Words(cafe(), "ja"), seen(about, low, high)).sentence == said


def test_while_there_is_too_little_nothing_is_said() -> None:
    early = Comparison(None, None, NOBODY, NOBODY, None)
    for each in (early, None):
        assert visitor_cost(Words(cafe(), "ja"), each).sentence == "まだ人数が足りず、言えません。"
