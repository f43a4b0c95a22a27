"""What members suggest: a letter marked as one, several that mean the same put together, and what
the shop decides of it. Who suggested it is told by the clock (`telling_back`).

A suggestion is locked before members, and these before their letters, as the clock does."""

from dataclasses import dataclass

from bot.store.heard import suggestions
from bot.store.heard.cases import CaseName
from bot.store.heard.suggestions import StoredSuggestion
from bot.store.members import members
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from handlers.actions.recording.work import Work
from rules.heard.suggestions import TITLE_MAX, WORD_MAX, SuggestionState, unfit_decision

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from .answering import settle_with
from .hearing import Heard, hear


@dataclass(frozen=True, slots=True)
class SuggestionDecision:
    """What the shop makes of a suggestion that had moved so often when they read it."""

    seen: int
    state: SuggestionState
    title: str
    word: str = ""
    #: Whether those who suggested it get a message; of what is adopted they always do.
    tells: bool = False
    #: Whether all members may read of it.
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class HeardSuggestion:
    """A suggestion that somebody said to the staff."""

    member_id: int
    words: str
    #: That which it means the same as; None: a new one.
    into: int | None = None


def mark_letter(
    work: Work, name: CaseName, letter_id: int, *, into: int | None, title: str = ""
) -> Acknowledgement:
    """Takes a letter of that case for a suggestion: a new one with that `title`, or the same as
    `into`. Refused with case_gone, suggestion_long, suggestion_again or suggestion_gone."""
    title = title.strip()

    def act() -> Acknowledgement:
        if into is not None:
            suggestions.get(work.uow, into, lock=True)
        letter = inbox.lock(work.uow, letter_id)
        if letter is None or (letter.member_id, letter.case_number) != name:
            return Acknowledgement("case_gone")
        if suggestions.of_letter(work.uow, letter_id) is not None:
            return Acknowledgement("suggestion_again")
        if len(title) > TITLE_MAX:
            return Acknowledgement("suggestion_long")
        done = _put(work, letter_id, into, title)
        if done.done:
            note(work, "suggestion_marked", member_id=name.member_id, letter=letter_id)
        return done

    return once_for(ACKNOWLEDGEMENT, work, f"suggest {letter_id} {into} {title}", act)


def mark_own(work: Work) -> None:
    """The member who has just written under the work's key calls it a suggestion themselves."""
    letter = inbox.under_one_of(work.uow, [work.key])
    if letter is not None and suggestions.of_letter(work.uow, letter.id) is None:
        _put(work, letter.id, None, "")


def _put(work: Work, letter_id: int, into: int | None, title: str) -> Acknowledgement:
    if into is None:
        by = work.actor.staff_id if work.actor else None
        into = suggestions.add(work.uow, title, at=work.now, by=by)
    its = suggestions.get(work.uow, into, lock=True)
    if its is None:
        return Acknowledgement("suggestion_gone")
    suggestions.put_letter(work.uow, letter_id, its.id)
    _follow(work, its)
    return Acknowledgement()


def _follow(work: Work, its: StoredSuggestion) -> None:
    """Who has come to it since is to hear what it stands at, too, or is told no more what another
    stood at."""
    is_telling = bool(suggestions.untold(work.uow, its, limit=1))
    suggestions.set_telling(work.uow, its.id, is_telling=is_telling)


def hear_suggestion(work: Work, heard: HeardSuggestion) -> Acknowledgement:
    """Keeps what somebody said to the staff, who have answered there and then.

    Refused with suggestion_word, suggestion_long, suggestion_gone or erased.
    """
    words = heard.words.strip()

    def act() -> Acknowledgement:
        into = suggestions.get(work.uow, heard.into, lock=True) if heard.into is not None else None
        member = members.lock(work.uow, heard.member_id)
        if member.erased_at is not None:
            return Acknowledgement("erased")
        if not words or len(words) > WORD_MAX:
            return Acknowledgement("suggestion_long" if words else "suggestion_word")
        if heard.into is not None and into is None:
            return Acknowledgement("suggestion_gone")
        hear(work, Heard(member.id, ChatText(words, None, work.now), "feedback", "suggestion"))
        letter = inbox.under_one_of(work.uow, [work.key])
        if letter is None or letter.member_id is None or letter.case_number is None:
            raise RuntimeError("what was heard is kept")
        done = _put(work, letter.id, heard.into, "")
        settle_with(work, CaseName(letter.member_id, letter.case_number), letter.id)
        note(work, "suggestion_heard", member_id=member.id, letter=letter.id)
        return done

    asked = f"heard {heard.member_id} {heard.into} {words}"
    return once_for(ACKNOWLEDGEMENT, work, asked, act)


def decide_suggestion(
    work: Work, suggestion_id: int, decision: SuggestionDecision
) -> Acknowledgement:
    """Notes what the shop makes of it; who suggested it is told by the clock, each once. What was
    adopted and isn't any more takes back what it had brought.

    Refused with suggestion_gone, suggestion_moved, suggestion_title, suggestion_word or
    suggestion_long.
    """
    title, word, state = decision.title.strip(), decision.word.strip(), decision.state

    def act() -> Acknowledgement:
        its = suggestions.get(work.uow, suggestion_id, lock=True)
        if its is None:
            return Acknowledgement("suggestion_gone")
        if its.moved != decision.seen:
            return Acknowledgement("suggestion_moved")
        is_new, is_told = state != its.state, its.tells and its.state != "received"
        # What they were told of this state can't be unsaid.
        stays = is_told and not is_new and not its.is_telling
        tells = decision.tells or state == "adopted" or stays
        if code := unfit_decision(state, title, word, tells=tells):
            return Acknowledgement(code)
        begins = is_new or (tells and not is_told and state != "received")
        if begins and not is_new:
            suggestions.tell_again(work.uow, its)
        moved = {"state_at": work.now, "state_by": work.staff.staff_id} if is_new else {}
        suggestions.change(
            work.uow, its.id, title=title, word=word, state=state, tells=tells,
            is_shown=decision.is_shown and state == "adopted",
            is_telling=begins or its.is_telling, **moved,
        )  # fmt: skip
        note(work, "suggestion_decided", suggestion=its.id, state=state)
        return Acknowledgement()

    asked = f"suggestion {suggestion_id} {decision!r}"
    return once_for(ACKNOWLEDGEMENT, work, asked, act)


def join_suggestion(work: Work, suggestion_id: int, *, into: int, seen: int) -> Acknowledgement:
    """Puts a suggestion together with another that means the same; from then on it is that one.

    Refused with suggestion_gone, suggestion_moved, or suggestion_adopted: who was told that theirs
    was adopted is told nothing else.
    """

    def act() -> Acknowledgement:
        ids = sorted((suggestion_id, into))
        both = {each: suggestions.get(work.uow, each, lock=True) for each in ids}
        its, other = both[suggestion_id], both.get(into)
        if its is None or other is None or its.id == other.id:
            return Acknowledgement("suggestion_gone")
        if its.moved != seen:
            return Acknowledgement("suggestion_moved")
        if _is_adopted(work, its):
            return Acknowledgement("suggestion_adopted")
        suggestions.move_letters(work.uow, its.id, other.id)
        suggestions.drop(work.uow, its.id)
        # It counts on from either: what a writer was told is known by it.
        suggestions.change(work.uow, other.id, moved=max(its.moved, other.moved) + 1)
        _follow(work, other)
        note(work, "suggestion_joined", suggestion=its.id, into=other.id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"suggestion {suggestion_id} into {into}", act)


def _is_adopted(work: Work, its: StoredSuggestion) -> bool:
    """Whether it is, or was until just now: the clock has to take back first what it brought."""
    return its.state == "adopted" or suggestions.is_held_adopted(work.uow, its.id)


def part_letter(work: Work, suggestion_id: int, letter_id: int) -> Acknowledgement:
    """Makes a letter that means something else a suggestion of its own again.

    Refused with suggestion_gone, or suggestion_adopted."""

    def act() -> Acknowledgement:
        its = suggestions.get(work.uow, suggestion_id, lock=True)
        letter = inbox.lock(work.uow, letter_id)
        if its is None or letter is None or suggestions.of_letter(work.uow, letter_id) != its.id:
            return Acknowledgement("suggestion_gone")
        if _is_adopted(work, its) or suggestions.count_letters(work.uow, its.id) < 2:
            return Acknowledgement("suggestion_adopted")
        suggestions.note_called(work.uow, letter_id)
        own = suggestions.add(work.uow, "", at=work.now, by=work.staff.staff_id)
        _put(work, letter_id, own, "")
        suggestions.change(work.uow, its.id)
        note(work, "suggestion_parted", suggestion=its.id, letter=letter_id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"suggestion {suggestion_id} without {letter_id}", act)
