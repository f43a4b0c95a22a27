"""A LINE platform for a machine without one.

It answers the Messaging API over HTTP, sends signed webhooks, and has a page on which one plays
the customers of a bot and moves the clock. It knows nothing of the bot, and keeps its own file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flask import Blueprint

from .api import api_blueprint
from .chat import Chat, ChatEntry
from .customers import Customers, Photo
from .errors import NotPossible
from .login_api import CHANNEL_ID, LIFF_ID, login_blueprint
from .menus import Menus
from .page import page_blueprint
from .people import Account, People, Status, new_user_id
from .phones import Phones
from .platform import BOT_ID, SMS_ACCOUNT, Platform
from .rates import Rates
from .sms_api import sms_blueprint
from .statistics import Statistics
from .store import PlatformStore, keep_setting, setting
from .times import SimulatedTime
from .webhooks import WebhookDelivery, Webhooks

__all__ = [
    "BOT_ID",
    "CHANNEL_ID",
    "LIFF_ID",
    "SMS_ACCOUNT",
    "Account",
    "ChatEntry",
    "Customers",
    "NotPossible",
    "Photo",
    "Simulator",
    "WebhookDelivery",
    "new_user_id",
]


class Simulator:
    """One simulated platform with one bot on it. Every method may be called from any thread.

    `path`: its SQLite file, created with its folder. `base_url`: where people reach the app, for
    links and for the one http:// origin whose pictures are accepted. `webhook_url`: where events
    are posted, and `reached` other addresses that the bot may name, with where each is reached.
    `customers` does what a customer would do on the phone.
    """

    def __init__(
        self,
        path: Path,
        channel_secret: str,
        access_token: str,
        base_url: str,
        webhook_url: str,
        *,
        bot_name: str = "お店の公式アカウント",
        reached: Mapping[str, str] | None = None,
    ) -> None:
        store = PlatformStore(path)
        clock = SimulatedTime(store)
        bot_user_id = _bot_user_id(store)
        self._platform = Platform(
            store=store,
            time=clock,
            people=People(store),
            phones=Phones(store),
            chat=Chat(store),
            menus=Menus(store),
            webhooks=Webhooks(
                store,
                url=webhook_url,
                secret=channel_secret,
                destination=bot_user_id,
                now=clock.now,
                reached=reached,
            ),
            rates=Rates(),
            statistics=Statistics(store),
            access_token=access_token,
            base_url=base_url.rstrip("/"),
            bot_user_id=bot_user_id,
            bot_name=bot_name,
        )
        self.customers = Customers(self._platform)

    @property
    def webhook_url(self) -> str:
        """Where events are posted."""
        return self._platform.webhooks.url

    def offset(self) -> timedelta:
        """How far simulated time is ahead of wall time."""
        return self._platform.time.offset()

    def set_offset(self, offset: timedelta) -> None:
        """Moves simulated time forward; ValueError if that would move it back."""
        self._platform.time.set_offset(offset)

    def now(self) -> datetime:
        """The simulated moment, aware UTC."""
        return self._platform.time.now()

    def add_account(
        self, user_id: str, display_name: str, language: str = "ja", follows: bool = True
    ) -> None:
        """Adds an account without telling the bot; an existing one gets the name and language."""
        status: Status = "friend" if follows else "stranger"
        self.add_accounts([Account(user_id, display_name, language, status)])

    def add_accounts(self, accounts: Iterable[Account]) -> None:
        """Adds many accounts in one transaction, as `add_account` does."""
        self._platform.people.add(accounts)

    def account(self, user_id: str) -> Account | None:
        """An account, or None if there is none of that id."""
        return self._platform.people.get(user_id)

    def phone_number(self, user_id: str) -> str:
        """The telephone number of an account, in international form."""
        return self._platform.phones.number_of(user_id)

    def lines(self, user_id: str, *, after: int = 0) -> Sequence[ChatEntry]:
        """What a customer sees in the chat, oldest first; with `after`, what came after an id."""
        return self._platform.chat.lines(user_id, after=after)

    def read_up_to(self, user_id: str) -> int:
        """The last message of that customer which the bot has marked as read; 0 for none."""
        return self._platform.chat.read_up_to(user_id)

    def redeliver(self, event_id: str) -> WebhookDelivery:
        """Sends a webhook again, with isRedelivery true; KeyError if there is no such event."""
        return self._platform.webhooks.deliver(event_id)

    def set_plan(self, limit: int | None) -> None:
        """Messages a month that may be pushed; None for no limit."""
        self._platform.chat.set_plan(limit)

    def blueprint(
        self,
        travel: Callable[[datetime], None],
        shop_pages: Mapping[str, Callable[[], str]] | None = None,
    ) -> Blueprint:
        """The page and the API, below /simulator.

        `travel` moves the app's world to a later moment and returns when it is there; it calls
        `set_offset` itself, as often as it needs to. `shop_pages` give the addresses of the shop's
        side ("counter", "staff"), to which the page leads; each is asked for when it is opened.
        """
        blueprint = Blueprint(
            "simulator",
            __name__,
            url_prefix="/simulator",
            template_folder="templates",
            static_folder="static",
            static_url_path="/static",
        )
        blueprint.register_blueprint(api_blueprint(self._platform), url_prefix="/api")
        blueprint.register_blueprint(login_blueprint(self._platform), url_prefix="/api")
        blueprint.register_blueprint(sms_blueprint(self._platform), url_prefix="/sms")
        pages = page_blueprint(self._platform, self.customers, travel, shop_pages or {})
        blueprint.register_blueprint(pages)
        return blueprint

    def close(self) -> None:
        """Closes what is open; used again, the simulator opens it anew."""
        self._platform.webhooks.close()
        self._platform.store.close()


def _bot_user_id(store: PlatformStore) -> str:
    """The bot's own user id, made up when the file is new."""
    with store.writing() as connection:
        user_id = setting(connection, "bot_user_id")
        if user_id is None:
            user_id = new_user_id()
            keep_setting(connection, "bot_user_id", user_id)
        return user_id
