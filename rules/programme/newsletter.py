"""The shop's newsletter (会報誌): what it is, and what stands in an issue."""

import tomllib
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from ..base import Lang, LocalText, Strict

#: How an issue is named, in its file and address.
ISSUE_ID = r"^[a-z0-9][a-z0-9-]{0,38}$"
IssueId = Annotated[str, StringConstraints(pattern=ISSUE_ID)]


class Newsletter(Strict):
    """That there is one. Members ask for it themselves, in the chat."""

    name: LocalText
    #: What stands in it and how often it comes: what they agree to.
    about: LocalText


class Paragraphs(Strict):
    """A text of several lines, Japanese first; a blank line divides its paragraphs."""

    ja: Annotated[str, StringConstraints(min_length=1, max_length=5_000)]
    en: Annotated[str, StringConstraints(max_length=5_000)] = ""

    def in_(self, lang: Lang) -> tuple[str, ...]:
        """Its paragraphs, in Japanese where the shop wrote no others."""
        text = (self.en or self.ja) if lang == "en" else self.ja
        return tuple(part.strip() for part in text.split("\n\n") if part.strip())


class IssueSection(Strict):
    """A part of an issue."""

    heading: LocalText | None = None
    body: Paragraphs


class Issue(Strict):
    """An issue, as it is written."""

    id: IssueId
    title: LocalText
    #: What the message says of it.
    lead: LocalText
    #: A PNG or JPEG file beside the issue's own.
    picture: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,80}$")] | None = None
    sections: Annotated[tuple[IssueSection, ...], Field(min_length=1, max_length=20)]


def read_issue(text: str) -> Issue | str:
    """An issue from TOML; else where in it something is wrong, and what."""
    try:
        return Issue.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        return str(problem)
    except ValidationError as problems:
        first = problems.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        return f"{place}: {first['msg']}"
