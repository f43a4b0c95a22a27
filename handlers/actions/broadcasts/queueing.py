"""Queuing a broadcast, some members at a time: each once, whatever dies on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from bot.store.members import legible
from bot.store.members.members import Member
from bot.store.messages import broadcasts, crowds, outbox, segments
from bot.store.messages.broadcasts import StoredBroadcast
from bot.store.messages.crowds import CrowdAsked, asked_for
from bot.store.messages.outbox import PlannedMessage
from rules.base import Refusal
from rules.broadcasts.broadcast import (
    ONE_ARM,
    PRIORITY,
    TOPIC,
    Broadcast,
    FirstWhom,
    Whom,
)
from rules.broadcasts.life import first_is_past, unfit, unfit_filter
from rules.broadcasts.trial import TrialDraw, draw
from rules.journeys.member import Background, MemberOnDay

from ..recording.log import note
from ..recording.work import Work
from ..telling.messages import SayBroadcast, dump
from .writing import CHANGED

#: So many members in one transaction.
CHUNK = 500
#: What makes each member's message the only one of its broadcast.
_PERIOD = "once"


def begin_if_due(work: Work, broadcast_id: int) -> None:
    """Begins one whose moment has come. What the programme no longer allows is halted, and says
    why."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None or stored.state != "waits":
        return
    if stored.send_at is None or stored.send_at > work.now:
        return
    begun = as_of_now(work, stored.broadcast)
    no = begun if isinstance(begun, Refusal) else unfit(begun, work.programme)
    state = "paused" if no else "sending"
    broadcasts.change(
        work.uow,
        stored.id,
        broadcast=stored.broadcast if isinstance(begun, Refusal) else begun,
        state=state,
        began_at=work.now,
        halted=no.code if no else None,
        stage=first_stage(work, stored.broadcast),
    )


def first_stage(work: Work, broadcast: Broadcast) -> Literal["first"] | None:
    """With which part of the members it begins; None for all at once, as where it was begun so late
    that nobody comes first any more."""
    comes_first = broadcast.first and first_is_past(broadcast, work.day) is None
    return "first" if broadcast.trial or comes_first else None


def is_for_nobody(work: Work, broadcast: Broadcast) -> bool:
    """Whether no member is asked for by it now."""
    return not crowds.page(work.uow, _asked_for(work, broadcast), after=0, limit=1)


def _asked_for(work: Work, broadcast: Broadcast, first: FirstWhom | None = None) -> CrowdAsked:
    """All whom it is for; or those of them who come first."""
    both = (broadcast.segment_then, first.whom if first else None)
    held = tuple(each for each in both if each)
    asked = asked_for(work.programme, broadcast.whom, work.day, held)
    return replace(asked, one_of=broadcast.first_then or ()) if first else asked


def open_to_rest(work: Work, broadcast_id: int) -> None:
    """Lets it go to those who don't come first, once their day has come; who has had it, has it
    once."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None or stored.state != "sending" or stored.stage != "first":
        return
    if first_is_past(stored.broadcast, work.day) is None:
        return
    broadcasts.change(
        work.uow, stored.id, stage="rest", chosen_at=work.now, reached=0, all_queued=False
    )


def as_of_now(work: Work, broadcast: Broadcast) -> Broadcast | Refusal:
    """The broadcast with what its filter with a name says at this moment, and the segments of those
    who come first, which counts from then on: a change of them while half of the messages are out
    changes nothing any more. Refused where one of these, or of those for whom a version is, is
    gone."""
    then: dict[str, Whom | tuple[Whom, ...]] = {}
    whoms: list[Whom] = []
    if broadcast.segment is not None and broadcast.segment_then is None:
        segment = segments.get(work.uow, broadcast.segment)
        if segment is None:
            return Refusal("segment_gone")
        then["segment_then"] = segment.whom
        whoms.append(segment.whom)
    first = broadcast.first if broadcast.first_then is None else None
    named = first.segments if first else ()
    wanted = {*named, *broadcast.arms_segments}
    known = segments.by_slug(work.uow, wanted)
    if wanted - known.keys():
        return Refusal("segment_gone")
    if named:
        whoms += (known[each].whom for each in named)
        then["first_then"] = tuple(known[each].whom for each in named)
    no = next((no for whom in whoms if (no := unfit_filter(whom, work.programme))), None)
    return no or (broadcast.model_copy(update=then) if then else broadcast)


def queue_part(work: Work, broadcast_id: int) -> bool:
    """Queues the next members' messages, and notes with them how far it has come; gives whether
    there are more. Whoever delivers decides about each at its own moment: whoever left, blocked us
    or opted out by then isn't written."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None or stored.state != "sending" or stored.all_queued:
        return False
    begun = as_of_now(work, stored.broadcast)
    if no := begun if isinstance(begun, Refusal) else unfit(begun, work.programme):
        broadcasts.change(work.uow, stored.id, state="paused", halted=no.code)
        return False
    first = stored.broadcast.first if stored.stage == "first" else None
    asked = _asked_for(work, stored.broadcast, first)
    ids = crowds.page(work.uow, asked, after=stored.reached, limit=CHUNK)
    outbox.queue_many(work.uow, list(_messages(work, stored, ids)))
    is_over = len(ids) < CHUNK
    broadcasts.go_on(
        work.uow, stored.id, reached=ids[-1] if ids else stored.reached, all_queued=is_over
    )
    return not is_over


def _messages(work: Work, stored: StoredBroadcast, ids: Sequence[int]) -> Iterator[PlannedMessage]:
    if stored.broadcast.trial is None:
        yield from (_message(work, stored, each, ONE_ARM) for each in ids)
        return
    drawn = {each: draw(stored.broadcast, stored.id, each) for each in ids}
    if stored.stage is not None:
        work.look_at_segments(ids, stored.broadcast.arms_segments)
    match stored.stage:
        case None:
            yield from (_message(work, stored, each, ONE_ARM) for each in ids)
        case "first":
            first = [each for each in ids if drawn[each].is_first]
            for member in legible.many(work.uow, first):
                yield _tried(work, stored, member, drawn[member.id])
        case "rest":
            # Who was of the first part has had it, or was to have nothing.
            others = [each for each in ids if not drawn[each].is_first]
            chosen = stored.chosen or ONE_ARM
            for each in _meant(work, stored, chosen, others):
                yield _message(work, stored, each, chosen)


def _meant(work: Work, stored: StoredBroadcast, arm: str, ids: Sequence[int]) -> Iterator[int]:
    """Those of them whom that version is for."""
    own = stored.broadcast.arm(arm)
    if own.is_for_everybody:
        yield from ids
        return
    for member in legible.many(work.uow, ids):
        facts = work.with_segments(member.id, work.settled(member), own.segments)
        if own.leaves_out(facts, member.language) is None:
            yield member.id


def _tried(work: Work, stored: StoredBroadcast, member: Member, drawn: TrialDraw) -> PlannedMessage:
    """A member of the first part, on the side that was drawn for them."""
    trial, named = stored.broadcast.trial, stored.broadcast.arms_segments
    facts = work.with_segments(member.id, work.settled(member), named)
    background = Background(language=member.language)
    someone = MemberOnDay(work.programme, facts, work.day, work.timeline.models, background)
    left_out = stored.broadcast.arm(drawn.arm).leaves_out(facts, member.language)
    held = drawn.is_held_back or left_out
    return _message(work, stored, member.id, drawn.arm)._replace(
        status="held_out" if held else "queued",
        reason="other_audience" if left_out and not drawn.is_held_back else None,
        chance=someone.chance_within(trial.days) if trial else None,
        share=trial.holdout_percent / 100 if trial else None,
    )


def _message(work: Work, stored: StoredBroadcast, member_id: int, arm: str) -> PlannedMessage:
    useful = timedelta(days=stored.broadcast.good_days)
    return PlannedMessage(
        member_id,
        stored.queued_as,
        _PERIOD,
        dump(SayBroadcast(broadcast=stored.id, arm=arm)),
        topic=TOPIC,
        queued_at=work.now,
        not_before=work.now,
        useful_until=(stored.chosen_at or stored.began_at or work.now) + useful,
        priority=PRIORITY,
        arm=arm,
    )


def choose_arm(work: Work, broadcast_id: int, arm: str) -> Refusal | None:
    """Lets that version go to all others, once the first part is queued. The first choice
    counts."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is not None and stored.stage == "rest" and stored.chosen == arm:
        return None
    if stored is None or not stored.is_tried or arm not in stored.broadcast.arms:
        return CHANGED
    if no := unfit(stored.broadcast, work.programme):
        return no
    broadcasts.change(
        work.uow, stored.id, stage="rest", chosen=arm, chosen_at=work.now, reached=0,
        all_queued=False,
    )  # fmt: skip
    if work.actor is not None:
        note(work, "broadcast_chosen", name=stored.broadcast.name, arm=arm)
    return None


def end_if_over(work: Work, broadcast_id: int) -> None:
    """Notes that nothing of it is on its way any more."""
    stored = broadcasts.get(work.uow, broadcast_id, lock=True)
    if stored is None or stored.ended_at is not None or broadcasts.is_under_way(work.uow, stored):
        return
    if stored.state == "stopped":
        broadcasts.change(work.uow, stored.id, ended_at=work.now)
    elif stored.is_tried or stored.waits_for_rest:
        return
    elif stored.state == "sending" and stored.all_queued:
        broadcasts.change(work.uow, stored.id, state="done", ended_at=work.now)
