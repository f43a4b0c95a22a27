"""Shopify's own example of an order: that of its REST reference, as its Ruby library's tests have
it (https://github.com/Shopify/shopify-api-ruby, test/rest/2026_07/order_test.rb at
4eca719dfbb38326e66d6bff0f3611ceeec53aeb, MIT licence), without what we never look at.

It is in dollars. A yen has no hundredths, so in yen each of its amounts is a hundred times as much.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

_MONEY = ("price", "amount", "subtotal", "total_tax")
_FILE = Path(__file__).with_name("shopify_order.json")


def in_dollars() -> dict[str, Any]:
    """As it is published."""
    said: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return said


def in_yen(**more: Any) -> dict[str, Any]:
    """The same with each cent a yen, and with what a test says of it."""
    said: dict[str, Any] = _in_yen(in_dollars())
    return deepcopy(said | {"currency": "JPY"} | more)


def _in_yen(said: Any) -> Any:
    if isinstance(said, list):
        return [_in_yen(each) for each in said]
    if not isinstance(said, dict):
        return said
    return {name: _value(name, each) for name, each in said.items()}


def _value(name: str, said: Any) -> Any:
    if name == "currency":
        return "JPY"
    if name in _MONEY and isinstance(said, str | float | int):
        cents = str(round(float(said) * 100))
        return cents if isinstance(said, str) else int(cents)
    return _in_yen(said)
