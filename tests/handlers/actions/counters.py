"""Scans at a café's counter, as its door would make them."""

from datetime import datetime

from bot.store.staff import flags
from bot.store.staff.flags import StoredFlag
from handlers.actions.counter.extras import Extras
from handlers.actions.counter.scan import DeviceTimes, Scan, ScanOutcome, scan
from handlers.actions.counter.scanned_code import read
from handlers.actions.recording.actor import Actor
from tests.handlers.clubs import SmallClub

#: Hana works at the station's branch, Ken at the river's.
HANA = Actor(1, "はな", "staff", "ekimae", device_id=1)
KEN = Actor(2, "けん", "staff", "kawabe", device_id=2)


def card_of(cafe: SmallClub, member_id: int) -> str:
    member = cafe.member(member_id)
    return cafe.club.codes.card_code(member.number, member.issue)


def scans(
    cafe: SmallClub,
    code: str,
    *,
    key: str | None = None,
    desk: Actor = HANA,
    extras: Extras | None = None,
    clocks: DeviceTimes | None = None,
) -> ScanOutcome:
    """What comes of `code` being scanned now."""
    clocks = clocks or DeviceTimes()
    stores = tuple(store.id for store in cafe.timeline.latest.programme.stores)
    shown = read(
        cafe.club.codes,
        code,
        stores=stores,
        now=clocks.happened(cafe.now),
        prefixes=cafe.timeline.barcode_prefixes,
    )
    asked = Scan(shown, code, clocks, extras or Extras())
    with cafe.work() as work:
        return scan(work.acting(desk).under(key or cafe.key()), asked)


def kept(made_at: datetime, sent_at: datetime | None) -> DeviceTimes:
    """The clocks of a scan that a device kept while it had no network."""
    return DeviceTimes(made_at, sent_at, offline=True)


def flagged(cafe: SmallClub) -> list[StoredFlag]:
    with cafe.store.read() as uow:
        return flags.page(uow, store=None, limit=100)
