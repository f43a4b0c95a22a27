"""The doors of a club that is served: each call goes through one of them once, and tells its ms."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from bot.store import Store

from . import wsgi
from .browser import Browser, cards, hire
from .replies import one
from .server import serving

#: What staff look for: a name that many have, one that fewer have, a reading, four digits, the name
#: by which LINE knows some.
SEARCHED = ("佐藤", "山田 さくら", "たなか", "0504", "陽菜")
#: From here on nobody of a club has such a number.
_STRANGERS = 900_000_000
STAFF, OWNER = "hana", "haruka"


class Doors:
    """Staff who scan and search, an owner who looks at pages, people who write, all one at a time.
    Every scan is of another card of `left`."""

    def __init__(self, staff: Browser, owner: Browser, line: str, left: Iterator[str]) -> None:
        self._staff, self._owner, self._line, self._left = staff, owner, line, left
        self._searches, self._members, self._strangers = count(), count(), count(_STRANGERS)

    def scan(self) -> float:
        """A scan that is taken."""
        return self._staff.scans(next(self._left))

    def search(self) -> float:
        """A search by the next of the ways in which members are looked for."""
        asked = SEARCHED[next(self._searches) % len(SEARCHED)]
        return self._staff.posts("/staff/api/members", {"q": asked}).ms

    def page(self) -> float:
        """The console's list of members."""
        return self._owner.gets("/owner/members").ms

    def reply(self) -> float:
        """From a member's words to the reply's arrival."""
        return one(self._staff.port, self._line, next(self._members)) * 1000

    def join(self) -> float:
        """From the first words of somebody unknown to the arrival of the reply that welcomes them
        as a member."""
        return one(self._staff.port, self._line, next(self._strangers)) * 1000


def prepare(url: str, scans: int) -> Iterator[str]:
    """Lets staff and an owner sign in to the club at `url`; gives so many cards to scan."""
    store = Store(url)
    try:
        hire(store, STAFF, "staff")
        hire(store, OWNER, "owner")
        return iter(cards(store, scans))
    finally:
        store.close()


@contextmanager
def opened_doors(url: str, line: str, *, scans: int) -> Iterator[Doors]:
    """Serves the club at `url`, with event workers and the platform at `line`."""
    left = prepare(url, scans)
    with (
        serving("answering", wsgi.environment(url, line)) as port,
        Browser(port) as staff,
        Browser(port) as owner,
    ):
        staff.signs_in(STAFF)
        owner.signs_in(OWNER)
        doors = Doors(staff, owner, line, left)
        doors.reply()
        yield doors
