"""What staff see after a scan: a line said big, what to do, and who it is, as finished strings."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from ..base import Lang
from ..facts import Birthday, Facts
from ..outlook.next_step import next_step
from ..programme.programme import Programme
from ..programme.rewards import Withheld
from ..programme.subscriptions import perk_named
from .additions import AddedThing, brought_line, handover_line, handover_note
from .card import ExpiringPoints
from .highlights import (
    Highlights,
    badge_lines,
    rank_line,
    rank_of,
    reward_lines,
    rule_name,
    voucher_lines,
)
from .names import formal
from .refusals import Circumstances, refusal_text
from .reward_views import reward_views, voucher_views
from .steps import step_text
from .texts import show
from .words import Words

Result = Literal["checked_in", "not_counted", "refused", "unknown", "redeemed", "added", "given"]
Tone = Literal["good", "info", "warn", "bad"]
#: What is worth a word beside the result. `old_code`: the code says who and not when, `by_number`:
#: nobody saw a code; `late`: it arrived later, `clock_off`: the device's clock is far off;
#: `merged`: the card was one merged into another; `paused`: the membership rests; `other_store`:
#: the visit of the day was at another store; `held`: the card was moved within a week.
Mark = Literal[
    "old_code", "by_number", "late", "clock_off", "merged", "paused", "other_store", "held",
]  # fmt: skip

_TONES: dict[Result, Tone] = {
    "checked_in": "good",
    "redeemed": "good",
    "added": "good",
    "given": "good",
    "not_counted": "info",
    "refused": "bad",
    "unknown": "warn",
}
#: Results after which something was recorded.
_DONE: tuple[Result, ...] = ("checked_in", "redeemed", "added", "given")
#: Marks that say what to do after a check-in, the most important first, and how it then sounds.
_TO_DO: dict[Mark, Tone] = {
    "paused": "warn",
    "clock_off": "warn",
    "merged": "good",
    "by_number": "good",
    "late": "good",
    "held": "good",
}


@dataclass(frozen=True, slots=True)
class CounterIdentity:
    """Who it is, as the shop knows them."""

    number: str
    #: What staff wrote down, else LINE's.
    name: str
    note: str
    #: They have the shop on LINE.
    on_line: bool
    #: They have blocked it there.
    blocked: bool


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan came to."""

    result: Result
    #: When it was made.
    at: datetime
    #: The refusal's code, or what kind of code it was.
    reason: str | None = None
    #: When the next visit counts, or the reward is to be had.
    again_at: datetime | None = None
    #: When the visit was that is in its way.
    earlier_at: datetime | None = None
    #: The store of that visit.
    earlier_store: str | None = None
    marks: tuple[Mark, ...] = ()
    #: The refusal of something that was added.
    problem: str | None = None
    reward: str | None = None
    #: The key of the perk that was given.
    perk: str | None = None
    #: The amount that was entered.
    yen: int = 0
    added: tuple[AddedThing, ...] = ()
    #: The points that the additions brought; None where none were to be had.
    gain: int | None = None


@dataclass(frozen=True, slots=True)
class SelectedLine:
    """What staff read of a reward that the member had selected: what to hand over, or why not."""

    done: bool
    line: str
    #: What to do; may be empty.
    next: str


@dataclass(frozen=True, slots=True)
class CounterLine:
    """What staff read."""

    #: The one line.
    line: str
    #: What to do; may be empty.
    next: str
    #: How it sounds.
    tone: Tone


@dataclass(frozen=True, slots=True)
class RankView:
    id: str
    name: str
    colours: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ReadyReward:
    """A reward that can be had now."""

    id: str
    name: str
    cost: int
    #: Whether handing it out on the card alone asks for a PIN.
    proof: bool
    #: The number of the one in hand; None for a reward that costs points.
    voucher: int | None = None
    #: Its last day; empty for a reward that costs points.
    until: str = ""
    #: What it is, and its conditions: what staff hand out, and to whom.
    terms: tuple[str, ...] = ()
    #: Whether what is handed out is a code for a web shop.
    has_code: bool = False


@dataclass(frozen=True, slots=True)
class MemberView:
    """Who was scanned."""

    number: str
    name: str
    rank: RankView | None
    points: int
    visits: int
    #: Lines of what the day brought.
    today: tuple[str, ...]
    birthday: Literal["day", "month"] | None
    note: str
    #: What staff may say.
    say: str
    rewards: tuple[ReadyReward, ...]
    on_line: bool
    #: Ask whether they want our messages again.
    blocked: bool
    #: Of which points they are to be told that they go soon, since no message does; may be empty.
    expiring: str


def counter_line(
    programme: Programme, report: ScanReport, lang: Lang, *, now: datetime
) -> CounterLine:
    """The result in words."""
    words = Words(programme, lang)
    made = _moment(words, report.at, now)
    about = Circumstances(
        now, report.again_at, report.earlier_at, report.earlier_store, made, report.reward,
        report.yen,
    )  # fmt: skip
    if report.result in _DONE:
        line, then = _done_line(words, report, made), _done_note(words, report)
    else:
        no = refusal_text(words, report.reason or "unreadable", "staff", about)
        line, then = no.why, no.then
    if report.problem:
        problem = refusal_text(words, report.problem, "staff", about)
        said = problem.then if report.problem == report.reason else problem.whole
        return CounterLine(line, said, "warn")
    mark = next((mark for mark in _TO_DO if mark in report.marks), None)
    if report.result == "checked_in" and mark:
        return CounterLine(line, words.say(f"scan.mark.{mark}"), _TO_DO[mark])
    return CounterLine(line, then, _TONES[report.result])


def selected_line(
    words: Words, reward_id: str | None, refused: str | None, about: Circumstances
) -> SelectedLine:
    """A reward that the member had selected, as it was handed out, or why it wasn't."""
    reward = words.programme.reward(reward_id or "")
    if refused is None and reward is not None:
        line, note = handover_line(words, reward), handover_note(words, reward)
        return SelectedLine(True, line, note)
    about = replace(
        about, reward=reward_id, count=reward.min_purchase_yen if reward is not None else 0
    )
    no = refusal_text(words, refused or "reward_gone", "staff", about)
    return SelectedLine(False, no.why, no.then)


def _done_line(words: Words, report: ScanReport, made: str) -> str:
    reward = words.programme.reward(report.reward or "")
    if report.result == "redeemed" and reward:
        return handover_line(words, reward)
    if report.result == "given":
        ladder = words.programme.ranks
        perk = perk_named(ladder, words.programme.subscriptions, report.perk or "")
        return words.say("scan.given", perk=words.name(perk.name) if perk else "")
    if report.result == "added":
        return brought_line(words, report.added, report.gain)
    late = report.result == "checked_in" and "late" in report.marks
    return words.say(f"scan.line.{'late' if late else report.result}", made=made)


def _done_note(words: Words, report: ScanReport) -> str:
    reward = words.programme.reward(report.reward or "")
    return handover_note(words, reward) if report.result == "redeemed" and reward else ""


def _moment(words: Words, at: datetime, now: datetime) -> str:
    """A moment as staff say it: the time alone for today, else the day with it."""
    here, today = words.programme.shop.local(at), words.programme.shop.local(now)
    which = "today" if here.date() == today.date() else "later"
    return words.say(f"scan.moment.{which}", day=here.date(), time=here.time())


def member_view(
    programme: Programme,
    facts: Facts,
    person: CounterIdentity,
    *,
    brought: Highlights,
    grants: Iterable[tuple[str, int]],
    withheld: Withheld,
    expiring: ExpiringPoints | None = None,
    away: int = 0,
    day: date,
    lang: Lang,
) -> MemberView:
    """The member on business day `day`, to which `facts` are settled, and which `grants` (rule and
    points) and badges came on; `brought` is what this very scan reached, `withheld` what isn't
    handed out to them, `expiring` of which points they are to be told, `away` for how many days
    they had not come, if that was long for them."""
    words = Words(programme, lang)
    rank = programme.ranks.get(facts.rank.id) if programme.ranks else None
    return MemberView(
        number=person.number,
        name=formal(person.name, lang),
        rank=RankView(rank.id, rank.name.in_(lang), rank.colours) if rank else None,
        points=facts.balance,
        visits=facts.visits,
        today=(*_came_back(words, away), *_today(words, facts, brought, grants, day)),
        birthday=birthday_of(facts.birthday, day),
        note=person.note,
        say=_to_say(words, facts, brought, withheld, day, away=away),
        rewards=tuple(
            each
            for each in ready_rewards(programme, facts, person, withheld, day=day, lang=lang)
            if not each.has_code
        ),
        on_line=person.on_line,
        blocked=person.blocked,
        expiring=_expiring(words, expiring),
    )


def _expiring(words: Words, soon: ExpiringPoints | None) -> str:
    if soon is None:
        return ""
    last = soon.on - timedelta(days=1)
    return words.say("scan.expiring", count=soon.points, last=last)


def _came_back(words: Words, away: int) -> tuple[str, ...]:
    return (words.say("returning.back", count=away),) if away else ()


def _today(
    words: Words, facts: Facts, brought: Highlights, grants: Iterable[tuple[str, int]], day: date
) -> Iterable[str]:
    """What the day brought, the greatest first."""
    if line := rank_line(words, brought.rank):
        yield line
    yield from badge_lines(words, [badge for badge, on in facts.badges.items() if on == day])
    yield from voucher_lines(words, brought.vouchers)
    yield from reward_lines(words, brought.rewards)
    for rule, points in grants:
        name = rule_name(words, rule)
        yield words.say("scan.grant", name=name, amount=f"{points:+,}")


def birthday_of(birthday: Birthday | None, day: date) -> Literal["day", "month"] | None:
    """Whether `day` is the birthday (a leap day's on the 28th in other years), or in its month."""
    if birthday is None or birthday.month != day.month:
        return None
    leap = (birthday.month, birthday.day) == (2, 29) and (day + timedelta(days=1)).month == 3
    return "day" if birthday.day == day.day or leap else "month"


def _to_say(
    words: Words, facts: Facts, brought: Highlights, withheld: Withheld, day: date, *, away: int
) -> str:
    """What staff may say: congratulations where there is a reason, else the next small step."""
    rank = rank_of(words.programme, brought.rank)
    if rank is not None and brought.rank is not None:
        return words.say(f"scan.say.rank_{brought.rank.reason}", rank=words.name(rank.name))
    if birthday_of(facts.birthday, day) == "day":
        return words.say("scan.say.birthday")
    if facts.first_visit_on == day:
        return words.say("scan.say.first_visit")
    if away:
        return words.say("scan.say.came_back")
    step = next_step(words.programme, facts, day, withheld)
    return step_text(words.programme, step, words.lang)


def ready_rewards(
    programme: Programme,
    facts: Facts,
    person: CounterIdentity,
    withheld: Withheld,
    *,
    day: date,
    lang: Lang,
) -> tuple[ReadyReward, ...]:
    """What can be handed out to the member on business day `day`: what they have in hand, then what
    they have the points for. Codes for a web shop only to whom LINE doesn't reach: others take them
    in the chat."""
    named = bool(person.name) and not person.on_line
    in_chat = person.on_line and not person.blocked

    def proof(reward_id: str) -> bool:
        reward = programme.reward(reward_id)
        return reward is not None and programme.limits.asks_proof(reward.value_yen, named=named)

    held = voucher_views(programme, facts, day=day, lang=lang, withheld=withheld)
    views = reward_views(programme, facts, day=day, lang=lang, withheld=withheld)
    return (
        *(
            ReadyReward(
                each.reward,
                each.name,
                0,
                proof(each.reward),
                each.n,
                show(lang, each.until),
                (each.what, *each.terms),
                each.has_code,
            )
            for each in held
            if not (each.missing or (each.has_code and in_chat))
        ),
        *(
            ReadyReward(
                view.id,
                view.name,
                view.cost or 0,
                proof(view.id),
                terms=(view.what, *view.terms),
                has_code=view.has_code,
            )
            for view in views
            if view.ready and not (view.has_code and in_chat)
        ),
    )
