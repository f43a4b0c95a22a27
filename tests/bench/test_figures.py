"""The figures in docs/bench.md are those of docs/bench.json; newer ones take older ones' place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import docs
from tests.bench.docs import Run
from tests.bench.measure import Goal, Row
from tests.bench.report import chart

MACHINE = {"cores": "2", "processor": "Abacus", "system": "Linux 6", "python": "3.11.7"}
SCAN = Row("scan", "ms", 7.5, 100, 0.075, Goal(ours_max=100))
JOIN = Row("join", "ms", 16, 10, 1.6, Goal(ratio_max=1.5))


def run(day: str, *rows: Row) -> Run:
    return Run(day, MACHINE, (0.5, 2.0), "", rows)


def test_the_page_shows_what_the_json_has_and_nothing_else() -> None:
    page = docs.PAGE.read_text(encoding="utf-8")
    runs = docs.read(docs.FIGURES)
    assert runs
    assert page == docs.filled_in(page, runs), "python -m tests.bench.docs writes it anew"
    written = page.partition(docs.BEGIN)[2].partition(docs.END)[0]
    assert page.count("| hot path") == written.count("| hot path"), "figures by hand"


def test_a_run_is_shown_with_its_machine_and_what_of_it_is_met() -> None:
    shown = docs.shown([run("2026-12-01", SCAN, JOIN)])
    assert "**2026-12-01.** 2 cores (Abacus), Linux 6, python 3.11.7. A load of 0.5 to 2." in shown
    assert "| scan | 7.5 | 100 | ms | 0.07 | ≤ 100 | yes |" in shown
    assert "| join | 16 | 10 | ms | 1.60 | ≤ 1.5 × | no |" in shown


def test_a_chart_says_how_much_of_its_goal_each_reaches_the_least_first() -> None:
    none, nothing = Row("told", "s", 1, 1, 1), Row("lost", "", 0, 5, 0, Goal(ours_max=0))
    half, just = (
        Row("half", "/s", 4, 10, 0.4, Goal(ratio_min=0.8)),
        Row("just", "ms", 5, 5, 1, Goal(ours_max=4.99)),
    )
    lines = chart([nothing, SCAN, none, JOIN, half, just]).splitlines()[1:]
    assert [line.split("│")[0].split() for line in lines] == [
        ["half", "█" * 10 + "·" * 10],
        ["join", "█" * 19 + "·"],
        ["just", "█" * 20],
        ["scan", "█" * 20],
        ["lost", "█" * 20],
    ]
    assert [line.split()[-1] for line in lines] == ["0.50", "0.93", "0.99", "2", "2"]
    assert {line.index("│") for line in lines} == {6 + 20}


def test_what_is_measured_again_goes_from_the_run_of_before() -> None:
    first, second = run("2026-12-01", SCAN, JOIN), run("2026-12-02", SCAN)
    assert docs.with_newest([first], second) == [run("2026-12-01", JOIN), second]
    assert docs.with_newest([second], first) == [first]


def test_a_run_is_kept_on_the_page_and_for_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, figures = tmp_path / "bench.md", tmp_path / "bench.json"
    page.write_text(f"# Before\n\n{docs.BEGIN}\nold\n{docs.END}\n\nAfter.\n", encoding="utf-8")
    monkeypatch.setattr(docs, "PAGE", page)
    monkeypatch.setattr(docs, "FIGURES", figures)
    docs.keep([SCAN, JOIN], MACHINE, 0.5)
    [kept] = docs.read(figures)
    assert kept.rows == (SCAN, JOIN)
    written = page.read_text(encoding="utf-8")
    assert "old" not in written
    assert written.startswith("# Before\n")
    assert written.endswith("\n\nAfter.\n")
    assert docs.shown([kept]) in written


def test_what_was_measured_before_something_failed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> Iterator[Row]:
        yield SCAN
        raise RuntimeError("the server closed a connection")

    monkeypatch.setattr(bench, "measured", failing)
    monkeypatch.setattr("sys.argv", ["bench", "counter"])
    monkeypatch.setattr("structlog.configure", lambda **_: None)
    with pytest.raises(RuntimeError, match="closed a connection"):
        bench.main()
    assert "scan" in capsys.readouterr().out
