import re

from bot import metrics


def value(series: str) -> float:
    found = re.search(rf"^{re.escape(series)} (\S+)$", metrics.metrics_text().decode(), re.M)
    return float(found[1]) if found else 0.0


def test_webhook_events_are_counted_by_outcome() -> None:
    stored = value('webhook_events_total{outcome="stored"}')
    duplicate = value('webhook_events_total{outcome="duplicate"}')
    metrics.count_webhook_events("stored", 3)
    assert value('webhook_events_total{outcome="stored"}') == stored + 3
    assert value('webhook_events_total{outcome="duplicate"}') == duplicate


def test_a_handled_event_is_counted_and_timed() -> None:
    counted, timed = 'events_handled_total{kind="Text",outcome="replied"}', "event_seconds_sum"
    before = value(counted), value(timed)
    metrics.count_event_handled(kind="Text", outcome="replied", seconds=0.25)
    assert (value(counted), value(timed)) == (before[0] + 1, before[1] + 0.25)


def test_calls_to_line_are_counted_by_call_and_outcome() -> None:
    series = 'line_calls_total{call="push",outcome="RateLimited"}'
    before = value(series)
    metrics.count_line_call(call="push", outcome="RateLimited")
    assert value(series) == before + 1


def test_requests_are_timed_by_route_method_and_status() -> None:
    series = 'http_request_seconds_count{endpoint="/card/<code>",method="GET",status="200"}'
    before = value(series)
    metrics.count_request(endpoint="/card/<code>", method="GET", status=200, seconds=0.01)
    assert value(series) == before + 1


def test_an_invented_method_makes_no_series_of_its_own() -> None:
    metrics.count_request(endpoint="(no route)", method="BREW", status=405, seconds=0.01)
    assert "BREW" not in metrics.metrics_text().decode()
    assert value('http_request_seconds_count{endpoint="(no route)",method="OTHER",status="405"}')
