"""A word more for filters: `id__any=[…]`, one of many ids."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignKey, Lookup, UUIDField
from django.db.models.sql.compiler import SQLCompiler


@ForeignKey.register_lookup
@UUIDField.register_lookup
class AnyId(Lookup):
    """The ids travel as one text. `__in` makes a placeholder of each and reads the longer statement
    anew each time: half a millisecond more of processor time for the fifty rows of a register."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        ids = ",".join(str(one) for one in self.rhs)
        return f"{column} = any(%s::uuid[])", (*params, f"{{{ids}}}")
