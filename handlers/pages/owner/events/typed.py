"""An event's form: what stands in it, and what it comes to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from bot.store.events.events import StoredEvent
from handlers.actions.events.making import WrittenEvent
from rules.base import POINTS_MAX
from rules.characters import one_width, whole_number
from rules.events.event import PLACES_MAX, SITTINGS_MAX, ShopEvent, Sitting
from rules.shop import Shop

#: What a browser says of a moment.
MOMENT = "%Y-%m-%dT%H:%M"
#: Fields that name a photograph.
PICTURES = ("picture", "thanks_picture")
#: Fields that hold one line each.
TEXTS = (
    "title_ja", "title_en", "about_ja", "about_en", "place_ja", "place_en", "store", "kind",
    "guests", "visits_min", "price_yen", "opens_at", "closes_at", "offer_hours",
    "first_until", "first_visits", *PICTURES,
)  # fmt: skip
TICKS = ("lapsed_too", "asks")
#: The one that is of those who come first.
_FIRST_LAPSED = "first_lapsed"
#: What ends on the day after it began goes on for no longer: else the two were mixed up.
_NIGHT_MAX = timedelta(hours=12)
_AROUND = re.compile(r"[\s,¥円]")


@dataclass(frozen=True, slots=True)
class SittingRow:
    """One date of the form. `n` is empty for a new one."""

    n: str = ""
    starts: str = ""
    #: On the shop's clock, "16:30".
    ends: str = ""
    places: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.starts or self.ends or self.places)


@dataclass(frozen=True, slots=True)
class TypedEvent:
    """What stands in a form, and what is wrong with it, by field."""

    values: Mapping[str, str]
    ranks: tuple[str, ...]
    rows: tuple[SittingRow, ...]
    ticks: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    #: The ranks that come first, and the segments.
    first_ranks: tuple[str, ...] = ()
    first_segments: tuple[str, ...] = ()
    wrong: dict[str, str] = field(default_factory=dict)

    def with_room(self) -> "TypedEvent":
        """With one more empty date, where there is room for it."""
        if len(self.rows) >= SITTINGS_MAX:
            return self
        return replace(self, rows=(*self.rows, SittingRow()))

    def without_first(self) -> "TypedEvent":
        """Open to all at once."""
        values = {**self.values, "first_until": "", "first_visits": ""}
        ticks = tuple(each for each in self.ticks if each != _FIRST_LAPSED)
        return replace(
            self, values=values, ticks=ticks, first_ranks=(), first_segments=(), wrong={}
        )

    @property
    def all_segments(self) -> tuple[str, ...]:
        """Those it names, for whom it is and who comes first."""
        return (*self.segments, *self.first_segments)


def blank(shop: Shop, now: datetime) -> TypedEvent:
    """A new event: sign-up from tomorrow, on a Saturday of the next weeks."""
    here = shop.local(now)
    saturday = here.date() + timedelta(days=(5 - here.weekday()) % 7 + 14)
    opens = here.replace(hour=10, minute=0) + timedelta(days=1)
    closes = datetime.combine(saturday - timedelta(days=2), opens.time())
    values = {
        "kind": "tasting", "guests": "all", "offer_hours": "12",
        "opens_at": opens.strftime(MOMENT), "closes_at": closes.strftime(MOMENT),
    }  # fmt: skip
    starts = datetime.combine(saturday, opens.time().replace(hour=14))
    row = SittingRow(starts=starts.strftime(MOMENT), ends="15:30", places="20")
    return TypedEvent(values, (), (row,), ("asks",))


def of_stored(stored: StoredEvent, shop: Shop, *, is_copy: bool) -> TypedEvent:
    """A kept event as its form shows it. Of a copy the dates are to be chosen anew."""
    event, first = stored.event, stored.event.first
    about, place = event.about, event.place
    values = {
        "title_ja": event.title.ja, "title_en": event.title.en, "about_ja": about.ja,
        "about_en": about.en, "place_ja": place.ja if place else "",
        "place_en": place.en if place else "", "store": event.store or "", "kind": event.kind,
        "guests": event.guests, "visits_min": str(event.visits_min or ""),
        "price_yen": str(event.price_yen or ""), "offer_hours": str(event.offer_hours),
        "opens_at": "" if is_copy else shop.local(event.opens_at).strftime(MOMENT),
        "closes_at": "" if is_copy else shop.local(event.closes_at).strftime(MOMENT),
        "first_until": "" if is_copy or not first else shop.local(first.until).strftime(MOMENT),
        "first_visits": str((first and first.visits_min) or ""),
        "picture": event.picture or "",
        "thanks_picture": "" if is_copy else event.thanks_picture or "",
    }  # fmt: skip
    rows = [
        SittingRow(
            "" if is_copy else str(each.n),
            "" if is_copy else shop.local(each.starts_at).strftime(MOMENT),
            shop.local(each.ends_at).strftime("%H:%M"),
            str(each.places),
        )
        for each in stored.sittings
    ]
    ticks = [name for name in TICKS if getattr(event, name)]
    if first and (first.lapsed_too or first.guests == "lapsed"):
        ticks.append(_FIRST_LAPSED)
    return TypedEvent(
        values,
        event.ranks,
        tuple(rows),
        tuple(ticks),
        event.segments,
        first.ranks if first else (),
        first.segments if first else (),
    )


def read(form: Any) -> TypedEvent:
    """What was sent. `form` is a request's."""
    values = {name: form.get(name, "").replace("\0", "").strip()[:400] for name in TEXTS}
    columns = (form.getlist(name) for name in ("n", "starts", "ends", "places"))
    rows = [
        SittingRow(*(each.replace("\0", "").strip()[:20] for each in row))
        for row in zip(*columns, strict=False)
    ]
    kept = tuple(row for row in rows if not row.is_empty)[:SITTINGS_MAX]
    ticks = tuple(name for name in (*TICKS, _FIRST_LAPSED) if name in form)
    ranks, segments, first, first_segments = (
        tuple(form.getlist(name)) for name in ("ranks", "segments", "first_ranks", "first_segments")
    )
    return TypedEvent(
        values, ranks, kept or (SittingRow(),), ticks, segments, first, first_segments
    )


def written(typed: TypedEvent, shop: Shop, *, next_n: int) -> WrittenEvent | TypedEvent:
    """The event that the form says; or the form with what is wrong, by the name of its text.
    `next_n` is the first number that no sitting of the event has had."""
    wrong: dict[str, str] = {}
    said = _event_values(typed, shop, wrong)
    sittings = _sittings(typed, shop, wrong, next_n)
    if not wrong and said["guests"] == "ranks" and not said["ranks"]:
        wrong["ranks"] = "ranks"
    if not wrong and said["guests"] == "segments" and not said["segments"]:
        wrong["segments"] = "segments"
    if not wrong and said["closes_at"] <= said["opens_at"]:
        wrong["closes_at"] = "closes"
    if not wrong and said["closes_at"] > max(each.starts_at for each in sittings):
        wrong["closes_at"] = "closes_late"
    if not wrong and (first := _first(typed, shop, said, wrong)):
        said["first"] = first
    if not wrong:
        try:
            return WrittenEvent(ShopEvent.model_validate(said), sittings)
        except ValidationError as problem:
            for each in problem.errors():
                wrong["_".join(str(part) for part in each["loc"][:2])] = "unreadable"
    return replace(typed, wrong=wrong)


def _first(
    typed: TypedEvent, shop: Shop, said: Mapping[str, Any], wrong: dict[str, str]
) -> dict[str, Any] | None:
    """For whom it opens first; None where it opens to all at once."""
    until = typed.values["first_until"]
    visits = _number(typed.values["first_visits"], 1, 10_000, wrong, "first_visits")
    away = _FIRST_LAPSED in typed.ticks
    named = bool(typed.first_ranks or typed.first_segments)
    somebody = bool(named or visits or away)
    if wrong or not (until or somebody):
        return None
    moment = moment_of(until, shop)
    if moment is None:
        wrong["first_until"] = "moment"
    elif not said["opens_at"] < moment < said["closes_at"]:
        wrong["first_until"] = "first_until"
    elif not somebody:
        wrong["first_ranks"] = "first_who"
    elif said["ranks"] and not set(typed.first_ranks) <= set(said["ranks"]):
        wrong["first_ranks"] = "first_ranks"
    alone = "lapsed" if away and not visits else "all"
    by_name = "ranks" if typed.first_ranks else "segments"
    return {
        "guests": by_name if named else alone,
        "ranks": typed.first_ranks,
        "segments": typed.first_segments,
        "lapsed_too": away,
        "visits_min": visits,
        "until": moment,
    }


def _event_values(typed: TypedEvent, shop: Shop, wrong: dict[str, str]) -> dict[str, Any]:
    given = typed.values
    for name, most in (("title_ja", 60), ("title_en", 60), ("about_ja", 300), ("about_en", 300)):
        if len(given[name]) > most:
            wrong[name] = "long"
    for name in ("title_ja", "about_ja"):
        if not given[name]:
            wrong[name] = "missing"
    if given["place_en"] and not given["place_ja"]:
        wrong["place_ja"] = "missing"
    moments = {name: moment_of(given[name], shop) for name in ("opens_at", "closes_at")}
    wrong |= {name: "moment" for name, moment in moments.items() if moment is None}
    numbers = {
        "visits_min": _number(given["visits_min"], 1, 10_000, wrong, "visits_min"),
        "price_yen": _number(given["price_yen"], 0, POINTS_MAX, wrong, "price_yen") or 0,
        "offer_hours": _number(given["offer_hours"], 1, 72, wrong, "offer_hours") or 12,
    }
    place = {"ja": given["place_ja"], "en": given["place_en"]} if given["place_ja"] else None
    return {
        "kind": given["kind"],
        "title": {"ja": given["title_ja"], "en": given["title_en"]},
        "about": {"ja": given["about_ja"], "en": given["about_en"]},
        "place": place,
        "store": given["store"] or None,
        "guests": given["guests"],
        "ranks": typed.ranks if given["guests"] == "ranks" else (),
        "segments": typed.segments if given["guests"] == "segments" else (),
        **{name: name in typed.ticks for name in TICKS},
        **{name: given[name] or None for name in PICTURES},
        **moments,
        **numbers,
    }


def _number(text: str, least: int, most: int, wrong: dict[str, str], name: str) -> int | None:
    """The number in a field; None for an empty one, and for what is wrong."""
    if not text:
        return None
    found = whole_number(_AROUND.sub("", one_width(text)), 9)
    if found is None or not least <= found <= most:
        wrong[name] = "number"
        return None
    return found


def moment_of(text: str, shop: Shop) -> datetime | None:
    """A moment of the shop's clock, as a browser's field gives it."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=shop.zone) if at.tzinfo is None and at.year < 2100 else None


def _sittings(
    typed: TypedEvent, shop: Shop, wrong: dict[str, str], next_n: int
) -> tuple[Sitting, ...]:
    found: list[Sitting] = []
    for row in typed.rows:
        starts = moment_of(row.starts, shop)
        ends = moment_of(f"{row.starts[:10]}T{row.ends}", shop)
        many: dict[str, str] = {}
        places = _number(row.places, 1, PLACES_MAX, many, "places")
        if starts is None or ends is None:
            wrong["sittings"] = "sitting"
            continue
        if places is None:
            wrong["sittings"] = "places"
            continue
        # It may go on past midnight, but no day long.
        ends = ends if ends > starts else ends + timedelta(days=1)
        if ends - starts > _NIGHT_MAX and ends.date() > starts.date():
            wrong["sittings"] = "sitting_long"
            continue
        n = whole_number(row.n, 4)
        if n is None:
            n, next_n = next_n, next_n + 1
        found.append(Sitting(n, starts, ends, places))
    if len({each.n for each in found}) < len(found):
        wrong["sittings"] = "sitting"
    return tuple(found)
