"""Merging: one person's two cards become one, nothing lost, and it can be taken back.

The keeper's history gets one activity that holds all there was of the other (`Absorbed`), the
other's is closed (`Merged`). The other's card says whose it is now. The preview is the same work in
a transaction that nobody commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.store import UnitOfWork
from bot.store.events import places, seats, trial_parts
from bot.store.history import history, ledger
from bot.store.members import consents, line_accounts, members, mergers, phone_proofs, profiles
from bot.store.members.consents import Consent
from bot.store.members.members import Member
from bot.store.members.profiles import Profile
from bot.store.messages import newsletters, outbox_by_member
from bot.store.orders import bought, reservations
from handlers.actions.recording.work import Work
from rules.activity import Absorbed, CarriedPoints, Merged
from rules.base import Refusal
from rules.facts import Facts
from rules.judging.carried import facts_json
from rules.judging.decide import Decision, apply
from rules.judging.present import facts_at
from rules.judging.replay import RecordedActivity

from ..recording.idempotency import once
from ..recording.log import note
from ..recording.merged_state import BEFORE, StateBeforeMerge, back_until
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, activity_of, carry_out
from . import counted_once, moving
from .reissue import ISSUE_MAX

#: How staff made sure who it is.
IdentityCheck = Literal["birthday", "phone", "known", "document"]

_FIELDS = (
    "name", "kana", "phone", "note", "age_band", "gender", "area", "interests", "postcode",
    "address", "proven_phone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """Which card takes the other over."""

    keep_id: int
    other_id: int
    #: The LINE account that the keeper's messages go to afterwards; None for the keeper's own or
    #: else the other's.
    line: str | None = None
    #: An account that nobody can open any more: it loses the card, and all others it had go to
    #: `line` too.
    lost: str | None = None
    #: Whether what it still shows is closed.
    reissued: bool = False
    #: The account that asks for it in the chat, and hears in the answer how it went.
    asked_by: str | None = None
    #: How it was made sure that both are one person's, where staff put them together.
    checked: IdentityCheck | None = None


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What merging would come to: both members before, and the keeper after."""

    keep: Member
    other: Member
    before: Facts
    other_before: Facts
    after: Facts


def preview(work: Work, keep_id: int, other_id: int) -> MergePreview | Refusal:
    """What merging would come to, nothing written; or why it can't be done."""
    keep, other = members.get(work.uow, keep_id), members.get(work.uow, other_id)
    if keep is None or other is None:
        raise LookupError("no such member")
    if refusal := _refuse(keep, other):
        return refusal
    before, other_before = work.settled(keep), work.settled(other)
    twice = counted_once.counted_twice(work, keep, other)
    theirs = counted_once.facts_after(work, other, twice)
    theirs = facts_at(work.timeline, theirs, work.now)
    lots = (CarriedPoints(theirs.balance, work.day),) if theirs.balance else ()
    what = Absorbed(facts_json(theirs), lots)
    activity = activity_of(work.acting("system"), keep, Request(keep.id, what, work.now))
    decision = apply(work.timeline, counted_once.facts_after(work, keep, twice), activity)
    if not isinstance(decision, Decision):
        return decision
    return MergePreview(keep, other, before, other_before, decision.facts)


def merge(work: Work, merging: MergeRequest) -> Outcome:
    """Puts the other's card together with the keeper's.

    Refused with merge_self, merged, erased or left (the keeper's membership has ended).
    """
    asked = f"merge {merging.keep_id} {merging.other_id} {work.made_by}"

    def act() -> Outcome:
        outcome = merge_now(work, merging)
        if work.actor is not None and outcome.done:
            both = {"other": merging.other_id, "checked": merging.checked}
            note(work, "merge", member_id=merging.keep_id, **both)
            moving.note_unusual(work, members.lock(work.uow, merging.keep_id))
        return outcome

    return once(work, asked, act)


def merge_now(work: Work, merging: MergeRequest) -> Outcome:
    """The same within an action that has claimed the key."""
    accounts = _accounts(work.uow, merging)
    counted_once.lock(work, merging.keep_id, merging.other_id)
    keep = members.lock(work.uow, merging.keep_id)
    other = members.lock(work.uow, merging.other_id)
    if refusal := _refuse(keep, other):
        return outcome_of_refusal(keep.id, refusal)
    if keep.membership == "left":
        return outcome_of_refusal(keep.id, Refusal("left"))
    if merging.reissued and keep.issues >= ISSUE_MAX:
        return outcome_of_refusal(keep.id, Refusal("card_issues"))
    work = _not_before(work, keep, other)
    twice = counted_once.counted_twice(work, keep, other)
    kept = _before(work.uow, keep, other, accounts, merging)
    kept = replace(kept, also=tuple(each for each in twice if each not in (keep.id, other.id)))
    counted_once.take(work, twice)
    keep, other = members.lock(work.uow, keep.id), members.lock(work.uow, other.id)
    facts = work.settled(other)
    what = _absorbed(work.uow, other, facts)
    closing = Merged(other.facts.balance, BEFORE.dump_json(kept).decode())
    store = work.actor.store if work.actor else None
    requests = (
        Request(other.id, closing, work.now, store),
        Request(keep.id, what, work.now, store),
    )
    outcomes = [carry_out(work, request) for request in requests]
    if not all(outcome.done for outcome in outcomes):
        raise RuntimeError("a merging that was looked at before must be taken")
    _hand_over(work, keep, other, merging, kept)
    moving.hold(work, keep.id)
    return outcomes[-1]


def _not_before(work: Work, *cards: Member) -> Work:
    """The work at a moment after all that the cards have: who waited for them, while somebody else
    was at one, had read the clock before that was done."""
    last = max(card.facts.last_at for card in cards)
    return work.moment(last) if last > work.now else work


def _refuse(keep: Member, other: Member) -> Refusal | None:
    if keep.id == other.id:
        return Refusal("merge_self")
    if keep.erased_at is not None or other.erased_at is not None:
        return Refusal("erased")
    if keep.merged_into is not None or other.merged_into is not None:
        return Refusal("merged")
    return None


def _accounts(uow: UnitOfWork, merging: MergeRequest) -> Sequence[str]:
    """The LINE accounts that the merging touches, locked first, as the chat does."""
    attached = line_accounts.attached(uow, merging.other_id)
    own = members.get(uow, merging.other_id)
    named = [merging.line, own.line_user_id if own else None, merging.lost, *attached]
    touched = sorted({user_id for user_id in named if user_id is not None})
    for user_id in touched:
        line_accounts.lock(uow, user_id)
    return touched


def _absorbed(uow: UnitOfWork, other: Member, facts: Facts) -> Absorbed:
    lots = ledger.open_lots(uow, other.id)
    return Absorbed(
        facts_json(facts),
        tuple(CarriedPoints(lot.left, lot.given_on, lot.expires_on) for lot in lots),
    )


def _before(
    uow: UnitOfWork, keep: Member, other: Member, accounts: Sequence[str], merging: MergeRequest
) -> StateBeforeMerge:
    mine, theirs = profiles.get(uow, keep.id), profiles.get(uow, other.id)
    told = {**_holders(uow, other), **_holders(uow, keep)}
    known = {user_id: line_accounts.get(uow, user_id) for user_id in accounts}
    word = _word_carried(uow, keep, other)
    return StateBeforeMerge(
        accounts={user_id: account.member_id for user_id, account in known.items() if account},
        keep_line=keep.line_user_id,
        other_line=other.line_user_id,
        cards=tuple(
            card
            for card in (members.cards(uow, merging.lost) if merging.lost else ())
            if card not in (keep.id, other.id)
        ),
        joined_at=keep.joined_at,
        topics_left=keep.topics_left,
        filled=tuple(f for f in _FIELDS if getattr(theirs, f) and not getattr(mine, f)),
        issue=keep.issue if merging.reissued else None,
        issued=keep.issues + 1 if merging.reissued else None,
        inherits=counted_once.in_order(keep, other)[0].id != keep.id,
        referred_by=keep.referred_by,
        told=told,
        asked_by=merging.asked_by,
        lost=merging.lost,
        to_line=_line(keep, other, merging),
        held_until=keep.held_until,
        newsletter=(word.kind, word.at) if word else None,
        read=tuple(issue for issue in _read(uow, other) if issue not in _read(uow, keep)),
        given=_given(keep),
    )


def _read(uow: UnitOfWork, card: Member) -> list[str]:
    return [issue for issue, _ in newsletters.read_by(uow, card.id)]


def _holders(uow: UnitOfWork, card: Member) -> dict[str, int]:
    """The LINE accounts that have the card, each with its id: the one its messages go to, and those
    whose chat speaks of it."""
    own = [card.line_user_id] if card.line_user_id else []
    return dict.fromkeys([*own, *line_accounts.attached(uow, card.id)], card.id)


def _line(keep: Member, other: Member, merging: MergeRequest) -> str | None:
    """The LINE account that the keeper's messages go to afterwards."""
    return merging.line or keep.line_user_id or other.line_user_id


def _hand_over(
    work: Work, keep: Member, other: Member, merging: MergeRequest, before: StateBeforeMerge
) -> None:
    """Accounts, profile and messages: all that isn't history."""
    line = _line(keep, other, merging)
    for card in before.cards:
        members.set_line_account(work.uow, card, line)
        profiles.refresh(work.uow, card)
    for user_id, spoke_of in before.accounts.items():
        if user_id == merging.lost:
            line_accounts.link(work.uow, user_id, None)
        elif spoke_of == other.id or user_id == line:
            line_accounts.link(work.uow, user_id, keep.id)
    members.set_line_account(work.uow, keep.id, line)
    members.set_line_account(work.uow, other.id, None)
    members.set_merged_into(work.uow, other.id, keep.id)
    members.set_joined_at(work.uow, keep.id, min(keep.joined_at, other.joined_at))
    if before.inherits:
        members.set_referred_by(work.uow, keep.id, _referrer(work.uow, keep, other))
    if before.issued is not None:
        members.set_issue(work.uow, keep.id, before.issued, at=work.now)
    _carry_topics(work.uow, keep, other)
    newsletters.take_over(work.uow, keep.id, other.id)
    places.take_over(work.uow, keep.id, other.id)
    seats.take_over(work.uow, keep.id, other.id)
    trial_parts.take_over(work.uow, keep.id, other.id)
    bought.take_over(work.uow, keep.id, other.id)
    reservations.take_over(work.uow, keep.id, other.id, before.given)
    members.note_reserved(work.uow, keep, other.reserved_until)
    if other.events_until is not None:
        members.note_event(work.uow, keep, other.events_until)
    outbox_by_member.skip_queued(work.uow, other.id, reason="merged")
    phone_proofs.end(work.uow, [other.id])
    profiles.refresh(work.uow, other.id)
    profiles.put(work.uow, keep.id, _filled(work.uow, keep, other, before.filled), at=work.now)


def _given(card: Member) -> dict[str, int]:
    """How many of each reward, by its id, the card was given."""
    counts = card.facts.counts.items()
    return {key.removeprefix("given:"): n for key, n in counts if key.startswith("given:")}


def _carry_topics(uow: UnitOfWork, keep: Member, other: Member) -> None:
    """What was switched off on either card is off; of the newsletter, for which members ask, the
    last word on either counts."""
    left = {*keep.topics_left, *other.topics_left} - {"newsletter"}
    if word := _word_carried(uow, keep, other):
        consents.note(
            uow, keep.id, word.kind, channel=word.channel, wording=word.wording, at=word.at
        )
    mine = consents.latest_on_newsletter(uow, keep.id)
    if mine is not None and mine.kind == consents.NEWSLETTER_STOPPED:
        left.add("newsletter")
    members.set_topics_left(uow, keep.id, left)


def _word_carried(uow: UnitOfWork, keep: Member, other: Member) -> Consent | None:
    """The other's last word on the newsletter, where it is newer than the keeper's."""
    mine = consents.latest_on_newsletter(uow, keep.id)
    theirs = consents.latest_on_newsletter(uow, other.id)
    return theirs if theirs and (mine is None or theirs.at > mine.at) else None


def _hand_back_topics(
    uow: UnitOfWork, keep: Member, other: Member, before: StateBeforeMerge, merged_at: datetime
) -> None:
    """What was switched off before, unless the keeper chose since; and no word of the other's."""
    left = {*keep.topics_left} - {"newsletter"}
    if left == {*before.topics_left, *other.topics_left} - {"newsletter"}:
        left = {*before.topics_left} - {"newsletter"}
    word = consents.latest_on_newsletter(uow, keep.id)
    chose = word is not None and word.at > merged_at
    if "newsletter" in (keep.topics_left if chose else before.topics_left):
        left.add("newsletter")
    members.set_topics_left(uow, keep.id, left)
    if before.newsletter:
        consents.take_back(uow, keep.id, *before.newsletter)
    newsletters.forget(uow, [keep.id], only=before.read)


def _referrer(uow: UnitOfWork, keep: Member, other: Member) -> int | None:
    """Who had invited the person, by the card they had first; nobody has invited themselves."""
    if other.referred_by is None or members.keeper(uow, other.referred_by) in (keep.id, other.id):
        return None
    return other.referred_by


def _filled(uow: UnitOfWork, keep: Member, other: Member, parts: Sequence[str]) -> Profile:
    theirs = profiles.get(uow, other.id)
    return replace(profiles.get(uow, keep.id), **{part: getattr(theirs, part) for part in parts})


def others_touched(merged: RecordedActivity) -> tuple[int, ...]:
    """Whom, besides both, the merging took something back of."""
    what = merged.activity.what
    before = what.before if isinstance(what, Merged) else ""
    return BEFORE.validate_json(before).also if before else ()


def take_apart(work: Work, keep_id: int, other: Member, merged: RecordedActivity) -> None:
    """Puts accounts, profile and messages back as they were before the merging that is undone,
    wherever nothing else came of them since."""
    what = merged.activity.what
    keep = members.get(work.uow, keep_id)
    if not isinstance(what, Merged) or keep is None:
        raise LookupError("there is nothing to take apart")
    before = BEFORE.validate_json(what.before)
    members.set_merged_into(work.uow, other.id, None)
    cards = mergers.with_absorbed(work.uow, other.id)
    bought.hand_back(work.uow, keep.id, cards, to=other.id)
    reservations.hand_back(work.uow, keep.id, cards, before.given, to=other.id)
    if keep.joined_at == min(before.joined_at, other.joined_at):
        members.set_joined_at(work.uow, keep.id, before.joined_at)
    _hand_back_topics(work.uow, keep, other, before, merged.activity.at)
    if keep.held_until == back_until(
        work.timeline.at(merged.activity.at).programme.shop, merged.activity.at
    ):
        members.set_held_until(work.uow, keep.id, before.held_until)
    if before.inherits:
        members.set_referred_by(work.uow, keep.id, before.referred_by)
    if before.issue is not None and keep.issue == before.issued:
        members.set_issue(work.uow, keep.id, before.issue, at=work.now)
    _hand_back(work.uow, keep, other, before)
    mine, theirs = profiles.get(work.uow, keep.id), profiles.get(work.uow, other.id)
    own = {p: "" for p in before.filled if getattr(mine, p) == getattr(theirs, p)}
    profiles.put(work.uow, keep.id, replace(mine, **own), at=work.now)
    profiles.refresh(work.uow, other.id)
    # Nobody needs to know any more whose account it was.
    history.rewrite(work.uow, other.id, merged.seq, Merged(what.points))


def forget_account_before(uow: UnitOfWork, user_id: str) -> None:
    """Takes a LINE account that is to be forgotten out of what mergings would put back."""
    for member_id, seq, what in history.mergings_of(uow, user_id):
        before = BEFORE.validate_json(what.before)
        left = replace(
            before,
            accounts={user: card for user, card in before.accounts.items() if user != user_id},
            keep_line=None if before.keep_line == user_id else before.keep_line,
            other_line=None if before.other_line == user_id else before.other_line,
            told={user: card for user, card in before.told.items() if user != user_id},
            asked_by=None if before.asked_by == user_id else before.asked_by,
            lost=None if before.lost == user_id else before.lost,
            to_line=None if before.to_line == user_id else before.to_line,
        )
        said = Merged(what.points, BEFORE.dump_json(left).decode())
        history.rewrite(uow, member_id, seq, said)


def _hand_back(uow: UnitOfWork, keep: Member, other: Member, before: StateBeforeMerge) -> None:
    """Accounts, as far as nobody has taken them elsewhere since."""
    members.set_line_account(uow, other.id, before.other_line)
    for card in (keep.id, *before.cards):
        found = members.get(uow, card)
        if found is not None and before.to_line in (None, found.line_user_id):
            members.set_line_account(uow, card, before.keep_line)
            profiles.refresh(uow, card)
    for user_id, spoke_of in before.accounts.items():
        account = line_accounts.get(uow, user_id)
        if account is not None and account.member_id in (keep.id, None):
            line_accounts.link(uow, user_id, spoke_of)
