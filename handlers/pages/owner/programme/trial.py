"""The draft tried on last year: what it would have brought, beside what was. It goes on by itself
where scripts run, and by a button where they don't; nothing is kept of it but what the page holds,
sealed."""

from dataclasses import dataclass
from time import monotonic

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.members import members
from handlers.showing.trying import DAYS, TrialSoFar, begin, go_on
from rules.editing.labels import name_of

from ...current import current_club
from ...staff.frame.access import owner_page, signed
from ...staff.frame.looks import note_look
from ...staff.frame.words import refusal_line
from ...staff.members.member_views import MemberRow, member_row
from ..frame import layout
from ..frame.blueprint import pages
from .drafted import Drafted, drafted_now

#: So long a page lets one wait before it tells how far it has come.
_SECONDS = 0.8
_PURPOSE = "trial"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it was and as it would be; `name` is a rank's, or the key of a text."""

    name: str
    was: int
    would: int


@dataclass(frozen=True, slots=True)
class Loser:
    """Who would have got less, in yen."""

    who: MemberRow
    yen: int


@pages.post("/draft/trial", endpoint="trial")
@owner_page
def try_on() -> ResponseReturnValue:
    club, now = current_club(), drafted_now()
    held = club.codes.unseal(_PURPOSE, request.form.get("so_far", ""))
    so_far = TrialSoFar.loaded(held) if held else begin(club, now.draft.revision)
    if so_far.revision != now.draft.revision:
        return _page(now, None, refusal_line("draft_changed"))
    if not held:
        note_look(signed().desk, "trial_seen")
    end = monotonic() + _SECONDS
    so_far = go_on(club, now.programme, so_far, is_time=lambda: monotonic() > end)
    return _page(now, so_far)


def _page(now: Drafted, so_far: TrialSoFar | None, problem: str = "") -> ResponseReturnValue:
    is_over = so_far is not None and so_far.is_over
    is_part = "HX-Request" in request.headers
    return layout.page(
        "trial_part" if is_part else "trial",
        status=409 if problem else 200,
        problem=problem,
        days=DAYS,
        trial=so_far,
        so_far=current_club().codes.seal(_PURPOSE, so_far.dumped()) if so_far else "",
        figures=_figures(so_far) if so_far and is_over else [],
        ranks=_ranks(now, so_far) if so_far and is_over else [],
        losers=_losers(so_far) if so_far and is_over else [],
    )


def _figures(so_far: TrialSoFar) -> list[Figure]:
    """The sums; of a sample, as many times as there are members for each that was tried."""
    share = so_far.members / max(1, so_far.tried) if so_far.step > 1 else 1.0
    return [
        Figure(f"owner.trial.{name}", *(round(getattr(each, name) * share) for each in sums))
        for name in ("points", "vouchers", "yen")
        for sums in [(so_far.was, so_far.would)]
    ]


def _ranks(now: Drafted, so_far: TrialSoFar) -> list[Figure]:
    """How many hold each rank at the end."""
    words, ladder = now.words, now.programme.ranks
    names = {step.id: name_of(words, step) for step in ladder.steps} if ladder else {}
    known = dict.fromkeys(("", *names, *so_far.was.ranks, *so_far.would.ranks))
    return [
        Figure(
            names.get(rank, rank) or words.say("card.no_rank"),
            so_far.was.ranks[rank],
            so_far.would.ranks[rank],
        )
        for rank in known
    ]


def _losers(so_far: TrialSoFar) -> list[Loser]:
    with current_club().store.read() as uow:
        found = [(members.get(uow, member_id), yen) for member_id, yen in so_far.losers]
        return [Loser(member_row(uow, who), yen) for who, yen in found if who is not None]
