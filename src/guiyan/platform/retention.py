"""What is stored goes when its room said so: one declared rule for each table, obeyed each night.

Sources: PIPL arts. 19 and 47; design §7.7. A room lists its rules as `RETENTION` in its `fields`
and has its nightly job call `obey`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Field, Model

from guiyan.platform.clock import now, today


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows (or some columns of them) go when `since` is more than `days` ago.

    `model` is "room.Model". Columns to be emptied stand in `erases`; without any the whole row goes.
    `only` narrows the rows.
    """

    model: str
    since: str
    days: int
    erases: tuple[str, ...] = ()
    only: Mapping[str, object] = field(default_factory=dict)

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)


def obey(rules: Iterable[Retention]) -> None:
    """Whatever is past its time goes; a second run changes nothing. Runs with system scope."""
    for rule in rules:
        _obey(rule)


def _obey(rule: Retention) -> None:
    is_a_day = rule.table._meta.get_field(rule.since).get_internal_type() == "DateField"
    limit = (today() if is_a_day else now()) - timedelta(days=rule.days)
    rows = rule.table._default_manager.filter(**{f"{rule.since}__lt": limit}, **rule.only)
    if rule.erases:
        blank = {column: _blank(rule.table, column) for column in rule.erases}
        rows.exclude(**{k: v for k, v in blank.items() if v is not None}).update(**blank)
    else:
        rows.delete()


def _blank(model: type[Model], column: str) -> Any:
    of: Field[Any, Any] = getattr(model, column).field
    if of.null:
        return None
    return b"" if isinstance(of, BinaryField) else of.get_default()
