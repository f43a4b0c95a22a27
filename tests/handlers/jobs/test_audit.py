import pytest
from sqlalchemy import text

from handlers.jobs.audit import audit
from tests.handlers.clubs import SmallClub


def _visited(cafe: SmallClub) -> int:
    member = cafe.joins()
    for _ in range(3):
        cafe.passes(days=1)
        cafe.visits(member)
    return member


def test_a_club_in_order_shows_no_difference(cafe: SmallClub) -> None:
    _visited(cafe)
    cafe.joins()
    assert list(audit(cafe.club)) == [[], []]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE members SET balance = balance + 1", "column balance"),
        ("UPDATE members SET rank = 'gold'", "column rank"),
        ("UPDATE members SET settle_on = NULL", "column settle_on"),
        ("UPDATE members SET facts = replace(facts, '\"visits\":3', '\"visits\":4')", "facts"),
        ("UPDATE entries SET points = points + 1 WHERE no = 1", "balance"),
        ('UPDATE lots SET "left" = "left" - 1 WHERE no = 1', "lot 1"),
        ("UPDATE lots SET points = points + 1 WHERE no = 1", "lot 1"),
        ("UPDATE entries SET rule = 'gift' WHERE no = 1", "rule welcome: +50"),
        ("UPDATE rank_changes SET after = 'gold'", "rank changes"),
        ("DELETE FROM rank_changes", "rank changes"),
        ("DELETE FROM activities WHERE seq = 3", "facts"),
        ("UPDATE activities SET store = 'kawabe' WHERE seq = 3", "facts"),
    ],
)
def test_whatever_is_changed_by_hand_is_found(cafe: SmallClub, damage: str, found: str) -> None:
    _visited(cafe)
    with cafe.store.begin() as uow:
        assert uow.run(text(damage.replace(":", r"\:"))).rowcount == 1
    differences = [difference.what for each in audit(cafe.club) for difference in each]
    assert any(found in what for what in differences), differences


def test_a_reading_sees_one_moment_while_others_write(cafe: SmallClub) -> None:
    """The audit of a busy club must not see half of a check-in."""
    from bot.store import members

    member = _visited(cafe)
    with cafe.store.read() as uow:
        before = members.get(uow, member)
        cafe.passes(days=1)
        cafe.visits(member)
        assert members.get(uow, member) == before
