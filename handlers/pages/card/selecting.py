"""What a member uses with the next scan: the rewards that they select on their card, whose code
then carries them."""

from dataclasses import dataclass
from typing import Literal

from flask import get_template_attribute, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.codes import RewardUse
from bot.selections import SELECTED_MAX, VOUCHER_MAX
from bot.store import UnitOfWork
from bot.store.history import stock
from handlers.actions.counter.redeem import EarlierVisit
from handlers.actions.counter.selected import handed_out
from handlers.showing.card_links import SelectionLink, open_selection, selection_token
from handlers.showing.viewer import Viewer
from rules.wording.reward_views import reward_views, voucher_views
from rules.wording.texts import show

from ..current import current_club
from .reader import pages
from .session import form_token, member_page

#: Why a selection isn't made, by the text that says so.
Problem = Literal["gone", "points", "too_many"]
_PROBLEMS: tuple[Problem, ...] = ("gone", "points", "too_many")


@dataclass(frozen=True, slots=True)
class SelectableReward:
    """A reward that can be used now."""

    use: RewardUse
    name: str
    #: What it costs, or up to when it is good.
    note: str
    terms: tuple[str, ...]
    points: int = 0

    @property
    def value(self) -> str:
        """As the form names it."""
        return f"{self.use.reward}/{self.use.voucher or 0}"


@dataclass(frozen=True, slots=True)
class ChosenReward:
    """A reward that is selected, and what became of it."""

    name: str
    state: Literal["waiting", "handed", "cancelled"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Selecting:
    """What the card's page shows of it."""

    #: What can be selected; none while something is.
    choices: tuple[SelectableReward, ...] = ()
    chosen: tuple[ChosenReward, ...] = ()
    #: Whether the code carries what is chosen.
    state: Literal["none", "ready", "done", "over"] = "none"
    problem: str = ""

    @property
    def mark(self) -> str:
        """Another one where the page has to be drawn anew."""
        return " ".join([self.state, *(each.state for each in self.chosen)])


@pages.get("/card/select")
@member_page
def select_from(viewer: Viewer) -> str:
    """What can be selected now, for a page that is open or was kept."""
    template = get_template_attribute("card/selecting.html", "selecting")
    return str(template(viewer.words.say, Selecting(choices(viewer)), form_token()))


@pages.post("/card/select")
@member_page
def select(viewer: Viewer) -> AnyResponse:
    """Puts rewards into the card's code; without any it is the card's alone again."""
    wanted = dict.fromkeys(request.form.getlist("use"))
    if not wanted:
        return redirect(url_for(".card"), 303)
    known = {choice.value: choice for choice in choices(viewer)}
    found = [known[value] for value in wanted if value in known]
    problem = _problem(viewer, found, len(wanted))
    if problem is not None:
        return redirect(url_for(".card", problem=problem), 303)
    token = selection_token(current_club(), viewer.member, [choice.use for choice in found])
    return redirect(url_for(".card", uses=token), 303)


def _problem(viewer: Viewer, found: list[SelectableReward], wanted: int) -> Problem | None:
    if wanted > SELECTED_MAX:
        return "too_many"
    if len(found) < wanted:
        return "gone"
    needed = sum(choice.points for choice in found)
    return "points" if needed > viewer.facts.balance else None


def choices(viewer: Viewer) -> tuple[SelectableReward, ...]:
    """What the member can use now: what they have in hand, then what they have the points for. What
    is given away isn't handed out at a counter."""
    club, words = current_club(), viewer.words
    with club.store.read() as uow:
        withheld = stock.withheld(uow, viewer.programme, viewer.member, now=club.now())
    programme, facts, day, lang = viewer.programme, viewer.facts, viewer.day, viewer.lang
    held = [
        SelectableReward(
            RewardUse(each.reward, each.n),
            each.name,
            words.say("card_page.use.until", until=each.until),
            (each.what, *each.terms),
        )
        for each in voucher_views(programme, facts, day=day, lang=lang, withheld=withheld)
        if not (each.missing or each.has_code) and each.n <= VOUCHER_MAX
    ]
    costing = [
        SelectableReward(
            RewardUse(each.id),
            each.name,
            words.amount(each.cost or 0),
            (each.what, *each.terms),
            each.cost or 0,
        )
        for each in reward_views(programme, facts, day=day, lang=lang, withheld=withheld)
        if each.ready and not (each.is_for_others or each.has_code)
    ]
    return (*held, *costing)


def selecting(viewer: Viewer) -> Selecting:
    """How it stands with the selection in the page's address."""
    asked = request.args.get("problem", "")
    link = _link(viewer)
    if link is None:
        words, problem = viewer.words, ""
        if asked in _PROBLEMS:
            problem = words.say(f"card_page.select.{asked}", count=SELECTED_MAX)
        return Selecting(choices(viewer), problem=problem)
    with current_club().store.read() as uow:
        chosen = tuple(_chosen(uow, viewer, link, use) for use in link.uses)
    if all(each.state != "waiting" for each in chosen):
        return Selecting(chosen=chosen, state="done")
    if not link.left:
        over = viewer.words.say("card_page.select.over")
        return Selecting(choices(viewer), chosen, "over", problem=over)
    return Selecting(chosen=chosen, state="ready")


def packed_selection(viewer: Viewer) -> bytes:
    """What the card's code carries of the selection in the page's address; empty for nothing."""
    link = _link(viewer)
    return link.packed if link is not None and selecting(viewer).state == "ready" else b""


def here() -> dict[str, str]:
    """The selection of the page's address, for the addresses of its parts."""
    token = request.args.get("uses", "")
    return {"uses": token} if token else {}


def _link(viewer: Viewer) -> SelectionLink | None:
    token = request.args.get("uses", "")
    return open_selection(current_club(), viewer.member, token) if token else None


def _chosen(uow: UnitOfWork, viewer: Viewer, link: SelectionLink, use: RewardUse) -> ChosenReward:
    reward = viewer.programme.reward(use.reward)
    name = viewer.words.name(reward.name) if reward else use.reward
    came = handed_out(uow, viewer.member.id, link.name, use)
    if came is None:
        return ChosenReward(name, "waiting")
    if not isinstance(came, EarlierVisit):
        return ChosenReward(name, "cancelled", viewer.words.say("card_page.select.cancelled"))
    at = show(viewer.lang, viewer.programme.shop.local(came.at).time())
    return ChosenReward(name, "handed", viewer.words.say("card_page.select.handed", time=at))
