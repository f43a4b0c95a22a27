"""What the webhook's events say, one frozen value per kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has."""

    event_id: str
    user_id: str | None
    #: When it happened, also in a redelivery; None if LINE's figure was missing or absurd.
    occurred_at: datetime | None
    #: Without one nothing can be said for free.
    reply_token: str | None
    #: Marks this message as read, and all before it; only messages have one, which never ends.
    mark_as_read_token: str | None
    #: Somebody else answers in this chat: send nothing.
    standby: bool
    is_redelivery: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow(Event):
    """The account was added as a friend, or unblocked (LINE says: not fully accurate)."""

    is_unblocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollow(Event):
    """The account was blocked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Event):
    """A typed message. LINE's own emojis stand in the text as words: "(love)"."""

    text: str
    message_id: str
    quote_token: str | None
    quoted_message_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Postback(Event):
    """A tap on one of our buttons. `params`: date/time/datetime, or newRichMenuAliasId/status."""

    data: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker(Event):
    """A sticker."""

    message_id: str
    #: What it shows, at most 15 words, in English.
    keywords: tuple[str, ...]
    #: What was put on it.
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media(Event):
    """A picture, film, sound or file.

    Several pictures sent at once come as one event each; `starts_set` is False for all but the
    first, so that one answer is enough.
    """

    kind: Literal["image", "video", "audio", "file"]
    message_id: str
    starts_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Location(Event):
    """A place sent from the map. What it says of the member's whereabouts isn't kept."""

    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeaconEvent(Event):
    """A member near a LINE Beacon. `hwid` is lower-case hexadecimal; "enter" is an arrival."""

    kind: Literal["enter", "banner", "stay"]
    hwid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLink(Event):
    """LINE account and shop account were linked, or not (then there is no user and no token)."""

    succeeded: bool
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsend(Event):
    """The member took a message back: what we kept of it must go."""

    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Event):
    """The member rewrote a message; the first one keeps its id."""

    message_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEvent(Event):
    """LINE's own paid membership plan was joined, left or renewed."""

    kind: Literal["joined", "left", "renewed"]
    membership_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEvent(Event):
    """Anything in a group or a chat of several people. `kind` is LINE's event type.

    `mentions_bot` is True where somebody wrote @ and our account's name.
    """

    kind: str
    mentions_bot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored(Event):
    """An event that changes nothing here: of a kind we don't use, not (yet) known, or malformed.

    `kind` is LINE's type ("videoPlayComplete", "message/poll"), "" without one.
    """

    kind: str
    malformed: bool
