"""What members suggest: from received to considered, and on to adopted, or not this time; each with
a word to those who suggested it."""

from typing import Final, Literal, get_args

SuggestionState = Literal["received", "considered", "adopted", "declined"]
STATES: Final[tuple[SuggestionState, ...]] = get_args(SuggestionState)
#: So long is the shop's name for one, and what is said to members.
TITLE_MAX, WORD_MAX = 80, 500


def unfit_decision(state: SuggestionState, title: str, word: str, *, tells: bool) -> str | None:
    """The refusal's code where it can't be so: what is adopted has a name and a word, as all may
    read of it, and who is told is told something."""
    if len(title) > TITLE_MAX or len(word) > WORD_MAX:
        return "suggestion_long"
    if state == "adopted" and not title:
        return "suggestion_title"
    if not word and (state == "adopted" or tells):
        return "suggestion_word"
    return None
