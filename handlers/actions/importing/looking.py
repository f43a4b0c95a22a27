"""Looking at rows: what each would come to, and what is wrong with it; nothing is done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from bot.phones import spoken
from bot.store.many import imports
from bot.store.many.imports import RowFate, StoredImport, StoredRow
from bot.store.members import members
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.facts import Birthday, newcomer
from rules.importing.columns import MAKES_MEMBERS, ImportField
from rules.importing.rows import RowSaid, read_row
from rules.programme.birthdays import check_birthday, needs_guardian
from rules.programme.points import refuse_stamp_card, refuse_stamps
from rules.programme.programme import Programme

from .finding import FoundMember, PageFinding, number_known, phone_of

#: So many rows in one transaction.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What a row says, and whose it is; why nothing can be done with it, by a refusal's code."""

    said: RowSaid
    member_id: int = 0
    code: str = ""
    field: ImportField | str = ""
    is_mended: bool = False
    store: str | None = None


def look_at_part(work: Work, import_id: int) -> bool:
    """Looks at the next rows; gives whether there are more."""
    stored = imports.get(work.uow, import_id, lock=True)
    if stored is None or stored.state != "checking":
        return False
    rows = imports.unseen(work.uow, import_id, limit=CHUNK)
    before = known_of_same_file(work, stored, rows)
    fates = [
        RowFate(row.n, "import_known", member_id=before[row.n]) for row in rows if row.n in before
    ]
    look = PageLooking(work, stored, [row for row in rows if row.n not in before])
    seen = {row.n: look.at(row) for row in look.rows}
    good = {n: its for n, its in seen.items() if not its.code}
    who = {n: look.mark(its) for n, its in good.items()} if stored.kind in MAKES_MEMBERS else {}
    known = imports.known_marks(work.uow, import_id, {mark for mark in who.values() if mark})
    for n, its in seen.items():
        mark = who.get(n)
        twice = mark is not None and mark in known
        fates.append(
            RowFate(
                n,
                its.code or ("import_twice" if twice else "new"),
                field=its.field,
                mended=its.is_mended,
                member_id=its.member_id or None,
                who=None if twice else mark,
            )
        )
        if mark is not None:
            known.add(mark)
    imports.settle(work.uow, import_id, fates)
    more = len(rows) == CHUNK
    imports.change(work.uow, import_id, work.now, state="checking" if more else "checked")
    return more


def known_of_same_file(
    work: Work, stored: StoredImport, rows: Collection[StoredRow]
) -> dict[int, int | None]:
    """Which of the rows stand by another import of the very same file."""
    same = [each.id for each in imports.same_file(work.uow, stored)]
    return imports.done_before(work.uow, same, [row.n for row in rows])


class PageLooking:
    """Looks at rows of a page as they stand now, after all was asked for at once."""

    def __init__(self, work: Work, stored: StoredImport, rows: Sequence[StoredRow]) -> None:
        self.rows = rows
        self._work, self._stored = work, stored
        self._said = {row.n: read_row(stored.kind, row.cells, stored.columns) for row in rows}
        self.finding = PageFinding(work, self._said.values())

    def parts(self) -> list[list[StoredRow]]:
        """The rows, cut wherever one may be of somebody whom a row before it makes."""
        found: list[list[StoredRow]] = []
        met: set[str] = set()
        for row in self.rows:
            names = self.finding.names_of(self._said[row.n])
            if not found or not met.isdisjoint(names):
                found.append([])
                met = set()
            found[-1].append(row)
            met |= names
        return found

    def at(self, row: StoredRow) -> LookedAt:
        work, said = self._work, self._said[row.n]
        if said.wrong:
            return LookedAt(said, code=said.wrong, field=said.field)
        if self._stored.kind == "members":
            return self._newcomer(said)
        if self._stored.kind == "stamps":
            return self._of_stamps(said)
        found = self.finding.find(said)
        mended = bool(said.mended) or found.is_mended
        if found.code or not found.member_id:
            return LookedAt(said, code=found.code or "import_nobody")
        store = store_of(work.programme, said.store or self._stored.store)
        code, field = _refuse(work, self._stored, said, found)
        if said.store and store is None:
            code, field = "import_store", "store"
        return LookedAt(said, found.member_id, code, field, mended, store)

    def mark(self, seen: LookedAt) -> str | None:
        """By what it is known that two rows make the same member."""
        told = seen.said.number or self.finding.phone_of(seen.said.phone)[0]
        return sha256(told.encode()).hexdigest()[:16] if told else None

    def _newcomer(self, said: RowSaid) -> LookedAt:
        phone, mended = self.finding.phone_of(said.phone) if said.phone else ("", False)
        if said.phone and not phone:
            return LookedAt(said, code="import_phone", field="phone")
        if code := _refuse_days(self._work, said):
            return LookedAt(said, code=code[0], field=code[1])
        found = self.finding.find(said)
        if found.member_id and self._is_same(said, found.member_id):
            # Whose card has a number that isn't known yet gets that number.
            knows = not said.number or self.finding.by_card(said.number).member_id
            return LookedAt(said, found.member_id, "import_known" if knows else "")
        if found.code == "import_several" and not said.number:
            return LookedAt(said, code=found.code, field="phone")
        return LookedAt(said, is_mended=mended or bool(said.mended))

    def _of_stamps(self, said: RowSaid) -> LookedAt:
        """A card of stamps: whose it is, or of somebody who is no member yet."""
        work, its = self._work, self._newcomer(said)
        if its.code not in ("", "import_known"):
            return its
        member = members.get(work.uow, its.member_id) if its.member_id else None
        if member is not None and member.erased_at is not None:
            return LookedAt(said, member.id, "erased")
        policy, facts = work.programme.stamp_cards, newcomer(work.day, work.now)
        no = refuse_stamp_card(policy, member.facts if member else facts, work.day)
        if no is not None or policy is None:
            return LookedAt(said, its.member_id, no.code if no else "stamps_off")
        if no := refuse_stamps(policy, said.stamps or 0):
            return LookedAt(said, its.member_id, no.code, "stamps")
        return replace(its, code="")

    def _is_same(self, said: RowSaid, member_id: int) -> bool:
        """Whether it is that member: two cards are two people, whoever shares a telephone."""
        if not said.number or self.finding.by_card(said.number).member_id == member_id:
            return True
        return not self.finding.has_old_number(member_id)


def _refuse(
    work: Work, stored: StoredImport, said: RowSaid, found: FoundMember
) -> tuple[str, ImportField | str]:
    member = members.get(work.uow, found.member_id)
    if member is None or member.erased_at is not None:
        return "erased", ""
    if stored.kind == "purchases" and work.programme.purchase is None:
        return "no_purchases", ""
    if said.on is None:
        return "", ""
    shop = work.programme.shop
    if said.moment(shop) > work.now:
        return "import_future", "day"
    return ("import_before", "day") if said.on < member.facts.joined_on else ("", "")


def _refuse_days(work: Work, said: RowSaid) -> tuple[str, ImportField] | None:
    if said.joined is not None and said.joined > work.day:
        return "import_future", "joined"
    if said.birthday is None:
        return None
    if no := refuse_birthday(work, said.birthday):
        return no.code, "birthday"
    return None


def refuse_birthday(work: Work, told: tuple[int | None, int, int]) -> Refusal | None:
    """Why somebody born then isn't taken in from a file."""
    year, month, day = told
    policy = work.programme.profile
    if no := check_birthday(policy, None, year, work.day, month=month, day=day):
        return no
    is_young = needs_guardian(policy, Birthday(month, day, year), work.day)
    return Refusal("import_guardian") if is_young else None


@dataclass(frozen=True, slots=True)
class MendedCell:
    """What a spreadsheet had spoilt, and what it was put right to."""

    n: int
    field: ImportField
    before: str
    after: str


def mended_in(work: Work, stored: StoredImport, row: StoredRow) -> list[MendedCell]:
    """What was put right in a row."""
    said = read_row(stored.kind, row.cells, stored.columns)
    days = {"joined": said.joined, "until": said.until, "day": said.on}
    after: dict[ImportField, str] = {field: str(days[field]) for field in said.mended}
    phone, mended = phone_of(work, said.phone) if said.phone else ("", False)
    if mended:
        after["phone"] = spoken(phone, work.programme.shop.country)
    if said.number and (number := number_known(work, said.number)) not in (None, said.number):
        after["number"] = str(number)
    return [
        MendedCell(row.n, field, row.cells[stored.columns[field]], text)
        for field, text in after.items()
    ]


def store_of(programme: Programme, told: str) -> str | None:
    """The store of that id or name; None where there is none."""
    for each in programme.stores:
        if told in (each.id, each.name.ja, each.name.en):
            return each.id
    return None
