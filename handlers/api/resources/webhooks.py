"""Webhooks: which addresses are told of what happens. What is sent is in docs/webhooks.md."""

from typing import Annotated, Literal

from pydantic import Field

from bot.hooks.addresses import URL_MAX, problem_there
from bot.store.hooks import deliveries, endpoints
from bot.store.hooks.endpoints import EndpointFields, HookEndpoint, OffReason
from handlers.actions.hooks.receivers import (
    ReceiverStep,
    add_receiver,
    is_secret_shown,
    secrets_of,
    send_again,
    take_receiver_step,
)
from handlers.actions.recording.work import Work
from rules.base import Refusal
from rules.hooks.kinds import TOPICS, HookTopic

from ..frame.current import api_work, asking, current_club, is_repeat, reading
from ..frame.doors import does, reads
from ..frame.models import PLACE_MAX, AnswerPart, Moment, Name, RequestPart
from ..frame.problems import PREFIX, Trouble, refuse

#: So many of the last events are listed.
_LISTED = 50


class WebhookAsked(RequestPart):
    """An address that is to be told."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
    url: Annotated[str, Field(max_length=URL_MAX, pattern=r"^[^\x00]*$")] = Field(
        description="Begins with https://, and can be reached from the internet."
    )
    topics: Annotated[list[HookTopic], Field(min_length=1, max_length=len(TOPICS))] = Field(
        description="What it is told of."
    )
    store: Name | None = Field(
        None, description="The store of which it is told; null for all. A key's own store, if any."
    )


class WebhookStepAsked(RequestPart):
    """What is done with it."""

    step: Literal["on", "off", "rotate", "end_old", "test", "again"] = Field(
        description="`rotate`: a new secret, with signatures by both for a week; `end_old` ends "
        "the old one before. `test`: something is sent. `again`: all that wasn't taken is sent "
        "again."
    )


class WebhookTold(AnswerPart):
    """An address that is told of what happens."""

    id: int
    name: str
    url: str
    topics: list[HookTopic]
    store: str | None
    made_at: Moment
    off_at: Moment | None = Field(description="Since when nothing is sent; null while it is.")
    off_reason: OffReason | None
    failures: int = Field(description="Tries that failed since the last that was taken.")
    taken_at: Moment | None = Field(description="When it last took something.")
    secret: str | None = Field(
        description="For an hour after it was made, and then null: keep it where you check by it."
    )


class WebhookList(AnswerPart):
    """All of them."""

    webhooks: list[WebhookTold]


class ToldEvent(AnswerPart):
    """What came of telling an address of an event."""

    event_id: str = Field(description="The `webhook-id` under which it is sent, however often.")
    type: str
    made_at: Moment
    status: Literal["queued", "taken", "failed", "dropped"]
    tries: int
    due_at: Moment | None = Field(description="When it is tried next, where it is queued.")
    answer_status: int | None
    problem: str | None = Field(description="Why there was no answer.")


class ToldEvents(AnswerPart):
    """The last of them, the newest first."""

    deliveries: list[ToldEvent]


class WebhookGone(AnswerPart):
    """That an address is told no more."""

    id: int


@reads("/webhooks", WebhookList, "webhooks")
def list_webhooks() -> WebhookList:
    """List the webhooks."""
    with reading() as work:
        seen = [each for each in endpoints.every(work.uow) if _is_seen(each)]
        return WebhookList(webhooks=[_told(work, each) for each in seen])


@reads("/webhooks/<int:webhook_id>", WebhookTold, "webhooks", found=True)
def get_webhook(webhook_id: int) -> WebhookTold:
    """Get a webhook."""
    with reading() as work:
        return _told(work, _seen(work, webhook_id))


@does(
    "/webhooks", WebhookTold, "webhooks",
    "hook_url_shape", "hook_url_https", "hook_url_login", "hook_url_port", "hook_url_inside",
    "hook_url_unknown", "hook_nameless", "hook_topicless", "hook_many", "store_unknown",
    status=201, found=False,
)  # fmt: skip
def add_webhook(json: WebhookAsked) -> tuple[WebhookTold, int, dict[str, str]]:
    """Add a webhook.

    Its secret comes with the answer. What happens from some seconds later on is sent.
    """
    if asking().store is not None and json.store not in (None, asking().store):
        raise Trouble(403, "other_store")
    _look_at_address(json.url)
    topics = tuple(each for each in TOPICS if each in json.topics)
    fields = EndpointFields(
        " ".join(json.name.split()), json.url, topics, asking().store or json.store
    )
    with api_work() as work:
        made = add_receiver(work, fields)
        told = made if isinstance(made, Refusal) else _told(work, _seen(work, made))
    if isinstance(told, Refusal):
        raise refuse(told)
    current_club().hooks.forget()
    return told, 201, {"Location": f"{PREFIX}/webhooks/{told.id}"}


@does("/webhooks/<int:webhook_id>/steps", WebhookTold, "webhooks", "hook_changed", "hook_is_off")
def step_webhook(webhook_id: int, json: WebhookStepAsked) -> WebhookTold:
    """Turn a webhook on or off, change its secret, or send something again."""
    return _stepped(webhook_id, json.step)


@does("/webhooks/<int:webhook_id>", WebhookGone, "webhooks", method="DELETE")
def drop_webhook(webhook_id: int) -> WebhookGone:
    """Take a webhook away.

    What waits for it isn't sent either.
    """
    with api_work() as work:
        if not _is_away(work, webhook_id):
            take_receiver_step(work, webhook_id, "drop")
    current_club().hooks.forget()
    return WebhookGone(id=webhook_id)


@reads("/webhooks/<int:webhook_id>/deliveries", ToldEvents, "webhooks", found=True)
def list_webhook_deliveries(webhook_id: int) -> ToldEvents:
    """List what was sent to a webhook.

    The last fifty, the newest first, of the last thirty days.
    """
    with reading() as work:
        known, local = _seen(work, webhook_id), work.programme.shop.local
        found = deliveries.of_endpoint(work.uow, known.id, most=_LISTED)
        return ToldEvents(
            deliveries=[
                ToldEvent(
                    event_id=each.event_id,
                    type=each.type,
                    made_at=local(each.made_at),
                    status=each.status,
                    tries=each.tries,
                    due_at=local(each.due_at) if each.status == "queued" else None,
                    answer_status=each.answer_status,
                    problem=each.problem,
                )
                for each in found
            ]
        )


@does(
    "/webhooks/<int:webhook_id>/deliveries/<event_id>/again", WebhookTold, "webhooks",
    "hook_changed", "hook_is_off", "hook_nothing_left",
)  # fmt: skip
def send_webhook_again(webhook_id: int, event_id: str) -> WebhookTold:
    """Send an event to a webhook again.

    Under the `webhook-id` that it had.
    """
    with api_work() as work:
        known = _seen(work, webhook_id)
        no = send_again(work, known.id, event_id)
        told = _told(work, known)
    if no is not None:
        raise refuse(no)
    return told


def _look_at_address(url: str) -> None:
    """Asks where the name leads, while no transaction is open. What was made once stays so."""
    problem = problem_there(url, current_club().reach)
    if problem is None:
        return
    with api_work() as work:
        was_made = is_repeat(work)
    if not was_made:
        raise refuse(Refusal(problem))


def _stepped(webhook_id: int, step: ReceiverStep) -> WebhookTold:
    with api_work() as work:
        known = _seen(work, webhook_id)
        no = take_receiver_step(work, known.id, step)
        told = _told(work, _seen(work, webhook_id))
    if no is not None:
        raise refuse(no)
    current_club().hooks.forget()
    return told


def _is_seen(known: HookEndpoint) -> bool:
    """A key of one store knows of those of that store alone."""
    return asking().store in (None, known.fields.store)


def _seen(work: Work, webhook_id: int) -> HookEndpoint:
    known = endpoints.get(work.uow, webhook_id) if webhook_id <= PLACE_MAX else None
    if known is None or not _is_seen(known):
        raise Trouble(404, "not_found")
    return known


def _is_away(work: Work, webhook_id: int) -> bool:
    """Whether it was taken away before, by a request that is repeated. Of what was never there 404
    is told."""
    known = endpoints.dropped(work.uow, webhook_id) if webhook_id <= PLACE_MAX else None
    if known is not None and _is_seen(known):
        return True
    _seen(work, webhook_id)
    return False


def _told(work: Work, known: HookEndpoint) -> WebhookTold:
    local = work.programme.shop.local
    keys = secrets_of(work.codes, known, now=work.wall) if is_secret_shown(known, work.wall) else ()
    return WebhookTold(
        id=known.id,
        name=known.fields.name,
        url=known.fields.url,
        topics=list(known.fields.topics),
        store=known.fields.store,
        made_at=local(known.made_at),
        off_at=local(known.off_at) if known.off_at else None,
        off_reason=known.off_reason,
        failures=known.failures,
        taken_at=local(known.taken_at) if known.taken_at else None,
        secret=keys[0] if keys else None,
    )
