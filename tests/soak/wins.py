"""The watch over what is told: every win that stands in the history is told, by other means than
the telling uses itself: what there is to read is read back, and held against a replay."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.store import UnitOfWork
from bot.store.history import history, stock
from bot.store.members.members import Member
from handlers.club import Club
from rules.activity import Anniversary, Merged, Occasion, Referral, Registration
from rules.base import Lang
from rules.facts import Facts
from rules.judging.decide import Decision, advance
from rules.judging.replay import Replay, ReplayStep, replay_like
from rules.programme.programme import Programme
from rules.programme.rewards import in_hand
from rules.programme.timeline import Timeline
from rules.sending.policy import DAY, MONTH, WEEK
from rules.wording.highlights import newly_ready, ready
from tests.journeys.sentences import Reader, ids, month_day

#: A rank, badge, voucher (with month and day of its end), reward within reach, thanks; and which.
Win = tuple[str, Any]
#: What was told so long before somebody looked counts for it.
_BEFORE = timedelta(minutes=5)
#: What is reached so long before the day's end of sending is told on that day.
_TIME_ENOUGH = timedelta(hours=1)
#: Whatever found no room for so long is news no more.
_NEWS = timedelta(days=7)
_SECTIONS = ("reached", "step", "push", "journey", "scan")


# ── What the history says ─────────────────────────────────────────────────────────────────────


def wins_of(timeline: Timeline, judged: Replay) -> Iterator[Win]:
    """Everything that the member's history brought them, as it is judged now."""
    for change in judged.rank_changes:
        if change.is_up:
            yield "rank", (change.after, change.on)
    before: Facts | None = None
    for step in judged.steps:
        if isinstance(step.outcome, Decision):
            yield from _of_step(timeline, before, step, step.outcome)
            before = step.outcome.facts


def _of_step(
    timeline: Timeline, before: Facts | None, step: ReplayStep, decision: Decision
) -> Iterator[Win]:
    activity = step.recorded.activity
    for badge in decision.badges:
        yield "badge", badge
    for voucher in decision.vouchers:
        yield "voucher", (voucher.reward, voucher.until.month, voucher.until.day)
    match activity.what:
        case Referral():
            yield "thanks", ("referral", step.seq)
        case Anniversary(years=years) if decision.points:
            yield "thanks", ("anniversary", years)
        case Occasion(trigger="birthday") if decision.points or decision.vouchers:
            yield "thanks", ("birthday", activity.day.year)
    if before is None or isinstance(activity.what, Registration | Merged):
        return
    programme, day = timeline.at(activity.at).programme, activity.day
    earlier, _ = advance(timeline, before, day)
    for reward in newly_ready(programme, earlier, decision.facts, day=day):
        yield "reward", (reward, step.seq)


# ── What was said ─────────────────────────────────────────────────────────────────────────────


def texts(part: Any) -> Iterator[str]:
    """Every line there is in a message or an answer."""
    if isinstance(part, dict):
        part = part.values()
    if isinstance(part, str):
        yield from part.replace("\u2060", "").split("\n")
    elif isinstance(part, Iterable):
        for each in part:
            yield from texts(each)


def said_in(reader: Reader, body: Any) -> Iterator[Win]:
    """The wins that a message tells of."""
    known = ids(reader.programme)
    for line in texts(body):
        found = reader.read(line, *_SECTIONS)
        if found is None:
            continue
        named = {place: known.get(name.strip("「」“”")) for place, name in found.named.items()}
        section, _, rest = found.key.partition(".")
        match section, rest.split("."):
            case "reached", ["voucher"]:
                yield "voucher", (named["reward"], *month_day(found.named["until"]))
            case "reached", ["reward" | "badge" as kind]:
                yield kind, named[kind]
            case "reached", [kind] if kind.startswith("thanks_"):
                yield "thanks", kind.removeprefix("thanks_")
            case ("reached", [kind]) | ("scan", ["say", kind]) if kind.startswith("rank_"):
                yield "rank", named["rank"]
            case "push", ["rank", "reached" | "revived" | "placed", *_]:
                yield "rank", named.get("after")
            case "step", [kind, *_] if kind.startswith("reward_ready"):
                yield "reward", named.get("target")
            case "journey", ["birthday" | "anniversary" as kind, *_]:
                yield "thanks", kind
    yield from _thanked(reader, body)


def _thanked(reader: Reader, body: Any) -> Iterator[Win]:
    """Thanks stand in one line with the points."""
    for line in texts(body):
        for part in (line.partition("。")[0] + "。", line.partition(". ")[0] + "."):
            found = reader.read(part, "reached")
            if found and found.key.startswith("reached.thanks_"):
                yield "thanks", found.key.removeprefix("reached.thanks_")


def as_told(win: Win) -> Win:
    """A win as a sentence names it."""
    kind, which = win
    return (kind, which[0]) if kind in ("rank", "reward", "thanks") else win


def moved_wins(gone: Collection[Win], new: Collection[Win]) -> dict[Win, Win]:
    """Of what a history brings anew, what it brought before at another place: judged again, with a
    late visit or another card's in it, the same is reached a visit sooner or later. Nobody is told
    that twice."""
    found: dict[Win, Win] = {}
    left = sorted(gone, key=repr)
    for win in sorted(new, key=repr):
        before = next((each for each in left if as_told(each) == as_told(win)), None)
        if before is not None:
            left.remove(before)
            found[win] = before
    return found


# ── The watch ─────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Open:
    """A win that nobody has told yet."""

    since: datetime
    #: Why nobody can tell it; empty where somebody can.
    excuse: str


@dataclass(slots=True)
class Heard:
    """What one member has, and what was said to them."""

    seen: set[Win] = field(default_factory=set)
    #: What their history brought them when they were looked at last.
    stood: set[Win] = field(default_factory=set)
    open: dict[Win, Open] = field(default_factory=dict)
    said: list[tuple[datetime, Win]] = field(default_factory=list)
    pushes: list[datetime] = field(default_factory=list)
    #: Whether another card was joined to theirs since they were looked at last.
    joined: bool = False
    #: The last activity then.
    seq: int = 0
    #: As they were when they were looked at last.
    facts: Facts | None = None


@dataclass(slots=True)
class Telling:
    """Every win of a club, and who told it."""

    club: Club
    heard: dict[int, Heard] = field(default_factory=dict)
    #: By what the told ones were told, and why the others weren't.
    told: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    #: Those that nobody told.
    untold: list[str] = field(default_factory=list)

    def of(self, member_id: int) -> Heard:
        return self.heard.setdefault(member_id, Heard())

    def hears(self, member: Member, body: Any, *, via: str, at: datetime) -> None:
        """Somebody reads that, or is told it at the counter."""
        heard = self.of(member.id)
        if via == "push":
            heard.pushes.append(at)
        # The counter speaks the language of the shop.
        lang: Lang = "ja" if via == "counter" else member.language
        reader = Reader(self._programme(at), lang)
        heard.said += [(at, win) for win in said_in(reader, body)]

    def looks(self, uow: UnitOfWork, member: Member, now: datetime, *, excuse: str = "") -> None:
        """Finds out what somebody has won since they were looked at last; `excuse`: why nobody can
        tell them that."""
        heard, timeline = self.of(member.id), self.club.timeline()
        if heard.facts == member.facts:
            return
        had = self._within_reach(heard.facts, now) if heard.facts else ()
        heard.facts = member.facts
        judged = replay_like(timeline, history.of(uow, member.id), member.facts)
        wins = set(wins_of(timeline, judged))
        moved = moved_wins(heard.stood - wins, wins - heard.seen)
        for win in wins - heard.seen:
            if win in moved:
                if moved[win] in heard.open:
                    heard.open[win] = heard.open.pop(moved[win])
            elif not (win[0] == "reward" and _is_no_news(heard, had, *win[1])):
                heard.open[win] = Open(now, excuse)
        heard.stood, heard.joined = wins, False
        heard.seq = judged.steps[-1].seq
        for win in heard.open.keys() - wins:
            del heard.open[win]
            self.excused["taken back"] += 1
        heard.seen |= wins

    def joins(self, kept: int, other: int) -> None:
        """The one's card took over the other's, and what they were still to hear."""
        mine, theirs = self.of(kept), self.heard.pop(other, Heard())
        mine.joined = True
        for win, each in theirs.open.items():
            if win[0] != "reward" and win not in mine.seen:
                mine.open[win] = each
                mine.seen.add(win)

    def closes(self, uow: UnitOfWork, member: Member, now: datetime, *, deaf: str = "") -> None:
        """The day's end: what was told is done with, and what should have been is reported. `deaf`:
        why nobody can write to them."""
        heard = self.of(member.id)
        self.looks(uow, member, now)
        for win, each in list(heard.open.items()):
            reason = each.excuse or deaf or self._no_longer_so(uow, member, win, now)
            if _is_told(heard, win, each):
                self.told[win[0]] += 1
            elif reason:
                self.excused[reason] += 1
            elif self._should_be(heard, win, each, now):
                self.untold.append(f"member {member.id}, {each.since:%Y-%m-%d %H:%M}: {win}")
            elif now - each.since >= _NEWS:
                self.excused["no room for a week"] += 1
            else:
                continue
            del heard.open[win]
        heard.said = [(at, win) for at, win in heard.said if at > now - MONTH]
        heard.pushes = [at for at in heard.pushes if at > now - MONTH]

    def _no_longer_so(self, uow: UnitOfWork, member: Member, win: Win, now: datetime) -> str | None:
        """Why it is no news any more; None where it is."""
        programme = self._programme(now)
        day = programme.shop.business_date(now)
        facts, _ = advance(self.club.timeline(), member.facts, day)
        kind, which = win
        match kind:
            case "rank" if facts.rank.id != which[0]:
                return "another rank since"
            case "voucher" if which not in [
                (v.reward, v.until.month, v.until.day) for v in in_hand(facts, day)
            ]:
                return "used since"
            case "reward":
                left = stock.left(uow, programme.rewards, now=now)
                withheld = programme.withheld(left, member.held_until, now)
                if which[0] not in ready(programme, facts, day, withheld):
                    return "out of reach since"
        return None

    def _within_reach(self, facts: Facts, now: datetime) -> Collection[str]:
        programme = self._programme(now)
        day = programme.shop.business_date(now)
        return ready(programme, advance(self.club.timeline(), facts, day)[0], day)

    def _programme(self, now: datetime) -> Programme:
        return self.club.timeline().at(now).programme

    def _should_be(self, heard: Heard, win: Win, each: Open, now: datetime) -> bool:
        """Whether it should have been told by now: today there was time and room to."""
        programme = self._programme(now)
        shop, policy = programme.shop, programme.sending
        here = shop.local(now)
        ends = datetime.combine(here.date(), policy.quiet_from, tzinfo=shop.zone)
        begins = datetime.combine(here.date(), policy.quiet_until, tzinfo=shop.zone)
        since = max(each.since, begins)
        if not _may_be_sent(programme, here.date()) or since > ends - _TIME_ENOUGH:
            return False
        # At its busiest moment: whatever went out today took its room.
        minor = win[0] in ("badge", "reward")
        caps = (
            (DAY, policy.per_day_max),
            (WEEK, max(1, policy.per_week_max - minor)),
            (MONTH, policy.per_month_max),
        )
        return all(
            sum(since - span < at <= now for at in heard.pushes) < most for span, most in caps
        )


def _is_no_news(heard: Heard, had: Collection[str], reward: str, seq: int) -> bool:
    """Whether a reward that an activity brought within reach was so before: by a past that is now
    judged otherwise. And what two cards have together is told by that they are one."""
    return heard.joined or (seq <= heard.seq and reward in had)


def _is_told(heard: Heard, win: Win, each: Open) -> bool:
    wanted, since = as_told(win), each.since - _BEFORE
    return any(at >= since and said == wanted for at, said in heard.said)


def _may_be_sent(programme: Programme, day: date) -> bool:
    noon = datetime.combine(day, time(12), tzinfo=programme.shop.zone)
    return (
        programme.shop.is_open(day)
        and (day.month, day.day) != (1, 1)
        and not programme.sending.is_quiet(noon)
    )
