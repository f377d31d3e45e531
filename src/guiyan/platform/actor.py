"""Who acts: a member of staff under one grant, a member on their own file, the public, or the system."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

from guiyan.platform.clock import today
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import Scope

Kind = Literal["staff", "member", "public", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting person. Staff act for one organisation at a time, chosen among their grants.

    `path` is the organisation's path in the tree, the root of all that the actor may see.
    """

    kind: Kind
    name: str
    today: date
    account_id: UUID | None = None
    member_id: UUID | None = None
    organisation_id: UUID | None = None
    organisation_name: str = ""
    path: str = ""
    roles: tuple[str, ...] = ()
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    elevation_reason: str = ""

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    @property
    def is_member(self) -> bool:
        return self.kind == "member"

    @property
    def scope(self) -> Scope:
        if self.kind == "system":
            return Scope.everywhere()
        if self.kind == "member" and self.member_id is not None:
            return Scope.own_file(self.member_id)
        return Scope.under(self.path, self.account_id)

    @classmethod
    def system(cls, name: str = "system") -> "Actor":
        """The worker and the command line: every permission, everywhere, named in the audit."""
        return cls("system", name, today(), permissions=frozenset(Permission))

    @classmethod
    def public(cls) -> "Actor":
        return cls("public", "", today())

    @classmethod
    def member(cls, member_id: UUID, name: str) -> "Actor":
        return cls("member", name, today(), member_id=member_id)

    def standing_for(self, organisation_id: UUID, path: str, name: str) -> "Actor":
        """The same person, writing into the inbox of one organisation (a public form's)."""
        return replace(self, organisation_id=organisation_id, path=path, organisation_name=name)
