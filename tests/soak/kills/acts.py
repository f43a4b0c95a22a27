"""What people of the town do, and when they have been answered for good: each act has a key of its
own, and is asked again under it until it has."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from rules.wording.texts import say
from tests.journeys.served import CHANNEL_SECRET

from .town import STORE, Person, Town

#: What is done: words that only people can answer, words and a tap that we do, a newcomer, a code
#: of the counter's; then a scan at the counter, and what a till tells.
Kind = Literal[
    "letter", "points", "tap", "follow", "chat_check_in", "scan", "check_in", "purchase", "redeem"
]  # fmt: skip
CHAT: tuple[Kind, ...] = ("letter", "points", "tap", "follow", "chat_check_in")
VISITS: tuple[Kind, ...] = ("chat_check_in", "scan", "check_in")


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to an act for good: a definite answer, not that it couldn't be done now."""

    status: int
    body: dict[str, Any]


@dataclass
class Act:
    """One of them, by its number."""

    kind: Kind
    number: int
    person: Person | None
    yen: int = 0
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    began: float = field(default_factory=time.monotonic)
    #: None until it was acknowledged.
    said: Said | None = None
    answered: float = 0.0
    tries: int = 0
    #: What LINE posts, which is the same each time.
    event: dict[str, Any] = field(default_factory=dict)

    @property
    def event_id(self) -> str:
        return f"01HSOAK{self.number:019}"

    @property
    def reply_token(self) -> str:
        return f"{self.number:032}"

    @property
    def user_id(self) -> str:
        return self.person.user_id if self.person else f"U{'f' * 12}{self.number:020x}"

    @property
    def words(self) -> str:
        """A letter's, which are those of no other."""
        return f"充電できますか {self.number}"

    def key(self, town: Town) -> str:
        """Under which it stands in the member's history."""
        if self.kind in CHAT:
            return f"line:{self.event_id}:check_in"
        return f"scan:{self.uuid}" if self.kind == "scan" else f"api:{town.api_client}:{self.uuid}"


@dataclass(frozen=True, slots=True)
class Asked:
    """An HTTP request."""

    path: str
    headers: dict[str, str]
    body: bytes


def request(town: Town, act: Act, *, cookies: str, csrf: str) -> Asked:
    """What is sent for it: the same each time, but that LINE says when it sends again."""
    if act.kind in CHAT:
        return _webhook(town, act)
    assert act.person is not None
    if act.kind == "scan":
        told: dict[str, Any] = {"code": act.person.number, "scanId": act.uuid, "via": "typed"}
        if act.yen:
            told["amount"] = act.yen
        headers = {"Cookie": cookies, "X-CSRFToken": csrf, "Host": "club.example"}
        return Asked("/staff/api/scan", _json(headers), json.dumps(told).encode())
    headers = {
        "Authorization": f"Bearer {town.api_token}",
        "Idempotency-Key": act.uuid,
        "Host": "club.example",
    }
    paths = {"check_in": "/check-ins", "purchase": "/purchases", "redeem": "/redemptions"}
    told = {"store": STORE}
    if act.kind == "redeem":
        told |= {"card_number": act.person.number, "reward": "coffee"}
    else:
        told |= {"code": act.person.number}
    if act.kind == "purchase":
        told |= {"total_yen": act.yen, "receipt": act.uuid}
    return Asked(f"/api/v1{paths[act.kind]}", _json(headers), json.dumps(told).encode())


def _json(headers: dict[str, str]) -> dict[str, str]:
    return {**headers, "Content-Type": "application/json"}


def _webhook(town: Town, act: Act) -> Asked:
    if not act.event:
        act.event = _event(town, act)
    event = {**act.event, "deliveryContext": {"isRedelivery": act.tries > 0}}
    # What is delivered again can be replied to again, for as long.
    town.line.gives(act.reply_token, act.user_id)
    body = json.dumps({"destination": "U" + "b" * 32, "events": [event]}).encode()
    digest = hmac.new(CHANNEL_SECRET.encode(), body, hashlib.sha256).digest()
    return Asked("/callback", {"X-Line-Signature": base64.b64encode(digest).decode()}, body)


def _event(town: Town, act: Act) -> dict[str, Any]:
    common = {
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": act.user_id},
        "webhookEventId": act.event_id,
        "replyToken": act.reply_token,
    }
    match act.kind:
        case "follow":
            return {**common, "type": "follow", "follow": {"isUnblocked": False}}
        case "tap":
            return {**common, "type": "postback", "postback": {"data": "do=card"}}
        case "chat_check_in":
            code = town.club.codes.counter_code(STORE, town.club.now())
            words = say("ja", "counter.message", code=code)
        case "points":
            words = "ポイント"
        case _:
            words = act.words
    message = {"id": f"{act.number:018}", "type": "text", "text": words, "quoteToken": "q"}
    return {**common, "type": "message", "message": message}


def understood(act: Act, status: int, raw: bytes) -> Said | None:
    """What was said for good; None where it is to be asked again. AssertionError for what nobody
    should ever hear."""
    if act.kind in CHAT:
        return Said(status, {}) if status == 200 else None
    if status in (303, 401, 429, 500, 502, 503):
        # Signed out for now, too many, or trouble of the club's.
        return None
    body = json.loads(raw)
    if act.kind == "scan":
        if body.get("error") == "csrf":
            # By a clock that was put back the page's token is of a time to come.
            return None
        assert status == 200, (status, body)
    else:
        assert status in (201, 409), (status, body)
    return Said(status, body)
