"""Members at risk of being lost (`/staff/members?at_risk=1`), for those who manage."""

from dataclasses import dataclass
from datetime import date

from flask import abort, request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.finding import risks
from bot.store.finding.risks import RiskCursor
from bot.store.members import members
from bot.store.members.members import Member
from handlers.showing.viewer import viewer_as_known
from rules.explaining.explain_returning import models_sentences, returning_sentences
from rules.journeys.risk import Risk

from ...current import current_club
from ..frame import layout
from ..frame.access import signed
from ..frame.looks import note_look
from ..frame.sealed import card_number, sealed_card
from ..frame.words import words_now
from .member_views import MemberRow, member_row

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class DriftingMember:
    """A member at risk, in words by what, and how their visits go on."""

    who: MemberRow
    why: str
    returning: str


def drifting_page() -> ResponseReturnValue:
    """Those who are really away come first; only those at risk for `why`, if the address says so;
    403 for who doesn't manage."""
    if not signed().desk.manages:
        abort(403)
    note_look(signed().desk, "drifting_seen")
    why = next((risk for risk in risks.RISKS if risk == request.args.get("why")), None)
    with current_club().store.read() as uow:
        counts = risks.counts(uow)
        found = risks.page(uow, limit=SHOWN_MAX + 1, after=_cursor(uow), why=why)
        people = [
            DriftingMember(member_row(uow, who), risk_text(risk), _returning(who))
            for who, risk, _ in found[:SHOWN_MAX]
        ]
    last = found[SHOWN_MAX - 1] if len(found) > SHOWN_MAX else None
    more = (
        f"{sealed_card(last[0].number)}.{last[2].away_since.isoformat()}.{last[1]}" if last else ""
    )
    reasons = [(risk, risk_text(risk), count) for risk, count in counts.items()]
    known = models_sentences(words_now(), current_club().timeline().models)
    return layout.page("drifting", people=people, more=more, why=why, reasons=reasons, known=known)


def _returning(who: Member) -> str:
    viewer = viewer_as_known(current_club(), who)
    return returning_sentences(words_now(), viewer.models, viewer.facts, viewer.day)


def risk_text(risk: Risk | None) -> str:
    """What puts a member at risk; empty for nothing."""
    return layout.words(f"staff.members.risk.{risk}") if risk else ""


def _cursor(uow: UnitOfWork) -> RiskCursor | None:
    """After whom the page goes on: a card, sealed, and since when they had been away; None for the
    first page, and for what is neither."""
    card, day, said = (*request.args.get("after", "").split("."), "", "")[:3]
    risk = next((each for each in risks.RISKS if each == said), risks.RISKS[0])
    number = card_number(card)
    member_id = members.by_code(uow, "number", number) if number else None
    try:
        return (
            RiskCursor(date.fromisoformat(day), member_id, risk) if member_id is not None else None
        )
    except ValueError:
        return None
