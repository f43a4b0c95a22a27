"""Two cards of one person, to put together and take apart."""

from hypothesis import strategies as st

from bot.store.members import line_accounts
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.outcome import Outcome
from tests.handlers.clubs import DESK, SmallClub

STEPS = st.lists(st.tuples(st.sampled_from(("keep", "other")), st.integers(0, 20)), max_size=12)


def merges(cafe: SmallClub, keep: int, other: int, key: str = "staff:m", **more: object) -> Outcome:
    merging = MergeRequest(keep, other, **more)  # type: ignore[arg-type]
    with cafe.work() as work:
        return merge(work.acting(DESK).under(key), merging)


def speaks_of(cafe: SmallClub, user_id: str) -> int | None:
    with cafe.store.read() as uow:
        account = line_accounts.get(uow, user_id)
    return account.member_id if account else None


def family(cafe: SmallClub) -> tuple[int, int]:
    """Somebody with a card on LINE, and with one on paper from before."""
    paper = cafe.joins()
    cafe.visits(paper)
    cafe.passes(days=40)
    line = cafe.joins("U1")
    cafe.visits(line)
    cafe.passes(days=1)
    return line, paper
