"""What was read in a transaction is read once, and under the lock that was asked for."""

from bot.store.engine.identity_map import IdentityMap


def test_what_was_read_is_given_back() -> None:
    rows = IdentityMap()
    assert rows.get("member", 1) is None
    rows.put("member", 1, "sakura")
    assert rows.get("member", 1) == "sakura"
    assert rows.get("line account", 1) is None


def test_what_was_read_without_a_lock_is_no_answer_under_one() -> None:
    rows = IdentityMap()
    rows.put("member", 1, "sakura")
    assert rows.get("member", 1, locked=True) is None
    rows.put("member", 1, "sakura", locked=True)
    assert rows.get("member", 1, locked=True) == "sakura"


def test_what_is_written_under_a_lock_stays_under_it() -> None:
    rows = IdentityMap()
    rows.put("member", 1, "before", locked=True)
    rows.put("member", 1, "after")
    assert rows.get("member", 1, locked=True) == "after"


def test_forgotten_and_undone_rows_are_read_anew() -> None:
    rows = IdentityMap()
    rows.put("member", 1, "one", locked=True)
    rows.put("member", 2, "two")
    rows.forget("member", 1)
    assert (rows.get("member", 1), rows.get("member", 2)) == (None, "two")
    rows.clear()
    assert rows.get("member", 2) is None
