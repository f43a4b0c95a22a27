"""A club of before a migration, and what becomes of its histories: nobody's points change."""

from typing import Any

from sqlalchemy import text

from bot.store.engine.migrate import upgrade
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.jobs.night.refresh import refresh
from rules.activity import Invited, Referral
from rules.facts import Birthday
from tests.handlers.clubs import SmallClub, club_on
from tests.rules.examples import CAFE, changed

_AT_JOINING = changed(CAFE, ('counts_at = "first_visit"', 'counts_at = "registration"'))


def was(cafe: SmallClub, statement: str, **values: Any) -> None:
    with cafe.store.begin() as uow:
        uow.run(text(statement), values)


def split(cafe: SmallClub, member: int, cause: str, trigger: str) -> None:
    """Writes a consequence as an activity of its own, under the key of its cause, as it was."""
    who = {"id": member, "cause": f"{cause}%", "rule": trigger}
    was(cafe, "UPDATE members SET history_seq = history_seq + 1 WHERE id = :id", id=member)
    was(
        cafe,
        "INSERT INTO activities SELECT member_id, (SELECT history_seq FROM members WHERE id = :id),"
        " :what, at, recorded_at, business_date, made_by, store, holiday, switches, version, key,"
        " undone_at, undone_by, segments FROM activities WHERE member_id = :id AND seq ="
        " (SELECT min(seq) FROM activities WHERE member_id = :id AND what LIKE :cause)",
        id=member,
        what=f'Occasion {{"trigger":"{trigger}"}}',
        cause=who["cause"],
    )
    was(
        cafe,
        "UPDATE entries SET seq = (SELECT history_seq FROM members WHERE id = :id)"
        " WHERE member_id = :id AND rule = :rule",
        id=member,
        rule=trigger,
    )


def migrates(cafe: SmallClub, database_url: str, *, revision: str, before: str) -> None:
    """Runs one migration on a store that is otherwise as the newest one leaves it."""
    with cafe.store.read() as uow:
        head = uow.run(text("SELECT version_num FROM alembic_version")).scalar_one()
    was(cafe, "UPDATE alembic_version SET version_num = :before", before=before)
    upgrade(database_url, revision)
    was(cafe, "UPDATE alembic_version SET version_num = :head", head=head)


def as_before(cafe: SmallClub, friend: int) -> None:
    """Takes out of the store what the migration brings into it."""
    was(cafe, "DELETE FROM activities WHERE what LIKE 'Invited %'")
    was(
        cafe,
        "UPDATE activities SET what = :what WHERE what LIKE 'Referral %'",
        what='Occasion {"trigger":"referral"}',
    )
    was(
        cafe,
        "UPDATE members SET facts = replace(facts, :now, :then) WHERE id = :id",
        now='"invited":true',
        then='"invited":false',
        id=friend,
    )


def test_what_was_an_activity_of_its_own_stands_under_its_cause(database_url: str) -> None:
    with club_on(database_url) as cafe:
        regular = cafe.joins()
        friend = cafe.joins(referred_by=regular)
        with cafe.work("member", key="b1") as work:
            tell_birthday(work, ToldBirthday(friend, Birthday(5, 3), work.now))
        cafe.visits(friend, key="scan:1")
        cafe.passes(days=1)
        cafe.visits(friend, key="scan:2")
        facts = [cafe.member(each).facts for each in (regular, friend)]
        split(cafe, friend, "BirthdayTold", "profile")
        split(cafe, friend, "Visit", "referred")
        as_before(cafe, friend)
        migrates(cafe, database_url, revision="0011", before="0010")
        assert [cafe.member(each).facts for each in (regular, friend)] == facts
        assert cafe.differences(regular, friend) == []
        assert Invited() in [each.activity.what for each in cafe.history(friend)]
        assert Referral(friend) in [each.activity.what for each in cafe.history(regular)]
        # And it goes on as if it had always been so.
        assert cafe.undoes(friend, "scan:1").done
        assert cafe.undoes(friend, "b1").points == -30
        assert cafe.undoes(friend, "scan:2").done
        assert [cafe.balance(each) for each in (regular, friend)] == [50, 50]
        assert cafe.differences(regular, friend) == []


def test_a_referral_that_counted_at_joining_came_by_the_invitation(database_url: str) -> None:
    with club_on(database_url, _AT_JOINING) as cafe:
        regular = cafe.joins()
        friend = cafe.joins(referred_by=regular)
        cafe.visits(friend)
        was(
            cafe,
            "UPDATE activities SET what = :what WHERE what LIKE 'Invited %'",
            what='Occasion {"trigger":"referred"}',
        )
        as_before(cafe, friend)
        migrates(cafe, database_url, revision="0011", before="0010")
        assert cafe.differences(regular, friend) == []
        assert [cafe.balance(each) for each in (regular, friend)] == [150, 170]
        assert Referral(friend) in [each.activity.what for each in cafe.history(regular)]


def test_who_was_invited_and_has_not_come_yet_still_brings_the_referral(database_url: str) -> None:
    with club_on(database_url) as cafe:
        regular = cafe.joins()
        friend = cafe.joins(referred_by=regular)
        as_before(cafe, friend)
        migrates(cafe, database_url, revision="0011", before="0010")
        cafe.passes(days=1)
        cafe.visits(friend)
        assert [cafe.balance(each) for each in (regular, friend)] == [150, 160]
        assert cafe.differences(regular, friend) == []


def warned(cafe: SmallClub, member: int, *statuses: str) -> None:
    """Notes, as it was, a warning of the member's points when it was queued; what became of it, and
    of another about the same day, its `statuses` say."""
    about = "warned_on = '2026-01-05', warned_for = '2026-03-01', warnings = 1"
    was(cafe, f"UPDATE lots SET {about} WHERE member_id = :id", id=member)
    for n, status in enumerate(statuses):
        was(
            cafe,
            "INSERT INTO outbox (member_id, journey, period, say, queued_at, not_before,"
            " useful_until, status) VALUES (:id, 'points_expiring', :period, '{}', :at, :at, :at,"
            " :status)",
            id=member,
            period=f"2026-03-01:2026-01-0{n + 5}",
            status=status,
            at="2026-01-05 03:00:00",
        )


def test_warnings_that_never_left_are_owed_again_and_who_is_there_is_looked_at_anew(
    database_url: str,
) -> None:
    became = {
        "left": ("sent",), "waits": ("queued",), "on its way": ("sent", "sending"),
        "dropped": ("skipped",), "never queued": (), "another day's": ("failed", "sent"),
    }  # fmt: skip
    with club_on(database_url) as cafe:
        people = {name: cafe.joins() for name in became}
        for name, statuses in became.items():
            warned(cafe, people[name], *statuses)
        other = "UPDATE outbox SET period = '2026-02-01:2026-01-06' WHERE member_id = :id"
        was(cafe, f"{other} AND status = 'sent'", id=people["another day's"])
        erased = people["dropped"]
        was(cafe, "UPDATE members SET erased_at = joined_at WHERE id = :id", id=erased)
        migrates(cafe, database_url, revision="0015", before="0014")
        with cafe.store.read() as uow:
            lots = uow.run(text("SELECT member_id, warnings, warned_on, warned_for FROM lots"))
            owed = {row.member_id for row in lots if row[1:] == (0, None, None)}
            anew = set(uow.run(text("SELECT id FROM members WHERE away_since IS NULL")).scalars())
        assert owed == {id_ for name, id_ in people.items() if name != "left"}
        assert anew == {*people.values()} - {erased}
        # `flask migrate` works it out from their histories.
        assert {*refresh(cafe.club)} == {*people.values()}
        assert cafe.differences(*anew) == []
