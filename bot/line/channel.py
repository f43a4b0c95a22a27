"""Whether a channel's secret and its access token belong together, as LINE says.

LINE takes a secret for its channel alone: with the channel's id, which LINE tells of a token, it
gives a token that is good for a quarter of an hour and needn't be revoked (Messaging API reference,
"Verify the validity of short-lived and long-lived channel access tokens", "Issue stateless channel
access token"). Nothing changes by asking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from . import wire
from .client import BotInfo, LineClient
from .errors import LineRejected, LineUnavailable
from .wire import LINE_API_BASE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """Asks LINE about what somebody typed in. Any method may raise LineUnavailable."""

    api_base: str = LINE_API_BASE
    connect_seconds: float = 3.0
    read_seconds: float = 8.0

    def account(self, token: str) -> BotInfo:
        """The account that the token is of. LineRejected where it is none."""
        return LineClient(token, self.api_base, read_seconds=self.read_seconds).bot_info()

    def channel_of(self, token: str) -> str | None:
        """The id of the token's channel; None where LINE doesn't tell, as of tokens that expire
        when somebody says (v2.1)."""
        found = self._ask(lambda api, **o: api.verify_channel_token(token, **o))
        return str(found.client_id) if found is not None else None

    def has_secret(self, channel_id: str, secret: str) -> bool:
        """Whether that is the channel's secret."""

        def issue(api: Any, **options: Any) -> Any:
            return api.issue_stateless_channel_token_by_client_secret(channel_id, secret, **options)

        return self._ask(issue) is not None

    def _ask(self, call: Callable[..., T]) -> T | None:
        """What LINE answers; None for its "no"."""
        from linebot.v3 import oauth
        from urllib3.exceptions import HTTPError

        configuration = oauth.Configuration(host=wire.host(self.api_base))
        configuration.retries = False
        with oauth.ApiClient(configuration) as client:
            api = oauth.ChannelAccessToken(client)
            try:
                return call(api, _request_timeout=(self.connect_seconds, self.read_seconds))
            except oauth.ApiException as refusal:
                error = wire.error_of_answer(refusal)
                if isinstance(error, LineRejected):
                    return None
                raise LineUnavailable(status=error.status) from None
            except HTTPError as failure:
                raise wire.error_of_connection(failure) from None
            except ValueError:
                raise LineUnavailable("LINE's answer made no sense") from None
