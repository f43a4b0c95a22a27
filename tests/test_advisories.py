"""`make check` holds our packages against what is known, where it can."""

from pathlib import Path

import pytest

from tests.advisories import NOT_REACHED, held_against

OURS = Path("requirements.txt")


def asked(answers: dict[bool, tuple[int, str]], seen: list[Path]) -> tuple[int, str]:
    def ask(file: Path) -> tuple[int, str]:
        seen.append(file)
        return answers[file == OURS]

    return held_against(OURS, ask)


@pytest.mark.parametrize(
    "answer", [(0, "No known vulnerabilities found"), (2, ""), (1, "no network")]
)
def test_where_nobody_knows_of_a_known_one_nobody_is_asked_of_ours(answer: tuple[int, str]) -> None:
    seen: list[Path] = []
    assert asked({False: answer}, seen) == (0, NOT_REACHED)
    assert OURS not in seen


def test_what_is_known_against_ours_fails_and_is_shown() -> None:
    known = (1, "jinja2 2.10 PYSEC-1")
    assert asked({False: known, True: (1, "ours 1.0 PYSEC-2")}, []) == (1, "ours 1.0 PYSEC-2")
    code, said = asked({False: known, True: (0, "")}, [])
    assert (code, "Nothing is known" in said) == (0, True)
