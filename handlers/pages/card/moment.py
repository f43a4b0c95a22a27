"""The moment after a scan, as the open page shows it: what was given and reached since the page was
opened, or since the last such moment was closed.

A page holds a mark of how its member stood then. Asked again with it, we say what came since: so a
visit and the amount that staff enter after it are one moment, and what was undone is in none.
"""

import json
from dataclasses import dataclass

from bot.store import UnitOfWork
from bot.store.history import history, ledger
from handlers.showing.viewer import Viewer
from rules.wording.highlights import Highlights, lines, rank_line, step_up
from rules.wording.texts import show

_PURPOSE = "card mark"
#: A page that was open through more than these shows what the newest of them brought.
_ACTIVITIES_MAX = 20


@dataclass(frozen=True, slots=True)
class ScanMoment:
    """What the page shows full-screen."""

    #: "+44"; empty where no points were given.
    points: str
    title: str
    #: Badges and what else was reached, a line each.
    lines: tuple[str, ...]


def mark_of(viewer: Viewer) -> str:
    """How the member stands now, for a page to hold. It asks by it in addresses, which
    logs keep: whose it is stands there sealed."""
    member, codes = viewer.member, viewer.club.codes
    said = [
        codes.seal(_PURPOSE, member.number),
        member.seq,
        viewer.facts.rank.id,
        sorted(viewer.facts.badges),
    ]
    return codes.sign(_PURPOSE, json.dumps(said))


def moment_since(uow: UnitOfWork, viewer: Viewer, mark: str) -> ScanMoment | None:
    """What came since; None for nothing, or a mark that isn't of this member."""
    codes, member = viewer.club.codes, viewer.member
    said = codes.unsign(_PURPOSE, mark, None)
    if said is None:
        return None
    whose, seq, rank, badges = json.loads(said)
    found = history.latest(uow, member.id, limit=_ACTIVITIES_MAX) if member.seq > seq else []
    new = [each.seq for each in found if each.seq > seq]
    if codes.unseal(_PURPOSE, whose) != member.number or not new:
        return None
    # What was used at the same time was no gift less.
    given = ledger.points_by_activity(uow, member.id, new).values()
    points = sum(each for each in given if each > 0)
    is_risen = viewer.facts.rank.id != rank
    reached = Highlights(
        rank=step_up(history.rank_history(uow, member.id)[-1:]) if is_risen else None,
        badges=tuple(badge for badge in viewer.facts.badges if badge not in badges),
    )
    if points <= 0 and not reached.anything:
        return None
    words = viewer.words
    risen = rank_line(words, reached.rank)
    thanks = words.say("card_page.card.counted")
    return ScanMoment(
        points=f"+{show(viewer.lang, points)}" if points > 0 else "",
        title=risen or thanks,
        lines=lines(words, Highlights(badges=reached.badges)),
    )
