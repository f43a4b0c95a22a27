"""A word to a member: the staff read it as it would arrive, may word it anew, and send it."""

from dataclasses import dataclass

from flask import request

from bot.store.members.members import Member
from bot.store.staff.staff import StaffMember
from handlers.actions.telling.praise import WordOfPraise, praise
from rules.programme.programme import Programme
from rules.wording.praise import PRAISE_LENGTH_MAX, PraiseWords, praise_words
from rules.wording.words import Words

from .access import signed
from .forms import form_work, new_key


@dataclass(frozen=True, slots=True)
class PraiseForm:
    """What may be sent: `draft`, as the member would read it, with `key` for doing it once."""

    draft: PraiseWords
    #: From whom else it may be: who is signed in, by their name for members; empty for none.
    signed: str
    key: str
    length_max: int = PRAISE_LENGTH_MAX


def praise_form(
    programme: Programme, member: Member, word: WordOfPraise, me: StaffMember | None
) -> PraiseForm:
    by = me.public_name if me else ""
    own = _draft(programme, member, word, by).note if by else ""
    return PraiseForm(_draft(programme, member, word), own, new_key())


def send_praise(member: Member, word: WordOfPraise) -> str | None:
    """Sends the word with what was typed into its form; the refusal's code where that can't be."""
    text = request.form.get("text", "").replace("\0", "").replace("\r\n", "\n").strip()
    if len(text) > PRAISE_LENGTH_MAX:
        return "praise_too_long"
    with form_work() as work:
        if text == _draft(work.programme, member, word).body:
            text = ""
        is_signed = request.form.get("sign") == "own"
        sent = WordOfPraise(word.moment, word.target, text, is_signed)
        return praise(work, member.id, sent).refused


def _draft(programme: Programme, member: Member, word: WordOfPraise, by: str = "") -> PraiseWords:
    """What the member would read, in their language; `by` is who signs it."""
    rank = programme.ranks.get(word.target) if programme.ranks else None
    words = Words(programme, member.language)
    return praise_words(words, word.moment, store=signed().desk.store, rank=rank, by=by)
