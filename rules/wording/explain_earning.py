"""Earning rules and campaigns as plain sentences: one function per kind of award and effect."""

from ..programme.campaigns import Bonus, Campaign, CampaignMultiplier
from ..programme.earning import (
    EarningRule,
    FirstTime,
    FixedPoints,
    Limit,
    Multiplier,
    NthTime,
    PerAmount,
)
from .words import Words


def rule_sentence(words: Words, rule: EarningRule) -> str:
    """What `rule` gives, its limits, and for whom and where."""
    return words.sentences(
        [
            _award(words, rule),
            words.say("explain.only.staff") if rule.needs_staff else "",
            *restrictions(words, rule.ranks, rule.stores),
        ]
    )


def rule_label(words: Words, rule: EarningRule) -> str:
    """What `rule` gives in a word or two, for a short row."""
    match rule.award:
        case PerAmount(points=points, yen=yen):
            return words.say("explain.label.per_amount", amount=words.amount(points), yen=yen)
        case Multiplier(times=times):
            return words.say("explain.label.times", times=words.times(times))
        case FixedPoints(points=points) | NthTime(points=points) | FirstTime(points=points):
            return words.say("explain.label.plain", amount=words.amount(points))


def _award(words: Words, rule: EarningRule) -> str:
    match rule.award:
        case FixedPoints() as award:
            return _fixed(words, rule, award)
        case PerAmount() as award:
            return _per_amount(words, rule, award)
        case NthTime() as award:
            return _nth(words, rule, award)
        case FirstTime() as award:
            return _first(words, rule, award)
        case Multiplier() as award:
            return _multiplier(words, rule, award)


def _fixed(words: Words, rule: EarningRule, award: FixedPoints) -> str:
    return _given(words, rule, _when(words, rule, "each"), award.points)


def _per_amount(words: Words, rule: EarningRule, award: PerAmount) -> str:
    policy = words.programme.purchase
    tax = words.say(f"explain.tax.{policy.amount}") if policy else ""
    when = words.say(f"activity.{rule.on}.amount", yen=award.yen, tax=tax)
    return _given(words, rule, when, award.points)


def _nth(words: Words, rule: EarningRule, award: NthTime) -> str:
    if award.every:
        when = _when(words, rule, "every", n=f"{award.every:,}")
        return _given(words, rule, when, award.points)
    n = words.numbers(sorted(award.at))
    return _given(words, rule, _when(words, rule, "at", n=n), award.points)


def _first(words: Words, rule: EarningRule, award: FirstTime) -> str:
    return _given(words, rule, _when(words, rule, "first"), award.points)


def _multiplier(words: Words, rule: EarningRule, award: Multiplier) -> str:
    what = words.say(f"activity.{rule.on}.noun")
    times, most = words.times(award.times), limits(words, rule.limit)
    return words.say("explain.award.multiplier", what=what, times=times, limits=most)


def _given(words: Words, rule: EarningRule, when: str, points: int) -> str:
    amount, most = words.amount(points), limits(words, rule.limit)
    return words.say("explain.award.given", when=when, amount=amount, limits=most)


def _when(words: Words, rule: EarningRule, how: str, n: str = "") -> str:
    birthday = words.say(f"activity.birthday.{words.programme.profile.birthday_is}")
    name, streak = words.name(rule.name), words.streak(rule.streak)
    # Without steps of a profile, the birthday is all of it.
    is_birthday = rule.on == "profile" and not words.programme.profile.steps
    if asked := rule.step or ("birthday" if is_birthday else None):
        step = words.say(f"profile.step.{asked}")
        return words.say("activity.profile_step.each", step=step)
    return words.say(f"activity.{rule.on}.{how}", n=n, name=name, streak=streak, birthday=birthday)


def limits(words: Words, limit: Limit) -> str:
    """The end of a sentence: 「（1日1回・1か月に500ポイントまで）」; empty where there are none."""
    phrases = [
        words.say(f"explain.limit.{name}", count=most, amount=words.amount(most))
        for name, most in limit
        if most is not None
    ]
    return words.say("explain.limit.most", limits=words.listed(phrases)) if phrases else ""


def restrictions(words: Words, ranks: tuple[str, ...], stores: tuple[str, ...]) -> list[str]:
    """For which ranks and at which branches, if not for all."""
    return [
        words.say("explain.only.ranks", ranks=words.ranks(ranks)) if ranks else "",
        words.say("explain.only.stores", stores=words.stores(stores)) if stores else "",
    ]


def campaign_sentence(words: Words, campaign: Campaign) -> str:
    """What `campaign` adds, when, its limits, and for whom and where."""
    return words.sentences(
        [
            _effect(words, campaign),
            words.say("explain.only.staff") if campaign.needs_staff else "",
            *restrictions(words, campaign.ranks, campaign.stores),
            _first_for(words, campaign),
        ]
    )


def _first_for(words: Words, campaign: Campaign) -> str:
    """For whom it begins before it does for the others."""
    first = campaign.first
    if first is None:
        return ""
    who = words.who(first.ranks, first.segments)
    return words.say("explain.campaign.first", who=who, until=first.until)


def campaign_label(words: Words, campaign: Campaign) -> str:
    """What `campaign` adds in a word or two."""
    match campaign.effect:
        case Bonus(points=points):
            return words.say("explain.label.bonus", amount=words.amount(points))
        case CampaignMultiplier(times=times):
            return words.say("explain.label.times", times=words.times(times))


def _effect(words: Words, campaign: Campaign) -> str:
    when = _campaign_when(words, campaign)
    when = words.say("explain.campaign.when", when=when) if when else ""
    what = words.listed(words.say(f"activity.{trigger}.noun") for trigger in campaign.on)
    values = {"when": when, "what": what, "limits": limits(words, campaign.limit)}
    match campaign.effect:
        case Bonus(points=points):
            return words.say("explain.campaign.bonus", amount=words.amount(points), **values)
        case CampaignMultiplier(times=times):
            return words.say("explain.campaign.multiplier", times=words.times(times), **values)


def _campaign_when(words: Words, campaign: Campaign) -> str:
    """All conditions of time that `campaign` sets, in a row; empty where it sets none."""
    phrases = [words.dates(campaign.starts, campaign.ends)]
    if campaign.weekdays:
        weekdays = words.weekdays(campaign.weekdays)
        phrases.append(words.say("explain.when.weekdays", weekdays=weekdays))
    if campaign.days_of_month:
        days = words.numbers(sorted(campaign.days_of_month))
        phrases.append(words.say("explain.when.days_of_month", days=days))
    if campaign.holidays:
        phrases.append(words.say("explain.when.holidays"))
    if campaign.birth_month:
        phrases.append(words.say("explain.when.birth_month"))
    if campaign.hours:
        phrases.append(words.say("explain.when.hours", hours=words.hours(campaign.hours)))
    if campaign.staff_switch:
        phrases.append(words.say("explain.when.staff_switch"))
    return words.say("explain.campaign.when_join").join(phrase for phrase in phrases if phrase)
