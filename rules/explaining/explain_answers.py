"""Surveys for the owner: what is asked of whom, how often, and by which message; what they came to,
and what members do: engagement, satisfaction and loyalty, each by itself."""

from collections.abc import Iterator
from typing import Any

from ..heard.engagement import EngagementSummary
from ..heard.surveys import Survey
from ..journeys.programme import journeys_of
from ..science.scores import ANSWERS_MIN, GapFigure, MeanFigure, NpsFigure
from ..science.survey_results import QuestionResult, SurveyResult
from ..wording.words import Words


def survey_sentences(words: Words) -> Iterator[tuple[str, str]]:
    """Each survey in one line, by its id."""
    for survey in words.programme.surveys:
        yield survey.id, "".join(_survey(words, survey)).strip()


def _survey(words: Words, survey: Survey) -> Iterator[str]:
    yield words.say(
        "explain.surveys.of",
        title=words.name(survey.title),
        kind=words.say(f"explain.surveys.kind.{survey.kind}"),
        count=len(survey.questions),
    )
    asking = next((j for j in journeys_of(words.programme) if j.asks == survey.id), None)
    if asking is not None:
        name = words.say(f"journey.kind.{asking.kind}")
        yield words.say("explain.surveys.asked", journey=name)
    if survey.kind == "expectation":
        yield words.say("explain.surveys.joined")
    if survey.ranks:
        yield words.say("explain.surveys.ranks", ranks=words.ranks(survey.ranks))
    rest = survey.rest_days
    yield (
        words.say("explain.surveys.again", days=rest) if rest else words.say("explain.surveys.once")
    )
    if survey.is_feedback:
        yield words.say("explain.surveys.feedback")


def survey_title(words: Words, result: SurveyResult) -> str:
    """What it is called, and of which kind it is."""
    kind = words.say(f"explain.surveys.kind.{result.survey.kind}")
    return _line(words, "title", title=words.name(result.survey.title), kind=kind)


def survey_lines(words: Words, result: SurveyResult) -> Iterator[str]:
    """Who answered, and what, question by question."""
    if not result.asked and not result.own:
        yield _line(words, "nobody")
    if result.asked:
        share = round(100 * result.finished / result.asked)
        yield _line(
            words, "asked", asked=result.asked, begun=result.begun, finished=result.finished,
            share=share,
        )  # fmt: skip
    if result.own:
        yield _line(words, "own", begun=result.own, finished=result.own_finished)
    for each in result.questions:
        yield from _question(words, each)


def _question(words: Words, result: QuestionResult) -> Iterator[str]:
    question = result.question
    asked = words.name(question.text)
    if question.kind == "words":
        yield _line(words, "written", question=asked, written=result.written)
        return
    names = {choice.id: words.name(choice.name) for choice in question.choices}
    counted = "  ".join(f"{names.get(str(v), v)}: {n}" for v, n in result.counted)
    yield _line(words, "counted", question=asked, counted=counted)
    if result.mean:
        yield mean_line(words, result.mean)
    if result.nps:
        yield nps_line(words, result.nps)
    if result.gap:
        yield _gap_line(words, result.gap)


def mean_line(words: Words, mean: MeanFigure) -> str:
    """「平均 4.2（±0.2、85人）」."""
    if mean.margin is None:
        few = _line(words, "few", least=ANSWERS_MIN)
        return _line(words, "mean_few", mean=f"{mean.mean:.1f}", members=mean.count, few=few)
    margin = f"{mean.margin:.1f}"
    return _line(words, "mean", mean=f"{mean.mean:.1f}", members=mean.count, margin=margin)


def nps_line(words: Words, nps: NpsFigure) -> str:
    """The score with its margin, and of whom it is made."""
    of = {
        "score": f"{nps.score:+.0f}", "promoters": nps.promoters, "passives": nps.passives,
        "detractors": nps.detractors, "members": nps.count,
    }  # fmt: skip
    if nps.margin is None:
        return _line(words, "nps_few", **of, few=_line(words, "few", least=ANSWERS_MIN))
    return _line(words, "nps", **of, margin=f"{nps.margin:.0f}")


def _gap_line(words: Words, gap: GapFigure) -> str:
    of = {
        "before": f"{gap.before:.1f}", "after": f"{gap.after:.1f}",
        "gap": _signed(gap.gap.mean), "members": gap.gap.count,
    }  # fmt: skip
    margin = gap.gap.margin
    if margin is None:
        return _line(words, "gap_few", **of, few=_line(words, "few", least=ANSWERS_MIN))
    low, high = gap.gap.mean - margin, gap.gap.mean + margin
    return _line(words, "gap", **of, low=_signed(low), high=_signed(high))


def _signed(number: float) -> str:
    """With its sign, but for nothing at all."""
    return f"{number:+.1f}" if abs(number) >= 0.05 else "0.0"


def engagement_lines(words: Words, acts: EngagementSummary, *, days: int) -> Iterator[str]:
    """What members did in the last days."""
    yield _line(words, "members", members=acts.members, days=days)
    for what in ("visits", "taps", "messages"):
        did = {"visits": acts.came, "taps": acts.tapped, "messages": acts.wrote}[what]
        yield _line(words, f"did_{what}", members=did, times=getattr(acts, what))
    yield _line(words, "silent", members=acts.silent)


def _line(words: Words, key: str, **values: Any) -> str:
    return words.say(f"survey_results.{key}", **values)
