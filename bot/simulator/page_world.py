"""Time travel and the message plan, as the page moves them."""

import calendar
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, Response, jsonify

from .errors import NotPossible, PageRefusal
from .page_input import Body, json_object, whole_number
from .platform import Platform
from .times import JAPAN, milliseconds

TRAVEL_MAX = timedelta(days=3 * 366)
_PLAN_MAX = 10_000_000

Travel = Callable[[datetime], None]


def add_world(page: Blueprint, platform: Platform, travel: Travel) -> None:
    """Adds the routes that move the clock and change the plan."""
    journey = threading.Lock()

    @page.post("/page/travel")
    def go() -> Response:
        body = json_object()
        departed = platform.time.now()
        target = _target(body, departed)
        if not journey.acquire(blocking=False):
            raise NotPossible("いま時間を進めています。少しお待ちください。")
        before = platform.chat.last_id()
        try:
            travel(target)
        finally:
            journey.release()
        arrived = platform.chat.arrived(after=before)
        return jsonify(
            departed=milliseconds(departed),
            now=milliseconds(platform.time.now()),
            mine=arrived.get(str(body.get("user")), 0),
            messages=sum(arrived.values()),
            people=len(arrived),
        )

    @page.post("/page/plan")
    def change_plan() -> Response:
        body = json_object()
        limit = whole_number(body.get("limit"), least=0, most=_PLAN_MAX)
        if limit is None and body.get("limit") is not None:
            raise PageRefusal("通数は0以上の整数で入力してください。")
        platform.chat.set_plan(limit)
        return jsonify(plan=limit)


def _target(body: Body, now: datetime) -> datetime:
    """Where to travel: `seconds` or `months` ahead, or `to` a local Japanese time."""
    seconds = whole_number(body.get("seconds"), least=1, most=int(TRAVEL_MAX.total_seconds()))
    if seconds is not None:
        return now + timedelta(seconds=seconds)
    months = whole_number(body.get("months"), least=1, most=36)
    if months is not None:
        return months_later(now, months)
    try:
        target = datetime.fromisoformat(str(body.get("to"))).replace(tzinfo=JAPAN)
    except ValueError:
        raise PageRefusal("日時を選んでください。") from None
    if target <= now:
        raise PageRefusal("時間は先にしか進められません。いまより後の日時を選んでください。")
    if target > now + TRAVEL_MAX:
        raise PageRefusal("一度に進められるのは3年までです。")
    return target


def months_later(now: datetime, months: int) -> datetime:
    """The same day and time in Japan some months later; the month's last day if it is shorter."""
    local = now.astimezone(JAPAN)
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day)
