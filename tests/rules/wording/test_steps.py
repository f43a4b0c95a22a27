"""The next step in words: another goal's bar never stands under it, and what ends is said."""

from rules.wording.card import CardHolder, CardView, card_view
from tests.rules.builders import Life, Part, club, fixed, ladder, of_day, reward, rule


def card(parts: Part, *came: str, day: str) -> CardView:
    programme, on = club(**parts), of_day(day)
    member = Life(programme)
    member.comes(*map(of_day, came))
    person = CardHolder("0000017", "さくらさん")
    return card_view(programme, member.until(on), person, (), day=on, lang="ja")


def test_a_full_bar_of_the_top_rank_stands_under_no_other_goal() -> None:
    parts = {"ranks": ladder(1), "earning": [rule("visit", fixed(10))]}
    assert card(parts, "01-10", day="01-12").progress == 1.0
    with_reward = card({**parts, "rewards": [reward(cost=10)]}, "01-10", day="01-12")
    assert with_reward.step_text == "「ごほうび」と交換できます"
    assert (with_reward.progress, with_reward.progress_caption) == (None, "")


def test_a_rank_that_cannot_be_kept_any_more_is_said_to_go_and_how_it_comes_back() -> None:
    parts = {"ranks": ladder(6, grace_periods=0)}
    came = [f"01-{day}" for day in range(10, 16)]
    view = card(parts, *came, day="02-26")
    assert view.rank_caption == (
        "「ランク1」は2月28日までとなりそうです\n"
        "変わった場合も、そのあと30日のうちに1回のご来店で「ランク1」に戻ります。"
    )
    assert "最高ランク" not in view.progress_caption
    without = card({"ranks": ladder(6, grace_periods=0, revival=None)}, *came, day="02-26")
    assert without.rank_caption == "「ランク1」は2月28日までとなりそうです"
