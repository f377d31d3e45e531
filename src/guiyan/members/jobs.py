"""Work of the night: what is past its time is deleted."""

from datetime import timedelta

from django.apps import apps

from guiyan.members import vault
from guiyan.members.fields import RETENTION, Retention
from guiyan.platform.clock import now, today
from guiyan.platform.jobs import job
from guiyan.platform.resealing import sealed_column

sealed_column(
    "members.VaultField", "sealed", lambda row: vault.seal_context(row.kind, row.member_id)
)
sealed_column("members.Correction", "sealed_wish", lambda wish: vault.wish_context(wish.id))


@job("members.obey_retention", cron="10 18 * * *")  # 02:10 in China
def obey_retention() -> None:
    """Whatever `fields.RETENTION` says is past its time goes, every night."""
    for rule in RETENTION:
        _obey(rule)


def _obey(rule: Retention) -> None:
    model = apps.get_model("members", rule.model)
    is_a_day = model._meta.get_field(rule.since).get_internal_type() == "DateField"
    limit = (today() if is_a_day else now()) - timedelta(days=rule.days)
    rows = model._default_manager.filter(**{f"{rule.since}__lt": limit})
    if rule.erases:
        rows.exclude(**{rule.erases: b""}).update(**{rule.erases: b""})
    else:
        rows.delete()
