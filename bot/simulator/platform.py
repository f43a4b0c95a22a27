"""The parts of one simulated LINE platform, handed to everything that serves it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.chat import Chat
from bot.simulator.checks import loopback_origin
from bot.simulator.menus import Menus
from bot.simulator.people import People
from bot.simulator.phones import Phones
from bot.simulator.rates import Rates
from bot.simulator.store import Store
from bot.simulator.times import SimulatedTime
from bot.simulator.webhooks import Webhooks

BOT_ID = "@simulator"
SMS_ACCOUNT = "AC" + "0" * 32


@dataclass(frozen=True)
class Platform:
    """`bot_user_id` is the bot's own user id, the `destination` of webhooks. `sms_account` is the
    id of the Twilio account that is played; its secret is the access token."""

    store: Store
    time: SimulatedTime
    people: People
    phones: Phones
    chat: Chat
    menus: Menus
    webhooks: Webhooks
    rates: Rates
    access_token: str
    base_url: str
    bot_user_id: str
    bot_name: str
    sms_account: str = SMS_ACCOUNT

    @property
    def http_origin(self) -> str | None:
        """The plain-http origin whose pictures are accepted: our own, if it is on loopback."""
        return loopback_origin(self.base_url)
