"""The guided order: one way to earn at a time, the next once one is used, none twice in a row."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rules.outlook.suggestion import AT_ONCE, ORDER, Suggestion, suggest
from tests.rules.builders import DAY, JOINED, OCCASIONS, Life, buys, club, does, fixed, ladder, rule

FIRST = JOINED + 3 * DAY
ALL = club(earning=[rule("visit", fixed(1)), *(rule(way, fixed(5)) for way in reversed(ORDER))])


def suggested(member: Life, day: date, last: Suggestion | None) -> Suggestion | None:
    return suggest(member.timeline.latest.programme, member.facts, day, last)


def uses(member: Life, way: str, day: date) -> None:
    member.does(buys(day, 500) if way == "purchase" else does(OCCASIONS[way], day, 16))


def test_three_ways_take_turns_and_the_next_comes_in_when_one_was_used() -> None:
    member, last, seen = Life(ALL), None, []
    member.comes(FIRST)
    for days in range(9):
        day = FIRST + days * DAY
        last = suggested(member, day, last)
        assert last is not None
        seen.append(last.way)
        if days == 3:
            uses(member, "profile", day)
    assert seen == [
        "purchase", "profile", "review", "purchase",
        "review", "share", "purchase", "review", "share",
    ]  # fmt: skip


def test_before_the_first_visit_only_what_can_be_done_from_home() -> None:
    member = Life(ALL)
    first = suggested(member, FIRST, None)
    assert first == Suggestion("profile", FIRST)
    assert suggested(member, FIRST + DAY, first) == Suggestion("newsletter", FIRST + DAY)


def test_the_only_way_left_waits_for_every_other_turn() -> None:
    member = Life(club(earning=[rule("feedback", fixed(5))]))
    member.comes(FIRST)
    last, seen = None, []
    for days in range(4):
        last = suggested(member, FIRST + days * DAY, last)
        assert last is not None
        seen.append(last.way)
    assert seen == ["feedback", None, "feedback", None]


def test_what_only_a_rank_earns_by_waits_for_the_rank() -> None:
    only_bronze = rule("referral", fixed(5), ranks=["r1"])
    member = Life(club(earning=[only_bronze], ranks=ladder(2)))
    member.comes(FIRST)
    assert suggested(member, FIRST, None) is None
    member.comes(FIRST + DAY)
    assert member.facts.rank.id == "r1"
    later = FIRST + DAY
    assert suggested(member, later, None) == Suggestion("referral", later)


@given(
    st.sets(st.sampled_from(ORDER)), st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ORDER)))
)
def test_never_the_same_twice_in_a_row_nor_two_in_a_day_nor_what_was_used(
    ways: set[str], life: list[tuple[int, str]]
) -> None:
    member = Life(club(earning=[rule(way, fixed(5)) for way in sorted(ways)], purchase={}))
    member.comes(FIRST)
    day, last = FIRST, None
    for gap, way in life:
        day += gap * DAY
        now = suggested(member, day, last)
        if now is not None:
            assert last is None or now.on > last.on
            assert now.way is None or last is None or now.way != last.way
            assert now.way is None or (now.way in ways and not member.facts.counts.get(now.way))
            unused = [w for w in ORDER if w in ways and not member.facts.counts.get(w)]
            assert now.way is None or now.way in unused[:AT_ONCE]
            last = now
        if not member.facts.counts.get(way):
            uses(member, way, day)
