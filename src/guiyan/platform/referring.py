"""Which rows other rooms have written about: found from the tables, so no later room is forgotten."""

from collections.abc import Collection
from typing import Any

from django.db.models import ManyToOneRel, Model, OneToOneRel

from guiyan.platform.scope import beyond_scope


def written_about(model: type[Model], ids: Collection[Any]) -> set[Any]:
    """Those of the rows to which a row of another room points; one query for each such column.

    One-to-one rows are a room's own bookkeeping of the row, not something that a person wrote.
    """
    found: set[Any] = set()
    with beyond_scope("what anybody has written about a row holds it fast"):
        for relation in model._meta.get_fields(include_hidden=True):
            if not isinstance(relation, ManyToOneRel) or isinstance(relation, OneToOneRel):
                continue
            other = relation.related_model
            if other._meta.app_label != model._meta.app_label:
                column = relation.field.attname
                rows = other._default_manager.filter(**{f"{column}__in": list(ids)})
                found |= set(rows.values_list(column, flat=True))
    return found
