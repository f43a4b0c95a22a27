"""Using a reward: for points, or by a voucher in hand; in the chat, or at the counter."""

from dataclasses import dataclass
from datetime import datetime

from bot.codes import LiveCode, RewardUse
from bot.store.history import claims, history, reward_codes, stock
from bot.store.history.history import StoredActivity
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.orders import reservations
from bot.store.orders.reservations import Reservation
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.actions.recording.work import Work
from rules.activity import Redemption
from rules.base import Refusal
from rules.programme.counter import Flag
from rules.programme.rewards import Reward, WebCodes, Withheld

from ..events.taking_part import note_fetched
from ..recording.idempotency import once
from ..recording.log import note
from ..recording.outcome import Outcome, outcome_of_refusal, to_json
from ..recording.record import Request, carry_out
from ..telling.messages import tell_used


@dataclass(frozen=True, slots=True)
class EarlierVisit:
    """What is in the way: the visit of another, or when the same was handed out before."""

    at: datetime
    store: str | None


@dataclass(frozen=True, slots=True)
class Handover:
    """A reward that was handed out."""

    member_id: int
    reward: str
    #: The voucher it was handed out for; None where it was for points.
    voucher: int | None
    #: 0 where it was for a voucher.
    points: int
    #: The points left.
    balance: int
    #: False when the page's code had done its work before.
    first: bool
    #: When it was handed out.
    at: datetime
    #: Where it was.
    store: str | None


def redeem(
    work: Work, member_id: int, use: RewardUse, *, at: datetime, store: str | None = None
) -> Outcome:
    """Takes the reward's cost from the member's points, the ones that expire first before others;
    or the voucher, where one of theirs is named.

    Refused with reward_gone, reward_rank, reward_used_up, reward_points, reward_stock,
    voucher_gone, reward_reserved (it, or what it costs, is set aside for a sale) or reward_held
    (the card was moved a few days ago, and may be taken back).
    """
    # The price is not part of what was asked: a repeat after a new price list is still a repeat.
    asked = f"redeem {member_id} {use.reward} {store} {work.made_by}"
    if use.voucher is not None:
        asked += f" voucher {use.voucher}"

    def act() -> Outcome:
        outcome = _redeem(work, member_id, use, at=at, store=store)
        if outcome.done and work.client is not None:
            member = members.lock(work.uow, member_id)
            _note_handed(work, member_id, use)
            tell_used(work, member, [use], [outcome.seq], store=store or "")
        return outcome

    return once(work, asked, act)


def redeem_reserved(work: Work, held: Reservation) -> Outcome:
    """Hands out what is set aside, for a caller who has claimed the key and locked the member: for
    what it cost, and as of when it was set aside; as of now on a card that took it over since."""
    use = RewardUse(held.what.reward, held.what.voucher)
    at = held.made_at if held.holder_id == held.member_id else work.now
    outcome = _hand_over_at(work, _Handing(held.holder_id, use, at, held.store, held))
    if outcome.done:
        member = members.lock(work.uow, held.holder_id)
        _note_handed(work, member.id, use, points=held.what.points)
        tell_used(work, member, [use], [outcome.seq], store=held.store)
    return outcome


def _redeem(
    work: Work, member_id: int, use: RewardUse, *, at: datetime, store: str | None
) -> Outcome:
    return _hand_over_at(work, _Handing(member_id, use, at, store))


@dataclass(frozen=True, slots=True)
class _Handing:
    """A reward that somebody is to have, as of a moment; `held` where it is set aside for it."""

    member_id: int
    use: RewardUse
    at: datetime
    store: str | None
    held: Reservation | None = None


def _hand_over_at(work: Work, asked: _Handing) -> Outcome:
    member_id, use, held = asked.member_id, asked.use, asked.held
    # Locked before the stock is, as everything does that touches both.
    member = members.lock(work.uow, member_id)
    offered = work.timeline.at(min(asked.at, work.now)).programme.reward(use.reward)
    what = Redemption(use.reward, held.what.points if held else _cost(offered, use), use.voucher)
    request = Request(member_id, what, asked.at, asked.store)
    if offered is None:
        return carry_out(work, request)
    if work.programme.limits.holds_back(offered.value_yen, member.held_until, work.now):
        return outcome_of_refusal(member_id, Refusal("reward_held", member.held_until))
    if held is None and (no := _set_aside(work, member, offered, use)):
        return outcome_of_refusal(member_id, no)
    if not stock.take(work.uow, offered, now=work.now, reserved=held.id if held else None):
        return outcome_of_refusal(member_id, Refusal("reward_stock"))
    outcome = carry_out(work, request)
    if not outcome.done:
        stock.give_back(work.uow, offered)
        return outcome
    if offered.codes is not None:
        _hand_code(work, offered, offered.codes, outcome)
    if use.voucher is not None:
        note_fetched(work, member_id, use.reward, at=asked.at)
    return outcome


def _set_aside(work: Work, member: Member, reward: Reward, use: RewardUse) -> Refusal | None:
    """Why it isn't handed out: it, or what it costs, is set aside for a sale."""
    aside = reservations.reserved_for(work.uow, member, now=work.now)
    if not aside:
        return None
    withheld = Withheld(reserved=aside)
    if use.voucher is not None:
        return withheld.refusal(reward.id, use.voucher)
    return withheld.reward_refusal(reward, work.settled(member))


def _hand_code(work: Work, reward: Reward, codes: WebCodes, outcome: Outcome) -> None:
    """Gives the member a code with the redemption that was just recorded, and tells the owner when
    few are left. RuntimeError where none is: whoever takes the stock holds it until then."""
    uow = work.uow
    if not reward_codes.give(uow, reward.id, outcome.member_id, outcome.seq, at=work.now):
        raise RuntimeError("there was a code a moment ago")
    its = reward_codes.counts(uow).get(reward.id, reward_codes.CodeCount())
    if its.left <= codes.low:
        # Once, until more are brought in.
        details: dict[str, int | str] = {"reward": reward.id, "count": its.left}
        flag = Flag("codes_low", f"codes_low:{reward.id}:{its.all}", details=details)
        flags.add(uow, [flag], Sighting(work.now, work.day, None, None, None))


def _cost(offered: Reward | None, use: RewardUse) -> int:
    return offered.cost or 0 if offered and use.voucher is None else 0


def use_key(nonce: str) -> str:
    """The outside key of what the page `nonce` asks for: it can be had once."""
    return f"use:{nonce}"


def redeem_at_counter(work: Work, live: LiveCode) -> Handover | Refusal:
    """Hands out what a scanned page of a reward asks for, once for each page: a second scan, or a
    copy of the page, gets what the first one did, with `first` False.

    A refusal is not kept: what was missing may be there at the next scan. Refused as `redeem` is,
    and with erased, card_closed (a card that was replaced) or use_cancelled (it was undone; the
    member opens the page anew). ValueError when `live` is no reward's page.
    """
    if live.use is None:
        raise ValueError("this code is a card's, not a reward's")
    member = _holder(work, live)
    if isinstance(member, Refusal):
        return member
    # The code is of this member alone, who is locked: nobody else can be at it now.
    done = history.under(work.uow, member.id, use_key(live.nonce))
    if done:
        return _again(member, done[0])
    return _hand_over(work.under(use_key(live.nonce)), member, live.use)


def redeem_shown(work: Work, live: LiveCode, *, store: str) -> Outcome:
    """The same for a system of the shop's that was shown the page. What it hands out stands under
    the page's own key (`use_key`), so that whoever scans it next hears of it.

    Refused as `redeem` is, and with use_expired, use_again, use_cancelled, erased or card_closed.
    ValueError when `live` is no reward's page, or no system is at work.
    """
    use, client = live.use, work.client
    if use is None or client is None:
        raise ValueError("no system was shown a reward's page")

    def act() -> Outcome:
        member = _holder(work, live) if live.is_good else Refusal("use_expired")
        if isinstance(member, Refusal):
            return outcome_of_refusal(0, member)
        if no := used_before(work, member.id, live):
            return outcome_of_refusal(member.id, no)
        page = work.under(use_key(live.nonce))
        outcome = _redeem(page, member.id, use, at=work.now, store=store)
        if outcome.done:
            kept = {page.key: to_json(outcome), _shown_key(page.key): client.key("")}
            for key, said in kept.items():
                claims.claim(work.uow, key, f"use {member.id} {use!r}", at=work.now)
                claims.settle(work.uow, key, said)
            _note_handed(page, member.id, use)
            tell_used(page, member, [use], [outcome.seq], store=store)
        return outcome

    return once(work, f"redeem page {live.nonce} {store}", act)


def used_before(work: Work, member_id: int, live: LiveCode) -> Refusal | None:
    """That the reward's page has done its work: use_again, or use_cancelled where it was undone."""
    done = history.under(work.uow, member_id, use_key(live.nonce))
    if not done:
        return None
    return Refusal("use_again" if done[0].undone_at is None else "use_cancelled")


def was_shown_to(work: Work, action: str) -> bool:
    """Whether it was the system at work to which that page was shown."""
    known = claims.outcome_of(work.uow, _shown_key(action))
    return work.client is not None and known == work.client.key("")


def _shown_key(action: str) -> str:
    """Under which it is kept to whom a page was shown: it is theirs to take back."""
    return f"shown:{action}"


def _holder(work: Work, live: LiveCode) -> Member | Refusal:
    """Whose page it is, locked."""
    member_id = members.by_code(work.uow, "number", live.number)
    if member_id is None:
        return Refusal("erased")
    member = members.lock(work.uow, member_id)
    is_closed = member.issue != live.issue or member.merged_into is not None
    return Refusal("card_closed") if is_closed else member


def _again(member: Member, done: StoredActivity) -> Handover | Refusal:
    if done.undone_at is not None:
        return Refusal("use_cancelled")
    activity = done.recorded.activity
    what = activity.what
    if not isinstance(what, Redemption):
        raise TypeError("a use's key recorded something else")
    return Handover(
        member.id, what.reward, what.voucher, what.points, member.facts.balance,
        first=False, at=activity.at, store=activity.store,
    )  # fmt: skip


def _hand_over(work: Work, member: Member, use: RewardUse) -> Handover | Refusal:
    outcome = hand_out(work, member, use)
    if outcome.refused:
        return Refusal(outcome.refused, outcome.again_at)
    claims.claim(work.uow, work.key, f"use {member.id} {use!r}", at=work.now)
    claims.settle(work.uow, work.key, to_json(outcome))
    return Handover(
        member.id, use.reward, use.voucher, _points(work, use), outcome.balance,
        first=True, at=work.now, store=work.staff.store,
    )  # fmt: skip


def hand_out(work: Work, member: Member, use: RewardUse, **how: bool) -> Outcome:
    """Hands the reward out at the desk's store, for a caller who has locked the member and answers
    for the key: recorded, logged (`how` it was done) and told in the chat. Refused as `redeem` is.
    """
    outcome = record_redemption(work, member.id, use)
    if outcome.refused:
        return outcome
    _note_handed(work, member.id, use, **how)
    tell_used(work, member, [use], [outcome.seq])
    return outcome


def _note_handed(
    work: Work, member_id: int, use: RewardUse, *, points: int | None = None, **how: bool
) -> None:
    cost = _points(work, use) if points is None else points
    note(
        work, "redeem", member_id=member_id, reward=use.reward, voucher=use.voucher, points=cost,
        **how,
    )  # fmt: skip


def record_redemption(work: Work, member_id: int, use: RewardUse) -> Outcome:
    """`redeem` at the desk's store for a caller who has claimed the key, and notes and tells it."""
    return _redeem(work, member_id, use, at=work.now, store=work.staff.store)


def _points(work: Work, use: RewardUse) -> int:
    return _cost(work.programme.reward(use.reward), use)
