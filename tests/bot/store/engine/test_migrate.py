from datetime import UTC, date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from bot.settings import PROJECT
from bot.store import Store
from bot.store.engine.migrate import behind, upgrade
from bot.store.heard import cases, contacts, reviews
from bot.store.history import stock, switches
from bot.store.members import profiles
from bot.store.messages import inbox
from bot.store.staff import audit_pages, reasons
from bot.store.staff.audit_pages import AuditQuery
from bot.store.tables import metadata, outbox, receipts, send_attempts


def test_the_migrations_make_what_the_code_was_written_for(database_url: str) -> None:
    store = Store(database_url)
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_a_migrated_database_is_at_the_head_and_migrating_again_changes_nothing(
    database_url: str,
) -> None:
    store = Store(database_url)
    assert behind(store) is None
    upgrade(database_url)
    assert behind(store) is None
    store.close()


def _emptied(database_url: str) -> Store:
    store = Store(database_url)
    with store.begin() as uow:
        metadata.drop_all(uow.connection)
        uow.connection.exec_driver_sql("DROP TABLE alembic_version")
    return store


def _at(database_url: str, version: str) -> Store:
    """The database as it was at a version, without a row."""
    store = _emptied(database_url)
    upgrade(database_url, version)
    return store


def test_an_empty_database_is_not_at_the_head_until_it_is_migrated(database_url: str) -> None:
    store = _emptied(database_url)
    assert behind(store)
    upgrade(database_url)
    assert behind(store) is None
    store.close()


def test_migrations_are_one_line_each_under_a_number_of_its_own() -> None:
    scripts = ScriptDirectory(str(PROJECT / "migrations"))
    files = sorted((PROJECT / "migrations" / "versions").glob("[0-9]*.py"))
    # Loading them warns of a number that is there twice, which is an error here.
    line = [script.revision for script in scripts.walk_revisions()][::-1]
    assert len(scripts.get_heads()) == 1
    assert [file.name[:4] for file in files] == line
    assert line == [f"{n:04}" for n in range(1, len(files) + 1)]


def test_migrations_go_forward_only() -> None:
    files = sorted((PROJECT / "migrations" / "versions").glob("*.py"))
    assert [file.name for file in files if "def downgrade" in file.read_text("utf-8")] == []


_MEMBER = """
    INSERT INTO members (id, number, language, line_user_id, joined_at, membership, source, facts,
        history_seq, entry_no, balance, visits, active_on)
    VALUES (7, '0007', 'ja', 'U7', '2026-01-05 03:00:00', 'active', 'line', '{}', 1, 1, 0, 0,
        '2026-01-05')
"""
_MESSAGE = """
    INSERT INTO outbox (member_id, journey, period, say, queued_at, not_before, useful_until,
        status, body, retry_key, first_tried_at, attempts)
    VALUES (7, 'news', '{0}', '{{}}', '2026-01-05 03:00:00', '2026-01-05 04:00:00',
        '2026-01-09 03:00:00', 'queued', {1}, {2}, {3}, {4})
"""


def test_what_was_on_its_way_under_a_key_stays_so(database_url: str) -> None:
    store = _at(database_url, "0002")
    with store.begin() as uow:
        run = uow.connection.exec_driver_sql
        run(_MEMBER)
        run(_MESSAGE.format("plain", "NULL", "NULL", "NULL", 0))
        run(_MESSAGE.format("tried", "'[1]'", "'key'", "'2026-01-05 03:30:00'", 2))
    upgrade(database_url)
    with store.begin() as uow:
        messages = uow.run(select(outbox).order_by(outbox.c.period)).all()
        attempt = uow.run(select(send_attempts)).one()
    assert [(m.status, m.attempt_id, m.priority) for m in messages] == [
        ("queued", None, 5),
        ("sending", "key", 5),
    ]
    assert (attempt.id, attempt.kind, attempt.status, attempt.tries) == ("key", "push", "open", 2)
    assert attempt.body == '{"to":"U7","messages":[1]}'
    assert attempt.next_try_at == messages[1].not_before
    store.close()


def test_the_rows_of_a_running_test_stay_as_they_were_drawn(database_url: str) -> None:
    store = _at(database_url, "0028")
    with store.begin() as uow:
        uow.run(text(_MEMBER))
        for period, status in enumerate(("sent", "held_out", "skipped", "queued")):
            kept = (
                "INSERT INTO outbox (member_id, journey, period, say, arm, queued_at, not_before,"
                " useful_until, status) VALUES (7, 'journey:lapsed', :period, '{}', 'b',"
                " '2026-01-05 03:00:00', '2026-01-05 03:00:00', '2026-01-09 03:00:00', :status)"
            )
            uow.run(text(kept), {"period": str(period), "status": status})
    upgrade(database_url)
    with store.read() as uow:
        rows = uow.run(select(outbox).order_by(outbox.c.period)).all()
    assert [row.status for row in rows] == ["sent", "held_out", "skipped", "queued"]
    assert {(row.arm, row.chance, row.share) for row in rows} == {("b", None, None)}
    store.close()


def test_a_receipt_of_before_is_kept_and_its_long_vowel_a_hyphen(database_url: str) -> None:
    store = _at(database_url, "0011")
    with store.begin() as uow:
        for seq, number in enumerate(("00120034", "0012ー0035"), 2):
            kept = "INSERT INTO receipts VALUES ('ekimae', '2026-01-05', :number, 7, :seq)"
            uow.run(text(kept), {"number": number, "seq": seq})
    upgrade(database_url)
    with store.begin() as uow:
        rows = uow.run(select(receipts).order_by(receipts.c.seq)).all()
    assert [(row.number, row.seq, row.after_midnight) for row in rows] == [
        ("00120034", 2, False),
        ("0012-0035", 3, False),
    ]
    store.close()


def test_a_campaign_that_was_on_for_a_day_stays_on_all_of_it(database_url: str) -> None:
    store, day = _at(database_url, "0024"), date(2026, 1, 5)
    with store.begin() as uow:
        uow.run(text("INSERT INTO switches VALUES ('ekimae', '2026-01-05', 'rain')"))
    upgrade(database_url)
    with store.begin() as uow:
        assert switches.on(uow, "ekimae", day, datetime(2026, 1, 4, 19, tzinfo=UTC)) == ("rain",)
        assert switches.on(uow, "kawabe", day, datetime(2026, 1, 5, 3, tzinfo=UTC)) == ()
    store.close()


def test_reasons_move_out_of_the_log_and_the_log_is_closed_again(database_url: str) -> None:
    store = _at(database_url, "0015")
    with store.begin() as uow:
        run = uow.connection.exec_driver_sql
        run(_MEMBER)
        run(_MEMBER.replace("(7, '0007'", "(8, '0008'"))
        run("UPDATE members SET erased_at = '2026-02-01 03:00:00' WHERE id = 8")
        for number, (member, action) in enumerate([(7, "adjust"), (8, "undo"), (7, "check_in")]):
            run(
                "INSERT INTO audit_log (id, at, action, key, member_id, details) VALUES"
                f" ({number + 1}, '2026-01-05 03:00:00', '{action}', 'staff:{number}', {member},"
                ' \'{"reason": "さくらさんへ", "points": 5}\')'
            )
    upgrade(database_url)
    with store.read() as uow:
        kept = reasons.of(uow, [(7, "staff:0"), (8, "staff:1")])
        lines = audit_pages.page(uow, AuditQuery(), before=None, limit=9)
    assert kept == {(7, "staff:0"): "さくらさんへ"}
    assert ["reason" in line.details for line in lines] == [True, False, False]
    assert all(line.details["points"] == 5 for line in lines)
    with pytest.raises(Exception, match="only added to"), store.begin() as uow:
        uow.connection.exec_driver_sql("UPDATE audit_log SET staff_id = 2")
    store.close()


def test_names_with_letters_that_are_compared_otherwise_are_searched_for_anew(
    database_url: str,
) -> None:
    store = _at(database_url, "0023")
    with store.begin() as uow:
        uow.run(text(_MEMBER))
        uow.run(text(_MEMBER.replace("(7, '0007'", "(8, '0008'")))
        for member, term in [(7, "đorđe"), (7, "#0007"), (8, "サクラ"), (8, "#0008")]:
            kept = "INSERT INTO search_terms (member_id, term) VALUES (:member, :term)"
            uow.run(text(kept), {"member": member, "term": term})
    upgrade(database_url)
    with store.read() as uow:
        assert profiles.unsearchable(uow, limit=9) == [7]
    store.close()


def test_a_review_of_before_is_known_by_what_it_was_recorded_as(database_url: str) -> None:
    store = _at(database_url, "0043")
    with store.begin() as uow:
        uow.run(text(_MEMBER))
        for seq, (key, what) in enumerate(
            [("w", "Visit {}"), ("w", "Occasion {}"), ("a", "Visit")]
        ):
            uow.run(text(
                "INSERT INTO activities (member_id, seq, what, at, recorded_at, business_date,"
                " made_by, holiday, switches, version, key) VALUES (7, :seq, :what,"
                " '2026-01-05 03:00:00', '2026-01-05 03:00:00', '2026-01-05', 'member', FALSE, '',"
                " 1, :key)"
            ), {"seq": seq + 1, "what": what, "key": key})  # fmt: skip
        for n, key in enumerate(("w", "other")):
            uow.run(text(
                "INSERT INTO reviews (member_id, n, stars, words, at, business_date, status, key,"
                " rewarded) VALUES (7, :n, 4, 'x', '2026-01-05 03:00:00', '2026-01-05', 'counted',"
                " :key, TRUE)"
            ), {"n": n + 1, "key": key})  # fmt: skip
    upgrade(database_url)
    with store.begin() as uow:
        found = [reviews.get(uow, 7, n) for n in (1, 2)]
        known = [(each.counted_for, each.counted_seq) for each in found if each]
    assert known == [(7, 2), (None, None)]
    store.close()


def test_what_was_given_to_a_good_cause_stays_what_it_was_told_to_be(database_url: str) -> None:
    store = _at(database_url, "0044")
    with store.begin() as uow:
        for number, worth in enumerate((30, 50_000)):
            uow.run(
                text(
                    "INSERT INTO programs (number, since, sha256, text)"
                    " VALUES (:number, '2026-01-05 03:00:00', 'x', :text)"
                ),
                {
                    "number": number + 1,
                    "text": f'[[rewards]]\nid = "donation"\nvalue_yen = {worth}\n',
                },
            )
        for reward, used in (("donation", 100_000), ("gone", 2)):
            uow.run(
                text("INSERT INTO reward_uses VALUES (:reward, :used)"),
                {"reward": reward, "used": used},
            )
    upgrade(database_url)
    with store.read() as uow:
        given = stock.Used(100_000, 5_000_000_000)
        assert stock.all_used(uow) == {"donation": given, "gone": stock.Used(2, 0)}
    store.close()


def test_each_letter_of_before_is_a_case(database_url: str) -> None:
    store = _at(database_url, "0038")
    with store.begin() as uow:
        uow.run(text(_MEMBER))
        uow.run(text(_MEMBER.replace("(7, '0007'", "(9, ''").replace("'U7'", "NULL")))
        uow.run(text("UPDATE members SET erased_at = '2026-01-07 03:00:00' WHERE id = 9"))
        for number, (member, kind, complaint, answered) in enumerate([
            ("7", "message", "FALSE", "NULL"), ("NULL", "message", "FALSE", "NULL"),
            ("7", "feedback", "TRUE", "'2026-01-06 03:00:00'"), ("9", "message", "FALSE", "NULL"),
        ]):  # fmt: skip
            uow.run(text(
                "INSERT INTO inbox (id, key, member_id, kind, text, at, complaint, answered_at)"
                f" VALUES ({number + 1}, 'k{number}', {member}, '{kind}', 'x',"
                f" '2026-01-05 03:00:00', {complaint}, {answered})"
            ))  # fmt: skip
    upgrade(database_url)
    with store.read() as uow:
        found = [(c.name, c.reason, c.state) for c in cases.of_members(uow, [7])]
        letters = [inbox.of_case(uow, 7, number) for number in (1, 2)]
        erased = [(c.name, c.state) for c in cases.of_members(uow, [9])]
        assert (erased, inbox.of_case(uow, 9, 1)) == ([((9, 1), "closed")], [])
    assert sorted(found) == [((7, 1), "question", "open"), ((7, 2), "complaint", "closed")]
    assert [len(each) for each in letters] == [1, 1]
    store.close()


def test_a_letter_of_before_is_known_by_its_month(database_url: str) -> None:
    store = _at(database_url, "0071")
    with store.begin() as uow:
        uow.run(text(_MEMBER))
        for number, (kind, said) in enumerate([
            ("mailed", "2025年12月のお手紙"), ("mailed", "秋のご案内"),
            ("mailed", "2025年13月のお手紙"), ("noted", "2025年12月のお手紙"),
        ]):  # fmt: skip
            uow.run(text(
                "INSERT INTO contacts (member_id, number, at, kind, text)"
                f" VALUES (7, {number + 1}, '2026-01-05 03:00:00', '{kind}', '{said}')"
            ))  # fmt: skip
    upgrade(database_url)
    with store.read() as uow:
        found = {each.number: each.letter for each in contacts.of_members(uow, [7], limit=9)}
    assert found == {1: date(2025, 12, 1), 2: None, 3: None, 4: None}
    store.close()
