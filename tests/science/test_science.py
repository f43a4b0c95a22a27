"""`make science` itself: it tells what isn't met, and judges no club by what that has taught."""

import json
from pathlib import Path

import pytest

from rules.science import learned
from rules.science.lessons import lessons, window
from rules.science.pattern import NUMBERS
from tests.science import __main__ as science
from tests.science import scoring
from tests.science.data import CLUBS
from tests.science.floors import Floor
from tests.science.learning import Lesson, prior_of, ship, visit_prior_of
from tests.science.scoring import of_chances
from tests.science.simulated import LOOK, cafe


def test_a_floor_says_whether_it_is_met() -> None:
    assert Floor("AUC", 0.8, 0.777).is_met
    assert not Floor("AUC", 0.7, 0.777).is_met
    assert not Floor("seconds", 6.0, 5.0, at_least=False).is_met
    assert list(science.of_floors([Floor("AUC", 0.7, 0.777)]))[-1].endswith("| NO |")


def test_no_club_is_judged_by_what_it_or_its_kin_taught(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(scoring, "_lesson", lambda name, _horizon: asked.append(name))
    monkeypatch.setattr(scoring, "prior_of", lambda *_: None)
    scoring.prior_for.__wrapped__(30, without=CLUBS["stores"].family)
    assert asked == ["cdnow", "mail_order", "gym", "cafe", "salon"]


def test_what_is_shipped_names_all_that_it_was_learned_from() -> None:
    shipped = Path(learned.__file__).with_name("priors.json").read_text(encoding="utf-8")
    assert json.loads(shipped)["learned_from"] == [club.source for club in CLUBS.values()]


def test_a_prior_foretells_at_the_club_that_taught_it(tmp_path: Path) -> None:
    club = cafe(150, seed=9)
    lesson = [Lesson(lessons(club, LOOK, 30), 1.0)]
    prior = prior_of(30, lesson)
    found = window(club, LOOK, 30)
    told = of_chances(found, [prior.model.chance(each) for each in found.patterns])
    assert told.auc > 0.9
    assert told.brier < 0.08
    visits = visit_prior_of(30, lesson)
    expected = sum(visits.model.mean(each) for each in found.patterns)
    assert expected == pytest.approx(sum(found.visits), rel=0.15)
    ship(tmp_path / "priors.json", ["a café"], {30: prior}, {30: visits})
    kept = json.loads((tmp_path / "priors.json").read_text(encoding="utf-8"))
    for each in (kept["horizons"]["30"], kept["visits"]["30"]):
        assert len(each["mean"]) == len(each["information"]) == NUMBERS


def test_new_figures_stand_where_the_last_ones_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "science.md"
    report.write_text(f"Before\n\n{science.BEGIN}\nold\n{science.END}\n\nAfter\n", encoding="utf-8")
    monkeypatch.setattr(science, "REPORT", report)
    for _ in range(2):
        science.write(["new"])
    text = f"Before\n\n{science.BEGIN}\n\nnew\n\n{science.END}\n\nAfter\n"
    assert report.read_text(encoding="utf-8") == text
