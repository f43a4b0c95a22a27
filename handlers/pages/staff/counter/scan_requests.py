"""What the counter's page may ask: parsed here into frozen values; dictionaries stop here."""

import hashlib
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel
from pydantic.types import UUID4

from handlers.actions.counter.extras import Extras
from handlers.actions.counter.scan import DeviceTimes
from handlers.actions.staff.staffing import PASSWORD_MAX
from rules.activity import Purchase
from rules.base import YEN_MAX, Id, Yen
from rules.characters import one_width
from rules.programme.earning import Confirmable
from rules.programme.purchases import RECEIPT_LENGTH_MAX

from ..frame.blueprint import BODY_BYTES_MAX

#: How many scans a device may send at once.
SCANS_MAX = 100
#: More than any honest page sends: a hundred scans are some forty thousand bytes. What is longer is
#: told so in the counter's own words, as long as it is read at all.
BYTES_MAX = BODY_BYTES_MAX // 2
#: More than so many on one card is a slip of the finger.
VISITORS_MAX = 99


def _printable(text: str) -> str:
    plain = one_width(text)
    if not plain.isprintable() or len(plain) > RECEIPT_LENGTH_MAX:
        raise ValueError("must be printable, and short")
    return plain


def _one_line(text: str) -> str:
    """Without marks that are not for reading: it is kept, and read by others."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _written_out(told: Any) -> Any:
    """A number would pass for the seconds since 1970."""
    if not isinstance(told, str) or "T" not in told:
        raise ValueError("must be a moment")
    return told


#: A clock may be wrong, and begins in 1970 where its battery was empty; but not by a century.
DeviceMoment = Annotated[
    AwareDatetime,
    Strict(strict=False),
    BeforeValidator(_written_out),
    Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
]


def _or_unknown(told: Any, read: ValidatorFunctionWrapHandler) -> datetime | None:
    try:
        moment: datetime | None = read(told)
    except ValidationError:
        return None
    return moment


#: Where a request says what the device's clock showed.
_CLOCK_FIELDS = {"at", "sentAt"}
EcoId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ReceiptNumber = Annotated[
    str,
    StringConstraints(min_length=1, max_length=RECEIPT_LENGTH_MAX, strip_whitespace=True),
    AfterValidator(_printable),
]
CardNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]


class _Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True)


class ExtrasBody(_Body):
    """What may be added. `amount` is in yen, as the programme counts it (tax in or out);
    `points_used` and `excluded` are parts of it that may not earn; `sure` is the amount once more,
    where it was asked about and is meant."""

    amount: Annotated[int, Field(ge=1, le=YEN_MAX)] | None = None
    points_used: Yen = 0
    excluded: Yen = 0
    sure: Yen = 0
    receipt: ReceiptNumber | None = None
    receipt_on: date | None = None
    visitors: Annotated[int, Field(ge=1, le=VISITORS_MAX)] | None = None
    eco: Annotated[tuple[EcoId, ...], Field(max_length=10)] = ()
    confirm: Annotated[tuple[Confirmable, ...], Field(max_length=5)] = ()

    @property
    def extras(self) -> Extras:
        purchase = None
        if self.amount is not None:
            purchase = Purchase(
                self.amount,
                excluded_yen=self.excluded,
                points_used_yen=self.points_used,
                receipt_on=self.receipt_on,
            )
        return Extras(purchase, self.receipt, self.visitors, self.eco, self.confirm, sure=self.sure)

    def less(self, off_yen: int) -> Self:
        """The same where so many yen of the amount were taken off, as `Extras.less` counts them."""
        bought = self.extras.less(off_yen).purchase
        if bought is None:
            return self
        return self.model_copy(update={"points_used": bought.points_used_yen})

    def asked_again(self, key: str) -> dict[str, Any]:
        """What is sent where the amount is meant, or by who may, with a number of its own: tapped
        twice, it is added once. `key` is under which it was not taken."""
        bought = {"amount", "points_used", "excluded", "receipt", "receipt_on"}
        given = self.model_dump(mode="json", by_alias=True, include=bought, exclude_defaults=True)
        again = UUID(bytes=hashlib.sha256(key.encode()).digest()[:16], version=4)
        return given | {"sure": self.amount, "addId": str(again)}


class ScanBody(ExtrasBody):
    """One scan. `at` is when it was made and `sent_at` what the clock says now, both the device's;
    `via` is how the code came in, for the log."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    scan_id: UUID4
    at: DeviceMoment | None = None
    sent_at: DeviceMoment | None = None
    offline: bool = False
    via: Literal["camera", "keyboard", "typed", "search"] = "camera"

    @property
    def key(self) -> str:
        return f"scan:{self.scan_id}"

    @property
    def clocks(self) -> DeviceTimes:
        return DeviceTimes(self.at, self.sent_at, self.offline)


class AddBody(ExtrasBody):
    """Something added after the scan."""

    add_id: UUID4
    member_number: CardNumber
    scan_id: UUID4 | None = None

    @property
    def key(self) -> str:
        return f"staff:{self.add_id}"


class RedeemBody(_Body):
    """A reward to be handed out on the card alone, for points or the `voucher` of that number.
    `secret` is the PIN or password of who is signed in, where one is asked for."""

    use_id: UUID4
    member_number: CardNumber
    reward: Id
    voucher: Annotated[int, Field(ge=1)] | None = None
    secret: Annotated[str, StringConstraints(max_length=PASSWORD_MAX)] = Field("", repr=False)

    @property
    def key(self) -> str:
        return f"staff:{self.use_id}"


class PerkBody(_Body):
    """What a member's rank brings, given by staff."""

    give_id: UUID4
    member_number: CardNumber
    perk: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]

    @property
    def key(self) -> str:
        return f"staff:{self.give_id}"


class UndoBody(_Body):
    """An action of the list to be taken back. `force` is for managers: points spent since are made
    up for, and the `reason` is kept."""

    action: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
    undo_id: UUID4
    member_number: CardNumber
    reason: Annotated[str, StringConstraints(max_length=200), AfterValidator(_one_line)] = ""
    force: bool = False

    @property
    def key(self) -> str:
        return f"staff:{self.undo_id}"


class SwitchBody(_Body):
    """A campaign switched on or off for the day; `at` and `sent_at` are the device's, which may
    have kept it."""

    switch_id: UUID4
    campaign: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    on: bool
    at: DeviceMoment | None = None
    sent_at: DeviceMoment | None = None

    @property
    def key(self) -> str:
        return f"staff:{self.switch_id}"

    @property
    def clocks(self) -> DeviceTimes:
        return DeviceTimes(self.at, self.sent_at, offline=True)


class SyncBody(_Body):
    """What a device kept while it had no network. Each scan is looked at by itself; where the clock
    shows now what can't be, when each was made still says something."""

    sent_at: Annotated[DeviceMoment | None, WrapValidator(_or_unknown)] = None
    scans: tuple[dict[str, Any], ...]


def why_wrong(fields: list[str]) -> str:
    """The refusal's code: it may be the device's clock alone."""
    return "clock_impossible" if fields and set(fields) <= _CLOCK_FIELDS else "bad_request"


def wrong_fields(problem: ValidationError) -> list[str]:
    """Where a request is wrong; never what was in it."""
    places = (".".join(str(part) for part in error["loc"]) for error in problem.errors())
    return sorted({place[:80] for place in places})[:20]
