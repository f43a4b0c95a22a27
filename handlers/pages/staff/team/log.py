"""The audit log in sentences, for those who manage: who did, saw or was refused what, where, on
which device."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.history import history
from bot.store.members import members
from bot.store.staff import audit_pages, devices, reasons, staff
from bot.store.staff.audit_pages import AuditEntry, AuditQuery
from bot.store.staff.reasons import ReasonKey
from rules.characters import whole_number
from rules.programme.campaigns import Campaign
from rules.programme.ranks import Perk
from rules.programme.subscriptions import Subscription, perk_named
from rules.wording.additions import recorded_names
from rules.wording.refusals import is_refusal
from rules.wording.texts import keys

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, manager_page, signed
from ..frame.blueprint import pages
from ..frame.sealed import card_number, sealed_card
from ..frame.words import refusal_here, words_now

LINES = 50
#: Where the texts that name an action stand; with its details it is told under "staff.log.said.".
_ACTION_NAMES = "staff.log.did."
_DAY = timedelta(days=1)
#: What may be asked for as it is; a card's number stands in no address.
_ASKED = ("staff", "action", "device", "store", "since", "until")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line as it is read. `card` is the number of the member it was about, if any; `why` the
    reason that was given, empty for none."""

    at: str
    who: str
    what: str
    why: str
    where: str
    card: str | None


@dataclass(frozen=True, slots=True)
class LogNames:
    """What ids in the log are called. `cards` are members' numbers; an erased one has none. The
    `reasons` are no part of the log: they go with the member."""

    people: Mapping[int, str]
    devices: Mapping[int, str]
    cards: Mapping[int, str]
    reasons: Mapping[ReasonKey, str]
    #: What was taken back, by the member's id and the outside key it was done under.
    undone: Mapping[tuple[int, str], str]


layout.link(110, "staff.log", "note")


@pages.get("/log")
@manager_page
def log() -> ResponseReturnValue:
    with current_club().store.read() as uow:
        wanted = _query(uow)
        lines = audit_pages.page(uow, wanted, before=_number("before"), limit=LINES + 1)
        names = _names(uow, lines)
        theirs = None if signed().everywhere else signed().desk.store
        people, known = staff.names(uow, store=theirs), devices.names(uow, store=theirs)
    shown = lines[:LINES]
    return layout.page(
        "log",
        lines=[_line(line, names) for line in shown],
        older=_older_path(shown[-1].id) if len(lines) > LINES else None,
        asked=request.args,
        card=_card(),
        people=sorted(people.items(), key=lambda item: item[1]),
        devices=sorted(known.items(), key=lambda item: item[1]),
        stores=layout.stores(),
        actions=_actions(),
    )


@pages.post("/log")
@manager_page
def log_search() -> ResponseReturnValue:
    """On to a page that can be gone back to, and whose address names no card."""
    asked = {name: request.form.get(name, "") for name in _ASKED}
    card = "".join(c for c in request.form.get("member", "") if c.isdigit())[:10]
    asked["card"] = sealed_card(card) if card else ""
    return redirect(_path(asked), 303)


def _card() -> str:
    """The number of the card that is looked for; empty for none."""
    return card_number(request.args.get("card", "")) or ""


def _query(uow: UnitOfWork) -> AuditQuery:
    """What the form asks for, within what may be seen: who works at one store sees that one's."""
    someone, shop = signed(), current_programme().shop
    store = request.args.get("store") or None
    since, until = _day("since"), _day("until")
    card = _card()
    member_id = members.by_code(uow, "number", card) if card else None
    return AuditQuery(
        staff_id=_number("staff"),
        device_id=_number("device"),
        store=store if someone.everywhere else someone.desk.store,
        action=request.args.get("action") or None,
        # A card that isn't known did nothing.
        member_id=(member_id or 0) if card else None,
        since=shop.opens(since) if since else None,
        until=shop.opens(until + _DAY) if until else None,
    )


def _names(uow: UnitOfWork, lines: list[AuditEntry]) -> LogNames:
    cards = {}
    for member_id in {line.member_id for line in lines if line.member_id}:
        member = members.get(uow, member_id)
        cards[member_id] = member.number if member else ""
    given = reasons.of(uow, [(line.member_id or 0, line.key or "") for line in lines])
    undone = history.under_keys(uow, [_undone_by(line) for line in lines if line.action == "undo"])
    names = {key: recorded_names(words_now(), what) for key, what in undone.items()}
    return LogNames(staff.names(uow), devices.names(uow), cards, given, names)


def _undone_by(line: AuditEntry) -> tuple[int, str]:
    return line.member_id or 0, str(line.details.get("of", ""))


def _line(line: AuditEntry, names: LogNames) -> LogLine:
    store = layout.store_name(line.store) if line.store else ""
    device = names.devices.get(line.device_id, "") if line.device_id else ""
    who = (
        names.people.get(line.staff_id, f"#{line.staff_id}")
        if line.staff_id
        else layout.words("staff.log.command")
    )
    return LogLine(
        at=_when(line.at),
        who=who,
        what=words_now().sentences([_sentence(line, names), *_more(line, names)]),
        why=names.reasons.get((line.member_id or 0, line.key or ""), ""),
        where=" · ".join(part for part in (store, device) if part),
        card=names.cards.get(line.member_id) if line.member_id else None,
    )


def _sentence(line: AuditEntry, names: LogNames) -> str:
    """What was done, in words: with its details, or its name alone; the log's own word for what has
    no name here, or told other details in another version."""
    known = keys(language())
    said, did = f"staff.log.said.{line.action}", f"staff.log.did.{line.action}"
    details = {name: _detail(name, value, names) for name, value in line.details.items()}
    # "points" is what the shop calls them.
    details["amount"] = details.pop("points", "")
    told = layout.words(did) if did in known else line.action
    if said in known:
        with suppress(KeyError):
            told = layout.words(said, **details)
    more = (f"staff.log.more.{name}" for name in line.details)
    return " · ".join([told, *(layout.words(key, **details) for key in more if key in known)])


def _more(line: AuditEntry, names: LogNames) -> list[str]:
    """Why a scan didn't count, or something wasn't added to it; and what an undo took back."""
    reason, not_added = line.details.get("reason"), line.details.get("not_added")
    undone = names.undone.get(_undone_by(line), "") if line.action == "undo" else ""
    count = line.details.get("not_added_yen", 0)
    told = [
        layout.words("staff.log.because", why=refusal_here(code, count=count).why)
        for code in (reason, not_added if not_added != reason else None)
        if code and is_refusal(code)
    ]
    return [*told, *([layout.words("staff.log.undone", what=undone)] if undone else [])]


def _detail(name: str, value: Any, names: LogNames) -> Any:
    """A detail as it is read: people by name, roles and stores by theirs."""
    match name:
        case "person":
            return names.people.get(value, f"#{value}")
        case "role":
            return layout.role(str(value))
        case "at_store":
            return layout.store_name(value)
        case "reward" | "rewards":
            ids = [value] if isinstance(value, str) else value
            return words_now().listed(_reward(each) for each in ids)
        case "campaign" | "perk" | "subscription":
            return _called(name, str(value))
        case "code":
            return refusal_here(value).why if is_refusal(value) else value
        case "changed":
            fields = [layout.words(f"staff.log.changed.{each}") for each in value or ("nothing",)]
            return layout.words("staff.log.changed.and").join(fields)
        case "points" | "shortfall" if isinstance(value, int):
            return words_now().amount(value)
        case "how":
            return layout.words(f"staff.log.how.{value}")
        case _:
            return value


def _called(what: str, key: str) -> str:
    """A part of the programme by its name; its key where the programme has it no more."""
    programme = current_programme()
    found: Campaign | Perk | Subscription | None = None
    if what == "perk":
        found = perk_named(programme.ranks, programme.subscriptions, key)
    elif what == "subscription":
        found = programme.subscription(key)
    else:
        found = next((each for each in programme.campaigns if each.id == key), None)
    return found.name.in_(language()) if found else key


def _reward(reward_id: Any) -> str:
    reward = current_programme().reward(str(reward_id))
    return reward.name.in_(language()) if reward else str(reward_id)


def _actions() -> list[tuple[str, str]]:
    """What can be looked for: the log's words, and what they are called."""
    words = [
        key.removeprefix(_ACTION_NAMES) for key in keys(language()) if key.startswith(_ACTION_NAMES)
    ]
    return [(word, layout.words(_ACTION_NAMES + word)) for word in words]


def _older_path(last: int) -> str:
    return _path({**request.args, "before": str(last)})


def _path(asked: Mapping[str, str]) -> str:
    return f"{url_for('staff.log')}?{urlencode({k: v for k, v in asked.items() if v})}"


def _when(at: datetime) -> str:
    local = current_programme().shop.local(at)
    return f"{local:%Y-%m-%d %H:%M}"


def _number(name: str) -> int | None:
    return whole_number(request.args.get(name, ""), 15)


def _day(name: str) -> date | None:
    """None for what is no day, or one of another century, which no clock can place."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
