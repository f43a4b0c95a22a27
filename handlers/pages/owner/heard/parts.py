"""What the pages of members' voice say alike."""

from rules.heard.cases import CaseReason
from rules.heard.topics import CaseTopic

from ...staff.frame.layout import words


def reason_word(reason: CaseReason) -> str:
    return words(f"staff.inbox.reason.{reason}")


def topic_word(topic: CaseTopic) -> str:
    return words(f"staff.inbox.topic.{topic}")


def columns(*names: str) -> list[str]:
    """The headings of a file."""
    return [words(f"owner.heard.column.{each}") for each in names]
