"""Clubs to live through: every journey on, little room to send, and clocks that change."""

from typing import Any

from rules.journeys.programme import WholeProgramme
from tests.rules.examples import CAFE, programme
from tests.rules.journeys.people import CHOSEN

_OWN = {
    "birthday": {"kind": "birthday", "when": "day", "days_before": 5},
    "lapsed": {
        "kind": "lapsed",
        "steps": [
            {"days": 40, "offer": {"points": 50, "valid_days": 30}},
            {"days": 90, "offer": {"reward": "welcome_back", "valid_days": 14}},
            {"days": 150},
        ],
    },
    "spend": {"kind": "spend", "every_yen": 50_000},
}
_CALM = {
    "id": "calm",
    "name": {"ja": "ゆったりタイム", "en": "Calm hours"},
    "hours": {"start": "14:00:00", "end": "16:00:00"},
    "effect": {"kind": "bonus", "points": 5},
}


def busy(*, timezone: str = "Asia/Tokyo", **sending: Any) -> WholeProgramme:
    """The café with every journey on, a word for those who rest, and points that soon run out."""
    plain = programme(CAFE).model_dump(mode="json")
    journeys = [_OWN.get(kind, {"kind": kind}) for kind in CHOSEN]
    resting = {"kind": "lapsed", "id": "resting", "states": ["paused"], "steps": [{"days": 60}]}
    changes = {
        "shop": {**plain["shop"], "timezone": timezone},
        "points": {"expiry": {"kind": "inactivity", "months": 3, "warn_days": [30, 7]}},
        "profile": {**plain["profile"], "birthday_changes_max": 10},
        "sending": {**plain["sending"], "quota_reserve": 0, **sending},
        "campaigns": [*plain["campaigns"], _CALM],
        "journeys": [*journeys, resting],
    }
    return WholeProgramme.model_validate({**plain, **changes})
