"""Who acts: a member of staff under one grant, a member on their own file, the public, or the system."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
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

    def kept(self) -> dict[str, Any]:
        """Whoever asks for work that is done later, as it lies in a column until then."""
        return {
            "kind": self.kind,
            "account_id": str(self.account_id) if self.account_id else None,
            "name": self.name,
            "organisation_id": str(self.organisation_id) if self.organisation_id else None,
            "organisation_name": self.organisation_name,
            "path": self.path,
            "roles": list(self.roles),
        }

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any], permissions: frozenset[Permission]) -> "Actor":
        """The same person, standing where they stood when they asked, on the day it is done."""
        if kept["kind"] == "system":
            return replace(cls.system(kept["name"]), path=kept["path"])
        return cls(
            kind="staff",
            name=kept["name"],
            today=today(),
            account_id=UUID(kept["account_id"]),
            organisation_id=UUID(kept["organisation_id"]),
            organisation_name=kept["organisation_name"],
            path=kept["path"],
            roles=tuple(kept["roles"]),
            permissions=permissions,
        )

    @classmethod
    def public(cls) -> "Actor":
        return cls("public", "", today())

    @classmethod
    def member(cls, member_id: UUID, name: str) -> "Actor":
        return cls("member", name, today(), member_id=member_id)

    def standing_for(self, organisation_id: UUID, path: str, name: str) -> "Actor":
        """The same person, writing into the inbox of one organisation (a public form's)."""
        return replace(self, organisation_id=organisation_id, path=path, organisation_name=name)
