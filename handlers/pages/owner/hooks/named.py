"""Which texts the pages of receivers choose from."""

from bot.store.hooks.endpoints import OffReason
from handlers.actions.hooks.receivers import ReceiverStep
from rules.hooks.kinds import HookTopic


def state(value: str) -> str:
    return f"owner.hooks.state.{value}"


def off(reason: OffReason) -> str:
    """Why it went off."""
    return f"owner.hooks.off.{reason}"


def step(name: ReceiverStep) -> str:
    return f"owner.hooks.step.{name}"


def topic(name: HookTopic) -> str:
    return f"owner.hooks.topic.{name}.name"


def topic_means(name: HookTopic) -> str:
    return f"owner.hooks.topic.{name}.means"


def event(event_type: str) -> str:
    """What happened, by its type."""
    return f"owner.hooks.type.{event_type}"


def status(value: str) -> str:
    """How far its sending is."""
    return f"owner.hooks.status.{value}"


def trouble(problem: str) -> str:
    """Why there was no answer."""
    return f"owner.hooks.problem.{problem}"
