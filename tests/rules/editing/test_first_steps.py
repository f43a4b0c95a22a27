"""What a new club is asked becomes its programme, and nothing of a template's shop stays in it."""

import tomllib

import pytest

from rules.editing.first_steps import STEPS, asks, controls, parts_of, values
from rules.editing.parts import Part
from rules.editing.templates import TEMPLATES, TemplateId, template


@pytest.mark.parametrize("trade", TEMPLATES)
def test_a_template_s_name_is_asked_anew(trade: TemplateId) -> None:
    data = tomllib.loads(template(trade))
    first = values(data, "shop", is_done=False)
    assert not first["shop"].keys() & {"name", "legal_name"}
    assert "policy_url" not in first["privacy"]
    assert values(data, "shop", is_done=True)["shop"]["name"] == data["shop"]["name"]


def test_what_isn_t_asked_stays_and_what_was_the_template_s_goes() -> None:
    data = {
        "shop": {"name": {"ja": "A"}, "accent": "#112233", "menu_url": "https://x.jp/", "hours": 1},
        "stores": [{"id": "a"}, {"id": "b"}],
    }
    answers = {"shop": {"name": {"ja": "B"}}, "stores": [{"id": "b"}, {"id": "c"}]}
    told = list(parts_of(data, "shop", answers))
    assert (Part("shop"), {"name": {"ja": "B"}, "accent": "#112233"}) in told
    assert [(part.id, value) for part, value in told if part.section == "stores"] == [
        ("a", None),
        ("b", {"id": "b"}),
        ("c", {"id": "c"}),
    ]


def test_each_step_asks_what_the_forms_of_the_console_ask() -> None:
    for step in filter(asks, STEPS):
        assert controls(step)
