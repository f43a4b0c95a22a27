"""What the members of the demo came by: a poster, a flyer, a sign at the till, and what it cost."""

from datetime import date, timedelta
from random import Random

from bot.store.members import line_accounts, members, sources
from bot.store.members.sources import MemberSource, SourceCredit, SourceFields
from handlers.actions.programme.sources import PaidFor, add_cost, add_source, take_source_step
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.figures.sources import SourceKind

_SEED = 18
#: Name, kind, at which store, how many of a hundred came by it, and what was paid: yen, from so
#: many days ago, for so many days.
_SOURCES: tuple[tuple[str, SourceKind, int | None, int, tuple[tuple[int, int, int], ...]], ...] = (
    ("店頭のポスター", "poster", 0, 22, ((6_800, 350, 351),)),
    ("レジ横の案内", "till", 0, 18, ((0, 350, 351),)),
    ("ホームページ", "web", None, 9, ()),
    ("春の折込チラシ", "flyer", None, 11, ((48_000, 215, 30),)),
    ("駅のポスター", "poster", 1, 8, ((36_000, 180, 90), (36_000, 90, 91))),
    ("地域誌の広告", "advert", None, 4, ((55_000, 120, 30),)),
)
#: The flyer is over.
_CLOSED = 3


def put_up_sources(work: Work) -> list[MemberSource]:
    """Makes them, with what each cost."""
    today, stores = work.day, [each.id for each in work.programme.stores]
    made = []
    for n, (name, kind, store, _, costs) in enumerate(_SOURCES):
        at = None if store is None else stores[min(store, len(stores) - 1)]
        source_id = add_source(work.under(f"demo:source:{n}"), SourceFields(name, kind, at))
        if isinstance(source_id, Refusal):
            raise LookupError(source_id.code)
        for yen, ago, days in costs:
            first = today - timedelta(days=ago)
            paid = PaidFor(yen, first, min(first + timedelta(days=days - 1), today))
            add_cost(work.under(f"demo:source:{n}:{ago}"), source_id, paid)
        source = sources.get(work.uow, source_id)
        if source is not None:
            made.append(source)
    take_source_step(work, made[_CLOSED].id, "close")
    return made


def come_by_one(work: Work, made: list[MemberSource], number: int, user_id: str) -> None:
    """By which of them the demo's member of that number came; half of them by none."""
    account = line_accounts.get(work.uow, user_id)
    member = members.get(work.uow, account.member_id or 0) if account else None
    if member is None:
        return
    random = Random(_SEED + number)  # noqa: S311 - a demo, not a secret
    drawn, upto = random.randrange(100), 0
    for source, (_, _, _, share, costs) in zip(made, _SOURCES, strict=True):
        upto += share
        if drawn < upto:
            if _hung(costs, member.facts.joined_on, work.day):
                sources.credit(
                    work.uow,
                    SourceCredit(
                        member.id, source.id, member.facts.joined_on, member.joined_at, "chat"
                    ),
                )
            return


def _hung(costs: tuple[tuple[int, int, int], ...], day: date, today: date) -> bool:
    """Whether it was there on the day: what was paid for is there from then on."""
    return not costs or day >= today - timedelta(days=max(ago for _, ago, _ in costs))
