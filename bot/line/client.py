"""The only way out to LINE: its SDK's own client, with time-outs, one pool and our own errors.
Messages (replies, pushes, multicasts) leave by a thinner one, `sender`, which also asks who
somebody is.

Nothing is ever repeated here. urllib3 would by default repeat a request three times when the
connection breaks: that is switched off, and whether to try again is the caller's decision.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from . import limits, wire
from .calls import Endpoint
from .errors import (
    InvalidMessages,
    LineError,
    LineRejected,
    LineUnavailable,
    MonthlyLimitReached,
    RateLimited,
    ReplyTokenInvalid,
)
from .pulse import Pulse
from .sender import Sender
from .wire import LINE_API_BASE, Acceptance, Messages

if TYPE_CHECKING:
    from linebot.v3 import insight
    from linebot.v3 import messaging as sdk

__all__ = [
    "Acceptance",
    "BotInfo",
    "InvalidMessages",
    "LineClient",
    "LineError",
    "LineRejected",
    "LineUnavailable",
    "MonthlyLimitReached",
    "Quota",
    "RateLimited",
    "ReplyTokenInvalid",
    "RichMenu",
    "UnitStatistics",
    "WebhookEndpoint",
    "WebhookTest",
]

#: Messages on their way at the same time: at 50 ms each, more than LINE's 2,000/s.
SENDING_AT_ONCE = 128

T = TypeVar("T")
#: Called with (call, outcome) after every request: ("push", "ok"), ("reply", "unavailable").
Observer = Callable[[str, str], None]

_OK, _NOT_FOUND = 200, 404


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages of this month: `limit` is None without one, `used` is LINE's approximate count."""

    limit: int | None
    used: int


@dataclass(frozen=True, slots=True)
class BotInfo:
    """The official account."""

    user_id: str
    #: Begins with @.
    basic_id: str
    display_name: str
    #: LINE's chat is switched on in the account manager, so that staff can answer there.
    answers_by_hand: bool


@dataclass(frozen=True, slots=True)
class RichMenu:
    """A menu that exists on the account."""

    id: str
    name: str
    chat_bar_text: str


class WebhookEndpoint(NamedTuple):
    """Where LINE sends events, and whether it does."""

    url: str
    active: bool


class WebhookTest(NamedTuple):
    """What came of it when LINE called us to see whether that works."""

    success: bool
    #: LINE's word for it, as "OK", "COULD_NOT_CONNECT", "REQUEST_TIMEOUT", "ERROR_STATUS_CODE".
    reason: str
    detail: str


def _unobserved(call: str, outcome: str) -> None:
    """Counts nothing."""


class UnitStatistics(NamedTuple):
    """How many people opened a unit's messages, and how many opened a link in them; None where
    LINE does not tell, as of fewer than twenty."""

    opened: int | None
    tapped: int | None


class _Sdk(NamedTuple):
    api: "sdk.MessagingApi"
    blob: "sdk.MessagingApiBlob"


class LineClient:
    """Talks to LINE for one official account; share one among all threads.

    `api_base` other than LINE's sends every call there (the simulator). `connect_seconds` and
    `read_seconds` bound every call; `pool_size` is how many connections are kept open. The SDK,
    which takes most of a second to load, is loaded at the first call.

    Every method raises a LineError (see `errors`) unless it says otherwise.
    """

    def __init__(
        self,
        access_token: str,
        api_base: str = LINE_API_BASE,
        *,
        connect_seconds: float = 3.0,
        read_seconds: float = 10.0,
        pool_size: int = 16,
        observe: Observer = _unobserved,
    ) -> None:
        self._access_token = access_token
        self._api_base = api_base
        self._timeout = (connect_seconds, read_seconds)
        self._pool_size = pool_size
        self._observe = observe
        self.pulse = Pulse()
        self._lock = threading.Lock()
        self._loaded: _Sdk | None = None

    def sender(self, at_once: int | None = None) -> Sender:
        """For replies, pushes and multicasts, `at_once` requests (else SENDING_AT_ONCE) on their
        way at the same time."""
        connect, read = self._timeout
        room = at_once or SENDING_AT_ONCE
        endpoint = Endpoint(self._api_base, self._access_token, connect, read, room, self.pulse)
        return Sender(endpoint, self._observe)

    def validate_reply(self, messages: Messages) -> None:
        """Asks LINE whether it would accept these messages, without sending them."""
        request = wire.models().ValidateMessageRequest(messages=wire.checked(messages))
        sdk = self._sdk()
        self._call("validate_reply", lambda **o: sdk.api.validate_reply(request, **o))

    def show_loading(self, user_id: str, seconds: int) -> None:
        """Shows the three moving dots until the next message. `seconds`: 5, 10, … 60."""
        if seconds not in limits.LOADING_SECONDS:
            raise ValueError("seconds must be a multiple of 5 from 5 to 60")
        sdk = self._sdk()
        request = wire.models().ShowLoadingAnimationRequest(chatId=user_id, loadingSeconds=seconds)
        self._call("show_loading", lambda **o: sdk.api.show_loading_animation(request, **o))

    def quota(self) -> Quota:
        """This month's messages: what the plan allows and about how many are used."""
        sdk = self._sdk()
        plan = self._call("quota", lambda **o: sdk.api.get_message_quota(**o))
        used = self._call("quota_used", lambda **o: sdk.api.get_message_quota_consumption(**o))
        return Quota(plan.value if plan.type == "limited" else None, used.total_usage)

    def unit_statistics(self, unit: str, first: date, last: date) -> UnitStatistics:
        """What became of the messages that were sent with that unit on these days, 31 at most, both
        included. LINE answers 60 times an hour."""
        sdk = self._statistics()
        days = [f"{day:%Y%m%d}" for day in (first, last)]
        found = self._call(
            "unit_statistics", lambda **o: sdk.get_statistics_per_unit(unit, *days, **o)
        )
        return UnitStatistics(found.overview.unique_impression, found.overview.unique_click)

    def bot_info(self) -> BotInfo:
        """The account that the access token belongs to."""
        sdk = self._sdk()
        info = self._call("bot_info", lambda **o: sdk.api.get_bot_info(**o))
        by_hand = info.chat_mode == "chat"
        return BotInfo(info.user_id, info.basic_id, info.display_name, by_hand)

    def webhook_endpoint(self) -> WebhookEndpoint | None:
        """Where LINE sends its events, or None if nothing is set."""
        sdk = self._sdk()
        found = self._found("webhook_endpoint", lambda **o: sdk.api.get_webhook_endpoint(**o))
        return found and WebhookEndpoint(found.endpoint, found.active)

    def set_webhook_endpoint(self, url: str) -> None:
        """Lets LINE send its events there (https). It may take a minute until it does."""
        request = wire.parsed(wire.models().SetWebhookEndpointRequest, {"endpoint": url})
        sdk = self._sdk()
        self._call("set_webhook_endpoint", lambda **o: sdk.api.set_webhook_endpoint(request, **o))

    def test_webhook(self, url: str) -> WebhookTest:
        """Asks LINE to call that address now, with no events; it may be another than is set."""
        request = wire.parsed(wire.models().TestWebhookEndpointRequest, {"endpoint": url})
        sdk = self._sdk()
        found = self._call("test_webhook", lambda **o: sdk.api.test_webhook_endpoint(request, **o))
        return WebhookTest(bool(found.success), found.reason, found.detail)

    def create_rich_menu(self, menu: Mapping[str, Any]) -> str:
        """The id of the new menu (see `messages.rich_menu`); it needs a picture before use."""
        request = wire.parsed(wire.models().RichMenuRequest, menu)
        sdk = self._sdk()
        made = self._call("create_rich_menu", lambda **o: sdk.api.create_rich_menu(request, **o))
        return str(made.rich_menu_id)

    def upload_rich_menu_image(self, menu_id: str, image: bytes, content_type: str) -> None:
        """The menu's picture (at most 1 MB), once: LINE never replaces it.

        `content_type` is "image/png" or "image/jpeg".
        """
        if len(image) > limits.RICH_MENU_IMAGE_BYTES:
            raise ValueError("a rich menu's picture may have at most 1 MB")
        sdk = self._sdk()

        def call(**options: Any) -> None:
            headers = {"Content-Type": content_type}
            sdk.blob.set_rich_menu_image(menu_id, image, _headers=headers, **options)

        self._call("upload_rich_menu_image", call)

    def set_default_rich_menu(self, menu_id: str) -> None:
        """Shows this menu to everybody who has none of their own. Costs no message."""
        sdk = self._sdk()
        self._call("set_default_rich_menu", lambda **o: sdk.api.set_default_rich_menu(menu_id, **o))

    def default_rich_menu_id(self) -> str | None:
        """The menu that everybody sees, or None. One set in the account manager isn't seen here."""
        sdk = self._sdk()
        found = self._found("default_rich_menu_id", sdk.api.get_default_rich_menu_id)
        return found and str(found.rich_menu_id)

    def list_rich_menus(self) -> list[RichMenu]:
        """The menus made through the API."""
        sdk = self._sdk()
        found = self._call("list_rich_menus", lambda **o: sdk.api.get_rich_menu_list(**o))
        return [RichMenu(m.rich_menu_id, m.name, m.chat_bar_text) for m in found.richmenus]

    def delete_rich_menu(self, menu_id: str) -> None:
        """Removes a menu; deleting one that is gone already changes nothing."""
        sdk = self._sdk()
        self._found("delete_rich_menu", lambda **o: sdk.api.delete_rich_menu(menu_id, **o))

    def has_rich_menu_image(self, menu_id: str) -> bool:
        """Whether the menu has its picture; one without can't be shown."""
        sdk = self._sdk()
        found = self._found(
            "has_rich_menu_image", lambda **o: sdk.blob.get_rich_menu_image(menu_id, **o)
        )
        return found is not None

    def link_rich_menu(self, user_ids: Sequence[str], menu_id: str) -> None:
        """Shows these friends, 500 at most, this menu instead of everybody's. Costs no message."""
        sdk = self._sdk()
        models = wire.models()
        request = models.RichMenuBulkLinkRequest(richMenuId=menu_id, userIds=list(user_ids))
        self._call("link_rich_menu", lambda **o: sdk.api.link_rich_menu_id_to_users(request, **o))

    def rich_menu_aliases(self) -> dict[str, str]:
        """The menus' ids by their aliases."""
        sdk = self._sdk()
        found = self._call("rich_menu_aliases", lambda **o: sdk.api.get_rich_menu_alias_list(**o))
        return {each.rich_menu_alias_id: each.rich_menu_id for each in found.aliases}

    def create_rich_menu_alias(self, alias: str, menu_id: str) -> None:
        """A name of our own (a–z, 0–9, _ and -, at most 32) for a menu that has its picture."""
        models, sdk = wire.models(), self._sdk()
        request = models.CreateRichMenuAliasRequest(richMenuAliasId=alias, richMenuId=menu_id)
        self._call(
            "create_rich_menu_alias", lambda **o: sdk.api.create_rich_menu_alias(request, **o)
        )

    def update_rich_menu_alias(self, alias: str, menu_id: str) -> None:
        """Lets the alias mean another menu."""
        models, sdk = wire.models(), self._sdk()
        request = models.UpdateRichMenuAliasRequest(richMenuId=menu_id)
        self._call(
            "update_rich_menu_alias",
            lambda **o: sdk.api.update_rich_menu_alias(alias, request, **o),
        )

    def delete_rich_menu_alias(self, alias: str) -> None:
        """Removes an alias; the menu stays. One that is gone already changes nothing."""
        sdk = self._sdk()
        self._found(
            "delete_rich_menu_alias", lambda **o: sdk.api.delete_rich_menu_alias(alias, **o)
        )

    def _sdk(self) -> _Sdk:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> _Sdk:
        sdk = wire.models()
        host = wire.host(self._api_base)
        configuration = sdk.Configuration(host=host, access_token=self._access_token)
        configuration.connection_pool_maxsize = self._pool_size
        configuration.retries = False
        shared = sdk.ApiClient(configuration)
        return _Sdk(sdk.MessagingApi(shared), sdk.MessagingApiBlob(shared))

    def _statistics(self) -> "insight.Insight":
        """Asked once in a while: with a client of its own, which is let go again."""
        from linebot.v3 import insight

        host = wire.host(self._api_base)
        configuration = insight.Configuration(host=host, access_token=self._access_token)
        configuration.retries = False
        return insight.Insight(insight.ApiClient(configuration))

    def _found(self, name: str, call: Callable[..., T]) -> T | None:
        """As `_call`, with None for LINE's 404."""
        try:
            return self._call(name, call)
        except LineRejected as refusal:
            if refusal.status == _NOT_FOUND:
                return None
            raise

    def _call(self, name: str, call: Callable[..., T]) -> T:
        """Runs one request of the SDK; its errors and urllib3's end here.

        `from None`, since theirs may carry what LINE echoes of a message.
        """
        from linebot.v3.insight.exceptions import ApiException as NoStatistics
        from linebot.v3.messaging.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            result = call(_request_timeout=self._timeout)
        except (ApiException, NoStatistics) as refusal:
            self.pulse.hear(refusal.status, refusal.headers)
            raise self._observed(name, wire.error_of_answer(refusal)) from None
        except HTTPError as failure:
            raise self._observed(name, wire.error_of_connection(failure)) from None
        except ValueError:
            # The SDK could not make sense of the answer, which may still have been a yes.
            raise self._observed(name, LineUnavailable("LINE's answer made no sense")) from None
        self.pulse.hear(_OK)
        self._observe(name, "ok")
        return result

    def _observed(self, name: str, error: LineError) -> LineError:
        self._observe(name, error.outcome)
        return error
