"""What members ask about the shop and the programme leaves half said: they are then answered by
people, or with less than they asked for."""

from collections.abc import Iterator

from ..programme.programme import Programme
from .caution import Caution
from .schema_errors import part_path

#: What a branch may lack only by an oversight, once another one tells it.
_OF_EACH = ("hours", "address", "map", "phone", "parking")


def premises_cautions(programme: Programme) -> Iterator[Caution]:
    told = [(store, programme.premises(store.id)) for store in programme.stores]
    for fact in _OF_EACH:
        lacking = [n for n, (_, each) in enumerate(told) if getattr(each, fact) is None]
        if fact == "hours" and len(lacking) == len(told):
            yield Caution("shop.hours", "hours_untold")
        elif 0 < len(lacking) < len(told):
            store = programme.stores[lacking[0]]
            path = part_path("stores", lacking[0], store.id, fact)
            yield Caution(path, "premises_partly", {"store": store.name, "count": len(lacking)})
    for n, (store, each) in enumerate(told):
        if each.map is not None and each.address is None:
            path = part_path("stores", n, store.id, "map")
            yield Caution(path, "map_without_address", {"store": store.name})
