"""The document says what is served: everything that comes is in it, and nothing breaks."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from bot.store.finding import due_members
from handlers.api.frame import keys
from handlers.api.frame.doors import DOORS
from rules.scopes import SCOPES
from tests.conftest import FreshDatabase
from tests.handlers.actions.events.occasions import opened
from tests.handlers.api.conftest import Api, api_of, body_of
from tests.handlers.clubs import club_on


def document(api: Api) -> dict[str, Any]:
    answer = api.app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return body_of(answer)


def test_every_door_stands_in_the_document_with_its_scope(api: Api) -> None:
    told = document(api)
    assert told["openapi"].startswith("3.1")
    operations = [each for path in told["paths"].values() for each in path.values()]
    assert {each["operationId"] for each in operations} == set(DOORS)
    assert {each.get("x-scope") for each in operations} <= {*SCOPES, None}
    for each in operations:
        assert each["summary"].endswith("."), each["operationId"]
        writes = [p for p in each["parameters"] if p["name"] == "Idempotency-Key"]
        assert bool(writes) == DOORS[each["operationId"]].writes


def test_answers_are_open_to_what_comes_later_and_requests_are_not(api: Api) -> None:
    schemas = document(api)["components"]["schemas"]
    for name in ("MemberInFull", "PurchaseMade", "OrderStands", "ProblemDetails", "HistoryEntry"):
        assert "additionalProperties" not in schemas[name], name
    for name in ("PurchaseTold", "LineTold", "OrderTold", "RedemptionAsked"):
        assert schemas[name]["additionalProperties"] is False, name


def test_every_refusal_that_is_named_is_explained(api: Api) -> None:
    client = api.app.test_client()
    for code in {code for door in DOORS.values() for code in door.refusals}:
        for lang in ("en", "ja"):
            path = f"/api/v1/problems/{code}"
            assert client.get(path, headers={"Accept-Language": lang}).status_code == 200, code


def test_the_page_loads_nothing_from_elsewhere(api: Api) -> None:
    client = api.app.test_client()
    page = client.get("/api/v1/docs")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    for address in re.findall(r'(?:src|href|data-url)="([^"]+)"', page.text):
        assert address.startswith("/api/v1/")
        with client.get(address) as part:
            assert part.status_code == 200


@pytest.fixture
def open_api(fresh_sqlite: FreshDatabase) -> Iterator[Api]:
    """The API of a café where there is something to find, which nobody is too often at."""
    with fresh_sqlite() as url, club_on(url) as cafe:
        api = api_of(cafe)
        api.app.config[keys._RATE] = 10_000_000
        opened(cafe)
        yield api


def with_new_key(case: Any, numbers: Iterator[int]) -> None:
    """Gives each act that is meant to be done a key of its own: drawn ones would meet by chance."""
    named = DOORS.get(str(case.operation.definition.raw.get("operationId")))
    is_meant = case.meta is None or case.meta.generation.mode.is_positive
    if named is not None and named.writes and is_meant:
        case.headers["Idempotency-Key"] = f"drawn-{next(numbers)}"


def audited(api: Api) -> list[Any]:
    """What the audit finds, of everybody there is."""
    with api.cafe.store.read() as uow:
        ids = due_members.slice_after(uow, 0, limit=100_000)
    return list(api.cafe.differences(*ids))


def schema_of(api: Api) -> Any:
    """The document as Schemathesis reads it, with a key that may do everything at one store."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", api.app)
    token = api.key(store="ekimae").token

    @schema.auth()
    class KeyShown:
        """As Schemathesis wants it: it also tries without."""

        def get(self, _case: Any, _context: Any) -> str:
            return f"Bearer {token}"

        def set(self, case: Any, data: str, _context: Any) -> None:
            case.headers["Authorization"] = data

    return schema


def drawn(examples: int, **more: Any) -> settings:
    """The same in every run: what is found is found for everybody."""
    return settings(
        max_examples=examples * int(os.environ.get("KAYOI_EXAMPLES_TIMES", "1")),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )


def test_nothing_that_follows_on_one_another_breaks_the_api(open_api: Api) -> None:
    """Acts as the document links them, held to all that it says of each."""
    numbers, came = count(1), Counter[int]()

    def before_call(_acts: Any, case: Any) -> None:
        with_new_key(case, numbers)

    def after_call(_acts: Any, response: Any, _case: Any) -> None:
        came[response.status_code] += 1

    of_document = schema_of(open_api).as_state_machine()
    hooks = {"before_call": before_call, "after_call": after_call}
    acts: Any = type("Acts", (of_document,), hooks)
    acts.run(settings=drawn(30, stateful_step_count=8))
    assert came.total() > 100
    assert came[200] + came[201] > 30
    assert audited(open_api) == []


def test_nothing_that_is_drawn_for_a_door_breaks_it(open_api: Api) -> None:
    """What fits the document is taken or refused by a rule; what doesn't fit is refused as such."""
    numbers, came = count(1), Counter[int]()
    for found in schema_of(open_api).get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:

            @given(case=operation.as_strategy(generation_mode=mode))
            @drawn(4)
            def ask(case: Any) -> None:
                with_new_key(case, numbers)
                came[case.call_and_validate().status_code] += 1

            ask()
    assert came.total() > 100
    assert audited(open_api) == []
