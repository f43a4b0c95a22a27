"""One transaction at one moment, by one actor, under one key: what every action is handed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from bot.codes import Codes
from bot.store import UnitOfWork
from bot.store.many.segment_members import held_by
from bot.store.members.members import Member
from rules.activity import By, What
from rules.facts import Facts, changed
from rules.hooks.kinds import HookTopic
from rules.judging.decide import advance, next_boundary
from rules.judging.placing import is_due, place
from rules.judging.replay import RecordedActivity, Replay, replay_like
from rules.programme.programme import Programme
from rules.programme.ranks import RankChange
from rules.programme.timeline import Timeline
from rules.science.drift import Foresight

from .actor import Actor, ApiClient
from .outcome import Outcome

#: Facts brought up to a day, and the steps on the ladder on the way.
SettledFacts = tuple[Facts, tuple[RankChange, ...]]


@dataclass(frozen=True, slots=True)
class Recording:
    """Something that was recorded of a member."""

    what: What
    #: The member as they were.
    before: Member
    outcome: Outcome


@dataclass(frozen=True)
class Work:
    """A unit of work, and all that holds for whatever is done in it. The door commits it."""

    uow: UnitOfWork
    timeline: Timeline
    #: The club's time, aware UTC, read once at the door.
    now: datetime
    #: The wall's time, by which sessions and invitations end whatever the simulator plays.
    wall: datetime
    #: The club's codes and marks.
    codes: Codes
    #: Somebody of the staff, a system of the shop's, or who else does it.
    by: Actor | ApiClient | By = "system"
    #: The outside key: what is done under it is done once. Empty where nothing claims it.
    key: str = ""
    #: What other systems want to hear of (`rules.hooks.kinds`).
    told_outside: frozenset[HookTopic] = frozenset()
    #: What was recorded in it, in order, whoever's.
    recorded: list[Recording] = field(default_factory=list)
    #: The members who hear at once what it brought, in the answer to what they did.
    answered: set[int] = field(default_factory=set)
    #: By member and day: the facts it was worked out from, and what it came to.
    _settled: dict[tuple[int, date], tuple[Facts, SettledFacts]] = field(
        default_factory=dict, repr=False
    )
    #: By member: of which segments somebody asked, and those they are in.
    _segments: dict[int, tuple[frozenset[str], tuple[str, ...]]] = field(
        default_factory=dict, repr=False
    )
    #: By member: their history as it was judged last.
    _replays: dict[int, Replay] = field(default_factory=dict, repr=False)

    @cached_property
    def programme(self) -> Programme:
        """The programme in force now."""
        return self.timeline.at(self.now).programme

    @cached_property
    def day(self) -> date:
        """The business day it is now."""
        return self.programme.shop.business_date(self.now)

    @cached_property
    def foresight(self) -> Foresight:
        """By what it is told now when somebody drifts."""
        return Foresight(self.timeline.models, self.programme.shop)

    @property
    def actor(self) -> Actor | None:
        """Who of the staff does it; None for anybody else."""
        return self.by if isinstance(self.by, Actor) else None

    @property
    def staff(self) -> Actor:
        """Who of the staff does it. LookupError where it is nobody of them: a mistake of ours."""
        if self.actor is None:
            raise LookupError("only somebody of the staff does this")
        return self.actor

    @property
    def client(self) -> ApiClient | None:
        """Which system of the shop's does it; None for anybody else."""
        return self.by if isinstance(self.by, ApiClient) else None

    @property
    def made_by(self) -> By:
        """How the history names who did it."""
        if isinstance(self.by, ApiClient):
            return "api"
        return "staff" if isinstance(self.by, Actor) else self.by

    def settled(self, member: Member) -> Facts:
        """What is known of the member now, and by whom something is first."""
        facts = place(self.timeline, self.settled_to(member, self.day)[0], self.now)[0]
        return self.with_segments(member.id, facts)

    def with_segments(self, member_id: int, facts: Facts, wanted: Collection[str] = ()) -> Facts:
        """Facts for reading, with which of the segments `wanted` the member is in, and of those by
        which it is judged for whom something is first. Nothing is asked where none is named."""
        held = self.segments_of(member_id, wanted)
        return changed(facts, segments=held) if held != facts.segments else facts

    def segments_of(self, member_id: int, wanted: Collection[str] = ()) -> tuple[str, ...]:
        """The same segments, as they are at the first question of this work: what is done in it
        takes nobody out of one."""
        self.look_at_segments([member_id], wanted)
        return self._segments[member_id][1] if member_id in self._segments else ()

    def look_at_segments(self, ids: Sequence[int], wanted: Collection[str] = ()) -> None:
        """Finds out for many at once, so that nobody asks for each."""
        asked = frozenset((*wanted, *self.programme.segments_asked(self.day)))
        if not asked:
            return
        before = {each: self._segments[each][0] for each in ids if each in self._segments}
        due = [each for each in ids if not asked <= before.get(each, frozenset())]
        if not due:
            return
        asked = asked.union(*(before[each] for each in due if each in before))
        found = held_by(self.uow, self.programme, self.day, wanted=asked, ids=due)
        for each in due:
            self._segments[each] = asked, found.get(each, ())

    def settled_to(self, member: Member, day: date) -> SettledFacts:
        """The same up to `day`, with the steps on the ladder on the way; worked out once."""
        if next_boundary(member.facts.settled) > day and not is_due(self.timeline, member.facts):
            return member.facts, ()
        kept = self._settled.get((member.id, day))
        # The facts may be others under the same number: after an undo, or an erasing.
        if kept is None or kept[0] is not member.facts:
            kept = member.facts, advance(self.timeline, member.facts, day)
            self._settled[member.id, day] = kept
        return kept[1]

    def replay(self, member: Member, history: Iterable[RecordedActivity]) -> Replay:
        """What the member's history comes to, if it is this one, as far as their facts are judged.
        Of several in one work that begin alike the beginning is judged once."""
        before = self._replays.get(member.id)
        judged = replay_like(self.timeline, history, member.facts, before=before)
        self._replays[member.id] = judged
        return judged

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Part of the work that is undone by itself when an exception leaves the block."""
        recorded = len(self.recorded)
        try:
            with self.uow.apart():
                yield
        except BaseException:
            del self.recorded[recorded:]
            raise

    def under(self, key: str) -> "Work":
        """The same under another outside key."""
        return replace(self, key=key)

    def acting(self, by: Actor | ApiClient | By | None) -> "Work":
        """The same by somebody else; None for a command or the clock."""
        return replace(self, by=by or "system")

    def moment(self, now: datetime) -> "Work":
        """The same at another moment of the club."""
        return replace(self, now=now)
