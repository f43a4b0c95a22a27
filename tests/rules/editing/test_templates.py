"""The programmes that a shop may begin with: complete, wise, small, readable in both languages."""

import re
import tomllib

import pytest

from rules.base import LANGS, Lang
from rules.checking.reading import InvalidProgramme, review
from rules.checking.warnings import warnings
from rules.editing.templates import TEMPLATES, TemplateId, template, template_choices
from rules.explaining.explain import explain
from rules.journeys.programme import WholeProgramme, journeys_of
from rules.journeys.samples import ClubSize
from rules.sending.quota import FREE_PLAN

each_template = pytest.mark.parametrize("trade", TEMPLATES)


def begun(trade: TemplateId) -> WholeProgramme:
    programme = review(template(trade))
    assert not isinstance(programme, InvalidProgramme), programme.listed("en")
    return programme


@each_template
def test_nothing_is_said_against_it(trade: TemplateId) -> None:
    programme = begun(trade)
    assert warnings(programme) == ()
    assert warnings(programme, size=ClubSize(30), plan=FREE_PLAN, sms=False) == ()


@each_template
def test_it_begins_with_three_ways_to_earn(trade: TemplateId) -> None:
    programme = begun(trade)
    assert len(programme.earning) == 3
    assert programme.earning[0].on == "registration"
    assert not programme.campaigns
    assert 3 <= len(programme.rewards) <= 5
    assert 3 <= len(programme.badges) <= 5


@each_template
def test_it_has_three_ranks_a_gift_for_the_birthday_and_a_word_to_who_stays_away(
    trade: TemplateId,
) -> None:
    programme = begun(trade)
    assert programme.ranks is not None
    assert [rank.id for rank in programme.ranks.steps] == ["bronze", "silver", "gold"]
    kinds = {journey.kind for journey in journeys_of(programme)}
    assert {"birthday", "points_expiring"} <= kinds
    assert kinds & {"lapsed", "reward_ready"}
    assert any(reward.given and reward.given.kind == "birthday" for reward in programme.rewards)


def test_a_shop_without_visits_neither_asks_for_them_nor_misses_them() -> None:
    programme = begun("mail_order")
    assert programme.ranks is not None
    assert programme.ranks.measure == "spend"
    assert programme.ranks.offered_revival is None
    assert not any(rule.on == "visit" for rule in programme.earning)
    sent = {journey.kind for journey in journeys_of(programme)}
    assert not sent & {"lapsed", "one_short", "first_visit", "rhythm"}


@pytest.mark.parametrize("lang", LANGS)
@each_template
def test_it_reads_well_in_both_languages(trade: TemplateId, lang: Lang) -> None:
    told = " ".join(
        sentence for section in explain(begun(trade), lang) for sentence in section.sentences
    )
    assert "{" not in told
    japanese = re.search(r"[\u3041-\u30ff]", told)
    assert bool(japanese) is (lang == "ja")


@each_template
def test_what_is_to_be_replaced_is_marked(trade: TemplateId) -> None:
    shop = tomllib.loads(template(trade))["shop"]
    for said in (shop["name"]["ja"], shop["legal_name"]):
        assert said.startswith("「")
        assert said.endswith("」")
    assert shop["name"]["en"].startswith("Your ")


@pytest.mark.parametrize("lang", LANGS)
def test_an_owner_chooses_among_all_of_them(lang: Lang) -> None:
    choices = template_choices(lang)
    assert tuple(choice.id for choice in choices) == TEMPLATES
    assert len({choice.name for choice in choices}) == len(TEMPLATES)
    assert all(choice.about for choice in choices)
