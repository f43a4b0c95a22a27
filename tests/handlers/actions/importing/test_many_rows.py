"""Files with many rows, on either database: a page at a time, whoever dies on the way."""

import io
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.store.many import imports
from bot.store.many.imports import StoredImport
from bot.store.members import members, profiles
from bot.store.members.members import Member
from bot.store.tables import figure_lives, figure_marks, figures, outbox
from bot.store.tables import members as everybody
from handlers.actions.importing import taking_back
from handlers.actions.importing.keeping import (
    ArrivingFile,
    begin_doing,
    begin_looking,
    begin_undoing,
    keep_file,
)
from handlers.actions.members.joined_before import joined_before
from handlers.actions.members.membership import forget_cards
from handlers.actions.recording.work import Work
from handlers.jobs.many import imports as job
from handlers.jobs.night import nightly
from handlers.jobs.night.audit import audit
from handlers.jobs.night.figures import FigureKeeping
from rules.importing.columns import ImportKind
from tests.handlers.clubs import MANAGER, SmallClub
from tests.journeys.counting import counting
from tests.waiting import SECONDS_MAX, is_held_up, until

#: A paper card each, with the points and visits that its stamps are worth here.
CARDS = 1_000
#: So many statements a member of a file is brought in by, at the most.
ROW_MAX = 30
#: The programme is looked at again every few seconds, however many rows there are.
SPARE = 5
#: So many questions one is taken back by, at the most.
UNDONE_MAX = 9


def looked_at(cafe: SmallClub, data: str, kind: ImportKind = "members") -> int:
    arriving = ArrivingFile(io.BytesIO(data.encode("cp932")), "list.csv", kind, "ekimae")
    made = keep_file(lambda: cafe.club.work(MANAGER), arriving)
    assert isinstance(made, int)
    stored = stored_at(cafe, made)
    with cafe.club.work(MANAGER) as work:
        assert begin_looking(work, made, stored.columns, has_head=stored.has_head) is None
    goes_on(cafe, made)
    return made


def stored_at(cafe: SmallClub, import_id: int) -> StoredImport:
    with cafe.store.read() as uow:
        stored = imports.get(uow, import_id)
    assert stored is not None
    return stored


def goes_on(cafe: SmallClub, import_id: int) -> None:
    while job.go_on(cafe.club, import_id):
        pass


def begins(cafe: SmallClub, import_id: int) -> None:
    count = fates(cafe, import_id)["new"]
    with cafe.club.work(MANAGER) as work:
        assert begin_doing(work, import_id, count) is None


def taken_back(cafe: SmallClub, import_id: int) -> None:
    with cafe.club.work(MANAGER) as work:
        assert begin_undoing(work, import_id) is None
    goes_on(cafe, import_id)


def brought_in(cafe: SmallClub, data: str, kind: ImportKind = "members") -> int:
    made = looked_at(cafe, data, kind)
    begins(cafe, made)
    goes_on(cafe, made)
    return made


def fates(cafe: SmallClub, import_id: int) -> dict[str | None, int]:
    with cafe.store.read() as uow:
        return imports.fates(uow, import_id)


def of_card(cafe: SmallClub, number: str) -> Member:
    with cafe.store.read() as uow:
        found = members.get(uow, members.by_code(uow, "old", number) or 0)
    assert found is not None
    return found


def cards(count: int) -> str:
    rows = (f"P{n:05},{n % 10 * 5},{n % 10}" for n in range(count))
    return "\n".join(["カード番号,ポイント,来店回数", *rows])


def test_a_thousand_paper_cards_come_in_though_the_process_dies_on_the_way(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = looked_at(cafe, cards(CARDS))
    assert fates(cafe, made) == {"head": 1, "new": CARDS}
    begins(cafe, made)
    for _ in range(3):
        assert job.go_on(cafe.club, made)
    # The next page dies after its rows, before its transaction ends.
    with monkeypatch.context() as patched:
        patched.setattr(imports, "settle", _dies)
        with pytest.raises(KeyboardInterrupt):
            job.go_on(cafe.club, made)
    assert fates(cafe, made) == {"head": 1, "new": CARDS - 300, "done": 300}
    # Another process goes on.
    goes_on(cafe, made)
    assert fates(cafe, made) == {"head": 1, "done": CARDS}
    with cafe.store.read() as uow:
        assert uow.run(select(func.count()).select_from(everybody)).scalar_one() == CARDS
    last = of_card(cafe, "P00999").facts
    assert (last.balance, last.visits) == (45, 9)
    # Nobody keeps what the rows said.
    with cafe.store.read() as uow:
        assert {row.cells for row in imports.first_rows(uow, made, limit=50)[1:]} == {()}


def _dies(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_members_visits_are_judged_together_and_taken_back_together(cafe: SmallClub) -> None:
    goes = looked_at(cafe, "カード番号,入会日\nP1,2025/1/1\nP2,2025/1/1\n")
    begins(cafe, goes)
    goes_on(cafe, goes)
    # 60 days of two members, in the order of the days as systems write them: the pages cut them.
    days = [f"P{who},2025/{3 + n // 28}/{n % 28 + 1}" for n in range(60) for who in (1, 2)]
    made = looked_at(cafe, "\n".join(["カード番号,来店日", *days]), "visits")
    begins(cafe, made)
    goes_on(cafe, made)
    assert fates(cafe, made) == {"head": 1, "done": 120}
    assert [of_card(cafe, each).facts.visits for each in ("P1", "P2")] == [60, 60]
    assert of_card(cafe, "P1").facts.balance == of_card(cafe, "P2").facts.balance > 0
    assert not any(audit(cafe.club))
    with cafe.club.work(MANAGER) as work:
        assert begin_undoing(work, made) is None
    goes_on(cafe, made)
    assert fates(cafe, made) == {"head": 1, "back": 120}
    facts = of_card(cafe, "P1").facts
    assert (facts.visits, facts.balance) == (0, 0)
    assert not any(audit(cafe.club))


def test_nobody_hears_of_what_is_brought_in(cafe: SmallClub) -> None:
    """Not even who has LINE: what is long past is no news."""
    known = cafe.joins("U1")
    cafe.passes(days=60)
    number = cafe.member(known).number
    days = [f"{number},2026/{1 + n // 28}/{n % 28 + 1}" for n in range(6, 50)]
    before = letters(cafe)
    made = looked_at(cafe, "\n".join(["カード番号,来店日", *days]), "visits")
    begins(cafe, made)
    goes_on(cafe, made)
    assert fates(cafe, made) == {"head": 1, "done": len(days)}
    facts = cafe.member(known).facts
    assert facts.visits == len(days)
    # There was something to tell of.
    assert facts.badges
    assert letters(cafe) == before
    assert not cafe.differences(known)


def letters(cafe: SmallClub) -> int:
    """How many messages were queued, ever."""
    with cafe.store.read() as uow:
        return int(uow.run(select(func.count()).select_from(outbox)).scalar_one())


@pytest.mark.parametrize("end", ["", "\n"], ids=["the same file", "another with the same rows"])
def test_two_processes_at_once_make_each_member_once(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    first, second = looked_at(cafe, cards(20)), looked_at(cafe, cards(20) + end)
    begins(cafe, first)
    begins(cafe, second)
    within, may_end, settle = Event(), Event(), imports.settle

    def waits(uow: Any, import_id: int, rows: Any) -> None:
        settle(uow, import_id, rows)
        if import_id == first:
            within.set()
            assert may_end.wait(SECONDS_MAX)

    monkeypatch.setattr(imports, "settle", waits)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(job.go_on, cafe.club, first)
        assert within.wait(SECONDS_MAX)
        other = pool.submit(job.go_on, cafe.club, second)
        try:
            until(lambda: other.done() or is_held_up(cafe.store), "the second")
            assert not other.done(), "it did not wait for the first"
        finally:
            may_end.set()
        one.result()
        other.result()
    assert fates(cafe, first) == {"head": 1, "done": 20}
    assert fates(cafe, second) == {"head": 1, "import_known": 20}
    with cafe.store.read() as uow:
        assert uow.run(select(func.count()).select_from(everybody)).scalar_one() == 20


def test_a_list_that_is_taken_back_stands_in_no_figure(cafe: SmallClub) -> None:
    keeper = FigureKeeping(cafe.club)
    cafe.visits(cafe.joins())
    keeper.follow(seconds_max=SECONDS_MAX)
    before = counted(cafe)
    made = brought_in(
        cafe, "カード番号,入会日,ポイント,来店回数\nP1,2025/1/1,30,4\nP2,2025/2/1,,\n"
    )
    keeper.follow(seconds_max=SECONDS_MAX)
    assert counted(cafe) != before
    taken_back(cafe, made)
    keeper.follow(seconds_max=SECONDS_MAX)
    assert counted(cafe) == before
    assert not any(audit(cafe.club))


def counted(cafe: SmallClub) -> tuple[Any, ...]:
    """All that stands of anybody in the figures."""
    with cafe.store.read() as uow:
        sums = uow.run(select(figures).where(figures.c.value != 0)).all()
        of = [uow.run(select(each.c.member_id)).all() for each in (figure_lives, figure_marks)]
    return sorted(sums), *map(sorted, of)


def test_whoever_comes_later_with_a_telephone_of_such_a_list_is_new(cafe: SmallClub) -> None:
    taken_back(cafe, brought_in(cafe, "氏名,電話\n花子,090-1234-5678\n"))
    with cafe.club.reading() as work:
        assert not joined_before(work, ["+819012345678"])


def test_what_rows_say_is_forgotten_by_the_night_after_thirty_days(cafe: SmallClub) -> None:
    done = brought_in(cafe, "カード番号,氏名\nP1,花子\n=1+2,太郎\n")
    left = looked_at(cafe, "カード番号,氏名\nP9,次郎\n")
    night(cafe, days=29)
    assert [row.cells for row in rows_of(cafe, done)] == [
        ("カード番号", "氏名"), (), ("=1+2", "太郎"),
    ]  # fmt: skip
    assert len(rows_of(cafe, left)) == 2
    night(cafe, days=2)
    assert [row.cells for row in rows_of(cafe, done)] == [()] * 3
    # What became of each still stands, and a file that nobody said yes to is gone.
    assert fates(cafe, done) == {"head": 1, "done": 1, "import_formula": 1}
    assert rows_of(cafe, left) == []
    with cafe.store.read() as uow:
        assert imports.get(uow, left) is None


def night(cafe: SmallClub, *, days: int) -> None:
    cafe.passes(days=days)
    assert nightly.run_if_due(cafe.club)


def rows_of(cafe: SmallClub, import_id: int) -> list[imports.StoredRow]:
    with cafe.store.read() as uow:
        return imports.first_rows(uow, import_id, limit=50)


def test_a_file_that_breaks_off_leaves_nothing_of_it(cafe: SmallClub) -> None:
    data = cards(1_500) + '\n"' + "x" * 3_000
    arriving = ArrivingFile(io.BytesIO(data.encode()), "list.csv", "members", "ekimae")
    assert not isinstance(keep_file(lambda: cafe.club.work(MANAGER), arriving), int)
    assert rows_of(cafe, 1) == []


def test_a_row_more_costs_a_bounded_number_of_statements(cafe: SmallClub) -> None:
    def asked(count: int, first: int) -> int:
        rows = "".join(f"{first + n},花子,090-1234-{first + n}\n" for n in range(count))
        made = looked_at(cafe, f"カード番号,氏名,電話\n{rows}")
        begins(cafe, made)
        with counting(cafe.store) as told:
            goes_on(cafe, made)
        assert fates(cafe, made)["done"] == count
        return len(told.statements)

    few, many = asked(5, 1_000), asked(25, 2_000)
    assert (many - few) / 20 < ROW_MAX


def test_rows_more_in_a_page_ask_for_nothing_more(cafe: SmallClub) -> None:
    """Looked at and done they ask for all that they need at once; each that is taken back for what
    its own history comes to."""

    def asked(count: int, first: int) -> tuple[int, int, int]:
        rows = "".join(f"{first + n},花子,090-1234-{first + n},5\n" for n in range(count))
        data = f"カード番号,氏名,電話,ポイント\n{rows}"
        with counting(cafe.store) as looked:
            made = looked_at(cafe, data)
        begins(cafe, made)
        with counting(cafe.store) as done:
            goes_on(cafe, made)
        with counting(cafe.store) as undone:
            taken_back(cafe, made)
        assert fates(cafe, made) == {"head": 1, "back": count}
        return looked.queries, done.queries, undone.queries

    asked(5, 1_000)
    few, many = asked(10, 2_000), asked(90, 3_000)
    looked, done, undone = (more - less for less, more in zip(few, many, strict=True))
    assert looked <= SPARE
    assert done <= SPARE
    assert undone / 80 < UNDONE_MAX


def test_a_row_about_somebody_whom_a_row_of_the_page_makes_makes_nobody(cafe: SmallClub) -> None:
    """Looked at both are new, as they have no number in common."""
    rows = "A1,花子,090-1234-5678\n,花子,090-1234-5678\nA2,花子,090-1234-5678\n"
    made = brought_in(cafe, f"カード番号,氏名,電話\n{rows}")
    # Two cards are two people, whoever shares a telephone.
    assert fates(cafe, made) == {"head": 1, "done": 2, "import_known": 1}
    assert of_card(cafe, "A1").id != of_card(cafe, "A2").id


def test_a_row_that_fails_keeps_none_of_its_page_from_theirs(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_new = profiles.put_new

    def fails(uow: Any, member_id: int, profile: Any, *rest: Any, **more: Any) -> None:
        if profile.name == "次郎":
            raise ValueError("what nobody thought of")
        put_new(uow, member_id, profile, *rest, **more)

    monkeypatch.setattr(profiles, "put_new", fails)
    made = brought_in(cafe, "カード番号,氏名\nA1,花子\nA2,次郎\nA3,太郎\n")
    assert fates(cafe, made) == {"head": 1, "done": 2, "import_failed": 1}
    assert of_card(cafe, "A3").facts.source == "import"
    # Nor does one that can't be taken back.
    monkeypatch.setattr(taking_back, "forget_cards", _fails_for(of_card(cafe, "A1").id))
    taken_back(cafe, made)
    assert fates(cafe, made) == {"head": 1, "back": 1, "import_stuck": 1, "import_failed": 1}
    assert not any(audit(cafe.club))


def _fails_for(member_id: int) -> Callable[[Work, Collection[int]], None]:
    def forget(work: Work, ids: Collection[int]) -> None:
        if member_id in ids:
            raise ValueError("what nobody thought of")
        forget_cards(work, ids)

    return forget
