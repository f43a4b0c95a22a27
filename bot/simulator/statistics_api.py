"""The Messaging API's statistics by aggregation unit ("Get statistics per unit")."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from .answers import ApiError, answer
from .people import Account
from .platform import Platform
from .statistics import DAYS_MAX

_DAY = re.compile(r"\d{8}", re.ASCII)


def add_routes(api: Blueprint, platform: Platform) -> None:
    """Adds the route to the API."""

    @api.get("/v2/bot/insight/message/event/aggregation")
    def unit_statistics() -> Response:
        unit = request.args.get("customAggregationUnit", "")
        first, last = _day("from"), _day("to")
        if not unit or not 0 <= (last - first).days < DAYS_MAX:
            raise ApiError(400, "The request has an invalid aggregation period or unit")
        told = platform.statistics.told(unit, first, last)
        return answer({"overview": told, "messages": [], "clicks": []})


def note_sent(platform: Platform, body: Mapping[str, Any], accounts: Iterable[Account]) -> None:
    """Counts what was just sent to those accounts with the request's unit, where it names one."""
    for unit in body.get("customAggregationUnits") or ():
        user_ids = [account.user_id for account in accounts]
        platform.statistics.note_sent(unit, user_ids, at=platform.time.now())


def _day(name: str) -> date:
    text = request.args.get(name, "")
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ApiError(400, f"The value for the '{name}' parameter is invalid")
