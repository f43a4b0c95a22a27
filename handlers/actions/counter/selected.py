"""The rewards that a member selected on their own page, handed out with the very scan of the visit:
under its key, so that one undo takes all of it back."""

from dataclasses import dataclass

from bot.codes import RewardUse
from bot.selections import SelectedUse, Selection, mark_of, selected_at
from bot.store import UnitOfWork
from bot.store.history import claims, history
from bot.store.members import members
from handlers.actions.recording.work import Work
from rules.activity import Purchase
from rules.base import Refusal
from rules.programme.rewards import Reward, check_redemption

from ..recording.outcome import Outcome, outcome_of_refusal
from ..telling.messages import tell_used
from .redeem import EarlierVisit, record_redemption, use_key


@dataclass(frozen=True, slots=True)
class SelectedReward:
    """What came of one of the rewards that were selected."""

    outcome: Outcome
    #: None for one that the programme doesn't have any more.
    reward: str | None
    #: None where it was for points.
    voucher: int | None
    #: When it was handed out before.
    earlier: EarlierVisit | None = None


@dataclass(frozen=True, slots=True)
class SelectionScan:
    """A selection that was scanned."""

    selection: Selection
    #: Why nothing of it is handed out; None where it is.
    refused: str | None
    #: What is bought with it, as far as it is told.
    bought: Purchase | None


def hand_out_selected(
    work: Work, member_id: int, scanned: SelectionScan
) -> tuple[SelectedReward, ...]:
    """Hands out what was selected, each by itself, for a caller who has claimed the key: one that
    is refused takes nothing from the others.

    Each is had once for each selection, whatever code of it is read where. Refused as `redeem` is,
    and with use_again, use_cancelled (it was undone; the member selects anew), selected_proof (it
    takes a PIN) or selected_purchase (less is bought than it needs).
    """
    uses = scanned.selection.uses
    came = tuple(_one(work, member_id, scanned, use) for use in uses)
    handed = [each for each in came if each.outcome.done]
    if handed:
        said = [RewardUse(each.reward or "", each.voucher) for each in handed]
        seqs = [each.outcome.seq for each in handed]
        tell_used(work, members.lock(work.uow, member_id), said, seqs)
    return came


def money_off(work: Work, came: tuple[SelectedReward, ...]) -> int:
    """How many yen of a purchase these took off: they earn nothing, as what is paid with points."""
    policy = work.programme.purchase
    if policy is None or policy.points_used != "deducted":
        return 0
    rewards = [work.programme.reward(each.reward or "") for each in came if each.outcome.done]
    return sum(each.value_yen for each in rewards if each and each.kind == "money_off")


def handed_out(
    uow: UnitOfWork, member_id: int, selection: str, use: RewardUse
) -> EarlierVisit | Refusal | None:
    """What became of one of the rewards of the selection with that name: when it was handed out,
    by this selection or in another way since it was made, as it was meant once; use_cancelled where
    it was undone; None where it wasn't yet."""
    since = selected_at(selection)
    done = history.redeemed_since(
        uow, member_id, reward=use.reward, voucher=use.voucher, since=since
    )
    if done is not None:
        return EarlierVisit(done.activity.at, done.activity.store)
    was_had = claims.is_claimed(uow, _key(member_id, selection, use))
    return Refusal("use_cancelled") if was_had else None


def _key(member_id: int, selection: str, use: RewardUse) -> str:
    """Under which a reward of a selection is had once, also where that is undone."""
    return f"{use_key(selection)}:{member_id}:{use.voucher or 0}:{use.reward}"


def _one(
    work: Work, member_id: int, scanned: SelectionScan, selected: SelectedUse
) -> SelectedReward:
    rewards = work.programme.rewards
    reward = next((each for each in rewards if mark_of(each.id) == selected.mark), None)
    if reward is None or scanned.refused is not None:
        no = outcome_of_refusal(member_id, Refusal(scanned.refused or "reward_gone"))
        return SelectedReward(no, reward.id if reward else None, selected.voucher)
    use = RewardUse(reward.id, selected.voucher)
    before = handed_out(work.uow, member_id, scanned.selection.name, use)
    if before is not None:
        code = "use_again" if isinstance(before, EarlierVisit) else before.code
        outcome = outcome_of_refusal(member_id, Refusal(code))
        earlier = before if isinstance(before, EarlierVisit) else None
        return SelectedReward(outcome, reward.id, use.voucher, earlier)
    no_reason = _why_not(work, member_id, reward, use, scanned.bought)
    if no_reason is not None:
        return SelectedReward(outcome_of_refusal(member_id, no_reason), reward.id, use.voucher)
    outcome = record_redemption(work, member_id, use)
    if outcome.done:
        key = _key(member_id, scanned.selection.name, use)
        claims.claim(work.uow, key, key, at=work.now)
    return SelectedReward(outcome, reward.id, use.voucher)


def _why_not(
    work: Work, member_id: int, reward: Reward, use: RewardUse, bought: Purchase | None
) -> Refusal | None:
    """What no recording asks: whether it takes a PIN, and whether enough is bought. A moving code
    is shown by whose it is, so that only what is worth much takes one."""
    facts = work.settled(members.lock(work.uow, member_id))
    no = check_redemption(reward, facts, work.day, voucher_n=use.voucher)
    if no is not None:
        return no
    if bought is not None and bought.total_yen < reward.min_purchase_yen:
        return Refusal("selected_purchase")
    if work.programme.limits.asks_proof(reward.value_yen, named=True):
        return Refusal("selected_proof")
    return None
