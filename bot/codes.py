"""Codes that leave the house: on the counter's tablet, on the card, in links and picture addresses.

Every kind has a key of its own (`keys`). A new `SECRET_KEY` makes all of them invalid; with the one
before it in `SECRET_KEYS_OLD`, what may be months old is still read: cards, pictures, stop links.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from . import base32
from .base32 import CODE_LENGTH_MAX
from .keys import Keys
from .packing import MOMENT_BYTES, moment_bytes, moment_of, number_bytes, number_of
from .seals import opened, sealed
from .selections import Selection, is_packed, unpacked

#: How long a counter code is shown.
SLOT = timedelta(seconds=60)
#: How long afterwards a code is still known for one that was shown here.
REMEMBERED = timedelta(hours=3)
#: LINE's clock and ours may differ by as much.
SKEW = timedelta(seconds=60)

#: Makes every card code begin with "K", as the first five bits are 10.
_CARD_VERSION = 0x51
_CARD_CONTEXT = b"kayoi card\0"
_CARD_PAYLOAD = 12
_SIGNATURE = 64

#: A moving code counts for so long after it was made; pages show a new one well before.
LIVE_SECONDS = 90
#: Make a moving code begin with "L"; the next letter tells a card, a reward about to be used, and a
#: card with rewards selected.
_LIVE_CARD_VERSION, _USE_VERSION, _SELECTION_VERSION = 0x59, 0x5A, 0x5B
_LIVE_CONTEXT = b"kayoi live card\0"
_LIVE_PAYLOAD = 17
_NONCE = 8
_TAG = 16
#: Version, card, issue, moment, nonce, voucher: what comes before the reward's name.
_USE_HEAD = 1 + 5 + 2 + MOMENT_BYTES + _NONCE + 4
_REWARD_LENGTH_MAX = 40

#: How a picture's address is made; another way gets another number, and the old one stays good.
_PICTURE_VERSION = 2
#: In the first way it didn't say which issue of the card it was of: then the first is meant.
_WITHOUT_ISSUE = 1


@dataclass(frozen=True, slots=True)
class CounterHit:
    """A code that counts: the store that showed it, and since when (never in the future)."""

    store: str
    shown_at: datetime


@dataclass(frozen=True, slots=True)
class CardCode:
    """What a card's code says: whose card, and which issue of it (a lost one is issued anew)."""

    number: str
    issue: int


@dataclass(frozen=True, slots=True)
class RewardUse:
    """A reward about to be used: which, and which of the vouchers for it (None: for points)."""

    reward: str
    voucher: int | None = None


@dataclass(frozen=True, slots=True)
class LiveCode:
    """What a moving code says: whose card, and, on a reward's page, what is used."""

    number: str
    #: A card that was lost is issued anew.
    issue: int
    use: RewardUse | None
    #: The page that showed it; "" on a card.
    nonce: str
    #: How long ago it was made; a little below zero by a clock ahead of ours.
    age: timedelta
    #: The rewards to be used with the scan (`selections`); None where the code is no card with any.
    selection: Selection | None = None

    @property
    def is_good(self) -> bool:
        """Whether it was made within the last 90 seconds."""
        return -SKEW <= self.age <= timedelta(seconds=LIVE_SECONDS)


@dataclass(frozen=True, slots=True)
class PictureAddress:
    """What the address of a picture speaks of."""

    #: "card", "badges", "calendar", …
    kind: str
    #: Whose card.
    number: str
    #: Which of that kind, and a fingerprint of what is drawn.
    detail: str
    #: Which issue of the card counted when it was made.
    issue: int = 1


def page_nonce() -> str:
    """What names one page that shows a reward's moving code: 16 hexadecimal digits."""
    return secrets.token_hex(_NONCE)


class Codes:
    """Makes and reads the codes of one installation. Reading takes any text and never raises.

    What depends on time takes `now` (aware); links are signed by wall time, as web signatures are.
    `old`: secret keys of before, the newest first.
    """

    def __init__(self, secret_key: str, old: Iterable[str] = ()) -> None:
        self._keys = Keys(secret_key)
        self._all = (self._keys, *map(Keys, old))
        self._by_card_id = {keys.card_id: keys for keys in self._all}
        self._counter_key = self._keys.key("counter code")
        self._use_key = self._keys.key("use code")

    def counter_code(self, store: str, now: datetime) -> str:
        """What `store`'s counter shows in the minute of `now`: "7K2M-Q9XD".

        40 bits of an HMAC-SHA256 over store and minute. With S stores and codes good for M minutes
        a blind guess counts once in 2^40 / (S × (M + 2)): for two stores and five minutes once in
        80,000,000,000 messages, each of which LINE ties to an account. A hit is worth one visit
        within the programme's limits.
        """
        code = base32.to_type(self._counter(store, _slot(now)))
        return f"{code[:4]}-{code[4:]}"

    def check_counter(
        self, code: str, stores: Iterable[str], now: datetime, minutes: int
    ) -> CounterHit | Literal["expired", "unknown"]:
        """Which of `stores` showed `code`, if it could be seen within `minutes` before `now`.

        A code is seen for a minute, so it counts up to `minutes` + 1 after it first appeared.
        "expired": shown in the last hours, but too long ago. Forgives case, width, spaces, hyphens
        and the misread O, I and L.
        """
        given = base32.typed(code)
        if given is None:
            return "unknown"
        newest, oldest = _slot(now + SKEW), _slot(now - REMEMBERED)
        good_from = _slot(now - timedelta(minutes=minutes))
        stores = tuple(stores)
        for slot in range(newest, oldest - 1, -1):
            for store in stores:
                if hmac.compare_digest(self._counter(store, slot), given):
                    shown_at = datetime.fromtimestamp(slot * SLOT.total_seconds(), UTC)
                    if slot < good_from:
                        return "expired"
                    return CounterHit(store, min(shown_at, now))
        return "unknown"

    def card_code(self, number: str, issue: int = 1) -> str:
        """The code on a card: 122 capital letters and digits (RFC 4648 Base32 without padding).

        Bytes: version, key id (4), card number (5), issue (2), then the Ed25519 signature (RFC
        8032) of "kayoi card" and a zero byte before those twelve. Fits QR version 6-M. ValueError
        unless `number` has ten digits and `issue` fits two bytes.
        """
        if not 0 <= issue < 1 << 16:
            raise ValueError("the issue of a card must fit two bytes")
        head = bytes([_CARD_VERSION]) + self._keys.card_id
        payload = head + number_bytes(number) + issue.to_bytes(2, "big")
        return base32.encoded(payload + self._keys.sign_card(_CARD_CONTEXT + payload))

    def open_card(self, code: str) -> CardCode | None:
        """What a card's code says, or None for anything this installation didn't sign.

        Forgives case, width, spaces and line ends, which hand scanners add or change.
        """
        data = base32.decoded(code)
        if data is None or len(data) != _CARD_PAYLOAD + _SIGNATURE:
            return None
        payload, signature = data[:_CARD_PAYLOAD], data[_CARD_PAYLOAD:]
        if payload[0] != _CARD_VERSION or not self._is_signed(_CARD_CONTEXT, payload, signature):
            return None
        return CardCode(number_of(payload[5:10]), int.from_bytes(payload[10:], "big"))

    def live_card(self, number: str, issue: int, now: datetime, selection: bytes = b"") -> str:
        """A card's code that counts for 90 seconds: 130 letters and digits, as on a card.

        Bytes: version, key id (4), card number (5), issue (2), the second it was made (5), the
        packed `selection`, then the Ed25519 signature of "kayoi live card", a zero byte and those
        before it: a device without network can check it as it checks a card. Fits QR version 6-M,
        with five rewards selected 8-M.
        """
        payload = b"".join((
            bytes([_SELECTION_VERSION if selection else _LIVE_CARD_VERSION]),
            self._keys.card_id,
            number_bytes(number),
            issue.to_bytes(2, "big"),
            moment_bytes(now),
            selection,
        ))  # fmt: skip
        return base32.encoded(payload + self._keys.sign_card(_LIVE_CONTEXT + payload))

    def use_code(self, number: str, issue: int, use: RewardUse, nonce: str, now: datetime) -> str:
        """The code of a reward about to be used, good for 90 seconds: at most 130 letters.

        Bytes: version, card number (5), issue (2), the second it was made (5), the page's nonce
        (8), the voucher (4; 0: for points), the reward's id, and 16 of an HMAC-SHA256 over all of
        it: only we can check it, as using a reward needs us anyway. `nonce` is 16 hexadecimal
        digits. ValueError for a reward's id of more than 40 characters.
        """
        reward = use.reward.encode()
        if not 0 < len(reward) <= _REWARD_LENGTH_MAX:
            raise ValueError("a reward's id has 1 to 40 characters")
        said = b"".join((
            bytes([_USE_VERSION]),
            number_bytes(number),
            issue.to_bytes(2, "big"),
            moment_bytes(now),
            bytes.fromhex(nonce),
            (use.voucher or 0).to_bytes(4, "big"),
            reward,
        ))  # fmt: skip
        return base32.encoded(said + self._use_tag(said))

    def open_live(self, code: str, now: datetime) -> LiveCode | None:
        """What a moving code says, whatever its age: on a card it still says who it is."""
        data = base32.decoded(code)
        if not data:
            return None
        selected = b""
        if self._is_live_card(data):
            said, use, nonce = data[5:], None, ""
            selected = data[_LIVE_PAYLOAD:-_SIGNATURE]
        elif data[0] == _USE_VERSION and self._is_use(data):
            said, use, nonce = data[1:], _use(data), data[13 : 13 + _NONCE].hex()
        else:
            return None
        age = now - moment_of(said[7 : 7 + MOMENT_BYTES])
        issue = int.from_bytes(said[5:7], "big")
        selection = unpacked(selected) if selected else None
        return LiveCode(number_of(said[:5]), issue, use, nonce, age, selection)

    def _is_live_card(self, data: bytes) -> bool:
        payload, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
        selected = payload[_LIVE_PAYLOAD:]
        is_whole = {
            _LIVE_CARD_VERSION: len(payload) == _LIVE_PAYLOAD,
            _SELECTION_VERSION: is_packed(selected),
        }.get(data[0], False)
        return is_whole and self._is_signed(_LIVE_CONTEXT, payload, signature)

    def _is_signed(self, context: bytes, payload: bytes, signature: bytes) -> bool:
        keys = self._by_card_id.get(payload[1:5])
        return keys is not None and keys.signed_card(signature, context + payload)

    def _is_use(self, data: bytes) -> bool:
        if not 0 < len(data) - _USE_HEAD - _TAG <= _REWARD_LENGTH_MAX:
            return False
        return hmac.compare_digest(self._use_tag(data[:-_TAG]), data[-_TAG:])

    def _use_tag(self, said: bytes) -> bytes:
        return hmac.digest(self._use_key, said, "sha256")[:_TAG]

    def public_keys(self) -> list[bytes]:
        """With which a device without network can check card codes: 32 bytes each (RFC 8032)."""
        return [keys.public_key() for keys in self._all]

    def picture_path(self, what: PictureAddress) -> str:
        """Where a picture is: the same for ever, and nobody else can make it up.

        What the address says is encrypted (AES-SIV, RFC 5297), so that logs and proxies don't
        learn it. ValueError unless the number has ten digits and the issue fits two bytes.
        """
        said = number_bytes(what.number) + what.issue.to_bytes(2, "big") + what.detail.encode()
        text = sealed(self._keys.picture, _picture_kind(what.kind, _PICTURE_VERSION), said)
        return f"/images/{what.kind}/{_PICTURE_VERSION}{text}.jpg"

    def read_picture(self, kind: str, token: str) -> PictureAddress | None:
        """What the token of a picture's address says, or None if we didn't make it for `kind`."""
        if token[:1] not in (str(_WITHOUT_ISSUE), str(_PICTURE_VERSION)):
            return None
        version = int(token[0])
        said = self._opened("picture", _picture_kind(kind, version), token[1:])
        if said is None:
            return None
        if version == _WITHOUT_ISSUE:
            return PictureAddress(kind, number_of(said[:5]), said[5:].decode())
        issue = int.from_bytes(said[5:7], "big")
        return PictureAddress(kind, number_of(said[:5]), said[7:].decode(), issue)

    def seal(self, purpose: str, said: str) -> str:
        """What stands for `said` in an address: of whom it is, no log and no history learns."""
        return sealed(self._keys.address, purpose.encode(), said.encode())

    def unseal(self, purpose: str, text: str) -> str | None:
        """What was sealed for `purpose`; None for what we didn't seal."""
        said = self._opened("address", purpose.encode(), text)
        return said.decode() if said is not None else None

    def _opened(
        self, key: Literal["picture", "address"], purpose: bytes, text: str
    ) -> bytes | None:
        each = (opened(getattr(keys, key), purpose, text) for keys in self._all)
        return next((said for said in each if said is not None), None)

    def key_marks(self) -> list[str]:
        """What tells the secret key from others, and those of before, and says nothing of them."""
        return [keys.key("mark", 8).hex() for keys in self._all]

    def sms_stop_code(self, name: str, phone: str) -> str:
        """What the stop link of an SMS to `phone` (E.164) ends with: a name that leads to the
        member, and eight letters that nobody can make up (40 bits of an HMAC-SHA256). It does
        nothing but stop SMS to that telephone: whoever changes theirs can't use it on the next one.
        """
        return _sms_stop(self._keys, name, phone)

    def is_sms_stop(self, code: str, phone: str) -> bool:
        """Whether `code` is of a stop link that went to `phone`."""
        name, given = sms_stop_name(code) or "", code.upper().encode()
        wanted = (_sms_stop(keys, name, phone).encode() for keys in self._all)
        return any(hmac.compare_digest(given, each) for each in wanted)

    def cookie_key(self) -> bytes:
        """What the cookies of staff are signed with: 32 bytes."""
        return self._keys.key("staff cookie")

    def sign(self, purpose: str, value: str) -> str:
        """A token for a link (letters, digits, "-", "_" and ".") that says `value`, and when."""
        return str(self._signer(purpose).dumps(value))

    def unsign(self, purpose: str, token: str, max_age_s: int | None) -> str | None:
        """What was signed for `purpose`; None if it wasn't, or longer ago than `max_age_s`."""
        try:
            value = self._signer(purpose).loads(token, max_age=max_age_s)
        except (BadData, ValueError):
            return None
        return value if isinstance(value, str) else None

    def unsign_aged(
        self, purpose: str, token: str, max_age_s: int | None
    ) -> tuple[str, timedelta] | None:
        """As `unsign`, with how long ago it was signed, by wall time and in whole seconds."""
        value = self.unsign(purpose, token, max_age_s)
        if value is None:
            return None
        _, signed_at = self._signer(purpose).loads(token, return_timestamp=True)
        now = TimestampSigner(b"-").get_timestamp()
        return value, timedelta(seconds=max(0, now - int(signed_at.timestamp())))

    def marks(self, kind: str, value: str) -> tuple[str, ...]:
        """What is remembered of something that may be gone: it can be known again, not read. The
        first is today's; by the others it was remembered under keys of before."""
        text = f"{kind} {value}".encode()
        return tuple(hmac.digest(keys.key("mark"), text, "sha256").hex() for keys in self._all)

    def _signer(self, purpose: str) -> URLSafeTimedSerializer:
        digest = {"digest_method": hashlib.sha256}
        return URLSafeTimedSerializer(self._keys.key(f"sign {purpose}"), signer_kwargs=digest)

    def _counter(self, store: str, slot: int) -> bytes:
        text = slot.to_bytes(8, "big") + store.encode()
        return hmac.digest(self._counter_key, text, "sha256")[: base32.TYPED_BYTES]


def _slot(at: datetime) -> int:
    return int(at.timestamp() // SLOT.total_seconds())


def _sms_stop(keys: Keys, name: str, phone: str) -> str:
    digest = hmac.digest(keys.key("sms stop"), f"{name} {phone}".encode(), "sha256")
    return name + base32.to_type(digest[: base32.TYPED_BYTES])


def _picture_kind(kind: str, version: int) -> bytes:
    return bytes([version]) + kind.encode()


def _use(data: bytes) -> RewardUse:
    voucher = int.from_bytes(data[_USE_HEAD - 4 : _USE_HEAD], "big")
    return RewardUse(data[_USE_HEAD:-_TAG].decode(), voucher or None)


def sms_stop_name(code: str) -> str | None:
    """Whom a stop link's code names, whoever made it up; None if it names nobody. In SMS of before
    it is the card's number."""
    name = code[: -len(base32.to_type(bytes(base32.TYPED_BYTES)))].upper()
    readable = name.isascii() and name.isalnum() and len(code) <= CODE_LENGTH_MAX
    return name if readable else None
