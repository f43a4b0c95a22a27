"""All systems that we know."""

from collections.abc import Mapping

from .adapter import Adapter


def adapters() -> Mapping[str, Adapter]:
    """By their names."""
    found: tuple[Adapter, ...] = ()
    return {each.system: each for each in found}
