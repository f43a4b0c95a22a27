from threading import Barrier

import pytest
from sqlalchemy import text

from bot.store.staff import flags
from handlers.jobs.night import nightly
from handlers.jobs.night.audit import Difference, audit, audit_slice
from tests.handlers.clubs import SmallClub
from tests.journeys.counting import counting
from tests.waiting import SECONDS_MAX


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
    from bot.store.members import members

    member = _visited(cafe)
    with cafe.store.read() as uow:
        before = members.get(uow, member)
        cafe.passes(days=1)
        cafe.visits(member)
        assert members.get(uow, member) == before


def _wrong(cafe: SmallClub, member: int) -> None:
    with cafe.store.begin() as uow:
        uow.run(text(f"UPDATE members SET balance = balance + 1 WHERE id = {member}"))


def _tonight(cafe: SmallClub) -> int:
    cafe.passes(days=1)
    return audit_slice(
        cafe.club, cafe.timeline.latest.programme.shop.business_date(cafe.now), cafe.now
    )


def _told(cafe: SmallClub) -> list[tuple[str, dict[str, object], str | None]]:
    with cafe.store.read() as uow:
        found = flags.page(uow, store=None, limit=99)
        return [(flag.kind, flag.details, flag.place.store) for flag in found]


def test_each_night_looks_at_the_next_members_and_then_begins_again(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [cafe.joins() for _ in range(5)]
    _wrong(cafe, people[3])
    monkeypatch.setattr("handlers.jobs.night.audit.NIGHTS", 3)
    assert [_tonight(cafe) for _ in range(6)] == [0, 1, 0, 0, 1, 0]
    assert _told(cafe) == [("ledger", {"count": 1}, None)] * 2


def test_a_slice_is_read_in_pages_and_some_members_at_one_moment(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 8):
        member = cafe.joins()
        if number in (1, 4, 7):
            _wrong(cafe, member)
    monkeypatch.setattr("handlers.jobs.night.audit.NIGHTS", 1)
    monkeypatch.setattr("handlers.jobs.night.audit.PAGE", 3)
    monkeypatch.setattr("handlers.jobs.night.audit.TOGETHER", 2)
    with counting(cafe.store) as counted:
        assert _tonight(cafe) == 3
    found = [ran.sql for ran in counted.statements if "members.id >" in ran.sql]
    assert len(found) == 3
    # Where it begins, its pages, pairs and one left over of each, and how it ended.
    assert counted.transactions == 1 + 3 + (2 + 2 + 1) + 1


def test_one_who_cannot_be_read_hides_nobody_else_of_the_page(cafe: SmallClub) -> None:
    unreadable, fine, wrong = (cafe.joins() for _ in range(3))
    _wrong(cafe, wrong)
    with cafe.store.begin() as uow:
        uow.run(text(f"UPDATE members SET facts = '[]' WHERE id = {unreadable}"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("handlers.jobs.night.audit.NIGHTS", 1)
        assert _tonight(cafe) == 2
    assert cafe.differences(fine) == []


def test_the_night_audits_and_tells_once_also_when_it_is_done_again(cafe: SmallClub) -> None:
    _wrong(cafe, cafe.joins())
    cafe.passes(days=1)
    assert nightly.run_if_due(cafe.club)
    with cafe.store.begin() as uow:
        uow.run(text("DELETE FROM ticks"))
    assert nightly.run_if_due(cafe.club)
    assert len(_told(cafe)) == 1


def test_what_cant_be_read_is_told_too_and_nothing_of_it_is_logged(
    cafe: SmallClub, capsys: pytest.CaptureFixture[str]
) -> None:
    member = cafe.joins()
    with cafe.store.begin() as uow:
        uow.run(text('UPDATE members SET facts = \'{"birthday": "secret"}\''.replace(":", r"\:")))
    assert _tonight(cafe) == 1
    said = capsys.readouterr()
    assert f"member_id={member}" in said.out + said.err
    assert "secret" not in said.out + said.err


def test_two_are_audited_at_a_time_where_the_database_works_beside(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = [_visited(cafe), _visited(cafe)]
    monkeypatch.setattr("handlers.jobs.night.audit.NIGHTS", 1)
    monkeypatch.setattr("handlers.jobs.night.audit.TOGETHER", 1)
    meeting = Barrier(1 if cafe.store.is_sqlite else 2)

    def meets(*told: object) -> list[Difference]:
        meeting.wait(SECONDS_MAX)
        return [Difference("0", "balance")]

    monkeypatch.setattr("handlers.jobs.night.audit.audit_member", meets)
    assert _tonight(cafe) == len(wrong)
