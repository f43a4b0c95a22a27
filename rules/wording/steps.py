"""The next step in words: its sentence, the bar below it, the period it counts in; and how far the
next rank is, or until when the one held stays. What two places say of it, they say by these."""

from datetime import date, timedelta

from ..activity import Trigger
from ..base import Lang
from ..facts import Facts
from ..outlook.next_step import NextStep, climb, keeps_in_vain
from ..outlook.suggestion import rule_of
from ..programme import badges, ranks
from ..programme.badges import Badge
from ..programme.earning import EarningRule
from ..programme.programme import Programme
from ..programme.ranks import CalendarMonth, Ladder, Rank, RollingDays
from ..programme.rewards import Reward
from ..programme.streaks import Streak
from ..shop import next_month
from .explain_earning import rule_label
from .words import Words

_DAY = timedelta(days=1)


def step_bar(
    programme: Programme, facts: Facts, step: NextStep, day: date, lang: Lang
) -> tuple[float | None, str]:
    """How far it is to `step`, as a fraction and in words: the bar under its sentence."""
    ladder, name = programme.ranks, _target_name(programme, step, lang)
    match step.kind:
        case "reward" if reward := programme.reward(step.target or ""):
            had, key = facts.balance, "reward"
            needed = reward.cost or had
        case "badge" if badge := programme.badge(step.target or ""):
            (had, needed), key = badges.progress(badge, facts, day), "badge"
        case "revive" if ladder and ladder.offered_revival:
            needed, key = ladder.offered_revival.visits, "revive"
            had = needed - step.missing
        case "keep_rank" if ladder:
            had = ranks.measured(ladder, programme.shop, facts, day + _DAY)
            needed, key = had + step.missing, f"keep_rank.{ladder.measure}"
        case "rank_up" if ladder and (above := ladder.get(step.target)):
            return _towards(programme, ladder, above, step, lang)
        case "enjoy" if _is_at_the_top(programme, facts, day):
            return 1.0, Words(programme, lang).say("card.top_rank")
        case _:
            # Another goal's bar under this sentence would only puzzle.
            return None, ""
    had, words = min(had, needed), Words(programme, lang)
    caption = words.say(
        f"card.progress.{key}",
        rank=name,
        had=had,
        needed=needed,
        period=_period(words, ladder),
    )
    return had / needed, caption


def _is_at_the_top(programme: Programme, facts: Facts, day: date) -> bool:
    """Whether the highest rank is held, and nothing takes it away."""
    ladder = programme.ranks
    top = ladder is not None and ladder.above(facts.rank.id) is None
    return top and not keeps_in_vain(programme, facts, day)


def _period(words: Words, ladder: Ladder | None) -> str:
    """The time over which a rank is measured: 「今月」."""
    match ladder.window if ladder else None:
        case RollingDays(days=days):
            return words.say("card.period.rolling", days=days)
        case _:
            return words.say("card.period.month")


def rank_needs(words: Words, ladder: Ladder, rank: Rank) -> str:
    """What reaches a rank, and within what time: 「月に10回」."""
    key, amount = f"explain.measured.{ladder.measure}", words.amount(rank.at)
    needed = words.say(key, count=rank.at, amount=amount)
    match ladder.window:
        case RollingDays(days=days):
            return words.say("card.needs.rolling", amount=needed, days=days)
        case _:
            return words.say("card.needs.month", amount=needed)


def _towards(
    programme: Programme, ladder: Ladder, above: Rank, step: NextStep, lang: Lang
) -> tuple[float, str]:
    """How far it is to the rank `above` by way of `step`: both say the same number."""
    had, words = above.at - step.missing, Words(programme, lang)
    caption = words.say(
        f"card.progress.{ladder.measure}",
        rank=above.name.in_(lang),
        had=had,
        needed=above.at,
        period=_period(words, ladder),
    )
    return had / above.at, caption


def rank_caption(programme: Programme, facts: Facts, day: date, lang: Lang) -> str:
    """How far it is to the next rank up, or what the coming month asks where this one has no time
    left for it; until when the rank stays, where it goes. Empty without ranks."""
    ladder = programme.ranks
    above = ladder.above(facts.rank.id) if ladder else None
    if ladder is None:
        return ""
    if keeps_in_vain(programme, facts, day):
        return rank_goes(programme, facts, day, lang)
    if above is None:
        return Words(programme, lang).say("card.top_rank")
    if step := climb(programme, facts, day):
        return _towards(programme, ladder, above, step, lang)[1]
    if isinstance(ladder.window, RollingDays):
        return ""
    return Words(programme, lang).say(
        f"card.next_month.{ladder.measure}",
        rank=above.name.in_(lang),
        count=above.at,
    )


def rank_goes(programme: Programme, facts: Facts, day: date, lang: Lang) -> str:
    """That the rank held is about to go, and how it would come back."""
    held = programme.ranks.get(facts.rank.id) if programme.ranks else None
    rank = held.name.in_(lang) if held else ""
    words, last = Words(programme, lang), next_month(day) - _DAY
    goes = words.say("push.rank_goes.title", rank=rank, until=last)
    return "\n".join(filter(None, (goes, revival_text(programme, rank, lang))))


def revival_text(programme: Programme, rank: str, lang: Lang) -> str:
    """How the rank of that name comes back once it is lost; empty where it doesn't."""
    revival = programme.ranks.offered_revival if programme.ranks else None
    if revival is None:
        return ""
    return Words(programme, lang).say(
        "push.rank_at_risk.revival",
        rank=rank,
        count=revival.visits,
        days=revival.days,
    )


def step_text(programme: Programme, step: NextStep, lang: Lang) -> str:
    """The next step as one sentence: 「今月あと1回来店でブロンズに昇格！」."""
    return Words(programme, lang).say(
        _step_key(programme, step),
        count=step.missing,
        target=_target_name(programme, step, lang),
        until=step.until,
        weeks=step.weeks,
        years=step.years,
    )


def _step_key(programme: Programme, step: NextStep) -> str:
    monthly = programme.ranks is not None and isinstance(programme.ranks.window, CalendarMonth)
    match step.kind:
        case "rank_up":
            return f"step.rank_up.{step.unit}" if monthly else f"step.rank_up_by.{step.unit}"
        case "keep_rank":
            return f"step.keep_rank.{step.unit}"
        case kind:
            return f"step.{kind}"


def _target_name(programme: Programme, step: NextStep, lang: Lang) -> str:
    found: Rank | Badge | Reward | Streak | EarningRule | None = None
    rule = next((r for r in programme.earning if r.id == step.target), None)
    match step.kind:
        case "anniversary" if rule is not None:
            return rule_label(Words(programme, lang), rule)
        case "revive" | "keep_rank" | "rank_up":
            found = programme.ranks.get(step.target) if programme.ranks else None
        case "badge" | "anniversary":
            found = programme.badge(step.target or "")
        case "reward" | "reward_ready" | "voucher":
            found = programme.reward(step.target or "")
        case "nth_visit" | "nth_purchase" | "spend":
            found = rule or programme.reward(step.target or "")
        case "streak":
            found = next((s for s in programme.streaks if s.id == step.target), None)
    return found.name.in_(lang) if found else ""


def suggestion_line(words: Words, facts: Facts, way: Trigger) -> str:
    """What to try, and what it earns; empty where the programme has it no more."""
    rule = rule_of(words.programme, facts, way)
    if rule is None:
        return ""
    names = {"rule": words.name(rule.name), "shop": words.name(words.programme.shop.name)}
    # Without steps of a profile, the birthday is all of it.
    asked = "birthday" if way == "profile" and not words.programme.profile.steps else way
    wish = words.say(f"suggestion.wish.{asked}", **names)
    return words.say("suggestion.line", wish=wish, earns=rule_label(words, rule))
