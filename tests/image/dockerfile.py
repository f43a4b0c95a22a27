"""What the Dockerfile says, step by step."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Step:
    """`RUN true`: an instruction and what stands behind it, on one line."""

    instruction: str
    value: str


def steps() -> list[Step]:
    text = (ROOT / "Dockerfile").read_bytes()
    parsed = DockerfileParser(fileobj=BytesIO(text)).structure
    return [
        Step(found["instruction"].upper(), found["value"])
        for found in parsed
        if found["instruction"] != "COMMENT"
    ]


def base(step: Step) -> tuple[str, str]:
    """Of `FROM debian:bookworm-slim AS wheels` the suite and the stage's name."""
    image, *rest = step.value.split()
    suite = image.removeprefix("debian:").removesuffix("-slim")
    return suite, rest[1] if rest else ""


def all_of(instruction: str) -> list[str]:
    return [step.value for step in steps() if step.instruction == instruction]


def environment() -> dict[str, str]:
    """What ENV gives the processes."""
    pairs = (pair.partition("=") for value in all_of("ENV") for pair in value.split())
    return {name: value for name, _, value in pairs}
