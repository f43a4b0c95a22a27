"""The document of the API (OpenAPI 3.1): what Spectree reads off the doors, and what these know
besides: headers, problems, scopes."""

from copy import deepcopy
from typing import Any

from .doors import DOORS, Door, documents
from .problems import MEDIA_TYPE, PREFIX

#: What a header says, and its schema.
_Headers = dict[str, tuple[str, dict[str, Any]]]
_TEXT: dict[str, Any] = {"type": "string"}
_WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}
_LIMITS: _Headers = {
    "RateLimit-Limit": ("So many requests a minute may come from this system.", _WHOLE),
    "RateLimit-Remaining": ("So many more may come until the reset.", _WHOLE),
    "RateLimit-Reset": ("Seconds until it begins anew.", _WHOLE),
}
_ID: _Headers = {"X-Request-Id": ("By which our log has this request.", _TEXT)}
#: Of some answers, beside what all have.
_OF_STATUS: dict[int, _Headers] = {
    401: {"WWW-Authenticate": ("What is wanted (RFC 6750).", _TEXT)},
    403: {"WWW-Authenticate": ("Which scope is missing, where one is (RFC 6750).", _TEXT)},
    429: {"Retry-After": ("Seconds after which to come again.", _WHOLE)},
    503: {"Retry-After": ("Seconds after which to come again.", _WHOLE)},
}
_PARAMETERS = {
    "number": {"type": "string", "pattern": "^[0-9]{10}$"},
    "key": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
    "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"},
}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Your own key for this one act, such as a new UUID. The same key with the same "
    "contents is done once, and answered the same; with other contents it is refused (422).",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!#-~]+$"},
}
_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "In which language problems are told: `en`, unless `ja` is wanted.",
    "schema": {"type": "string", "examples": ["ja"]},
}
_DESCRIPTION = (
    "What tills, web shops and other systems of the shop ask and do. Amounts are whole yen, points "
    "whole points, times have an offset, and card numbers are text."
)
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key that the owner made at /owner/keys.",
}
#: Where the card of whoever just joined, or the action of what was just done, leads on to.
_CARD = "$response.body#/card_number"
_LINKS: dict[str, dict[str, dict[str, Any]]] = {
    "join_member": {
        "get_member": {"parameters": {"number": _CARD}},
        "tell_member": {"parameters": {"number": _CARD}},
        "change_member": {"parameters": {"number": _CARD}},
        "get_points": {"parameters": {"number": _CARD}},
        "list_history": {"parameters": {"number": _CARD}},
        "quote_rewards": {"parameters": {"number": _CARD}},
        "check_member_in": {"requestBody": {"code": _CARD}},
        "read_card": {"requestBody": {"code": _CARD}},
        "give_points": {"requestBody": {"card_number": _CARD}},
        "redeem_reward": {"requestBody": {"card_number": _CARD}},
    },
    "check_member_in": {
        "cancel_check_in": {
            "requestBody": {
                "card_number": _CARD,
                "action": "$response.body#/action",
            }
        }
    },
    "redeem_reward": {
        "cancel_redemption": {
            "requestBody": {
                "card_number": "$request.body#/card_number",
                "action": "$response.body#/action",
            }
        }
    },
}


def document() -> dict[str, Any]:
    """The whole document."""
    made: dict[str, Any] = deepcopy(documents.spec)
    made["info"]["description"] = _DESCRIPTION
    made["components"]["securitySchemes"] = {"key": _KEY}
    made.pop("security", None)
    for of_path in made["paths"].values():
        for operation in of_path.values():
            _complete(operation, DOORS[operation["operationId"]])
            _lead_on(operation)
    made["paths"] = dict(sorted(made["paths"].items()))
    return made


def _complete(operation: dict[str, Any], door: Door) -> None:
    operation["security"] = [{"key": []}] if door.scope else []
    if door.scope:
        operation["x-scope"] = door.scope
        need = f"Needs the scope `{door.scope}`."
        operation["description"] = f"{operation['description']}\n\n{need}".strip()
    for each in operation["parameters"]:
        if each["in"] == "path":
            each["schema"] = _PARAMETERS.get(each["name"], each["schema"])
    operation["parameters"] += [_IDEMPOTENCY] if door.writes else []
    operation["parameters"].append(_LANGUAGE)
    for status, told in operation["responses"].items():
        _complete_answer(int(status), told, door)


def _complete_answer(status: int, told: dict[str, Any], door: Door) -> None:
    headers = dict(_ID)
    if door.scope and status not in (401, 500):
        headers |= _LIMITS
    headers |= _OF_STATUS.get(status, {})
    if status < 400:
        headers |= {name: (says, _TEXT) for name, says in door.headers}
    told["headers"] = {
        name: {"description": says, "schema": schema} for name, (says, schema) in headers.items()
    }
    if status >= 400:
        told["content"] = {MEDIA_TYPE: told["content"]["application/json"]}
    if status == 409 and door.refusals:
        listed = ", ".join(f"[`{code}`]({PREFIX}/problems/{code})" for code in door.refusals)
        told["description"] = f"Refused, by its `code`: {listed}."


def _lead_on(operation: dict[str, Any]) -> None:
    """Links from what was done to what can be done with it."""
    links = _LINKS.get(operation["operationId"])
    if links:
        done = next(each for status, each in operation["responses"].items() if status < "300")
        done["links"] = {name: {"operationId": name, **says} for name, says in links.items()}
