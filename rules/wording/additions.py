"""What staff add to a visit, in words: what was put on, what a limit kept away, what is handed
over at the till, what an undo takes back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ..activity import Activity, Eco, Purchase
from ..programme.earning import Limit
from ..programme.rewards import Reward
from .activities import activity_name
from .explain_earning import limits
from .explain_rewards import min_purchase
from .highlights import rule_name
from .words import Words


@dataclass(frozen=True, slots=True)
class AddedThing:
    """One thing that was added: its kind, the eco action, how many yen or people; and how many of
    the yen were paid with points, or for goods that never count."""

    kind: str
    target: str | None = None
    count: int = 0
    points_used_yen: int = 0
    excluded_yen: int = 0


def addition_name(words: Words, added: AddedThing) -> str:
    """「1,500円（うちポイント払い300円）」, 「2名さま」, 「マイバッグ」."""
    if added.kind == "purchase":
        return _yen(words, added.count) + _of_it(words, added)
    if added.kind == "visitors":
        return words.say("scan.added.visitors", count=added.count)
    if added.kind == "eco":
        return eco_name(words, added.target or "")
    rule = next((r for r in words.programme.confirmable if r.on == added.kind), None)
    return words.name(rule.name) if rule else added.kind


def excluded_goods(words: Words) -> str:
    """The goods that never count, as the till names them: empty for none."""
    policy = words.programme.purchase
    return words.listed(words.name(goods.name) for goods in policy.excluded) if policy else ""


def _yen(words: Words, yen: int) -> str:
    return words.say("scan.added.purchase", count=yen)


def _of_it(words: Words, bought: AddedThing) -> str:
    """What of an amount brings no points, in brackets; empty for nothing."""
    said = []
    if bought.points_used_yen:
        said.append((words.say("staff.page.amount.points_used"), bought.points_used_yen))
    if bought.excluded_yen:
        name = words.say("staff.page.amount.excluded", goods=excluded_goods(words))
        said.append((name, bought.excluded_yen))
    parts = words.listed(
        words.say("staff.page.amount.part", what=what, amount=_yen(words, of_it))
        for what, of_it in said
    )
    return words.say("staff.page.amount.of_it", parts=parts) if parts else ""


def recorded_names(words: Words, recorded: Iterable[Activity]) -> str:
    """What was recorded at one go: 「ご来店・1,500円・マイバッグ」."""
    return words.listed(dict.fromkeys(_recorded_name(words, each) for each in recorded))


def _recorded_name(words: Words, activity: Activity) -> str:
    match activity.what:
        case Purchase(total_yen=yen, points_used_yen=used, excluded_yen=excluded):
            return addition_name(words, AddedThing("purchase", None, yen, used, excluded))
        case Eco(action=action):
            return eco_name(words, action)
        case _:
            return activity_name(words, activity)


def brought_line(words: Words, added: Iterable[AddedThing], points: int | None) -> str:
    """「1,500円・マイバッグを付けました（+20ポイント）」; empty for nothing. `points` is None
    where none were to be had."""
    names = words.listed(addition_name(words, each) for each in added)
    if not names:
        return ""
    amount = words.amount(points) if points else ""
    gain = words.say("scan.added.gain", amount=amount) if amount else ""
    none = words.say("scan.added.no_gain") if points == 0 else ""
    return words.say("scan.added.line", names=names, gain=gain or none)


def limit_lines(words: Words, capped: Iterable[str], given: Collection[str]) -> tuple[str, ...]:
    """Which rules a limit kept points away from, by their ids: in part those `given` all the same.
    That something is had once and was had long ago is worth no word."""
    found = [(rule, _limit_of(words, rule)) for rule in dict.fromkeys(capped)]
    return tuple(
        words.say(
            "scan.limit.part" if rule in given else "scan.limit.all",
            name=rule_name(words, rule),
            limits=limits(words, limit),
        )
        for rule, limit in found
        if limit and (rule in given or _comes_again(limit))
    )


def _limit_of(words: Words, rule: str) -> Limit | None:
    programme = words.programme
    known = {each.id: each.limit for each in programme.earning}
    known |= {each.rule_id: each.limit for each in programme.campaigns}
    return known.get(rule)


def _comes_again(limit: Limit) -> bool:
    return any(most is not None and not name.endswith("ever") for name, most in limit)


def handover_line(words: Words, reward: Reward) -> str:
    """What happens at the counter: 「レジで100円お値引きします」."""
    key, name = f"explain.handover.{reward.kind}", words.name(reward.name)
    return words.say(key, name=name, yen=reward.value_yen)


def handover_note(words: Words, reward: Reward) -> str:
    """What the programme notes of it, unless the line has said it, and its condition."""
    note = words.name(reward.note) if reward.note else ""
    is_said = note.rstrip("。.") == handover_line(words, reward)
    return words.sentences(["" if is_said else note, min_purchase(words, reward)])


def eco_name(words: Words, action: str) -> str:
    """What the button of an eco action is called; its rule's name where it has none."""
    programme = words.programme
    named = next((each.name for each in programme.counter.eco if each.id == action), None)
    rules = programme.earning_on("eco")
    name = named or next((each.name for each in rules if action in each.actions), None)
    return words.name(name) if name else action
