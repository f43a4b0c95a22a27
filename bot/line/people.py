"""What is asked about one friend: their profile, which menu they see, what was read of theirs."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from . import limits, wire
from .calls import Call, HttpAnswer
from .errors import LineError, LineUnavailable

_OK, _REDIRECTS, _NOT_FOUND = 200, 300, 404


@dataclass(frozen=True, slots=True)
class UserProfile:
    """What a friend shows: a display name (no real name), and a language such as "ja" if agreed."""

    display_name: str
    language: str | None


def profile_call(user_id: str) -> Call:
    return Call(f"/v2/bot/profile/{quote(user_id, safe='')}", b"", method="GET")


def profile_of(said: HttpAnswer | LineError) -> UserProfile | LineError | None:
    """The profile, or None for somebody who left, never came or does not exist."""
    if isinstance(said, LineError):
        return said
    if said.status == _NOT_FOUND:
        return None
    if not _OK <= said.status < _REDIRECTS:
        return wire.error_of_answer(said)
    try:
        profile = json.loads(said.body)
        name, language = profile["displayName"], profile.get("language")
        if isinstance(name, str) and isinstance(language, str | None):
            return UserProfile(limits.clean(name).strip(), language)
    except (ValueError, TypeError, LookupError):
        pass
    return LineUnavailable("LINE's answer made no sense")


def unlink_menu_call(user_id: str) -> Call:
    """Shows everybody's menu to this friend again."""
    return Call(f"/v2/bot/user/{quote(user_id, safe='')}/richmenu", b"", method="DELETE")


def read_call(token: str) -> Call:
    """Marks the message with this read token, and all before it in its chat, as read."""
    body = json.dumps({"markAsReadToken": token}).encode()
    return Call("/v2/bot/chat/markAsRead", body)


def marked(said: HttpAnswer | LineError) -> LineError | None:
    """What went wrong."""
    if isinstance(said, LineError):
        return said
    return None if _OK <= said.status < _REDIRECTS else wire.error_of_answer(said)


def unlinked(said: HttpAnswer | LineError) -> LineError | None:
    """What went wrong; nothing where there was no menu of their own."""
    if isinstance(said, LineError):
        return said
    done = _OK <= said.status < _REDIRECTS or said.status == _NOT_FOUND
    return None if done else wire.error_of_answer(said)
