"""The parts of one simulated LINE platform, handed to everything that serves it."""

from dataclasses import dataclass

from .chat import Chat
from .checks import loopback_origin
from .menus import Menus
from .people import People
from .phones import Phones
from .rates import Rates
from .statistics import Statistics
from .store import PlatformStore
from .times import SimulatedTime
from .webhooks import Webhooks

BOT_ID = "@simulator"
SMS_ACCOUNT = "AC" + "0" * 32


@dataclass(frozen=True)
class Platform:
    """The parts, and who the bot is."""

    store: PlatformStore
    time: SimulatedTime
    people: People
    phones: Phones
    chat: Chat
    menus: Menus
    webhooks: Webhooks
    rates: Rates
    statistics: Statistics
    access_token: str
    #: Where people reach the app.
    base_url: str
    #: The bot's own user id, the `destination` of webhooks.
    bot_user_id: str
    bot_name: str
    #: The id of the Twilio account that is played; its secret is the access token.
    sms_account: str = SMS_ACCOUNT

    @property
    def http_origin(self) -> str | None:
        """The plain-http origin whose pictures are accepted: our own, if it is on loopback."""
        return loopback_origin(self.base_url)
