"""Consequences that were activities of their own are worked out from what they follow from.

A first birthday completes the profile, and an invited friend's visit makes the referral count:
what that brought now stands under the birthday and the visit. Who was invited has it in the
history, and a referral names the friend.
"""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PROFILE, _REFERRED, _REFERRAL = (
    f'Occasion {{"trigger":"{trigger}"}}' for trigger in ("profile", "referred", "referral")
)
#: Members taken at once.
_PAGE = 500


def upgrade() -> None:
    for member_id, rows in _histories(_PROFILE):
        for row in rows:
            if row.what == _PROFILE:
                told = [r for r in rows if r.what.startswith("BirthdayTold ")]
                own = [r for r in told if r.key == row.key] or told
                _join(member_id, row, own[0])
    for friend in _pages("SELECT id, referred_by FROM members WHERE referred_by IS NOT NULL"):
        _invite(friend)
    op.execute(
        sa.text("UPDATE activities SET what = :to WHERE what = :was").bindparams(
            was=_REFERRAL, to='Referral {"friend":null}'
        )
    )


def _histories(what: str) -> Iterable[tuple[int, list[Any]]]:
    """The whole histories of the members who have such an activity."""
    found = "SELECT DISTINCT member_id AS id FROM activities WHERE what = :what"
    for member in _pages(found, what=what):
        yield member.id, _history(member.id)


def _pages(query: str, **values: Any) -> Iterable[Any]:
    last = 0
    page = sa.text(f"SELECT * FROM ({query}) AS found WHERE id > :last ORDER BY id LIMIT {_PAGE}")
    while rows := op.get_bind().execute(page, {"last": last, **values}).all():
        yield from rows
        last = rows[-1].id


def _history(member_id: int) -> list[Any]:
    mine = sa.text("SELECT * FROM activities WHERE member_id = :id ORDER BY seq")
    return list(op.get_bind().execute(mine, {"id": member_id}))


def _join(member_id: int, row: Any, cause: Any) -> None:
    """Puts what `row` brought under its cause; what there was of it is gone."""
    where = {"id": member_id, "seq": row.seq, "to": cause.seq}
    run = op.get_bind().execute
    run(sa.text("UPDATE entries SET seq = :to WHERE member_id = :id AND seq = :seq"), where)
    run(sa.text("DELETE FROM activities WHERE member_id = :id AND seq = :seq"), where)


def _rewrite(member_id: int, seq: int, what: str) -> None:
    op.get_bind().execute(
        sa.text("UPDATE activities SET what = :what WHERE member_id = :id AND seq = :seq"),
        {"what": what, "id": member_id, "seq": seq},
    )


def _invite(friend: Any) -> None:
    rows = _history(friend.id)
    counted = [row for row in rows if row.what == _REFERRED]
    at_joining = []
    for row in counted:
        visit = [r for r in rows if r.key == row.key and r.what.startswith("Visit ")]
        if visit:
            _join(friend.id, row, visit[0])
        else:
            # Counted at joining: it was the invitation that brought it.
            _rewrite(friend.id, row.seq, "Invited {}")
            at_joining.append(row)
    if rows and not at_joining:
        _add_invitation(friend.id, rows[0].seq)
    if not at_joining or any(row.undone_at is None for row in at_joining):
        _set_invited(friend.id)
    _name_friend(friend, {row.key for row in counted})


def _add_invitation(member_id: int, joining: int) -> None:
    """An invitation at the moment of joining, which is the activity of that number."""
    run, whose = op.get_bind().execute, {"id": member_id, "joining": joining}
    copied = "recorded_at, business_date, 'system', store, holiday, switches, version, key"
    run(sa.text("UPDATE members SET history_seq = history_seq + 1 WHERE id = :id"), whose)
    run(
        sa.text(
            "INSERT INTO activities (member_id, seq, what, at, recorded_at, business_date, made_by,"
            " store, holiday, switches, version, key)"
            " SELECT member_id, (SELECT history_seq FROM members WHERE id = :id), 'Invited {}', at,"
            f" {copied} FROM activities WHERE member_id = :id AND seq = :joining"
        ),
        whose,
    )


def _set_invited(member_id: int) -> None:
    run = op.get_bind().execute
    facts = run(sa.text("SELECT facts FROM members WHERE id = :id"), {"id": member_id}).scalar_one()
    told = json.dumps({**json.loads(facts), "invited": True}, separators=(",", ":"))
    run(
        sa.text("UPDATE members SET facts = :facts WHERE id = :id"),
        {"facts": told, "id": member_id},
    )


def _name_friend(friend: Any, keys: set[str]) -> None:
    """Writes the friend into what their referrer got, whichever card that is on by now."""
    run, referrer = op.get_bind().execute, friend.referred_by
    while referrer is not None:
        for row in _history(referrer):
            if row.what == _REFERRAL and row.key in keys:
                _rewrite(referrer, row.seq, f'Referral {{"friend":{friend.id}}}')
        onward = sa.text("SELECT merged_into FROM members WHERE id = :id")
        referrer = run(onward, {"id": referrer}).scalar()
