"""A club whose staff telephone good customers before a message asks why they stay away."""

from datetime import timedelta
from pathlib import Path
from zlib import crc32

from bot.store.history import programs
from bot.store.members import line_accounts
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.record import Request
from handlers.club import Club
from rules.activity import Visit
from tests.handlers.foresight import foretells
from tests.rules.science.foretelling import UNTOLD

_CAFE = Path(__file__).parents[2] / "program.toml"
#: Two visits, then 14 days away, then 7 for calling.
ASK_WHY = """
[[journeys]]
kind = "ask_why"
days = 14
call_days = 7
visits_min = 2
holdout = {holdout}
"""


def switch_on(club: Club, *, holdout: float = 0) -> None:
    """Puts the café's programme with `ask_why` into force, long ago."""
    with club.store.begin() as uow:
        text = _CAFE.read_text(encoding="utf-8") + ASK_WHY.format(holdout=holdout)
        programs.publish(uow, text, since=club.now() - timedelta(seconds=1))
    club.programmes.forget()
    # Whoever drifts later is called later; here nothing tells who does.
    foretells(club, UNTOLD)


def stays_away(club: Club, name: str, *, days: int, visits: int = 2, every: int = 1) -> int:
    """Somebody who came `visits` times, the last time `days` ago. Gives the member's id."""
    user, joined = (
        f"U{crc32(name.encode()):032x}",
        club.now() - timedelta(days=days + visits * every),
    )
    with club.work() as work:
        line_accounts.ensure(work.uow, user, display_name=name, language="ja", at=joined)
        joining = JoinRequest(joined, "ja", "ポイントのため", line_user_id=user)
        member = join(work.moment(joined).acting("member").under(f"j:{name}"), joining).member_id
    for visit in reversed(range(visits)):
        at = club.now() - timedelta(days=days + visit * every)
        with club.work() as work:
            came = Request(member, Visit("staff"), at, "ekimae")
            assert check_in(work.moment(at).acting("staff").under(f"v:{name}:{visit}"), came).done
    return member
