"""What a work did is written down for other systems in one place, in the same transaction,
whichever door it came by (`Club.work`).

Nothing is written that nobody wants to hear. What is sent says whose it is by ids; who that is, a
system that may know asks for itself.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bot.store.history import history
from bot.store.history.history import ActivitiesUndone, ActivityAdded
from bot.store.history.ledger import PointsMoved
from bot.store.hooks import events
from bot.store.hooks.endpoints import HookEndpoint
from bot.store.hooks.events import WrittenHook
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.members.profiles import ProfileWritten
from bot.store.messages.attempts import MessageEnded
from rules.activity import Redemption, Registration
from rules.hooks.events import (
    Circumstance,
    HookEvent,
    PointEffect,
    of_activity,
    of_change,
    of_undone,
)
from rules.hooks.kinds import TEST, HookTopic, topic_of
from rules.judging.replay import RecordedActivity

from ..recording.work import Work


@dataclass(slots=True)
class _Story:
    """What a work did to one member."""

    #: As they were before; None where nothing of their row changed.
    before: Member | None = None
    added: list[RecordedActivity] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)
    #: By the activity's number.
    points: Counter[int] = field(default_factory=Counter)
    has_told: bool = False
    messages: list[MessageEnded] = field(default_factory=list)


def topics_of(receivers: Sequence[HookEndpoint]) -> frozenset[HookTopic]:
    """All that anybody wants to hear."""
    return frozenset(topic for each in receivers for topic in each.fields.topics)


def write_events(work: Work, receivers: Sequence[HookEndpoint]) -> None:
    """Writes down, for those who want to hear it, what the work did. What a file brings in, and the
    taking back of it, is no news, or a hundred thousand of them would keep everything else waiting;
    but who is erased is told of always."""
    if not receivers:
        return
    is_news = work.by != "import"
    told = [
        (member, event, heard)
        for member_id, story in _stories(work).items()
        if (member := members.get(work.uow, member_id)) is not None
        for event in _events(work, member, story)
        if (is_news or event.type == "member.erased") and (heard := _hearing(receivers, event))
    ]
    if not told:
        return
    last = events.number(work.uow, [member.id for member, _, _ in told])
    left = Counter(member.id for member, _, _ in told)
    written = []
    for member, event, heard in told:
        left[member.id] -= 1
        sequence = last[member.id] - left[member.id]
        body = _body(work, event, member, sequence)
        written.append(WrittenHook(_new_id(), event.type, member.id, sequence, body, heard))
    events.write(work.uow, written, now=work.wall)


def write_test(work: Work, endpoint_id: int) -> None:
    """Lets a receiver hear something that tells of nobody."""
    body = _json(work, HookEvent(TEST, work.now), {})
    written = WrittenHook(_new_id(), TEST, None, 0, body, (endpoint_id,))
    events.write(work.uow, [written], now=work.wall)


def _hearing(receivers: Sequence[HookEndpoint], event: HookEvent) -> tuple[int, ...]:
    topic = topic_of(event.type)
    return tuple(each.id for each in receivers if each.hears(topic, event.store))


def _stories(work: Work) -> dict[int, _Story]:
    """What was done, by member."""
    found: dict[int, _Story] = defaultdict(_Story)
    for done in work.uow.journal:
        match done:
            case ActivityAdded(member_id, seq, activity):
                found[member_id].added.append(RecordedActivity(seq, activity))
            case ActivitiesUndone(member_id, seqs):
                found[member_id].undone += seqs
            case PointsMoved(member_id, seq, points):
                found[member_id].points[seq] += points
            case ProfileWritten(member_id):
                found[member_id].has_told = True
            case MessageEnded():
                found[done.member_id].messages.append(done)
    for key, before in work.uow.identities.before(members.KIND).items():
        found[int(str(key))].before = before
    return found


def _events(work: Work, member: Member, story: _Story) -> Iterator[HookEvent]:
    """What there is to tell of a member, in order."""
    before = story.before or member
    if member.erased_at is not None:
        if before.erased_at is None:
            yield HookEvent("member.erased", work.now)
        return
    yield from _recorded(work, member, story)
    if before.merged_into != member.merged_into:
        # What is on the card goes with it, and comes back with it.
        yield _moved(work, before, member)
    else:
        yield from of_change(before.facts, member.facts, _circumstance(work, story))
    changed = _changed(before, member, story)
    if changed:
        yield HookEvent("member.changed", work.now, data={"changed": changed})
    for each in story.messages:
        yield _message(work, each)


def _recorded(work: Work, member: Member, story: _Story) -> Iterator[HookEvent]:
    def effect(seq: int) -> PointEffect:
        return PointEffect(story.points[seq], member.facts.balance)

    found = [of_activity(each.seq, each.activity, effect(each.seq)) for each in story.added]
    if story.undone:
        gone = history.numbered(work.uow, member.id, story.undone)
        found += [of_undone(each.seq, each.activity, effect(each.seq)) for each in gone]
    yield from (each for each in found if each is not None)


def _circumstance(work: Work, story: _Story) -> Circumstance:
    whats = [recorded.activity.what for recorded in story.added]
    stores = [recorded.activity.store for recorded in story.added if recorded.activity.store]
    used = {(what.reward, what.voucher) for what in whats if isinstance(what, Redemption)}
    return Circumstance(work.now, work.day, stores[-1] if stores else None, used)


def _moved(work: Work, before: Member, member: Member) -> HookEvent:
    if member.merged_into is not None:
        return HookEvent("member.merged", work.now, data={"into": member.merged_into})
    return HookEvent("member.separated", work.now, data={"from": before.merged_into})


def _changed(before: Member, member: Member, story: _Story) -> list[str]:
    """Which parts of what is known of them changed. What they joined with is no change."""
    if any(isinstance(each.activity.what, Registration) for each in story.added):
        return []
    parts = {
        "profile": story.has_told,
        "line": before.line_user_id != member.line_user_id,
        "card": (before.number, before.issue) != (member.number, member.issue),
    }
    return [name for name, is_so in parts.items() if is_so]


def _message(work: Work, ended: MessageEnded) -> HookEvent:
    said = {"message": ended.journey, "channel": ended.channel}
    if ended.status == "failed":
        return HookEvent("message.failed", work.now, data={**said, "reason": ended.reason})
    return HookEvent("message.sent", work.now, data={**said, "certain": ended.status == "sent"})


def _body(work: Work, event: HookEvent, member: Member, sequence: int) -> str:
    of = {"member": {"id": member.id, "card_number": member.number or None}, "sequence": sequence}
    return _json(work, event, {**of, **event.data})


def _json(work: Work, event: HookEvent, data: dict[str, Any]) -> str:
    at = event.at.astimezone(work.programme.shop.zone)
    said = {"type": event.type, "timestamp": at.isoformat(timespec="seconds"), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _new_id() -> str:
    return f"msg_{uuid4().hex}"
