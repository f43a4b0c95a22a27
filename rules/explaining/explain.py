"""The programme in plain sentences, one per rule, as the shop would say them to its members.

`program explain` prints them, the pages show them, and the chat's "how to earn" is made of them.
One function per kind of thing; awards and campaigns are in explain_earning.py,
rewards in explain_rewards.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol, TypeVar

from ..activity import Trigger
from ..base import Lang, LocalText
from ..facts import Facts
from ..premises import Premises
from ..profile.steps import told
from ..programme.badges import Badge
from ..programme.campaigns import Campaign
from ..programme.earning import EarningRule
from ..programme.programme import Programme
from ..programme.ranks import CalendarMonth, Ladder, Rank, RollingDays
from ..programme.streaks import Streak
from ..wording.badges import badge_needs
from ..wording.explain_earning import campaign_label, campaign_sentence, rule_label, rule_sentence
from ..wording.explain_points import points_sentences, stamp_card_sentences
from ..wording.explain_rewards import reward_sentence
from ..wording.words import Words
from .explain_answers import survey_sentences
from .explain_journeys import journey_sentences
from .explain_letters import letter_sentences
from .explain_perks import perk_text
from .explain_subscriptions import subscription_sentence
from .explain_words import word_sentences
from .fan_words import fan_sentence

#: A sentence; of a list's entry, with its id.
Told = str | tuple[str, str]


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_P = TypeVar("_P", bound=_HasId)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the programme."""

    #: Its key in the file.
    name: str
    #: Its name for people.
    title: str
    sentences: tuple[str, ...]
    #: Of each sentence the id of the list's entry that it is of; "" where it is of the whole part.
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarningWay:
    """A way to earn, for a short row; `points_label` is like 「10ポイント」 or 「2倍」."""

    #: What somebody does for it; of a campaign the first of what it adds to.
    on: Trigger
    name: str
    sentence: str
    points_label: str


def explain(
    programme: Programme,
    lang: Lang,
    *,
    hidden: bool = False,
    segment_names: Mapping[str, str] | None = None,
) -> tuple[Section, ...]:
    """Every rule of `programme` in one plain sentence, by section; parts it does without are left
    out. `hidden` badges, the journeys, texts in the shop's own words and what a visit earns are
    told to the owner only; members read how many such badges there are. `segment_names`: what the
    owner calls their segments, for them to read."""
    words = Words(programme, lang, segment_names)
    sections: dict[str, Iterable[Told]] = {
        "voice": _voice(words),
        "shop": _shop(words),
        "earning": _of_each(programme.earning, partial(rule_sentence, words)),
        "campaigns": _campaigns(words),
        "points": points_sentences(words),
        "stamp_cards": stamp_card_sentences(words),
        "rewards": _of_each(programme.rewards, partial(reward_sentence, words)),
        "ranks": _ranks(words),
        "subscriptions": _of_each(programme.subscriptions, partial(subscription_sentence, words)),
        "streaks": _of_each(programme.streaks, partial(_streak, words)),
        "fan_steps": _fan_steps(words),
        "badges": _badges(words, hidden=hidden),
        "visits": _visits(words),
        "purchase": _purchase(words),
        "referral": _referral(words),
        "profile": _profile(words),
        "newsletter": _newsletter(words),
        "circle": _circle(words),
        "sending": _sending(words, hidden=hidden),
        "cases": _cases(words) if hidden else (),
        "letters": letter_sentences(words) if hidden else (),
        "surveys": survey_sentences(words) if hidden else (),
        "journeys": journey_sentences(words) if hidden else (),
        "words": word_sentences(words) if hidden else (),
    }
    return tuple(
        _section(words, name, told) for name, lines in sections.items() if (told := list(lines))
    )


def told_to_members(programme: Programme, lang: Lang) -> tuple[Section, ...]:
    """What of it members read: not the shop's own rules of sending."""
    return tuple(part for part in explain(programme, lang) if part.name != "sending")


def _section(words: Words, name: str, told: list[Told]) -> Section:
    said = [each if isinstance(each, tuple) else ("", each) for each in told]
    title = words.say(f"explain.title.{name}")
    return Section(name, title, tuple(line for _, line in said), tuple(of for of, _ in said))


def _of_each(entries: Iterable[_P], sentence: Callable[[_P], str]) -> Iterator[Told]:
    """The sentence of each entry, with its id."""
    return ((each.id, sentence(each)) for each in entries)


def ways_to_earn(
    programme: Programme, lang: Lang, facts: Facts | None = None, *, day: date | None = None
) -> tuple[EarningWay, ...]:
    """How points are earned, everyday ways first as the shop wrote them, campaigns last.

    With `facts`, what this member can no longer earn is left out; with `day`, campaigns over by
    then. Ways of a rank they don't have yet stay: that is what the rank is for.
    """
    words = Words(programme, lang)
    rules = [rule for rule in programme.earning if facts is None or _still_open(rule, facts)]
    campaigns = [c for c in programme.campaigns if not (day and c.ends and c.ends < day)]
    return (
        *(
            EarningWay(r.on, words.name(r.name), rule_sentence(words, r), rule_label(words, r))
            for r in rules
        ),
        *(
            EarningWay(
                c.on[0], words.name(c.name), campaign_sentence(words, c), campaign_label(words, c)
            )
            for c in campaigns
            if facts is None or not _used_up(c, facts)
        ),
    )


def _still_open(rule: EarningRule, facts: Facts) -> bool:
    if rule.on in ("registration", "referred"):
        return False  # a member has joined already
    if rule.step is not None and rule.step in told(facts):
        return False
    if rule.step is None and rule.award.kind == "first" and facts.counts.get(rule.on, 0) > 0:
        return False
    given = facts.tallies.get(rule.id)
    most = rule.limit.ever
    return most is None or given is None or given.ever < most


def _used_up(campaign: Campaign, facts: Facts) -> bool:
    given = facts.tallies.get(campaign.rule_id)
    most = campaign.limit.ever
    return most is not None and given is not None and given.ever >= most


def _newsletter(words: Words) -> Iterator[str]:
    newsletter = words.programme.newsletter
    if newsletter is not None:
        yield words.say(
            "explain.newsletter",
            name=words.name(newsletter.name),
            about=words.name(newsletter.about),
        )


def _circle(words: Words) -> Iterator[str]:
    circle = words.programme.circle
    if circle is not None:
        yield words.say(
            "explain.circle", name=words.name(circle.name), about=words.name(circle.about)
        )


#: What is told of a place in a sentence of its own; hours have theirs, a map none.
PREMISES_FACTS = ("address", "phone", "booking_url", "menu_url", "parking")


def _voice(words: Words) -> Iterator[str]:
    voice = words.programme.voice
    if voice.story:
        yield from filter(None, map(str.strip, voice.story.in_(words.lang).splitlines()))
    if voice.sender:
        yield words.say("explain.voice.sender", sender=voice.sender.in_(words.lang))
    elif voice.icon:
        yield words.say("explain.voice.icon")


def _shop(words: Words) -> Iterator[str]:
    shop = words.programme.shop
    stores = words.listed(words.name(store.name) for store in words.programme.stores)
    yield words.say("explain.shop.stores", shop=words.name(shop.name), stores=stores)
    if shop.hours:
        yield words.say("explain.shop.open", hours=words.hours(shop.hours))
    for store in words.programme.stores:
        if store.hours:
            hours = words.hours(store.hours)
            yield words.say("explain.shop.open_store", store=words.name(store.name), hours=hours)
    yield from _premises(words, words.name(shop.name), shop)
    for store in words.programme.stores:
        yield from _premises(words, words.name(store.name), store)
    if shop.closed_weekdays:
        yield words.say("explain.shop.closed", weekdays=words.weekdays(shop.closed_weekdays))


def _premises(words: Words, place: str, told: Premises) -> Iterator[str]:
    for fact in PREMISES_FACTS:
        if value := getattr(told, fact):
            shown = words.name(value) if isinstance(value, LocalText) else value
            yield words.say(f"explain.shop.{fact}", place=place, value=shown)


def _campaigns(words: Words) -> Iterator[Told]:
    campaigns = words.programme.campaigns
    yield from _of_each(campaigns, partial(campaign_sentence, words))
    if sum(campaign.effect.kind == "multiplier" for campaign in campaigns) > 1:
        yield words.say("explain.campaign.add_up")


def _ranks(words: Words) -> Iterator[str]:
    ladder = words.programme.ranks
    if ladder:
        yield _window(words, ladder)
        for rank in ladder.steps:
            yield _rank(words, ladder, rank)
        yield from _losing(words, ladder)


def _fan_steps(words: Words) -> Iterator[str]:
    steps = words.programme.fan_steps
    if steps is not None:
        yield fan_sentence(words, steps)


def _window(words: Words, ladder: Ladder) -> str:
    measure = words.say(f"explain.measure.{ladder.measure}")
    match ladder.window:
        case CalendarMonth():
            return words.say("explain.rank.window_calendar_month", measure=measure)
        case RollingDays(days=days):
            return words.say("explain.rank.window_rolling", measure=measure, days=days)


def _rank(words: Words, ladder: Ladder, rank: Rank) -> str:
    amount = words.say(
        f"explain.measured.{ladder.measure}", count=rank.at, amount=words.amount(rank.at)
    )
    sentences = [words.say("explain.rank.step", rank=words.name(rank.name), amount=amount)]
    if rank.perks:
        named = (perk_text(words, perk) for perk in rank.perks)
        perks = words.say("explain.rank.perks_join").join(named)
        sentences.append(words.say("explain.rank.perks", perks=perks))
    return words.sentences(sentences)


def _losing(words: Words, ladder: Ladder) -> Iterator[str]:
    if ladder.grace_periods:
        yield words.say("explain.rank.grace", count=ladder.grace_periods)
    else:
        yield words.say("explain.rank.no_grace")
    yield words.say("explain.rank.warning", count=ladder.warn_days)
    if revival := ladder.offered_revival:
        yield words.say("explain.rank.revival", count=revival.visits, days=revival.days)
    if words.programme.shop.closed:
        yield words.say("explain.rank.closed")


def _streak(words: Words, streak: Streak) -> str:
    name = words.name(streak.name)
    sentences = [words.say("explain.streak.goal", name=name, count=streak.goal)]
    if streak.freezes_max:
        every, most = streak.freeze_every, streak.freezes_max
        sentences.append(words.say("explain.streak.freezes", every=every, count=most))
    return words.sentences(sentences)


def _badges(words: Words, *, hidden: bool) -> Iterator[Told]:
    badges = words.programme.badges
    shown = [badge for badge in badges if hidden or not badge.hidden]
    yield from _of_each(shown, partial(_badge, words))
    secret = sum(badge.hidden for badge in badges)
    if secret and not hidden:
        yield words.say("explain.badge.surprise", count=secret)


def _badge(words: Words, badge: Badge) -> str:
    name, needs = words.name(badge.name), badge_needs(words, badge)
    sentences = [words.say("explain.badge.line", icon=badge.icon, name=name, needs=needs)]
    if badge.points:
        sentences.append(words.say("explain.badge.points", amount=words.amount(badge.points)))
    if badge.hidden:
        sentences.append(words.say("explain.badge.hidden"))
    return words.sentences(sentences)


def _visits(words: Words) -> Iterator[str]:
    policy, shop = words.programme.visits, words.programme.shop
    yield words.say("explain.visits.per_day", count=policy.per_day_max)
    if policy.gap_minutes_min and policy.per_day_max > 1:
        yield words.say("explain.visits.gap", gap=words.minutes(policy.gap_minutes_min))
    doors = ["staff"]
    doors += ["counter_qr"] if policy.counter_qr else []
    doors += ["beacon"] if policy.beacon else []
    listed = words.listed(words.say(f"explain.door.{door}") for door in doors)
    yield words.say("explain.visits.doors", doors=listed)
    if words.programme.card.barcode:
        yield words.say("explain.visits.barcode")
    if policy.counter_qr:
        yield words.say("explain.visits.code", count=policy.counter_code_minutes)
    if shop.day_starts_at.hour or shop.day_starts_at.minute:
        yield words.say("explain.visits.day_starts", time=shop.day_starts_at)


def _purchase(words: Words) -> Iterator[str]:
    policy = words.programme.purchase
    if policy is None:
        return
    yield words.say(f"explain.purchase.{policy.amount}")
    yield words.say(f"explain.purchase.{policy.points_used}")
    if policy.excluded:
        goods = words.listed(words.name(excluded.name) for excluded in policy.excluded)
        yield words.say("explain.purchase.excluded", goods=goods)
    if policy.late_receipt_days:
        yield words.say("explain.purchase.late", count=policy.late_receipt_days)
    else:
        yield words.say("explain.purchase.not_late")


def _referral(words: Words) -> Iterator[str]:
    if any(rule.on in ("referral", "referred") for rule in words.programme.earning):
        yield words.say(f"explain.referral.{words.programme.referral.counts_at}")


def _profile(words: Words) -> Iterator[str]:
    policy = words.programme.profile
    if policy.birthday_changes_max:
        yield words.say("explain.profile.changes", count=policy.birthday_changes_max)
    else:
        yield words.say("explain.profile.no_changes")
    if policy.guardian_age:
        yield words.say("explain.profile.guardian", count=policy.guardian_age)
    for step in policy.steps:
        asked = words.say(f"profile.step.{step.id}"), words.name(step.purpose)
        yield words.say("explain.profile.step", step=asked[0], purpose=asked[1])


def _cases(words: Words) -> Iterator[str]:
    policy = words.programme.cases
    yield words.say(
        "explain.cases.within",
        hours=policy.answer_within_hours,
        urgent=policy.urgent_within_hours,
    )
    if policy.answers:
        names = (words.name(answer.name) for answer in policy.answers)
        yield words.say("explain.cases.prepared", names=words.say("explain.cases.join").join(names))


def _sending(words: Words, *, hidden: bool) -> Iterator[str]:
    policy = words.programme.sending
    yield words.say(
        "explain.sending.hours",
        start=policy.quiet_until,
        end=policy.quiet_from,
        day=policy.per_day_max,
        week=policy.per_week_max,
        month=policy.per_month_max,
    )
    if policy.quiet_weekdays:
        weekdays = words.weekdays(policy.quiet_weekdays)
        yield words.say("explain.sending.weekdays", weekdays=weekdays)
    yield words.say("explain.sending.topics")
    if hidden and policy.visit_margin_yen is not None:
        margin, message = f"{policy.visit_margin_yen:,}", f"{policy.message_yen:g}"
        yield words.say("explain.sending.worth", margin=margin, message=message)
