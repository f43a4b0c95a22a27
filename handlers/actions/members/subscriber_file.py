"""A file of who subscribes, or of what was delivered: each row by itself, once, and taken back as a
whole by the same file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.phones import e164
from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import members, profiles
from handlers.actions.recording.work import Work
from rules.activity import Delivered, Subscribed
from rules.characters import one_width
from rules.editing.subscriber_list import SubscriberList, SubscriberRow

from ..recording.log import note
from .card_numbers import is_card_number
from .subscribing import note_delivery, subscribe, why_not

#: What a row says that is known already.
_KNOWN = ("subscription_same", "delivery_again")
#: What stands between the digits of a number.
_BETWEEN = str.maketrans("", "", " -‐－ー()")


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What a row comes to: done, or refused by a code."""

    row: SubscriberRow
    code: str

    @property
    def is_done(self) -> bool:
        return self.code == "done"

    @property
    def is_known(self) -> bool:
        """Whether it says nothing new."""
        return self.code in _KNOWN


@dataclass(frozen=True, slots=True)
class KeyedRow:
    """A row, and the member whom it is of with the outside key under which it is done; or why there
    is none."""

    row: SubscriberRow
    member_id: int
    key: str
    wrong: str = ""

    def what(self, *, is_delivery: bool) -> Subscribed | Delivered:
        row = self.row
        if is_delivery and row.first is not None:
            return Delivered(row.subscription, row.first)
        return Subscribed(row.subscription, row.first, row.last)


def look_at_rows(work: Work, asked: SubscriberList) -> list[RowOutcome]:
    """What each row would come to; nothing is kept."""
    found, seen = [], set()
    for keyed in _keyed(work, asked):
        what = keyed.what(is_delivery=asked.kind == "deliveries")
        code = keyed.wrong or _would_be(work, keyed, what)
        if code == "done" and (keyed.member_id, what) in seen:
            code = _KNOWN[asked.kind == "deliveries"]
        seen.add((keyed.member_id, what))
        found.append(RowOutcome(keyed.row, code))
    return found


def _would_be(work: Work, keyed: KeyedRow, what: Subscribed | Delivered) -> str:
    member = members.get(work.uow, keyed.member_id)
    refusal = why_not(work, member, what) if member else None
    return refusal.code if refusal else "done"


def take_rows(work: Work, asked: SubscriberList) -> list[RowOutcome]:
    """Does each row that can be done. A row of the same file is done once, however often it is
    handed in, unless it was taken back since."""
    done = []
    for keyed in _locked(work, _keyed(work, asked)):
        what = keyed.what(is_delivery=asked.kind == "deliveries")
        code = keyed.wrong or _would_be(work, keyed, what)
        if code == "done":
            # What is refused takes no key: another time it may be done.
            code = _do(work.acting("import").under(keyed.key), keyed.member_id, what)
        done.append(RowOutcome(keyed.row, code))
    if work.actor is not None:
        count = sum(each.is_done for each in done)
        note(work, "subscriber_file", kind=asked.kind, count=count)
    return done


def _do(work: Work, member_id: int, what: Subscribed | Delivered) -> str:
    if isinstance(what, Delivered):
        outcome = note_delivery(work, member_id, what)
    else:
        outcome = subscribe(work, member_id, what)
    return outcome.refused or "done"


def standing_rows(work: Work, asked: SubscriberList) -> list[KeyedRow]:
    """The rows of this very file that were done and still stand, by the keys to undo them by; in
    the order of their members, as everybody locks many."""
    standing = [row for row in _keyed(work, asked, done=True) if not row.wrong and row.key]
    return sorted(standing, key=lambda row: row.member_id)


def _locked(work: Work, rows: Iterable[KeyedRow]) -> list[KeyedRow]:
    """The rows, with all whom they are of locked, in the order of their ids."""
    found = list(rows)
    for member_id in sorted({row.member_id for row in found if not row.wrong}):
        members.lock(work.uow, member_id)
    return found


def _keyed(work: Work, asked: SubscriberList, *, done: bool = False) -> Iterator[KeyedRow]:
    """`done`: the key is of what stands, empty for nothing."""
    mark = _mark_of(asked.rows)
    for row in asked.rows:
        who = row.wrong or _member(work, row.who)
        if isinstance(who, str):
            yield KeyedRow(row, 0, "", who)
            continue
        key = f"import:{asked.kind}:{mark}:{row.n}"
        wanted, stands = _key(work.uow, who, key)
        yield KeyedRow(row, who, "" if done and not stands else wanted)


def _mark_of(rows: Sequence[SubscriberRow]) -> str:
    return sha256(repr(rows).encode()).hexdigest()[:20]


def _key(uow: UnitOfWork, member_id: int, key: str) -> tuple[str, bool]:
    """The key, or another once what was done under it was taken back: then it may be done again.
    And whether something done under it stands."""
    n, wanted = 1, key
    while past := history.under(uow, member_id, wanted):
        if any(each.undone_at is None for each in past):
            return wanted, True
        n += 1
        wanted = f"{key}:{n}"
    return wanted, False


def _member(work: Work, text: str) -> int | str:
    """The member with that card or telephone, as they stand now; else why there is none."""
    digits = one_width(text).translate(_BETWEEN)
    found = members.by_code(work.uow, "number", digits) if is_card_number(digits) else None
    known = {found} if found is not None else set()
    if not known:
        phone = e164(text, work.programme.shop.country)
        known = set(profiles.with_phone(work.uow, phone)) if phone else set()
    keepers = {members.keeper(work.uow, each) for each in known}
    if len(keepers) > 1:
        return "subscriber_several"
    return next(iter(keepers), "subscriber_nobody")
