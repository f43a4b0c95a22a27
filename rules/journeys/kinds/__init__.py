"""The kinds of journeys that there are, a file for each: what can be set about it, who is found,
when it is due, what it says. A new file here is a new kind; nothing lists them."""

from collections.abc import Iterator
from importlib import import_module
from inspect import isabstract
from pkgutil import iter_modules

from ..candidates import IndexedDay
from ..journey import Journey


def _defined_here() -> Iterator[type[Journey]]:
    for file in iter_modules(__path__):
        module = import_module(f"{__name__}.{file.name}")
        for part in vars(module).values():
            if isinstance(part, type) and issubclass(part, Journey) and not isabstract(part):
                yield part


#: Every kind, in the order of their names.
KINDS: tuple[type[Journey], ...] = tuple(_defined_here())
#: The days by which a kind finds its members and that nothing else asks for.
OWN_DAYS: tuple[IndexedDay, ...] = tuple(kind.own_day for kind in KINDS if kind.own_day)
