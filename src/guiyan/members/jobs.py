"""Work of the night: what is past its time is deleted, what an old key sealed is sealed again."""

from datetime import timedelta

from django.apps import apps

from guiyan.members import vault
from guiyan.members.fields import RETENTION, Retention
from guiyan.platform.clock import now, today
from guiyan.platform.jobs import enqueue, job

RESEALED_AT_ONCE = 2_000


@job("members.obey_retention", cron="10 18 * * *")  # 02:10 in China
def obey_retention() -> None:
    """Whatever `fields.RETENTION` says is past its time goes, every night."""
    for rule in RETENTION:
        _obey(rule)


@job("members.reseal_vault", cron="40 18 * * *")
def reseal_vault() -> None:
    """Seal again what an old key sealed, in steps, each a transaction of its own."""
    if vault.reseal_some(RESEALED_AT_ONCE) == RESEALED_AT_ONCE:
        enqueue(reseal_vault)


def _obey(rule: Retention) -> None:
    model = apps.get_model("members", rule.model)
    is_a_day = model._meta.get_field(rule.since).get_internal_type() == "DateField"
    limit = (today() if is_a_day else now()) - timedelta(days=rule.days)
    rows = model._default_manager.filter(**{f"{rule.since}__lt": limit})
    if rule.erases:
        rows.exclude(**{rule.erases: b""}).update(**{rule.erases: b""})
    else:
        rows.delete()
