"""All systems that we know."""

from collections.abc import Mapping

from .adapter import Adapter
from .shopify import Shopify
from .square import Square


def adapters() -> Mapping[str, Adapter]:
    """By their names."""
    found: tuple[Adapter, ...] = (Shopify(), Square())
    return {each.system: each for each in found}
