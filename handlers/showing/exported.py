"""All that is held of a member, to take along: as data for other programs, and as one table.
Whatever owns rows of a member is in it, or says in `LEFT_OUT` why it isn't."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.phones import spoken
from bot.store import UnitOfWork
from bot.store.events import events, places, seats
from bot.store.heard import cases, contacts, reviews, surveys
from bot.store.heard.shares import shared_by
from bot.store.history import history, ledger
from bot.store.leaving import rows_out
from bot.store.members import consents, line_plans, members, mergers, profiles
from bot.store.messages import broadcast_taps, newsletters, outbox_by_member
from bot.store.staff import reasons
from rules.activity import Purchase
from rules.explaining.event_words import when_line
from rules.heard.stars import stars_line
from rules.judging.replay import RecordedActivity
from rules.programme.rewards import in_hand
from rules.programme.streaks import state_of
from rules.sending.policy import TOPICS
from rules.wording.activities import activity_name
from rules.wording.card import gone_on
from rules.wording.highlights import rule_name

from . import held
from .circle_views import seat_data
from .goods import bought_data
from .letters import letters_of
from .survey_answers import answer_line
from .tables import written
from .viewer import Viewer
from .web_codes import all_codes_taken

#: The tables with a member's rows of which something is in the file …
IN_THE_FILE = frozenset({
    "members", "activities", "entries", "lots", "rank_changes", "consents", "profiles", "outbox",
    "inbox", "reasons", "reviews", "newsletter_reads", "cases", "contacts", "refused_ways",
    "broadcast_taps", "shares", "survey_rounds", "survey_answers", "event_places", "reward_codes",
    "circle_seats", "trial_parts", "member_sources", "line_plans", "bought_lines",
})  # fmt: skip
#: … and those that say nothing of them that isn't there.
LEFT_OUT: Mapping[str, str] = {
    "codes": "what leads to the member: the card's number is there",
    "line_accounts": "whose chat it is: the name is there",
    "lot_uses": "which points were used first: what is left of each is there",
    "orders": "became purchases, which are there",
    "reservations": "rewards set aside for minutes: what came of them is in the history",
    "returned_lines": "which goods were brought back: how many of each is there",
    "receipts": "keeps a receipt from counting twice; the purchase is there",
    "search_terms": "names and numbers once more, as they are searched for",
    "slips": "became purchases and visits, which are there",
    "link_codes": "codes that have run out",
    "phone_proofs": "telephones that codes were asked for; the one that was proven is there",
    **dict.fromkeys(("figure_lives", "figure_marks", "figure_people"), "sums of the history"),
    "flags": "what the counter found unusual",
    "bulk_members": "for what many were chosen: what came of it is there",
    "import_rows": "rows of files, until they are done: what they brought is there",
    "audit_log": "what staff did, for the shop's own safety",
    "hook_events": "what other systems were told of what is there, by numbers, for some weeks",
    "hook_counts": "how many of those there were",
    "webhook_events": "what LINE sent, until it is dealt with",
}
#: The columns of the table.
COLUMNS = ("part", "on", "what", "more", "yen", "points")
#: What of it the table tells.
PARTS = (
    "person", "membership", "consents", "history", "points", "badges", "ranks", "rewards",
    "codes", "events", "circle", "letters", "reviews", "surveys", "contacts", "messages",
)  # fmt: skip
#: What they told about themselves, as it is kept.
_TOLD = ("age_band", "gender", "area", "postcode", "address", "proven_phone")
#: Letters that one can hold more than anybody has written.
_ALL = 100_000
_iso = date.isoformat


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table."""

    #: A day, as ISO 8601; empty where it is of none.
    on: str
    what: str
    more: str = ""
    yen: int | None = None
    points: int | None = None


@dataclass(slots=True)
class Export:
    """What is held, twice: by its fields, and in words by part of the table."""

    viewer: Viewer
    data: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, list[TableRow]] = field(default_factory=dict)

    def day(self, at: datetime) -> str:
        return self.viewer.programme.shop.local(at).date().isoformat()

    def put(self, name: str, data: Any, rows: Sequence[TableRow] = ()) -> None:
        self.data[name] = data
        if rows:
            self.parts[name] = list(rows)


def export(uow: UnitOfWork, viewer: Viewer, *, account: str, shares: bool) -> Export:
    """All that is held of the member. `account`: the LINE account of whoever asks, whose letters
    these are; `shares`: the card is somebody else's, of whom nothing is told."""
    whole = Export(viewer)
    whole.put("shop", viewer.shop)
    whole.put("exported_at", viewer.club.now().isoformat())
    _person(whole, uow, shares=shares)
    _membership(whole, uow)
    if not shares:
        _consents(whole, uow)
        _circle(whole, uow)
    _history(whole, uow)
    _points(whole, uow)
    _achievements(whole, uow)
    _codes(whole, uow)
    _events(whole, uow)
    _messages(whole, uow, account=account, shares=shares)
    return whole


def _person(whole: Export, uow: UnitOfWork, *, shares: bool) -> None:
    viewer = whole.viewer
    born = viewer.facts.birthday
    person: dict[str, Any] = {
        "line_name": viewer.display_name,
        "birthday": {"year": born.year, "month": born.month, "day": born.day} if born else None,
        "language": viewer.lang,
    }
    if not shares:
        known = profiles.get(uow, viewer.member.id)
        phone = spoken(known.phone, viewer.programme.shop.country)
        person |= {"name": known.name, "kana": known.kana, "phone": phone}
        person |= {name: getattr(known, name) for name in _TOLD}
        person |= {"interests": known.interests.split(), "staff_note": known.note}
        person |= {"staff_reasons": reasons.all_of(uow, viewer.member.id)}
    told = [TableRow("", each.name, each.value) for each in held.who(viewer, uow, shares=shares)]
    whole.put("person", person, told)


def _membership(whole: Export, uow: UnitOfWork) -> None:
    viewer, facts = whole.viewer, whole.viewer.facts
    absorbed = [members.get(uow, each) for each in mergers.absorbed(uow, viewer.member.id)]
    membership = {
        "card_number": viewer.member.number,
        "merged_cards": [each.number for each in absorbed if each],
        "state": facts.membership,
        "joined_on": facts.joined_on.isoformat(),
        "joined_by": held.came_by(viewer, uow) or facts.source,
        "topics_off": list(viewer.member.topics_left),
        "visits": facts.visits,
        "yen_spent": facts.spend,
        "points": facts.balance,
        "rank": facts.rank.id,
        "fan_steps": held.fan_data(viewer),
        "pauses": [{"from": _iso(p.since), "until": _iso(p.until)} for p in facts.pauses],
    }
    whole.put("membership", membership, [
        TableRow("", each.name, " ".join(filter(None, (each.value, each.note))))
        for each in held.membership(viewer, uow)
    ])  # fmt: skip


def _consents(whole: Export, uow: UnitOfWork) -> None:
    words, given = whole.viewer.words, consents.of(uow, whole.viewer.member.id)
    data = [
        {"kind": c.kind, "at": c.at.isoformat(), "channel": c.channel, "wording": c.wording}
        for c in given
    ]
    rows = [
        TableRow(whole.day(c.at), words.say(f"chat.my_data.consent.{c.kind}"), c.wording)
        for c in given
    ]
    whole.put("consents", data, rows)


def _history(whole: Export, uow: UnitOfWork) -> None:
    viewer = whole.viewer
    past = history.of(uow, viewer.member.id)
    points = ledger.points_by_activity(uow, viewer.member.id, [each.seq for each in past])
    told = [_happened(viewer, each, points.get(each.seq, 0)) for each in past]
    data = [
        {
            "no": each.seq, "day": row.on, "at": each.activity.at.isoformat(), "what": row.what,
            "store": row.more, "yen": row.yen, "points": row.points,
        }
        for each, row in zip(past, told, strict=True)
    ]  # fmt: skip
    whole.put("history", data, told)
    whole.put("ledger", rows_out.ledger_of(uow, whole.viewer.member.id))
    whole.put("bought", bought_data(uow, viewer.member.id))


def _happened(viewer: Viewer, recorded: RecordedActivity, points: int) -> TableRow:
    activity = recorded.activity
    store = viewer.programme.store(activity.store)
    yen = activity.what.total_yen if isinstance(activity.what, Purchase) else None
    where = viewer.words.name(store.name) if store else activity.store or ""
    what = activity_name(viewer.words, activity)
    return TableRow(activity.day.isoformat(), what, where, yen, points or None)


def _points(whole: Export, uow: UnitOfWork) -> None:
    viewer, policy = whole.viewer, whole.viewer.programme.points
    rows, data = [], []
    for lot, rule in ledger.open_lots_by_rule(uow, viewer.member.id):
        gone = gone_on(policy, viewer.facts, lot, day=viewer.day)
        name, given = rule_name(viewer.words, rule), lot.given_on.isoformat()
        # The first day without them: the last with them is the one before.
        until = "" if gone is None else date.fromordinal(gone.toordinal() - 1).isoformat()
        data.append({
            "given_on": given, "for": name, "points": lot.points, "left": lot.left,
            "last_day": until or None,
        })  # fmt: skip
        rows.append(TableRow(given, name, until, points=lot.left))
    whole.put("points", data, rows)


def _achievements(whole: Export, uow: UnitOfWork) -> None:
    viewer, facts, words = whole.viewer, whole.viewer.facts, whole.viewer.words
    named = {badge.id: words.name(badge.name) for badge in viewer.programme.badges}
    badges = [(on.isoformat(), named.get(badge, badge)) for badge, on in facts.badges.items()]
    whole.put(
        "badges",
        [{"name": name, "earned_on": on} for on, name in badges],
        [TableRow(on, name) for on, name in badges],
    )
    steps = history.rank_history(uow, viewer.member.id)
    none = words.say("card.no_rank")
    ranks = [(_iso(step.on), words.ranks([step.after or ""]) or none) for step in steps]
    whole.put(
        "ranks",
        [{"on": on, "rank": name} for on, name in ranks],
        [TableRow(on, name) for on, name in ranks],
    )
    found = [(each, viewer.programme.reward(each.reward)) for each in in_hand(facts, viewer.day)]
    rewards = [(v, words.name(reward.name) if reward else v.reward) for v, reward in found]
    whole.put(
        "rewards",
        [
            {"name": name, "given_on": _iso(v.given_on), "last_day": _iso(v.until)}
            for v, name in rewards
        ],
        [TableRow(_iso(v.given_on), name, _iso(v.until)) for v, name in rewards],
    )
    running = [(each, state_of(each, facts, viewer.day)) for each in viewer.programme.streaks]
    whole.put("streaks", [
        {"name": words.name(s.name), "weeks": now.weeks, "best": now.best, "freezes": now.freezes}
        for s, now in running
    ])  # fmt: skip
    marks = [(viewer.programme.subscription(of), m) for of, m in facts.subscriptions.items()]
    whole.put("subscriptions", [
        {"name": words.name(plan.name) if plan else "", "from": _iso(mark.since),
         "last_day": mark.until and _iso(mark.until), "by": mark.by}
        for plan, mark in marks
    ])  # fmt: skip


def _codes(whole: Export, uow: UnitOfWork) -> None:
    """What a web shop takes their rewards by."""
    viewer = whole.viewer
    taken = all_codes_taken(viewer.club, uow, viewer.member.id, viewer.words)[::-1]
    whole.put(
        "codes",
        [{"given_on": _iso(each.on), "reward": each.name, "code": each.code} for each in taken],
        [TableRow(_iso(each.on), each.name, each.code) for each in taken],
    )


def _events(whole: Export, uow: UnitOfWork) -> None:
    """What they signed up for, and what became of it."""
    words, lang = whole.viewer.words, whole.viewer.lang
    mine = places.of_member(uow, [whole.viewer.member.id])[::-1]
    stored = events.many(uow, {each.event_id for each in mine})
    data: list[dict[str, Any]] = []
    rows = []
    for each in mine:
        sitting = stored[each.event_id].sitting(each.n)
        title = stored[each.event_id].event.title.in_(lang)
        state = "came" if each.came_at else each.state
        data.append({
            "event": title, "starts_at": sitting and sitting.starts_at.isoformat(),
            "signed_up_at": each.at.isoformat(), "by": each.via, "state": state,
            "told_at": each.told_at and each.told_at.isoformat(),
            "came_at": each.came_at and each.came_at.isoformat(),
        })  # fmt: skip
        when = when_line(words, sitting) if sitting else ""
        said = words.say(f"event.state.{state}")
        rows.append(TableRow(whole.day(each.at), title, " ".join(filter(None, (when, said)))))
    whole.put("events", data, rows)


def _circle(whole: Export, uow: UnitOfWork) -> None:
    """How they stand to the inner circle."""
    if seat := seats.get(uow, whole.viewer.member.id):
        said = whole.viewer.words.say(f"seat.state.{seat.state}")
        row = TableRow(whole.day(seat.at), said)
        whole.put("circle", seat_data(uow, whole.viewer, seat), [row])


def _messages(whole: Export, uow: UnitOfWork, *, account: str, shares: bool) -> None:
    mine = [] if shares else mergers.with_absorbed(uow, whole.viewer.member.id)
    written = letters_of(uow, account, mine)
    said = [TableRow(whole.day(each.at), each.text) for each in written]
    whole.put("letters", [each.data for each in written], said)
    whole.put("line_plans", line_plans.data_of(uow, account))
    if shares:
        return
    _reviews(whole, uow)
    _surveys(whole, uow)
    opened = newsletters.read_by(uow, whole.viewer.member.id)
    whole.put("newsletters", [{"issue": i, "read_at": at.isoformat()} for i, at in opened])
    tapped = broadcast_taps.of(uow, mergers.with_absorbed(uow, whole.viewer.member.id))
    whole.put("taps", [{"broadcast": each, "at": at.isoformat()} for each, at in tapped])
    _contacts(whole, uow)
    sent = outbox_by_member.all_sent(uow, whole.viewer.member.id)
    words = whole.viewer.words
    whole.put(
        "messages",
        [{"at": s.at.isoformat(), "about": s.journey, "by": s.channel} for s in sent],
        [
            TableRow(whole.day(s.at), words.say(f"chat.topics.name.{s.topic}"), s.channel.upper())
            for s in sent
            if s.topic in TOPICS
        ],
    )


def _reviews(whole: Export, uow: UnitOfWork) -> None:
    """What they said to others, for this card and those that were merged into it."""
    cards = mergers.with_absorbed(uow, whole.viewer.member.id)
    told = reviews.of_cards(uow, cards, limit=_ALL)[::-1]
    said = ("stars", "words", "shown_as")
    data = [{"at": r.at.isoformat()} | {name: getattr(r, name) for name in said} for r in told]
    rows = [TableRow(whole.day(r.at), stars_line(r.stars), r.words) for r in told]
    whole.put("reviews", data, rows)
    shared = [
        {"at": s.at.isoformat(), "opened_at": s.opened_at and s.opened_at.isoformat()}
        for s in shared_by(uow, cards)
    ]
    whole.put("shares", shared)


def _surveys(whole: Export, uow: UnitOfWork) -> None:
    """What they answered to surveys, by day."""
    cards = mergers.with_absorbed(uow, whole.viewer.member.id)
    told = surveys.of_cards(uow, cards, limit=_ALL)[::-1]
    data = [
        {
            "at": given.answer.at.isoformat(), "survey": given.survey,
            "question": given.answer.question, "number": given.answer.number,
            "choice": given.answer.choice, "words": given.answer.words,
        }
        for given in told
    ]  # fmt: skip
    lines = [answer_line(whole.viewer.words, given) for given in told]
    whole.put("surveys", data, [
        TableRow(whole.day(given.answer.at), line.question, line.said)
        for given, line in zip(told, lines, strict=True)
    ])  # fmt: skip


def _contacts(whole: Export, uow: UnitOfWork) -> None:
    """What was done for them, how they don't want to be turned to, and their cases."""
    ids, say = mergers.with_absorbed(uow, whole.viewer.member.id), whole.viewer.words.say
    done = held.contacts_of(whole.viewer, uow, limit=_ALL)[::-1]
    whole.put(
        "contacts",
        [{"at": c.at.isoformat(), "kind": c.kind, "text": c.text} for c in done],
        [TableRow(whole.day(c.at), say(f"staff.contacts.{c.kind}"), c.text) for c in done],
    )
    whole.put("not_by", sorted(contacts.ways_refused(uow, ids)))
    whole.put("cases", [
        {
            "opened_at": case.opened_at.isoformat(), "about": case.reason, "state": case.state,
            "helped": case.helped,
        }
        for case in cases.of_members(uow, ids)[::-1]
    ])  # fmt: skip


def table(whole: Export) -> str:
    """One table of it all (RFC 4180)."""
    words = whole.viewer.words
    rows = (
        (words.say(f"member_page.part.{name}"), row.on, row.what, row.more, row.yen, row.points)
        for name in PARTS
        for row in whole.parts.get(name, ())
    )
    return "".join(written([words.say(f"member_page.table.{name}") for name in COLUMNS], rows))
