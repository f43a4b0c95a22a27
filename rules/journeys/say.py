"""The message for a member at the moment it goes out, in finished sentences; None when it is no
longer true: nobody reads "one more visit" after that visit."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..activity import Offered, Trigger
from ..base import Lang
from ..outlook.next_step import next_step
from ..programme import journeys
from ..programme.journey_parts import Offer, PictureKind
from ..programme.journeys import Journey
from ..programme.points import expiry_of
from ..programme.ranks import Ladder
from ..programme.rewards import on_offer
from ..wording.card import expiring, step_text
from ..wording.names import greeting
from ..wording.texts import month_word, say
from ..wording.words import Words
from .case import DAY, Case
from .due import Due, due
from .words import OF_OFFER, WHATS, What, filled, names_in, offer_of, our_text, own_text

#: What a tap asks the chat for, kind by kind; its label is the chat's own.
INTENTS: dict[str, tuple[str, ...]] = {
    "birthday": ("card", "rewards"),
    "lapsed": ("card", "rewards"),
    "rhythm": ("card", "rewards"),
    "one_short": ("card", "rank"),
    "rank_at_risk": ("rank",),
    "rank_lost": ("rank",),
    "badge_missed": ("badges",),
    "points_expiring": ("points", "rewards"),
    "anniversary": ("card", "rewards"),
    "spend": ("card", "rewards"),
    "fan_steps": ("rank", "card"),
    "first_visit": ("card", "earn"),
    "after_visit": ("feedback",),
    "reward_ready": ("rewards", "card"),
    "reward_expiring": ("rewards", "card"),
    "ask_why": ("survey",),
}
#: Where the next step is what the message leads to.
_WITH_NEXT_STEP = ("first_visit", "fan_steps")


@dataclass(frozen=True, slots=True)
class Written:
    """What was queued: the period, and the arm the member reads."""

    period: str
    arm: str


@dataclass(frozen=True, slots=True)
class Button:
    """`intent` is what the chat does at a tap (`do=<intent>`)."""

    intent: str
    label: str


@dataclass(frozen=True, slots=True)
class JourneyView:
    """`offer`, `given` and `next_step` are lines of their own, empty where there is none. `picture`
    is of `target` (a badge's or rank's id) where it is of something. `promise` is to be recorded
    when the message goes out. `sms` is all of it in one plain text, without the sender's name and
    the way out."""

    title: str
    body: str
    offer: str
    given: str
    next_step: str
    buttons: tuple[Button, ...]
    picture: PictureKind
    target: str | None
    promise: Offered | None

    @property
    def sms(self) -> str:
        return "\n".join(line for line in (self.title, self.body, self.offer, self.given) if line)


def view(journey: Journey, case: Case, written: Written, *, name: str) -> JourneyView | None:
    """The message as it is true for the member in `case` now; `name` is their LINE display name.

    None when `journey` is not due to them for that period any more, or when its words name a gift
    that is no more to be had; where they don't, it goes without.
    """
    now = _still(journey, case, written)
    if now is None:
        return None
    offer = offer_of(journey, written.arm, now.step)
    if offer and not _can_give(case, offer):
        if _names_the_gift(journey, case, written, now):
            return None
        offer = None
    promise = _promise(journey, offer, case.day) if offer else None
    values = _values(case, now, promise, name=name)
    lang = case.known.language
    return JourneyView(
        title=_text(journey, "title", case, written, now, values),
        body=_text(journey, "body", case, written, now, values),
        offer=say(lang, "journey.offer", **values) if promise else "",
        given=_given(journey, case, now),
        next_step="" if promise else _next_step(journey, case),
        buttons=_buttons(journey, now, lang),
        picture=journey.picture,
        target=now.target,
        promise=promise,
    )


def _next_step(journey: Journey, case: Case) -> str:
    if journey.kind not in _WITH_NEXT_STEP:
        return ""
    step = next_step(case.programme, case.facts, case.day)
    return step_text(case.programme, step, case.known.language)


def _still(journey: Journey, case: Case, written: Written) -> Due | None:
    """The reason to write, if it still holds and is the one that was queued."""
    if isinstance(journey, journeys.PointsExpiring):
        return _still_expiring(case, written)
    # That it was queued must not keep it from going out.
    known = replace(case.known, sent_on=None)
    found = due(case.programme, journey, case.facts, day=case.day, known=known)
    return found if isinstance(found, Due) and found.period == written.period else None


def _still_expiring(case: Case, written: Written) -> Due | None:
    """The points that the warning was about, if any are left: those that go on the period's day."""
    meant = date.fromisoformat(written.period.partition(":")[0])
    policy, facts = case.programme.points, case.facts
    # Told today: from here on they stay as long as was promised, if the warning had to wait.
    lots = tuple(
        replace(lot, warned_on=case.day)
        for lot in case.known.lots
        if expiry_of(policy, lot, facts) == meant
    )
    soonest = next(iter(expiring(policy, facts, lots, day=case.day)), None)
    if soonest is None:
        return None
    values = {"count": soonest.points, "until": soonest.on}
    return Due(written.period, case.shop.opens(soonest.on), 0, None, values)


def _can_give(case: Case, offer: Offer) -> bool:
    """Whether what is offered will be there, as far as is known: no promise is made of a reward
    that is out of stock, or not on offer."""
    if offer.reward is None:
        return True
    reward = case.programme.reward(offer.reward)
    return reward is not None and reward.id not in case.known.gone and on_offer(reward, case.day)


def _names_the_gift(journey: Journey, case: Case, written: Written, now: Due) -> bool:
    """Whether the shop's own words for this member speak of the gift."""
    rank, lang = case.facts.rank.id, case.known.language
    texts = (own_text(journey, w, arm=written.arm, step=now.step, rank=rank) for w in WHATS)
    names = {name for text in texts if text for name in names_in(text.in_(lang))}
    return not names.isdisjoint(OF_OFFER)


def _promise(journey: Journey, offer: Offer, day: date) -> Offered:
    until = day + timedelta(days=offer.valid_days - 1)
    return Offered(journey.id, offer.reward, offer.points or 0, until)


def _values(case: Case, now: Due, promise: Offered | None, *, name: str) -> dict[str, Any]:
    """Everything that a text may name."""
    programme, lang = case.programme, case.known.language
    ladder = programme.ranks
    rank = ladder.get(case.facts.rank.id) if ladder else None
    values: dict[str, Any] = {
        "name": greeting(name, lang) or say(lang, "journey.someone"),
        "shop": programme.shop.name.in_(lang),
        "visit": programme.shop.visit_word,
        "points": programme.points.name.in_(lang),
        "rank": rank.name.in_(lang) if rank else say(lang, "card.no_rank"),
        "target": _target(case, now),
        **now.values,
    }
    if "month" in values:
        values["month"] = month_word(lang, values["month"])
    if "years" in values:
        values["count"] = values["years"]
    if promise:
        gift = gift_words(case, points=promise.points, reward=promise.reward)
        values |= {"gift": gift, "gift_until": promise.until}
    return values


def gift_words(case: Case, *, points: int, reward: str | None) -> str:
    """What is given, in words: 「100ポイント」, 「「本日の焼き菓子」」, or both."""
    lang, words = case.known.language, Words(case.programme, case.known.language)
    said = []
    if points:
        said.append(say(lang, "journey.gift_points", amount=words.amount(points)))
    if reward:
        said.append(say(lang, "journey.gift_reward", reward=_name_of(case, reward)))
    return words.listed(said)


def _target(case: Case, now: Due) -> str:
    """What the message is about, by its name."""
    if "promised" in now.values:
        return gift_words(case, points=now.values["promised"], reward=now.target)
    return _name_of(case, now.target)


def _name_of(case: Case, target: str | None) -> str:
    """The name of the rank, badge or reward with that id; empty for none."""
    programme, wanted = case.programme, target or ""
    rank = programme.ranks.get(wanted) if programme.ranks else None
    found = programme.badge(wanted) or programme.reward(wanted) or rank
    return found.name.in_(case.known.language) if found else ""


def _text(
    journey: Journey, what: What, case: Case, written: Written, now: Due, values: dict[str, Any]
) -> str:
    lang, rank = case.known.language, case.facts.rank.id
    own = own_text(journey, what, arm=written.arm, step=now.step, rank=rank)
    if own is not None:
        return _begun(filled(own, lang, values), lang)
    return _begun(_ours(journey, what, case, written, now, values), lang)


def _begun(text: str, lang: Lang) -> str:
    """English begins with a capital, also where a placeholder stands first."""
    return text[:1].upper() + text[1:] if lang == "en" else text


def _ours(
    journey: Journey, what: What, case: Case, written: Written, now: Due, values: dict[str, Any]
) -> str:
    lang = case.known.language
    match journey:
        case journeys.PointsExpiring():
            # On the day itself they are gone: what people ask is the last day that they count.
            values = {**values, "last": values["until"] - DAY}
            return say(lang, f"push.points_expiring.{what}", **values)
        case journeys.RankAtRisk() if case.programme.ranks:
            return say(lang, _rank_at_risk(case.programme.ranks, what, now), **values)
        case journeys.FanSteps() if what == "body" and case.programme.fan_steps:
            return case.programme.fan_steps.message.in_(lang)
    forms = tuple(_forms(journey, case, now))
    return our_text(journey, what, lang, forms, arm=written.arm, **values)


def _rank_at_risk(ladder: Ladder, what: What, now: Due) -> str:
    """The key of our text. Nobody is told to come more often than the days left allow."""
    if now.values["too_many"]:
        return f"push.rank_goes.{what}"
    return f"push.rank_at_risk.{what if what == 'title' else ladder.measure}"


def _forms(journey: Journey, case: Case, now: Due) -> list[str]:
    """Which of our texts fits best, the best first; the plain one comes last of all."""
    match journey:
        case journeys.Birthday():
            when = journey.when or case.programme.profile.birthday_is
            soon = case.day < now.values["starts"]
            return [f"{when}_soon"] if soon else [when]
        case journeys.Lapsed() if now.step:
            last = now.step == len(journey.steps) - 1
            return ["last" if last else "again"]
        case journeys.OneShort():
            return [str(now.values["to"])]
        case journeys.RewardExpiring() if "promised" in now.values:
            return ["promised"]
    return ["ranked"] if case.facts.rank.id else []


def _given(journey: Journey, case: Case, now: Due) -> str:
    """What the day brought by an earning rule, in a line; empty when nothing."""
    match journey:
        case journeys.Birthday() if case.facts.counts.get(f"birthday:{now.period}"):
            points = _points_by(case, "birthday", since=now.values["starts"])
        case journeys.Anniversary():
            points = _points_by(case, "anniversary", since=case.day - 14 * DAY)
        case _:
            return ""
    if not points:
        return ""
    lang = case.known.language
    amount = Words(case.programme, lang).amount(points)
    return say(lang, "journey.given", amount=amount)


def _points_by(case: Case, trigger: Trigger, *, since: date) -> int:
    """The points that the rules on `trigger` gave on the last day they did, if not before
    `since`."""
    tallies = [case.facts.tallies.get(rule.id) for rule in case.programme.earning_on(trigger)]
    return sum(tally.points_day for tally in tallies if tally and tally.on >= since)


def _buttons(journey: Journey, now: Due, lang: Lang) -> tuple[Button, ...]:
    intents = INTENTS[journey.kind]
    if journey.kind == "one_short" and now.values["to"] == "badge":
        intents = ("card", "badges")
    return tuple(Button(intent, say(lang, f"chat.button.{intent}")) for intent in intents)
