"""Reviews in the chat: stars and words, worth the same whatever they say.

One with few stars is a case besides, which staff answer, as soon as it counts.

Each is recorded once, as one activity. Where a rule of the programme wants staff to confirm a
review, that is when they have: they read its words, and see the stars only afterwards, so that
what they confirm is that somebody said something, and not what.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.store.heard import reviews, stores
from bot.store.heard.reviews import Review
from bot.store.members import consents, members, mergers
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from handlers.actions.recording.work import Work
from rules.activity import Occasion
from rules.base import Refusal
from rules.heard.stars import LOW_STARS_MAX, stars_line

from ..recording.idempotency import once
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, carry_out
from .hearing import Heard, hear, hear_edited, take_back

#: As many characters as a review may have; what is shorter says nothing.
WORDS_MAX = 500
WORDS_MIN = 2
_DAY = timedelta(days=1)


def refuse_review(work: Work, member_id: int) -> Refusal | None:
    """Why the member may write no new review now: review_today, a second on one business day."""
    if reviews.told_on(work.uow, mergers.with_absorbed(work.uow, member_id), work.day):
        return Refusal("review_today", again_at=work.programme.shop.opens(work.day + _DAY))
    return None


def choose_stars(
    work: Work, member_id: int, stars: int, *, of: Review | None = None
) -> Refusal | None:
    """Notes the stars that the next words come with: those of a new review, or `of` the member's
    own that is written anew. Why not, as of a new one."""
    member = members.lock(work.uow, member_id)
    cards = mergers.with_absorbed(work.uow, member.id)
    if of is None and (refused := refuse_review(work, member.id)):
        return refused
    reviews.close(work.uow, cards)
    if of is None:
        n = reviews.next_n(work.uow, member.id)
        of = Review(member.id, n, stars, "", work.now, work.day, "draft")
    reviews.put(work.uow, replace(of, next_stars=stars))
    return None


def tell_review(work: Work, member_id: int, written: ChatText) -> Outcome:
    """Takes the words of the review whose stars were chosen. A new one is recorded, unless it waits
    for staff: then the outcome names the rules that wait. One that is written anew earns nothing.

    Refused with review_closed (no stars were chosen), review_short or review_long.
    """
    words = _plain(written)

    def act() -> Outcome:
        member = members.lock(work.uow, member_id)
        mine = reviews.opened(work.uow, mergers.with_absorbed(work.uow, member_id))
        if mine is None or mine.next_stars is None:
            return outcome_of_refusal(member_id, Refusal("review_closed"))
        if refusal := _refuse_words(words):
            return outcome_of_refusal(member_id, refusal)
        told = replace(
            mine, stars=mine.next_stars, next_stars=None, words=words, key=work.key,
            user_id=written.user_id,
        )  # fmt: skip
        if mine.status != "draft":
            _rewrite(work, replace(told, edited_at=written.at))
            return Outcome(member_id, balance=member.facts.balance)
        if mine.member_id != member.id:
            # Begun on a card that was put together with theirs since.
            reviews.close(work.uow, [mine.member_id])
            own = reviews.next_n(work.uow, member.id)
            told = replace(told, member_id=member.id, n=own)
        day = work.programme.shop.business_date(written.at)
        cards = mergers.with_absorbed(work.uow, member_id)
        store = stores.came_last(work.uow, cards, written.at)
        first = replace(told, at=written.at, business_date=day, store=store)
        return _told_first(work, first)

    return once(work, f"review {member_id} {written.text}", act)


def reword(work: Work, told: Review, written: ChatText) -> Refusal | None:
    """Puts the words right as their message was edited; why not, as of new ones."""
    words = _plain(written)
    if refusal := _refuse_words(words):
        return refusal
    _rewrite(work, replace(told, words=words, edited_at=written.at))
    return None


def _rewrite(work: Work, review: Review) -> None:
    reviews.put(work.uow, review)
    if review.status == "counted":
        _hear_low(work, review)


def _plain(written: ChatText) -> str:
    # PostgreSQL keeps no NUL in a text.
    return written.text.replace("\0", "").strip()


def _refuse_words(words: str) -> Refusal | None:
    if WORDS_MIN <= len(words) <= WORDS_MAX:
        return None
    return Refusal("review_short" if len(words) < WORDS_MIN else "review_long")


def _told_first(work: Work, told: Review) -> Outcome:
    waits = tuple(rule.id for rule in work.programme.confirmable if rule.on == "review")
    if waits:
        reviews.put(work.uow, replace(told, status="waiting"))
        balance = members.lock(work.uow, told.member_id).facts.balance
        return Outcome(told.member_id, waiting=waits, balance=balance)
    outcome = carry_out(work, Request(told.member_id, Occasion("review"), told.at))
    if outcome.done:
        note_counted(work, told, outcome)
    return outcome


def note_counted(work: Work, told: Review, outcome: Outcome) -> None:
    """Notes as which activity it has been recorded, and whether that brought something."""
    counted = replace(told, status="counted", rewarded=bool(outcome.points or outcome.vouchers))
    its = replace(counted, counted_for=outcome.member_id, counted_seq=outcome.seq)
    reviews.put(work.uow, its)
    _hear_low(work, its)


def _hear_low(work: Work, review: Review) -> None:
    """Puts a review with few stars before the staff, once; from then on they read there what it was
    rewritten to, too, whatever its stars."""
    work = work.under(_letter_key(review))
    words = f"{stars_line(review.stars)}\n{review.words}"
    written = ChatText(words, review.user_id, review.edited_at or review.at)
    letter = inbox.under_one_of(work.uow, [work.key])
    if letter is not None:
        hear_edited(work, letter, written)
    elif review.stars <= LOW_STARS_MAX:
        keeper = members.keeper(work.uow, review.member_id)
        hear(work, Heard(keeper, written, "review", "low_score", since=work.now))


def _letter_key(review: Review) -> str:
    return f"review:{review.member_id}:{review.n}"


@dataclass(frozen=True, slots=True)
class ShowingChoice:
    """A member agrees that a review is shown, under which name ("" for none): in which words they
    were asked, and when they said so. No `name`: they don't, or no longer."""

    name: str | None
    wording: str
    at: datetime


def decide_showing(work: Work, review: Review, consent: ShowingChoice) -> None:
    """Shows the member's own review, or shows it no more."""
    reviews.put(work.uow, replace(review, shown_as=consent.name))
    if consent.name is not None:
        consents.note(
            work.uow, review.member_id, "review", channel="line", wording=consent.wording,
            at=consent.at,
        )  # fmt: skip


def withdraw(work: Work, review: Review) -> None:
    """Lets go of its words; what it brought stays, as the shop has heard it."""
    gone = replace(
        review, words="", status="withdrawn", shown_as=None, next_stars=None, key=None, user_id=None
    )
    reviews.put(work.uow, gone)
    take_back(work, _letter_key(review))


def withdraw_unsent(work: Work, key: str) -> None:
    """The same for the review whose words came under that outside key, if there is one."""
    found = reviews.by_key(work.uow, key)
    if found is not None:
        withdraw(work, found)
