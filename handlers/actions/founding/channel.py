"""LINE's channel, as somebody types it in: it is looked at before it is kept, and kept sealed."""

import re
from dataclasses import dataclass, field

from bot.codes import Codes
from bot.line.channel import ChannelCheck
from bot.line.client import BotInfo, LineClient
from bot.line.errors import LineRejected, LineUnavailable
from bot.store.messages.line_channel import SealedChannel
from rules.base import Refusal
from rules.characters import one_width

#: A secret is 32 hexadecimal digits; a token is longer, and never has a blank in it.
_SECRET = re.compile(r"[0-9a-f]{32}")
TOKEN_MAX = 600
_TOKEN_MIN = 40
_SECRET_PURPOSE, _TOKEN_PURPOSE = "line channel secret", "line channel token"
_UNAUTHORISED = (400, 401, 403)
_BAD_SIGNATURE = "400"


@dataclass(frozen=True, slots=True)
class TypedChannel:
    """A channel's secret and access token, in the open."""

    secret: str = field(repr=False)
    token: str = field(repr=False)


def typed(secret: str, token: str) -> TypedChannel | Refusal:
    """What was pasted, without what pasting adds; a refusal says which of the two can't be one."""
    secret, token = _pasted(secret).lower(), _pasted(token)
    if _SECRET.fullmatch(token.lower()) and not _SECRET.fullmatch(secret):
        return Refusal("channel_swapped")
    if not _SECRET.fullmatch(secret):
        return Refusal("channel_secret_shape")
    if not (_TOKEN_MIN <= len(token) <= TOKEN_MAX and token.isascii() and token.isprintable()):
        return Refusal("channel_token_shape")
    return TypedChannel(secret, token)


def ask_line(channel: TypedChannel, line: ChannelCheck) -> BotInfo | Refusal:
    """The account that the channel is of, as LINE says; a refusal says which of the two is wrong.
    Asks the network: not in a work."""
    try:
        info = line.account(channel.token)
    except LineUnavailable:
        return Refusal("channel_away")
    except LineRejected as refused:
        known = refused.status in _UNAUTHORISED
        return Refusal("channel_token_wrong" if known else "channel_away")
    try:
        channel_id = line.channel_of(channel.token)
        if channel_id and not line.has_secret(channel_id, channel.secret):
            return Refusal("channel_secret_wrong")
    except LineUnavailable:
        return Refusal("channel_away")
    return info


def lead_events(line: LineClient, url: str) -> Refusal | None:
    """Has LINE send its events to `url`, and call there now; a refusal says what came of that. Asks
    the network: not in a work."""
    try:
        line.set_webhook_endpoint(url)
        called = line.test_webhook(url)
        endpoint = line.webhook_endpoint()
    except LineUnavailable:
        return Refusal("channel_away")
    except LineRejected as refused:
        wrong = refused.status in (401, 403)
        return Refusal("channel_token_wrong" if wrong else "webhook_refused")
    if called.reason == "ERROR_STATUS_CODE" and called.detail.startswith(_BAD_SIGNATURE):
        # What we answer to a signature that isn't of the secret that we have.
        return Refusal("channel_secret_wrong")
    if not called.success:
        return Refusal("webhook_unreached")
    return None if endpoint is not None and endpoint.active else Refusal("webhook_off")


def seal(codes: Codes, channel: TypedChannel, account: str) -> SealedChannel:
    return SealedChannel(
        codes.seal(_SECRET_PURPOSE, channel.secret),
        codes.seal(_TOKEN_PURPOSE, channel.token),
        account,
    )


def unseal(codes: Codes, channel: SealedChannel) -> TypedChannel | None:
    """The channel in the open; None where it was sealed under keys that nobody set any more."""
    secret = codes.unseal(_SECRET_PURPOSE, channel.secret)
    token = codes.unseal(_TOKEN_PURPOSE, channel.token)
    return TypedChannel(secret, token) if secret and token else None


def _pasted(text: str) -> str:
    return "".join(one_width(text).split())
