"""The sensor that delivers messages."""

import dagster as dg

from igny8_assets.resources import Installation


@dg.sensor(
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Sends messages about runs and texts by e-mail, to Slack and to webhooks, and tries again what failed.",
)
def notices(context: dg.SensorEvaluationContext, installation: Installation) -> dg.SkipReason:
    """Send what is due."""
    from igny8_assets.notices.delivery import deliver_due
    from igny8_assets.store.models import NoticeStatus

    attempts = deliver_due(installation.store, installation.settings)
    if not attempts:
        return dg.SkipReason("No message is due.")
    for attempt in attempts:
        if attempt.error is not None:
            context.log.warning(f"notice {attempt.number} to {attempt.channel}: {attempt.error}")
    sent = sum(attempt.status == NoticeStatus.SENT for attempt in attempts)
    dead = sum(attempt.status == NoticeStatus.DEAD for attempt in attempts)
    line = f"{sent} sent, {len(attempts) - sent - dead} to be tried again, {dead} given up."
    context.log.info(line)
    return dg.SkipReason(line)
