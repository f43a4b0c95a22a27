"""A reward about to be used: its moving code, and what became of it."""

from dataclasses import asdict, dataclass
from typing import Literal

from flask import Response, jsonify, make_response, redirect, render_template, url_for

from bot.codes import RewardUse
from bot.store import UnitOfWork
from bot.store.history import history, stock
from bot.store.history.history import StoredActivity
from handlers.actions.counter.redeem import use_key
from handlers.showing.card_links import UsePage, open_use, use_page_path
from handlers.showing.viewer import Viewer
from images.qr import link_svg
from rules.base import Refusal
from rules.programme.rewards import Reward, Withheld, check_redemption, standing, voucher
from rules.wording.refusals import Circumstances, refusal_text
from rules.wording.reward_views import reward_terms, voucher_terms, what_it_is
from rules.wording.texts import show

from ..current import current_club
from ..headers import safe
from .reader import end_page, pages, reader_of

UsePageState = Literal["ready", "refused", "used", "cancelled", "ended"]


@dataclass(frozen=True, slots=True)
class UsePageStatus:
    """How the page stands, and what it says then: nothing beside the code while it is ready."""

    state: UsePageState
    title: str = ""
    body: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RewardFace:
    """What the page shows beside its code."""

    name: str
    reward: str
    cost: str
    #: What it is, and its conditions.
    terms: tuple[str, ...]


@pages.get("/card/tap/<token>/")
def tap(token: str) -> Response:
    """Leads to a new page of a reward about to be used: each tap is a use of its own."""
    path = use_page_path(current_club(), token)
    if path is None:
        return end_page("use_over")
    return safe(make_response(redirect(path, 303)), "secret")


@pages.get("/card/use/<token>/")
def use(token: str) -> Response:
    page, reader, status = _look(token)
    if page is None or reader is None or status.state == "ended":
        return end_page("use_over")
    with current_club().store.read() as uow:
        face = _face(uow, reader, page.use)
    html = render_template(
        "card/use.html",
        lang=reader.lang,
        say=reader.words.say,
        shop=reader.shop,
        face=face,
        status=status,
        over=refusal_text(reader.words, "use_over", "member"),
        svg=_svg(reader, page) if status.state == "ready" else "",
        left_ms=round(page.left.total_seconds() * 1000),
        code_url=url_for(".use_code", token=token),
        state_url=url_for(".use_state", token=token),
    )
    return safe(make_response(html), "secret")


@pages.get("/card/use/<token>/code")
def use_code(token: str) -> Response:
    page, reader, status = _look(token)
    if page is None or reader is None or status.state != "ready":
        return safe(make_response(jsonify(error="ended"), 404), "secret")
    return safe(make_response(jsonify(svg=_svg(reader, page))), "secret")


@pages.get("/card/use/<token>/state")
def use_state(token: str) -> Response:
    _, _, status = _look(token)
    return safe(make_response(jsonify(asdict(status))), "secret")


def _look(token: str) -> tuple[UsePage | None, Viewer | None, UsePageStatus]:
    club = current_club()
    page = open_use(club, token)
    if page is None:
        return None, None, UsePageStatus("ended")
    with club.store.read() as uow:
        reader = reader_of(uow, page.number, page.issue)
        return page, reader, _status_of(uow, reader, page) if reader else UsePageStatus("ended")


def _status_of(uow: UnitOfWork, reader: Viewer, page: UsePage) -> UsePageStatus:
    done = history.under(uow, reader.member.id, use_key(page.nonce))
    if done:
        return _status_after_use(reader, done[0])
    if not page.left:
        return UsePageStatus("ended")
    reward = reader.programme.reward(page.use.reward)
    no = _refusal(uow, reader, reward, page)
    if no is None:
        return UsePageStatus("ready")
    about = Circumstances(now=current_club().now(), again_at=no.again_at)
    return UsePageStatus(
        "refused",
        reader.words.say("card_page.use.refused"),
        refusal_text(reader.words, no.code, "member", about).whole,
        reader.words.say("card_page.use.back"),
    )


def _refusal(
    uow: UnitOfWork, reader: Viewer, reward: Reward | None, page: UsePage
) -> Refusal | None:
    if reader.facts.membership == "left":
        return Refusal("left")
    return check_redemption(
        reward,
        reader.facts,
        reader.day,
        voucher_n=page.use.voucher,
        withheld=_withheld(uow, reader),
    )


def _withheld(uow: UnitOfWork, reader: Viewer) -> Withheld:
    now = current_club().now()
    return stock.withheld(uow, reader.programme, reader.member, now=now)


def _status_after_use(reader: Viewer, done: StoredActivity) -> UsePageStatus:
    if done.undone_at is not None:
        no = refusal_text(reader.words, "use_cancelled", "member")
        return UsePageStatus("cancelled", no.why, no.then)
    activity = done.recorded.activity
    store = reader.programme.store(activity.store)
    at = show(reader.lang, reader.programme.shop.local(activity.at).time())
    where = store.name.in_(reader.lang) if store else reader.shop
    left = reader.words.amount(reader.facts.balance)
    return UsePageStatus(
        "used",
        reader.words.say("card_page.use.used"),
        reader.words.say("card_page.use.used_body", time=at, store=where),
        reader.words.say("card_page.use.left", amount=left),
    )


def _face(uow: UnitOfWork, reader: Viewer, use: RewardUse) -> RewardFace:
    words, day = reader.words, reader.day
    reward = reader.programme.reward(use.reward)
    if reward is None:
        return RewardFace(reader.name, "", "", ())
    held = use.voucher and voucher(reader.facts, use.reward, use.voucher, day)
    withheld = _withheld(uow, reader)
    if use.voucher:
        cost = words.say("card_page.use.until", until=held.until) if held else ""
        terms = voucher_terms(words, reward)
    else:
        cost = reader.amount(reward.cost) if reward.cost else ""
        now = standing(reward, reader.facts, day, withheld)
        terms = reward_terms(words, now, day, withheld)
    return RewardFace(
        reader.name, words.name(reward.name), cost, (what_it_is(words, reward), *terms)
    )


def _svg(reader: Viewer, page: UsePage) -> str:
    """The QR of the page's code as it is now."""
    club = current_club()
    code = club.codes.use_code(page.number, page.issue, page.use, page.nonce, club.now())
    return link_svg(code, title=reader.words.say("card_page.use.qr"))
