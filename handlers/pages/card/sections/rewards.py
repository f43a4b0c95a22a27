"""Rewards: what is in hand, what can be had now and what is missing to the rest, each with its
conditions and the way to use what is ready; and giving to a good cause at once."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import request
from flask.typing import ResponseReturnValue

from bot.codes import RewardUse
from bot.store import UnitOfWork
from bot.store.history import stock
from handlers.actions.counter.redeem import redeem
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.work import Work
from handlers.showing.card_links import use_link
from handlers.showing.charity import causes
from handlers.showing.perk_leads import member_perks
from handlers.showing.viewer import Viewer
from handlers.showing.web_codes import codes_taken
from rules.characters import whole_number
from rules.programme.rewards import Withheld, check_redemption
from rules.wording.reward_views import (
    RewardView,
    VoucherView,
    promised_views,
    reward_views,
    voucher_views,
)

from ...current import current_club
from ..frame import page
from ..reader import pages
from ..session import member_page
from .forms import act, ends_on, new_key, said


@dataclass(frozen=True, slots=True)
class VoucherTicket:
    """A reward in hand; without `use_path` it can't be used now, or is a code to be asked for."""

    view: VoucherView
    use_path: str

    @property
    def asks_code(self) -> bool:
        return self.view.has_code and not self.view.missing


@dataclass(frozen=True, slots=True)
class RewardTicket:
    """A reward on offer; without `use_path` it can't be used now, or is given away here."""

    view: RewardView
    cost: str
    use_path: str
    #: In per cent, where points are what is missing.
    progress: int | None
    #: What came of a good cause so far.
    told: tuple[str, ...] = ()


@pages.get("/card/rewards")
@member_page
def rewards(viewer: Viewer) -> ResponseReturnValue:
    programme, facts, day, lang = viewer.programme, viewer.facts, viewer.day, viewer.lang
    with current_club().store.read() as uow:
        withheld = _withheld(viewer, uow)
        good = causes(uow, programme)
        taken = codes_taken(current_club(), uow, viewer.member.id, viewer.words)
        perks = member_perks(viewer, uow, current_club().now())
    offered = reward_views(programme, facts, day=day, lang=lang, withheld=withheld)
    held = voucher_views(programme, facts, day=day, lang=lang, withheld=withheld)
    told = {id_: cause.told(viewer.words) for id_, cause in good.items()}
    tickets = [replace(_ticket(viewer, each), told=told.get(each.id, ())) for each in offered]
    vouchers = [_voucher(viewer, view) for view in held]
    return page(
        viewer,
        "sections/rewards",
        said=said(viewer),
        balance=viewer.amount(facts.balance),
        codes=taken,
        perks=perks,
        vouchers=vouchers,
        promised=promised_views(programme, facts, day=day, lang=lang),
        ready=[ticket for ticket in tickets if ticket.view.ready],
        missing=[ticket for ticket in tickets if not ticket.view.ready],
        is_used_at_counter=any(each.use_path for each in vouchers)
        or any(each.use_path for each in tickets),
    )


def _withheld(viewer: Viewer, uow: UnitOfWork) -> Withheld:
    now = current_club().now()
    return stock.withheld(uow, viewer.programme, viewer.member, now=now)


def _voucher(viewer: Viewer, view: VoucherView) -> VoucherTicket:
    use = "" if view.missing or view.has_code else _use_path(viewer, RewardUse(view.reward, view.n))
    return VoucherTicket(view, use)


def _ticket(viewer: Viewer, view: RewardView) -> RewardTicket:
    is_used = view.ready and not (view.is_for_others or view.has_code)
    return RewardTicket(
        view,
        cost=viewer.amount(view.cost) if view.cost else "",
        use_path=_use_path(viewer, RewardUse(view.id)) if is_used else "",
        progress=None if view.fraction is None else round(view.fraction * 100),
    )


def _use_path(viewer: Viewer, use: RewardUse) -> str:
    return urlsplit(use_link(viewer.club, viewer.member, use)).path


def _takes(viewer: Viewer, use: RewardUse, done: str) -> ResponseReturnValue:
    came: list[Outcome] = []

    def take(work: Work) -> str | None:
        came.append(redeem(work, viewer.member.id, use, at=work.now))
        return came[-1].refused

    no = act(take)
    return ends_on("card.rewards", no, done, came[-1].again_at if came else None)


@pages.post("/card/rewards/give")
@member_page
def give(viewer: Viewer) -> ResponseReturnValue:
    """A charity reward: asked about once, then given; sent twice, it is given once."""
    reward = viewer.programme.reward(request.form.get("reward", ""))
    if reward is None or not reward.is_for_others:
        return ends_on("card.rewards", "reward_gone", "")
    if "yes" in request.form:
        return _takes(viewer, RewardUse(reward.id, None), "given")
    with current_club().store.read() as uow:
        withheld = _withheld(viewer, uow)
    if no := check_redemption(reward, viewer.facts, viewer.day, withheld=withheld):
        return ends_on("card.rewards", no.code, "", no.again_at)
    cost = reward.cost or 0
    words = viewer.words
    return page(
        viewer,
        "sections/sure",
        title=words.say("chat.rewards.ask_title", reward=words.name(reward.name)),
        body=words.say("chat.rewards.ask_body", count=cost, left=viewer.facts.balance - cost),
        action="card.give",
        sent={"reward": reward.id, "yes": "1", "key": new_key()},
        button="chat.button.give_yes",
        back="card.rewards",
    )


@pages.post("/card/rewards/code")
@member_page
def web_code(viewer: Viewer) -> ResponseReturnValue:
    """A code for the web shop: asked about once, then handed over; sent twice, it is one."""
    reward = viewer.programme.reward(request.form.get("reward", ""))
    if reward is None or reward.codes is None:
        return ends_on("card.rewards", "reward_gone", "")
    use = RewardUse(reward.id, whole_number(request.form.get("voucher", ""), 6) or None)
    if "yes" in request.form:
        return _takes(viewer, use, "code")
    with current_club().store.read() as uow:
        withheld = _withheld(viewer, uow)
    no = check_redemption(
        reward, viewer.facts, viewer.day, voucher_n=use.voucher, withheld=withheld
    )
    if no is not None:
        return ends_on("card.rewards", no.code, "", no.again_at)
    words, cost = viewer.words, (reward.cost or 0) if use.voucher is None else 0
    body = "chat.rewards.code_ask_points" if cost else "chat.rewards.code_ask_body"
    return page(
        viewer,
        "sections/sure",
        title=words.say("chat.rewards.code_ask_title", reward=words.name(reward.name)),
        body=words.say(body, count=cost, left=viewer.facts.balance - cost),
        action="card.web_code",
        sent={"reward": reward.id, "voucher": use.voucher or 0, "yes": "1", "key": new_key()},
        button="chat.button.code_yes",
        back="card.rewards",
    )
