"""What staff add to a visit: the amount of the till, how many came, an eco action, something they
have seen and vouch for. Together with the scan or after it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from handlers.actions.recording.work import Work
from rules.activity import Eco, Occasion, Purchase, Visitors, What
from rules.base import Refusal
from rules.programme.earning import Confirmable
from rules.programme.programme import Programme

from ..heard.moderating import count_waiting
from ..heard.sharing import count_confirmed
from ..recording.limits import flag_amount, refuse_amount
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, carry_out
from .purchase import record_purchase

ExtraKind = Literal[
    "purchase", "visitors", "eco", "review", "share", "feedback", "newsletter", "deed"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extras:
    """What is to be added."""

    purchase: Purchase | None = None
    #: The number on the purchase's receipt; None where none tells it from others.
    receipt: str | None = None
    #: How many came together, the member included.
    visitors: int | None = None
    eco: tuple[str, ...] = ()
    #: What staff saw with their own eyes.
    confirm: tuple[Confirmable, ...] = ()
    #: The amount that staff were asked about, and meant; 0 for none.
    sure: int = field(default=0, repr=False)

    def less(self, off_yen: int) -> "Extras":
        """The same where so many yen of the purchase were taken off."""
        return replace(self, purchase=paid_less(self.purchase, off_yen)) if off_yen else self

    @property
    def anything(self) -> bool:
        return bool(self.purchase or self.visitors or self.eco or self.confirm)


@dataclass(frozen=True, slots=True)
class AddedExtra:
    """What came of one of them. `target` is the eco action."""

    kind: ExtraKind
    outcome: Outcome
    target: str | None = None


def add_extras(
    work: Work, member_id: int, extras: Extras, *, at: datetime
) -> tuple[AddedExtra, ...]:
    """Records each of the extras by itself, at the actor's store, for a caller who has claimed the
    key: one that is refused takes nothing from the others."""
    programme = work.timeline.at(min(at, work.now)).programme
    store = work.staff.store

    def record(what: What) -> Outcome:
        return carry_out(work, Request(member_id, what, at, store))

    def no(code: str) -> Outcome:
        return outcome_of_refusal(member_id, Refusal(code))

    added: list[AddedExtra] = []
    if extras.purchase is not None:
        bought = Request(member_id, extras.purchase, at, store, extras.receipt)
        added.append(AddedExtra("purchase", _buy(work, bought, extras)))
    if extras.visitors is not None:
        added.append(AddedExtra("visitors", record(Visitors(extras.visitors))))
    for action in dict.fromkeys(extras.eco):
        known = action in programme.eco_actions
        added.append(AddedExtra("eco", record(Eco(action)) if known else no("eco_unknown"), action))
    for trigger in dict.fromkeys(extras.confirm):
        known = _is_confirmable(programme, trigger)
        done = record(Occasion(trigger)) if known else no("not_confirmable")
        _settle_told(work, member_id, trigger, done)
        added.append(AddedExtra(trigger, done))
    return tuple(added)


def _settle_told(work: Work, member_id: int, trigger: Confirmable, done: Outcome) -> None:
    """Takes what staff vouch for here for what the member had told elsewhere, so that it earns
    once."""
    if trigger == "review":
        count_waiting(work, member_id, done)
    elif trigger == "share":
        count_confirmed(work, member_id, done)


def figures(extras: Extras, added: tuple[AddedExtra, ...]) -> dict[str, Any]:
    """What the log tells of what was added: the yen, and why something was not taken."""
    bought = any(each.kind == "purchase" and each.outcome.done for each in added)
    what = extras.purchase if bought else None
    told: dict[str, Any] = {}
    if what is not None:
        parts = {"points_used": what.points_used_yen, "excluded": what.excluded_yen}
        told = {"yen": what.total_yen} | {name: yen for name, yen in parts.items() if yen}
    if no := next((each for each in added if each.outcome.refused), None):
        told["not_added"] = no.outcome.refused
        if no.kind == "purchase" and extras.purchase:
            told["not_added_yen"] = extras.purchase.total_yen
    return told


def _buy(work: Work, bought: Request, extras: Extras) -> Outcome:
    """The purchase, unless it is so large that staff are asked first, or mustn't."""
    yen = extras.purchase.total_yen if extras.purchase else 0
    refusal = refuse_amount(work, bought.member_id, yen, bought.at)
    if refusal is None and work.programme.limits.asks_amount(yen) and extras.sure != yen:
        refusal = Refusal("amount_unsure")
    if refusal is not None:
        return outcome_of_refusal(bought.member_id, refusal)
    outcome = record_purchase(work, bought)
    if outcome.done:
        flag_amount(work, bought.member_id, yen)
    return outcome


def paid_less(bought: Purchase | None, off_yen: int) -> Purchase | None:
    """The purchase of which so many yen were taken off, unless staff have said how many."""
    if bought is None or bought.points_used_yen:
        return bought
    most = bought.total_yen - bought.excluded_yen
    return replace(bought, points_used_yen=max(0, min(off_yen, most)))


def _is_confirmable(programme: Programme, trigger: Confirmable) -> bool:
    return any(rule.on == trigger for rule in programme.confirmable)
