"""Rewards: what is in hand, what can be had now and what is missing to the rest, side by side, each
with its conditions and a button to use what is ready; and giving to a good cause at once."""

from bot.codes import RewardUse
from bot.line.messages import Button, ClipboardAction, UriAction
from bot.line.tickets import TICKETS_MAX
from bot.line.views import Ticket
from handlers.actions.counter.redeem import redeem
from handlers.showing.card_links import use_link
from handlers.showing.charity import causes
from handlers.showing.web_codes import TakenCode, codes_taken
from rules.programme.rewards import Reward, check_redemption
from rules.wording.reward_views import (
    PromisedView,
    RewardView,
    VoucherView,
    promised_views,
    reward_views,
    voucher_views,
)

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params, whole_number

#: Of more rewards than a carousel holds, the last place leads on to the others.
_PAGE = TICKETS_MAX - 1
_NEXT = ("points", "earn", "card")


@conversation("rewards")
def rewards(turn: Turn, params: Params) -> Answer:
    """The rewards from number `after` on: what is in hand, what can be had, what is near."""
    tickets = _tickets(turn)
    if not tickets:
        return parts.answer_of(parts.text(turn, turn.say("rewards.none"), then=_NEXT))
    start = whole_number(params, "after") or 0
    rest = tickets[start:] or tickets
    if len(rest) > TICKETS_MAX:
        rest = (*rest[:_PAGE], _more(turn, start + _PAGE))
    shown = parts.tickets(turn, rest, title=turn.say("rewards.title"), then=_NEXT)
    if start:
        return parts.answer_of(shown)
    return parts.answer_of(parts.text(turn, _introduction(turn, tickets)), shown)


def _tickets(turn: Turn) -> tuple[Ticket, ...]:
    programme, facts, day, lang = turn.programme, turn.facts, turn.day, turn.lang
    held = voucher_views(programme, facts, day=day, lang=lang, withheld=turn.withheld)
    promised = promised_views(programme, facts, day=day, lang=lang)
    views = reward_views(programme, facts, day=day, lang=lang, withheld=turn.withheld)
    good = causes(turn.uow, programme)
    told = {id_: cause.told(turn.words) for id_, cause in good.items()}
    taken = codes_taken(turn.club, turn.uow, turn.member.id, turn.words)
    return (
        *(_taken(turn, each) for each in taken),
        *(_held(turn, view) for view in held),
        *(_promised(turn, view) for view in promised),
        *(_for_points(turn, view, told.get(view.id, ())) for view in views),
    )


def _introduction(turn: Turn, tickets: tuple[Ticket, ...]) -> str:
    """How many points there are, and how what is ready is used."""
    how = any(ticket.button and ticket.button.role == "primary" for ticket in tickets)
    said = (
        turn.say("rewards.balance", amount=turn.amount(turn.facts.balance)),
        turn.say("rewards.at_counter") if how else "",
    )
    return "\n".join(filter(None, said))


def _more(turn: Turn, after: int) -> Ticket:
    return Ticket(
        state=turn.say("rewards.title"),
        title=turn.say("rewards.more"),
        button=Button(parts.button(turn, "more_rewards", "rewards", after=after), "secondary"),
    )


def _taken(turn: Turn, taken: TakenCode) -> Ticket:
    """A code that was handed over, to be copied once more."""
    return Ticket(
        state=turn.say("rewards.code_taken", day=taken.on),
        title=taken.name,
        body=taken.code,
        button=Button(ClipboardAction(turn.say("button.copy"), taken.code), "secondary"),
        tone="light",
    )


def _code(turn: Turn, use: RewardUse) -> Button:
    """Leads to the code for a web shop."""
    return Button(parts.button(turn, "code", "code", reward=use.reward, voucher=use.voucher or 0))


def _held(turn: Turn, view: VoucherView) -> Ticket:
    """A voucher: its last day, why it is theirs, and the button that opens its page."""
    return Ticket(
        state=turn.say("rewards.held"),
        title=view.name,
        body=view.what,
        figure=turn.say("rewards.until", until=view.until),
        lines=tuple(filter(None, (view.missing, view.why, *view.terms))),
        button=None if view.missing else _have(turn, RewardUse(view.reward, view.n), view),
        tone="grey" if view.missing else "full",
    )


def _promised(turn: Turn, view: PromisedView) -> Ticket:
    return Ticket(
        state=turn.say("rewards.promised"),
        title=view.gift,
        figure=turn.say("rewards.until", until=view.until),
        tone="full",
    )


def _have(turn: Turn, use: RewardUse, view: VoucherView | RewardView) -> Button:
    return _code(turn, use) if view.has_code else _use(turn, use)


def _use(turn: Turn, use: RewardUse) -> Button:
    return Button(UriAction(turn.say("button.use"), use_link(turn.club, turn.member, use)))


def _for_points(turn: Turn, view: RewardView, told: tuple[str, ...]) -> Ticket:
    """`told` is what came of a good cause so far."""
    ready = turn.say("rewards.give_now" if view.is_for_others else "rewards.ready")
    give = Button(parts.button(turn, "give", "give", reward=view.id), "secondary")
    button = give if view.is_for_others else _have(turn, RewardUse(view.id), view)
    return Ticket(
        state=ready if view.ready else view.missing,
        title=view.name,
        body=view.what,
        figure=turn.amount(view.cost) if view.cost else "",
        progress=view.fraction,
        lines=(*view.terms, *told),
        button=button if view.ready else None,
        tone="light" if view.ready else "grey",
    )


@conversation("give")
def give(turn: Turn, params: Params) -> Answer:
    """A charity reward: asked about once, then given. A second tap on "yes" gives nothing more."""
    reward = turn.programme.reward(params.get("reward", ""))
    if reward is None or not reward.is_for_others:
        return rewards(turn, params)
    if "yes" not in params:
        return _ask(turn, reward)
    if not turn.was_asked("give"):
        return parts.answer_of(
            parts.text(turn, parts.refusal(turn, "ask_over"), then=("rewards", "card"))
        )
    return _give(turn, reward)


def _ask(turn: Turn, reward: Reward) -> Answer:
    if no := check_redemption(reward, turn.facts, turn.day, withheld=turn.withheld):
        return parts.answer_of(
            parts.text(turn, parts.refusal(turn, no.code, no.again_at), then=("rewards", "earn"))
        )
    cost = reward.cost or 0
    turn.ask("give")
    question = parts.notice(
        turn,
        title=turn.say("rewards.ask_title", reward=reward.name.in_(turn.lang)),
        body=turn.say("rewards.ask_body", count=cost, left=turn.facts.balance - cost),
        buttons=(
            Button(parts.button(turn, "give_yes", "give", reward=reward.id, yes=1)),
            parts.no(turn, "rewards"),
        ),
    )
    return parts.answer_of(question)


def _give(turn: Turn, reward: Reward) -> Answer:
    turn.ask(None)
    outcome = redeem(turn.under("redeem"), turn.member.id, RewardUse(reward.id, None), at=turn.at)
    if outcome.refused:
        no = parts.refusal(turn, outcome.refused, outcome.again_at)
        return parts.answer_of(parts.text(turn, no, then=("rewards", "earn")), must_reach=True)
    thanks = parts.notice(
        turn,
        title=turn.say("rewards.given_title"),
        body=turn.say("rewards.given_body", reward=reward.name.in_(turn.lang)),
        note=turn.say("rewards.left", count=outcome.balance),
        then=("rewards", "points", "card"),
    )
    return parts.answer_of(thanks, must_reach=True)
