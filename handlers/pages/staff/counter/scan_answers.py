"""What came of a scan, as the counter's page is told it."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import url_for

from bot.store.history import ledger, stock
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.counter.extras import AddedExtra
from handlers.actions.counter.scan import ScanOutcome
from handlers.actions.counter.selected import SelectedReward
from handlers.actions.events.attending import signed_up_today
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.work import Work
from handlers.actions.telling.warnings import note_shown, wants
from rules.base import Lang
from rules.explaining.explain_perks import CounterPerk, counter_perks
from rules.explaining.explain_subscriptions import subscribed_lines
from rules.explaining.fan_words import counter_fan_line
from rules.facts import Facts
from rules.outlook.returning import long_absence
from rules.programme.points import NoExpiry, refuse_stamp_card
from rules.programme.purchases import PurchasePolicy
from rules.programme.subscriptions import perk_named
from rules.programme.timeline import Version
from rules.wording.additions import (
    AddedThing,
    addition_name,
    brought_line,
    eco_name,
    excluded_goods,
    limit_lines,
)
from rules.wording.card import ExpiringPoints, going_soon
from rules.wording.counter import (
    CounterIdentity,
    MemberView,
    ScanReport,
    SelectedLine,
    counter_line,
    member_view,
    selected_line,
)
from rules.wording.highlights import Highlights
from rules.wording.refusals import Circumstances
from rules.wording.texts import long_date
from rules.wording.words import Words

from ..frame.words import texts_of_scripts
from ..members.member_views import counter_identity
from .scan_requests import ExtrasBody

JsonAnswer = dict[str, Any]
#: Why an amount was not taken that may be right: it is where it is meant, or somebody else may.
_AWAITS_A_YES = ("amount_unsure", "amount_managers", "amounts_day", "amounts_person")


def answer(work: Work, scanned: ScanOutcome, asked: ExtrasBody, lang: Lang) -> JsonAnswer:
    """The answer to a scan, or to what was `asked` to be added after it: what came of it, and who
    it is now."""
    asked = asked.less(scanned.off_yen)
    report = _report(scanned, asked)
    said = counter_line(work.programme, report, lang, now=work.now)
    words = Words(work.programme, lang)
    why = next((a.outcome.refused for a in scanned.added if a.kind == "purchase"), None)
    on = work.timeline.at(scanned.at).programme.shop.business_date(scanned.at)
    day = AnswerDay(on, scanned.reached, at_once="late" not in scanned.marks)
    member = member_answer(work, scanned.member_id or 0, day, lang)
    return {
        "result": scanned.result,
        "line": said.line,
        "next": said.next,
        "tone": "warn" if any(each.outcome.refused for each in scanned.selected) else said.tone,
        "refusal": scanned.reason,
        "action": scanned.action,
        "undoable": scanned.action is not None,
        "undoes": _undoes(words, scanned, report),
        "brought": _brought(words, scanned, report),
        "limits": _limits(words, scanned),
        "member": member,
        "marks": list(scanned.marks),
        "at": scanned.at.isoformat(),
        "reward": scanned.reward,
        "selected": [asdict(_selected(words, each, work.now)) for each in scanned.selected],
        "added": [_extra_json(added) for added in scanned.added],
        "insist": "amount" if why == "amount_unsure" else None,
        "again": asked.asked_again(scanned.key) if why in _AWAITS_A_YES else None,
    }


def _report(scanned: ScanOutcome, asked: ExtrasBody) -> ScanReport:
    visit, earlier = scanned.visit, scanned.earlier
    problem = next((a.outcome.refused for a in scanned.added if a.outcome.refused), None)
    return ScanReport(
        scanned.result,
        scanned.at,
        reason=scanned.reason,
        again_at=visit.again_at if visit else scanned.again_at,
        earlier_at=earlier.at if earlier else None,
        earlier_store=earlier.store if earlier else None,
        marks=scanned.marks,
        problem=problem,
        reward=scanned.reward,
        perk=scanned.perk,
        yen=asked.amount or 0,
        added=tuple(_addition(added, asked) for added in scanned.added if added.outcome.done),
        gain=_gain(scanned),
    )


def _addition(added: AddedExtra, asked: ExtrasBody) -> AddedThing:
    if added.kind == "purchase":
        parts = asked.points_used, asked.excluded
        return AddedThing(added.kind, None, asked.amount or 0, *parts)
    people = asked.visitors if added.kind == "visitors" else None
    return AddedThing(added.kind, added.target, people or 0)


def _gain(scanned: ScanOutcome) -> int | None:
    """What the additions brought; how many came is for the figures alone."""
    earning = [each.outcome for each in scanned.added if each.kind != "visitors"]
    done = [outcome.points for outcome in earning if outcome.done]
    return sum(done) if done else None


def _brought(words: Words, scanned: ScanOutcome, report: ScanReport) -> str:
    """What was added with the scan; what was added later is its line."""
    is_line = scanned.result == "added"
    return "" if is_line else brought_line(words, report.added, report.gain)


def _limits(words: Words, scanned: ScanOutcome) -> tuple[str, ...]:
    capped = [rule for outcome in scanned.outcomes for rule in outcome.capped]
    given = {grant.rule for outcome in scanned.outcomes for grant in outcome.grants}
    return limit_lines(words, capped, given)


def _undoes(words: Words, scanned: ScanOutcome, report: ScanReport) -> str:
    """What one tap takes back."""
    names = [addition_name(words, added) for added in report.added]
    if scanned.visit is not None and scanned.visit.done:
        names.insert(0, words.say("activity.visit.history"))
    handed = [each.reward for each in scanned.selected if each.outcome.done]
    if scanned.result == "redeemed":
        handed.append(scanned.reward)
    rewards = [words.programme.reward(each or "") for each in handed]
    if scanned.result == "given":
        programme, key = words.programme, scanned.perk or ""
        perk = perk_named(programme.ranks, programme.subscriptions, key)
        names += [words.name(perk.name)] if perk else []
    return words.listed([*names, *(words.name(each.name) for each in rewards if each)])


def _selected(words: Words, came: SelectedReward, now: datetime) -> SelectedLine:
    at, store = (came.earlier.at, came.earlier.store) if came.earlier else (None, None)
    about = Circumstances(now, again_at=came.outcome.again_at, earlier_at=at, earlier_store=store)
    return selected_line(words, came.reward, came.outcome.refused, about)


@dataclass(frozen=True, slots=True)
class AnswerDay:
    """The business day that an answer is about, and what was reached on it just now."""

    on: date
    reached: Highlights
    #: The member stands there: what staff read, they can be told.
    at_once: bool = True


def member_answer(work: Work, member_id: int, day: AnswerDay, lang: Lang) -> JsonAnswer | None:
    """Who it is now, with what that day brought; None for nobody, or somebody erased."""
    member = members.get(work.uow, member_id)
    if member is None or member.erased_at is not None:
        return None
    facts, _ = work.settled_to(member, max(day.on, member.facts.settled))
    facts = work.with_segments(member.id, facts)
    person = counter_identity(work.uow, member)
    view = member_view(
        work.programme,
        facts,
        person,
        brought=day.reached,
        grants=ledger.granted_on(work.uow, member.id, day.on),
        withheld=stock.withheld(work.uow, work.programme, member, now=work.now),
        expiring=_to_be_told(work, member, person) if day.at_once else None,
        away=long_absence(work.timeline.models, work.programme.shop, facts, day.on),
        day=day.on,
        lang=lang,
    )
    words = Words(work.programme, lang)
    climbing = counter_fan_line(words, facts, day.on)
    said = (*_of_events(work, member, lang), *((climbing,) if climbing else ()))
    view = replace(view, today=(*subscribed_lines(words, facts, day.on), *said, *view.today))
    perks = counter_perks(words, facts, day.on)
    return _member_json(view) | {
        "perks": [_perk_json(each, lang) for each in perks],
        "stamps": _stamps_page(work, view.number, facts),
    }


def _stamps_page(work: Work, number: str, facts: Facts) -> str:
    """Where an old card of stamps is moved onto theirs; empty where none is."""
    no = refuse_stamp_card(work.programme.stamp_cards, facts, work.day)
    return "" if no else url_for("staff.member_stamps", number=number)


def _of_events(work: Work, member: Member, lang: Lang) -> tuple[str, ...]:
    """What they signed up for of today, whether they are checked in for it, and what it costs."""
    words, told = Words(work.programme, lang), []
    for place, stored, sitting in signed_up_today(work, member.id):
        told.append(
            words.say(
                f"scan.event.{'came' if place.came_at else place.state}",
                event=stored.event.title.in_(lang),
                time=work.programme.shop.local(sitting.starts_at).time(),
            )
        )
        if stored.event.price_yen and place.state == "taken":
            told.append(words.say("scan.event.price", yen=stored.event.price_yen))
    return tuple(told)


def _perk_json(perk: CounterPerk, lang: Lang) -> JsonAnswer:
    return {
        "key": perk.key,
        "name": perk.name,
        "how": perk.how,
        "due": perk.is_due,
        "last": long_date(lang, perk.last) if perk.last else "",
    }


def _to_be_told(work: Work, member: Member, person: CounterIdentity) -> ExpiringPoints | None:
    """The points that go soon, where staff must tell the member since no message does; that counts
    as a warning."""
    policy = work.programme.points
    wanted = wants(work.programme, member, "points_expiring")
    if wanted and person.on_line and not person.blocked:
        return None
    if not member.facts.balance or isinstance(policy.expiry, NoExpiry):
        return None
    lots = ledger.open_lots(work.uow, member.id)
    soon = going_soon(policy, member.facts, lots, day=work.day)
    if soon is not None:
        note_shown(work, member, lots, until=soon.on)
    return soon


def _member_json(view: MemberView) -> JsonAnswer:
    shown = asdict(view)
    shown["birthday"] = {"day": True, "month": "month"}.get(view.birthday or "", False)
    shown["onLine"] = shown.pop("on_line")
    shown["page"] = url_for("staff.member", number=view.number)
    return shown


def _extra_json(added: AddedExtra) -> JsonAnswer:
    outcome: Outcome = added.outcome
    return {
        "kind": added.kind,
        "target": added.target,
        "done": outcome.done,
        "refusal": outcome.refused,
        "points": outcome.points,
    }


def _purchase_json(policy: PurchasePolicy, words: Words) -> JsonAnswer:
    """`pointsUsed`: whether what is paid with points must be told; `excluded`: which goods never
    count, empty for none."""
    return {
        "amount": policy.amount,
        "pointsUsed": policy.points_used == "deducted",
        "excluded": excluded_goods(words),
    }


def programme_json(version: Version, lang: Lang) -> JsonAnswer:
    """What the counter's page needs of the programme, also while it has no network."""
    programme = version.programme
    shop, visits, counter = programme.shop, programme.visits, programme.counter
    ranks = programme.ranks.steps if programme.ranks else ()
    return {
        "version": version.number,
        "language": lang,
        "words": texts_of_scripts(lang),
        "shop": shop.name.in_(lang),
        "timezone": shop.timezone,
        "dayStartsAt": f"{shop.day_starts_at:%H:%M}",
        "visitWord": shop.visit_word,
        "pointsName": programme.points.name.in_(lang),
        "stores": [{"id": store.id, "name": store.name.in_(lang)} for store in programme.stores],
        "ranks": [
            {"id": rank.id, "name": rank.name.in_(lang), "colours": rank.colours} for rank in ranks
        ],
        "limits": {
            "perDayMax": visits.per_day_max,
            "gapMinutesMin": visits.gap_minutes_min,
            "offlineHoursMax": counter.offline_hours_max,
            "clockMinutesMax": counter.clock_minutes_max,
        },
        "purchase": _purchase_json(programme.purchase, Words(programme, lang))
        if programme.purchase
        else None,
        "eco": [
            {"id": action, "name": eco_name(Words(programme, lang), action)}
            for action in programme.eco_actions
        ],
        "confirm": [{"id": rule.on, "name": rule.name.in_(lang)} for rule in programme.confirmable],
    }
