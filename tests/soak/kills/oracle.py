"""What must be true after all that: worked out by hand from what people were told, and from what
LINE took; no rule of the programme is asked."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Column, func, select

from bot.store import UnitOfWork
from bot.store.tables import activities, entries, inbox, lots, members, outbox, webhook_events
from handlers.jobs.night.audit import audit
from rules.wording.texts import say

from .acts import CHAT, VISITS, Act
from .town import COFFEE, VISIT, WELCOME, YEN_EACH, Town

#: How a message ends that was not certainly sent; each stands with its reason.
_LISTED = ("skipped", "failed", "uncertain")
#: So long after it was acknowledged somebody may take an event up again who must: a lease, and the
#: waits between attempts.
_LATE_SECONDS = 150
#: What is said to a code of the counter's that is of another hour.
_OF_ANOTHER_HOUR = [
    say("ja", f"refusal.counter_{why}.why", code="").strip("。") for why in ("unknown", "expired")
]


@dataclass
class Findings:
    """What was found. `wrong` must be empty."""

    wrong: list[str] = field(default_factory=list)
    #: How the answers that were due came, or why they didn't, as the club itself says.
    answers: Counter[str] = field(default_factory=Counter)
    #: Told by reply and by message, as the process that had replied, or its database, was gone
    #: before that was noted: nobody but LINE knew.
    told_twice: int = 0
    ledger: Counter[str] = field(default_factory=Counter)
    pushes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Lived:
    """What people did there, and from and until when the clock was back, and the database stopped
    at once."""

    town: Town
    acts: Sequence[Act]
    back: Sequence[tuple[float, float]]
    stopped: Sequence[tuple[float, float]]

    def was_near(self, act: Act, spans: Sequence[tuple[float, float]]) -> bool:
        """Whether it may have been taken up while that was so."""
        late = act.answered + _LATE_SECONDS
        return any(begun <= late and act.began <= end for begun, end in spans)


def judge(lived: Lived) -> Findings:
    """All of it, once everything was answered and nothing is on its way."""
    found, town = Findings(), lived.town
    with town.club.store.read() as uow:
        found.wrong += [
            *town.line.broken_terms,
            *_ledger(uow, lived, found),
            *_points(uow),
            *_letters(uow, lived.acts),
            *_answers(uow, lived, found),
            *_pushes(uow, town, found),
        ]
    found.wrong += _audit(town)
    return found


def _done(act: Act) -> bool:
    """Whether it was told that it is done."""
    assert act.said is not None, act
    if act.kind == "scan":
        return bool(act.said.body["result"] == "checked_in")
    return act.said.status in (200, 201)


def _expected(town: Town, acts: Sequence[Act]) -> Iterator[tuple[str, str]]:
    """What must stand in the history, by key and kind; of codes of the counter's, what may."""
    for act in acts:
        key = act.key(town)
        if act.kind in VISITS and _done(act):
            yield key, "Visit"
        if act.yen and _done(act):
            yield key, "Purchase"
        if act.kind == "redeem" and _done(act):
            yield key, "Redemption"


def _ledger(uow: UnitOfWork, lived: Lived, found: Findings) -> Iterator[str]:
    """Each thing that was acknowledged stands there once; nothing else, and none half."""
    town, acts = lived.town, lived.acts
    kinds = {"Visit", "Purchase", "Redemption"}
    stored = Counter[tuple[str, str]]()
    for key, what in uow.run(select(activities.c.key, activities.c.what)):
        if (kind := what.partition(" ")[0]) in kinds:
            stored[key, kind] += 1
            found.ledger[kind] += 1
    expected = Counter(_expected(town, acts))
    by_key = {act.key(town): act for act in acts}
    for (key, kind), count in (stored - expected).items():
        yield f"{kind} under {key} stands {count} times more than anybody was told"
    for key, kind in expected - stored:
        act = by_key[key]
        if (
            act.kind == "chat_check_in"
            and lived.was_near(act, lived.back)
            and _hears_no(uow, town, act)
        ):
            found.ledger["codes of another hour"] += 1
        else:
            yield f"{kind} under {key} was acknowledged and is missing: {act.said}"
    for act in acts:
        refused = act.said.body.get("code") or act.said.body.get("refusal") if act.said else None
        if refused and refused != "reward_points":
            yield f"{act.kind} {act.number} was refused: {refused}"
    newcomers = {act.user_id for act in acts if act.kind == "follow"}
    there = Counter(uow.run(select(members.c.line_user_id)).scalars())
    for user in newcomers | {person.user_id for person in town.people}:
        if there[user] != 1:
            yield f"{user} is a member {there[user]} times"


def _hears_no(uow: UnitOfWork, town: Town, act: Act) -> bool:
    """Whether they were told that their code is of another hour, or that stands with a reason."""
    said = town.line.replies.get(act.reply_token, b"").decode()
    said += "".join(uow.run(select(outbox.c.say).where(outbox.c.period == act.event_id)).scalars())
    said = said.replace("\u2060", "")
    why = select(webhook_events.c.error).where(webhook_events.c.event_id == act.event_id)
    return any(words in said for words in _OF_ANOTHER_HOUR) or uow.run(why).scalar() is not None


def _points(uow: UnitOfWork) -> Iterator[str]:
    """By hand: what each has is what their history brings."""
    had: Counter[int] = Counter()
    came: Counter[int] = Counter()
    for member_id, what in uow.run(select(activities.c.member_id, activities.c.what)):
        kind, _, parts = what.partition(" ")
        if kind == "Registration":
            had[member_id] += WELCOME
        elif kind == "Visit":
            had[member_id] += VISIT
            came[member_id] += 1
        elif kind == "Purchase":
            had[member_id] += json.loads(parts)["total_yen"] // YEN_EACH
        elif kind == "Redemption":
            had[member_id] -= COFFEE
    sums = {"entries": _sums(uow, entries.c.points), "lots": _sums(uow, lots.c.left)}
    for row in uow.run(select(members.c.id, members.c.balance, members.c.visits)):
        told = {name: each.get(row.id, 0) for name, each in sums.items()}
        told["balance"] = row.balance
        if set(told.values()) != {had[row.id]} or row.visits != came[row.id]:
            yield f"member {row.id} must have {had[row.id]} and {came[row.id]} visits: {told}"


def _sums(uow: UnitOfWork, column: Column[int]) -> dict[int, int]:
    of_member = column.table.c.member_id
    rows = uow.run(select(of_member, func.sum(column)).group_by(of_member))
    return {member_id: int(points) for member_id, points in rows}


def _letters(uow: UnitOfWork, acts: Sequence[Act]) -> Iterator[str]:
    """What only people can answer is there for them, once."""
    there = Counter(uow.run(select(inbox.c.text)).scalars())
    for act in acts:
        if act.kind == "letter" and there[act.words] != 1:
            yield f"letter {act.number} is there {there[act.words]} times"


def _answers(uow: UnitOfWork, lived: Lived, found: Findings) -> Iterator[str]:
    """Each event that LINE was told 200 is closed; its answer came by reply, or by message, or
    stands with a reason."""
    events = {row.event_id: row for row in uow.run(select(webhook_events))}
    pushed = {row.period: row for row in uow.run(select(outbox))}
    town = lived.town
    for act in lived.acts:
        if act.kind not in CHAT:
            continue
        event, push = events.get(act.event_id), pushed.get(act.event_id)
        if event is None:
            yield f"event {act.number} was acknowledged and is nowhere"
            continue
        if event.status not in ("done", "failed"):
            yield f"event {act.number} is still {event.status} after {event.attempts} attempts"
        replied, sent = (
            act.reply_token in town.line.replies,
            push is not None and push.status == "sent",
        )
        if replied and sent:
            found.told_twice += 1
            found.answers["reply and message"] += 1
            if event.attempts < 2 and not lived.was_near(act, lived.stopped):
                yield f"event {act.number} was told twice by one and the same process"
        elif replied or sent:
            found.answers["reply" if replied else "message"] += 1
        elif event.error:
            found.answers[f"listed: {event.error}"] += 1
        elif push is not None and (push.status in _LISTED or push.status == "queued"):
            found.answers[f"listed: {push.status}, {push.reason}"] += 1
        else:
            yield (
                f"event {act.number} ({act.kind}) was told by nothing and stands nowhere: "
                f"{event.status} after {event.attempts}, {push}"
            )


def _pushes(uow: UnitOfWork, town: Town, found: Findings) -> Iterator[str]:
    """By LINE's own count nobody has more messages than the club knows of; and none that it says
    were sent is missing."""
    accepted = Counter(user for push in town.line.pushes.values() for user in push.to)
    stands: dict[str, Counter[str]] = defaultdict(Counter)
    rows = select(members.c.line_user_id, outbox.c.status, outbox.c.reason).join(
        members, members.c.id == outbox.c.member_id
    )
    for user, status, reason in uow.run(rows):
        stands[user][status] += 1
        found.pushes[status if status == "sent" else f"{status}: {reason}"] += 1
    for user in {*accepted, *stands}:
        certain, maybe = stands[user]["sent"], stands[user]["uncertain"] + stands[user]["sending"]
        if not certain <= accepted[user] <= certain + maybe:
            yield f"{user} got {accepted[user]} messages, and the club knows {stands[user]}"


def _audit(town: Town) -> Iterator[str]:
    for differences in audit(town.club):
        yield from (f"the audit: {each}" for each in differences)
