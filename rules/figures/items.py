"""Which rewards were used and which badges earned; and for how long members have been members."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Literal

from .life import Happened, Kind, Life
from .sums import ALL, Key, Sheet

ItemKind = Literal["reward", "badge"]
_KINDS: dict[Kind, ItemKind] = {"rewards": "reward", "badge": "badge"}
#: From how many days of membership on somebody is in each band.
TENURE_DAYS = (0, 30, 90, 180, 365, 730)
#: The days on which all of them joined, added up.
TENURE_JOINED = "joined"
ITEM_SHEET: Sheet = "*items"
TENURE_SHEET: Sheet = "*tenure"


def item_figure(kind: ItemKind, item: str) -> str:
    """Under which name it is kept."""
    return f"{kind}:{item}"


def tenure_figure(band: int) -> str:
    """Under which name it is kept how many are in that band of `TENURE_DAYS`."""
    return str(band)


def items(life: Life) -> Iterator[tuple[str, Happened]]:
    """Each reward used and badge earned, with the name under which it is kept."""
    for each in life:
        kind = _KINDS.get(each.kind)
        if kind is not None and each.item:
            yield item_figure(kind, each.item), each


def item_sums(life: Life) -> Counter[Key]:
    """What a person adds of both."""
    found: Counter[Key] = Counter()
    for figure, each in items(life):
        for store in {ALL, each.store}:
            found[Key(store, ITEM_SHEET, figure, each.day.toordinal())] += each.amount
    return found


def is_member(life: Life) -> bool:
    """Whether somebody is in the club at the end of what is known of them."""
    spans = list(_spans(life))
    return bool(spans) and spans[-1][1] is None and not is_erased(life)


def is_erased(life: Life) -> bool:
    """Whether nobody knows any more who it was."""
    return any(each.kind == "erased" for each in life)


def _spans(life: Life) -> Iterator[tuple[date, date | None]]:
    """From when to when they were a member; None while they are one."""
    since: date | None = None
    for each in life:
        if each.kind in ("joined", "back") and since is None:
            since = each.day
        elif each.kind == "left" and since is not None:
            yield since, each.day
            since = None
    if since is not None:
        yield since, None


def tenure_sums(life: Life) -> Counter[Key]:
    """In which band a member is, as steps up and down: days count from the joining on, those of an
    absence too. The store is the one where they joined."""
    found: Counter[Key] = Counter()
    joined = next((each for each in life if each.kind == "joined"), None)
    if joined is None:
        return found
    origin = joined.day.toordinal()
    bands = [
        (n, origin + low, origin + high if high is not None else None)
        for n, (low, high) in enumerate(zip(TENURE_DAYS, (*TENURE_DAYS[1:], None), strict=True))
    ]
    for first, last in _spans(life):
        start, end = first.toordinal(), last.toordinal() if last else None
        for store in {ALL, joined.store}:
            _step(found, Key(store, TENURE_SHEET, TENURE_JOINED, start), end, origin)
            for band, low, high in bands:
                begins = max(start, low)
                ends = min((each for each in (end, high) if each is not None), default=None)
                if ends is None or begins < ends:
                    _step(found, Key(store, TENURE_SHEET, tenure_figure(band), begins), ends, 1)
    return found


def _step(found: Counter[Key], begins: Key, ends: int | None, value: int) -> None:
    found[begins] += value
    if ends is not None:
        found[begins._replace(day=ends)] -= value
