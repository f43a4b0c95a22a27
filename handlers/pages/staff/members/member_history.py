"""A member's history, a line for each visit with all that came with it, and what of it can be taken
back or returned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.store import UnitOfWork
from bot.store.history import history, ledger, visit_days
from bot.store.members.members import Member
from bot.store.orders import bought
from rules.activity import Expiry, Merged, Purchase, Referral, Registration
from rules.judging.replay import RecordedActivity
from rules.judging.taken_back import returns
from rules.orders.lines import BoughtLine
from rules.wording.activities import (
    activity_name,
    goods_name,
    line_words,
    visits_together,
    whole_visits,
)
from rules.wording.texts import long_date

from ..frame import layout
from ..frame.access import language, signed
from ..frame.words import words_now

#: So many activities are shown at once, and these more where they belong to the visit of the last.
_SHOWN, _MORE = 20, 10
#: What is never undone from a member's page by itself.
_NEVER_UNDONE = (Registration, Referral, Expiry, Merged)


@dataclass(frozen=True, slots=True)
class UndoablePart:
    """What is undone together, by the number `seq`."""

    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class ReturnablePieces:
    """So many pieces of a receipt's line that can still be brought back."""

    no: int
    goods: str
    left: int


@dataclass(frozen=True, slots=True)
class ReturnablePart:
    """A purchase by its number `seq`, of which goods for so many yen can still be brought back; by
    their lines, where it has some."""

    seq: int
    yen: int
    pieces: tuple[ReturnablePieces, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One visit and what came with it, or something else that happened."""

    on: str
    what: str
    where: str
    points: str
    #: What was bought, where somebody told.
    bought: tuple[str, ...]
    undo: tuple[UndoablePart, ...]
    goods: tuple[ReturnablePart, ...]


@dataclass(frozen=True, slots=True)
class MemberHistory:
    """`older` is the number after which the next page goes on; None on the last."""

    lines: tuple[HistoryLine, ...]
    older: int | None


def member_history(uow: UnitOfWork, member: Member, *, before: int | None = None) -> MemberHistory:
    """The newest of the member's history by its days, from what comes after number `before`."""
    found = visit_days.latest_days(uow, member.id, limit=_SHOWN + _MORE, before=before)
    page = found[: whole_visits(found, _SHOWN)]
    seqs = [recorded.seq for recorded in page]
    look = _Look(
        ledger.points_by_activity(uow, member.id, seqs),
        history.keys_of(uow, member.id, seqs),
        returns(history.taken_back(uow, member.id)),
        bought.of(uow, member.id, seqs),
    )
    lines = tuple(_line(visit, look) for visit in visits_together(page[::-1]))
    return MemberHistory(lines[::-1], page[-1].seq if len(found) > len(page) else None)


@dataclass(frozen=True, slots=True)
class _Look:
    """What is known of a page's activities: points, outside keys, what was returned, and what was
    bought."""

    points: Mapping[int, int]
    keys: Mapping[int, str]
    returned: Mapping[int, int]
    bought: Mapping[int, tuple[BoughtLine, ...]]

    def lines(self, visit: Sequence[RecordedActivity]) -> list[BoughtLine]:
        return [line for recorded in visit for line in self.bought.get(recorded.seq, ())]


def _line(visit: Sequence[RecordedActivity], look: _Look) -> HistoryLine:
    first = visit[0].activity
    points = sum(look.points.get(recorded.seq, 0) for recorded in visit)
    goods = ((recorded.seq, _yen_left(recorded, look.returned)) for recorded in visit)
    return HistoryLine(
        on=long_date(language(), first.day),
        what=_names(visit),
        where=layout.store_name(first.store) if first.store else "",
        points=f"{points:+,}" if points else "",
        bought=tuple(line_words(words_now(), line) for line in look.lines(visit)),
        undo=tuple(_undoable(visit, look.keys)),
        goods=tuple(
            ReturnablePart(seq, yen, _pieces(look.bought.get(seq, ()))) for seq, yen in goods if yen
        ),
    )


def _undoable(visit: Sequence[RecordedActivity], keys: Mapping[int, str]) -> list[UndoablePart]:
    """What was done by one action is undone together, where it was."""
    by_key: dict[str, list[RecordedActivity]] = {}
    for recorded in visit:
        by_key.setdefault(keys[recorded.seq], []).append(recorded)
    return [
        UndoablePart(done[0].seq, _names(done))
        for done in by_key.values()
        if signed().may_act_at(done[0].activity.store)
        if not any(isinstance(each.activity.what, _NEVER_UNDONE) for each in done)
    ]


def _names(visit: Sequence[RecordedActivity]) -> str:
    names = (activity_name(words_now(), recorded.activity) for recorded in visit)
    return layout.words("staff.members.and").join(dict.fromkeys(names))


def _pieces(lines: Sequence[BoughtLine]) -> tuple[ReturnablePieces, ...]:
    return tuple(
        ReturnablePieces(line.no, goods_name(words_now(), line), line.left)
        for line in lines
        if line.left
    )


def _yen_left(recorded: RecordedActivity, returned: Mapping[int, int]) -> int:
    what = recorded.activity.what
    if not isinstance(what, Purchase) or not signed().may_act_at(recorded.activity.store):
        return 0
    return max(0, what.total_yen - returned.get(recorded.seq, 0))
