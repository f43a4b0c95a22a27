"""Check-in from the member's side: the counter's QR code, or a beacon in the shop."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from bot.codes import CounterHit
from bot.line.messages import Button, MessagePicture, Row
from bot.store.history import claims
from handlers.actions.counter.check_in import check_in
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request
from handlers.showing import celebrations
from rules.activity import Trigger, Visit
from rules.explaining.fan_words import fan_line, fan_view
from rules.shop import Branch
from rules.wording.counter import birthday_of
from rules.wording.highlights import Highlights, closing, lines, rank_line, rule_name
from rules.wording.steps import suggestion_line
from rules.wording.today import running_line

from .. import parts
from ..context import SILENCE, Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from . import fan_steps
from .earn import leads_to

CodeProblem = Literal["counter_off", "counter_expired", "counter_unknown"]


@conversation("check_in", by_tap=False)
def by_code(turn: Turn, params: Params) -> Answer:
    """「チェックイン 7K2M-Q9XD」, typed in by the counter's QR code and sent by the member."""
    hit = _read(turn, params.get("code", ""))
    if isinstance(hit, str):
        return _no(turn, hit)
    outcome = check_in(turn.under("check_in"), _visit(turn, hit.store, "counter_qr"))
    if outcome.refused:
        return _no(turn, outcome.refused, outcome.again_at)
    return _yes(turn, outcome, turn.programme.store(hit.store))


def _read(turn: Turn, code: str) -> CounterHit | CodeProblem:
    policy = turn.programme.visits
    if not policy.counter_qr:
        return "counter_off"
    stores = [store.id for store in turn.programme.stores]
    hit = turn.club.codes.check_counter(
        code, stores, now=turn.at, minutes=policy.counter_code_minutes
    )
    if hit == "expired":
        return "counter_expired"
    return "counter_unknown" if hit == "unknown" else hit


@conversation("beacon", by_tap=False)
def by_beacon(turn: Turn, params: Params) -> Answer:
    """Walking in with the phone. Said no to once a day at most: a beacon is passed many times."""
    store = turn.programme.store_of_beacon(params.get("hwid", ""))
    if store is None or not turn.programme.visits.beacon:
        return SILENCE
    outcome = check_in(turn.under("check_in"), _visit(turn, store.id, "beacon"))
    if not outcome.refused:
        return _yes(turn, outcome, store)
    told = f"beacon:{turn.member.id}:{turn.day.isoformat()}"
    if claims.claim(turn.uow, told, "", at=turn.now) is not None:
        return SILENCE
    return Answer(_no(turn, outcome.refused, outcome.again_at).messages)


def _visit(turn: Turn, store: str, via: Literal["counter_qr", "beacon"]) -> Request:
    return Request(turn.member.id, Visit(via), turn.at, store)


@conversation("check_in_how")
def how(turn: Turn, _params: Params) -> Answer:
    """「チェックイン」 alone: where the code is found."""
    policy = turn.programme.visits
    key = "code" if policy.counter_qr else "beacon" if policy.beacon else "card"
    return parts.answer_of(
        parts.text(turn, turn.say(f"check_in.how_{key}"), then=("card", "points"))
    )


def _no(turn: Turn, code: str, again_at: datetime | None = None) -> Answer:
    sentence = parts.refusal(turn, code, again_at)
    body = parts.notice(
        turn,
        title=turn.say("check_in.no_title"),
        body=sentence,
        next_step=turn.card().step_text if again_at else "",
        then=("card", "points", "rewards"),
    )
    return parts.answer_of(body, must_reach=True)


def _yes(turn: Turn, outcome: Outcome, store: Branch | None) -> Answer:
    turn = turn.again()
    view, brought = turn.card(), turn.brought()
    thanks = turn.say("check_in.title")
    suggested = turn.suggestion()
    way = suggested.way if suggested else None
    risen = rank_line(turn.words, brought.rank)
    place = store.name.in_(turn.lang) if store else ""
    counted = turn.say("check_in.counted", store=place)
    result = parts.notice(
        turn,
        title=risen or thanks,
        banner=celebrations.banner(turn.programme, brought.rank),
        picture=_picture(turn, brought),
        big=f"+{outcome.points:,}" if outcome.points else "",
        big_caption=turn.say("check_in.caption", store=place, total=turn.amount(view.points)),
        body=thanks if risen else "" if outcome.points else counted,
        celebrations=(
            *_wishes(turn),
            *lines(turn.words, replace(brought, rank=None)),
            *_invitation(turn, outcome),
        ),
        rows=_grant_rows(turn, outcome),
        next_step=closing(turn.words, view.step, brought),
        progress=view.progress,
        progress_caption=view.progress_caption,
        note=_note(turn, outcome, store, way),
        buttons=_answers(turn, outcome),
        then=(*leads_to(way, here="card"), "card", "rewards", "rank", "badges"),
    )
    return Answer((result,), must_reach=True, suggested=suggested)


def _picture(turn: Turn, brought: Highlights) -> MessagePicture | None:
    shown = celebrations.picture(
        turn.club,
        turn.scene,
        brought,
        number=turn.member.number,
        name=turn.name,
        earned=turn.facts.badges,
        day=turn.day,
    )
    return parts.picture(turn, shown) if shown else None


def _wishes(turn: Turn) -> tuple[str, ...]:
    """Who comes on their birthday is wished well."""
    is_today = birthday_of(turn.facts.birthday, turn.day) == "day"
    return (turn.say("check_in.birthday"),) if is_today else ()


def _invitation(turn: Turn, outcome: Outcome) -> tuple[str, ...]:
    steps = turn.programme.fan_steps
    return (steps.message.in_(turn.lang),) if outcome.invited and steps else ()


def _answers(turn: Turn, outcome: Outcome) -> tuple[Button, ...]:
    """What can be said to the invitation."""
    view = fan_view(turn.words, turn.facts, turn.day) if outcome.invited else None
    return fan_steps.buttons(turn, view) if view else ()


def _note(turn: Turn, outcome: Outcome, store: Branch | None, way: Trigger | None) -> str:
    """What else is on today, and a `way` to earn that is suggested."""
    line = suggestion_line(turn.words, turn.facts, way) if way else ""
    climbing = fan_line(turn.words, turn.facts, turn.day)
    said = (
        f"🌱 {climbing}" if climbing else "",
        _on_today(turn, outcome, store),
        f"🌱 {line}" if line else "",
    )
    return "\n".join(filter(None, said))


def _on_today(turn: Turn, outcome: Outcome, store: Branch | None) -> str:
    """What else is on there today; the rows say what has just been given."""
    given = {grant.rule for grant in outcome.grants}
    found = turn.on_today(store.id if store else None)
    return running_line(turn.words, [r for r in found if r.campaign.rule_id not in given])


def _grant_rows(turn: Turn, outcome: Outcome) -> tuple[Row, ...]:
    """What gave how many points; a single ordinary rule needs no list."""
    if len(outcome.grants) < 2:
        return ()
    return tuple(
        Row(left=rule_name(turn.words, grant.rule), right=f"+{grant.points:,}")
        for grant in outcome.grants
    )
