"""Receivers of events as their owner has them: made, changed, turned on and off, with a secret that
changes without anybody missing anything."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import TypeAdapter

from bot.codes import Codes
from bot.hooks.signing import new_secret
from bot.store.hooks import deliveries, endpoints
from bot.store.hooks.endpoints import EndpointFields, HookEndpoint
from handlers.actions.recording.work import Work
from rules.base import Refusal

from ..recording.idempotency import once_for
from ..recording.log import note
from .writing import write_test

NAME_MAX = 60
#: Each costs a request for each event.
RECEIVERS_MAX = 20
#: So long there are two signatures after a secret was changed, unless that is ended before.
ROTATION = timedelta(days=7)
#: So long after it was made a secret can be read.
SECRET_SHOWN = timedelta(hours=1)
_PURPOSE = "webhook secret"
_MADE: TypeAdapter[int | str] = TypeAdapter(int | str)
#: Somebody else changed it meanwhile.
CHANGED = Refusal("hook_changed")

#: What may be done with a receiver besides changing what is said of it.
ReceiverStep = Literal["on", "off", "rotate", "end_old", "drop", "test", "again"]


def add_receiver(work: Work, fields: EndpointFields) -> int | Refusal:
    """Makes one with a secret of its own, once for the form; gives its id. Its address was looked
    at (`bot.hooks.addresses`).

    Refused with hook_nameless, hook_topicless, hook_many or store_unknown.
    """

    def act() -> int | str:
        if no := _unfit(work, fields):
            return no.code
        endpoints.lock_all(work.uow)
        if len(endpoints.every(work.uow)) >= RECEIVERS_MAX:
            return "hook_many"
        sealed = work.codes.seal(_PURPOSE, new_secret())
        made = endpoints.add(work.uow, fields, sealed, at=work.wall)
        _note(work, "hook_made", fields.name)
        return made

    made = once_for(_MADE, work, f"hook {fields!r}", act)
    return Refusal(made) if isinstance(made, str) else made


def change_receiver(
    work: Work, endpoint_id: int, fields: EndpointFields, *, revision: int
) -> Refusal | None:
    """Keeps what somebody made of the receiver of that revision."""
    known = endpoints.get(work.uow, endpoint_id, lock=True)
    if known is None:
        return CHANGED
    if known.fields == fields:
        return None
    if known.revision != revision:
        return CHANGED
    if no := _unfit(work, fields, known.fields):
        return no
    endpoints.rewrite(work.uow, known, fields)
    _note(work, "hook_changed", fields.name)
    return None


def take_receiver_step(work: Work, endpoint_id: int, step: ReceiverStep) -> Refusal | None:
    """Does it, once for the form; nothing where that was done."""

    def act() -> int | str:
        known = endpoints.get(work.uow, endpoint_id, lock=True)
        if known is None:
            return 0 if step == "drop" else CHANGED.code
        if step == "test" and not known.is_on:
            return "hook_is_off"
        if _take(work, known, step):
            _note(work, f"hook_{step}", known.fields.name)
        return 0

    came = once_for(_MADE, work, f"hook {endpoint_id} {step}", act)
    return Refusal(came) if isinstance(came, str) else None


def _take(work: Work, known: HookEndpoint, step: ReceiverStep) -> bool:
    """Whether there was something to do."""
    uow, now = work.uow, work.wall
    match step:
        case "on" if known.off_at is not None:
            endpoints.change(
                uow, known.id, off_at=None, off_reason=None, told_at=None, failures=0,
                rests_until=None,
            )  # fmt: skip
        case "off" if known.off_at is None:
            endpoints.put_off(uow, known.id, "owner", at=now)
        case "rotate":
            endpoints.change(
                uow, known.id, secret=work.codes.seal(_PURPOSE, new_secret()), secret_at=now,
                old_secret=known.secret, old_until=now + ROTATION,
            )  # fmt: skip
        case "end_old" if known.old_secret is not None:
            endpoints.change(uow, known.id, old_secret=None, old_until=None)
        case "drop":
            endpoints.change(uow, known.id, dropped_at=now, old_secret=None, secret="")
            deliveries.drop_all(uow, known.id)
        case "test":
            write_test(work, known.id)
        case "again":
            deliveries.failed_again(uow, known.id, now=now)
        case _:
            return False
    return True


def send_again(work: Work, endpoint_id: int, event_id: str) -> Refusal | None:
    """Lets a receiver hear one event again, now, under the id it had; once for the form."""

    def act() -> int | str:
        known = endpoints.get(work.uow, endpoint_id, lock=True)
        if known is None:
            return CHANGED.code
        if not known.is_on:
            return "hook_is_off"
        if not deliveries.again(work.uow, event_id, endpoint_id, now=work.wall):
            return "hook_nothing_left"
        _note(work, "hook_again", known.fields.name)
        return 0

    came = once_for(_MADE, work, f"hook again {endpoint_id} {event_id}", act)
    return Refusal(came) if isinstance(came, str) else None


def is_secret_shown(known: HookEndpoint, now: datetime) -> bool:
    """Whether it is so new that who made it may still read it."""
    return now - known.secret_at < SECRET_SHOWN


def secrets_of(codes: Codes, known: HookEndpoint, *, now: datetime) -> tuple[str, ...]:
    """Those by which there are signatures `now`, in the open, the newest first; none where it was
    sealed under a key that nobody set any more."""
    old = [known.old_secret] if known.old_secret and known.is_rotating(now) else []
    sealed = [known.secret, *old]
    return tuple(said for each in sealed if (said := codes.unseal(_PURPOSE, each)))


def _unfit(
    work: Work, fields: EndpointFields, known: EndpointFields | None = None
) -> Refusal | None:
    if not fields.name:
        return Refusal("hook_nameless")
    if not fields.topics:
        return Refusal("hook_topicless")
    is_new = fields.store is not None and (known is None or known.store != fields.store)
    if is_new and work.programme.store(fields.store or "") is None:
        return Refusal("store_unknown")
    return None


def _note(work: Work, action: str, name: str) -> None:
    """In the log of the staff, where it is one of them: a key of the API isn't."""
    if work.actor is not None:
        note(work, action, name=name)
