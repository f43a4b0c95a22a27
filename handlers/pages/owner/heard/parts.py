"""What the pages of members' voice say alike."""

from rules.figures.periods import PERIODS
from rules.heard.cases import CaseReason
from rules.heard.topics import CaseTopic

from ...staff.frame.layout import words

#: So much of a letter stands in a list.
_GLIMPSE_MAX = 90
#: The texts that name the days one can ask for.
PERIOD_TEXTS = {each: f"owner.figures.periods.{each}" for each in PERIODS}


def reason_word(reason: CaseReason) -> str:
    return words(f"staff.inbox.reason.{reason}")


def topic_word(topic: CaseTopic) -> str:
    return words(f"staff.inbox.topic.{topic}")


def glimpse(text: str) -> str:
    """The beginning of what somebody wrote."""
    return text if len(text) <= _GLIMPSE_MAX else f"{text[:_GLIMPSE_MAX]}…"
