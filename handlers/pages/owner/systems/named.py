"""Which texts the pages of connections choose from, and what each system's form asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.store.orders.connections import SellerConnection
from handlers.actions.orders.connecting import ConnectionStep


@dataclass(frozen=True, slots=True)
class AskedKey:
    """A field of a system's form: its name and what it is there, both texts."""

    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class SystemForm:
    """What is asked of a system's account. All but the fields' names are texts."""

    name: str
    #: What to do in the system's own pages, one after the other.
    steps: tuple[str, ...]
    account: AskedKey
    #: "client", "secret" and "token", as far as it has them.
    keys: Mapping[str, AskedKey]


FORMS: Mapping[str, SystemForm] = {
    "shopify": SystemForm(
        "owner.connections.shopify.name",
        (
            "owner.connections.shopify.step_1",
            "owner.connections.shopify.step_2",
            "owner.connections.shopify.step_3",
            "owner.connections.shopify.step_4",
            "owner.connections.shopify.step_5",
        ),
        AskedKey("owner.connections.shopify.account", "owner.connections.shopify.account_hint"),
        {
            "client": AskedKey(
                "owner.connections.shopify.client", "owner.connections.shopify.client_hint"
            ),
            "secret": AskedKey(
                "owner.connections.shopify.secret", "owner.connections.shopify.secret_hint"
            ),
            "token": AskedKey(
                "owner.connections.shopify.token", "owner.connections.shopify.token_hint"
            ),
        },
    ),
    # What it signs with it says itself, once it knows our address.
    "square": SystemForm(
        "owner.connections.square.name",
        (
            "owner.connections.square.step_1",
            "owner.connections.square.step_2",
            "owner.connections.square.step_3",
            "owner.connections.square.step_4",
            "owner.connections.square.step_5",
        ),
        AskedKey("owner.connections.square.account", "owner.connections.square.account_hint"),
        {
            "token": AskedKey(
                "owner.connections.square.token", "owner.connections.square.token_hint"
            )
        },
    ),
}


def state_of(connection: SellerConnection) -> str:
    """In a word: off, failing, new or well."""
    if not connection.is_on:
        return "off"
    if connection.failing_since is not None:
        return "failing"
    return "well" if connection.heard_at else "new"


def state(value: str) -> str:
    return f"owner.connections.state.{value}"


def step(value: ConnectionStep) -> str:
    return f"owner.connections.step.{value}"


def problem(code: str) -> str:
    """Why nothing came, or what can't be counted."""
    return f"owner.connections.problem.{code}"
