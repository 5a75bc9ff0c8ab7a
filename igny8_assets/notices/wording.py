"""The words of a message: a subject of one line, and a text."""

from dataclasses import dataclass
from typing import Any

from igny8_assets.settings import Settings
from igny8_assets.stages.registry import STAGES
from igny8_assets.store.models import Notice, NoticeEvent


@dataclass(frozen=True)
class Message:
    """What a person reads."""

    subject: str
    text: str


def in_words(notice: Notice, settings: Settings) -> Message:
    """The message of a notice."""
    facts = notice.facts
    subject = f"{facts['site']}: {_happened(notice.event, facts)}"
    lines = [f"Site {facts['site_name']} ({facts['site']}): {_happened(notice.event, facts)}."]
    if facts.get("reason"):
        lines.append(f"Reason: {facts['reason']}")
    if facts.get("slot"):
        lines.append(f"Scheduled for {facts['slot']}.")
    lines += [_stage(stage) for stage in facts.get("stages", ())]
    if facts.get("credits_used"):
        lines.append(f"Credits used: {facts['credits_used']:,.1f}")
    lines.append("")
    if notice.event == NoticeEvent.REVIEW_READY:
        lines.append(f"`igny8 review list {facts['site']}` shows them.")
    if facts.get("stages"):
        lines.append(f"`igny8 logs {facts['run_id']}` shows the log.")
    if notice.event == NoticeEvent.RUN_PAUSED:
        lines.append(f"`igny8 resume {facts['run_id']}` goes on where it stopped.")
    if facts.get("dagster_run_id"):
        lines.append(f"Dagster run: {ui_address(settings)}/runs/{facts['dagster_run_id']}")
    return Message(" ".join(subject.split()), "\n".join(lines).rstrip() + "\n")


def ui_address(settings: Settings) -> str:
    """Where the Dagster UI is, without a slash at the end."""
    return (settings.ui_url or f"http://127.0.0.1:{settings.ui_port}").rstrip("/")


def _happened(event: NoticeEvent, facts: dict[str, Any]) -> str:
    if event == NoticeEvent.REVIEW_READY:
        ready = facts["ready_for_review"]
        return f"{ready:,} text{' is' if ready == 1 else 's are'} ready for review"
    return {
        NoticeEvent.RUN_COMPLETED: "the run is completed",
        NoticeEvent.RUN_FAILED: "the run failed",
        NoticeEvent.RUN_PAUSED: "the run is paused",
        NoticeEvent.RUN_SKIPPED: "a scheduled run was skipped",
        NoticeEvent.TEST: "this is a test message",
    }[event]


def _stage(stage: dict[str, int]) -> str:
    failed = f", {stage['failed']:,} failed" if stage["failed"] else ""
    return f"{stage['stage']}. {STAGES[stage['stage']].name}: {stage['done']:,} of {stage['total']:,}{failed}"
