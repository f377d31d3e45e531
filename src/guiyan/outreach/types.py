"""Values that other rooms get of premises, and hand to them."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewPremises:
    """One shop, firm or social organisation, as a list tells of it."""

    organisation_id: UUID
    path: str
    name: str
    division_code: str = ""
    serial: str = ""
    credit_code: str = ""
    licence: str = ""
    type: str = ""
    address: str = ""
    manager: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    state: str = ""


@dataclass(frozen=True, slots=True)
class PremisesFacts:
    """One of the premises as everybody with it in scope may see it."""

    id: UUID
    organisation_id: UUID
    path: str
    serial: str
    name: str
    credit_code: str
    licence: str
    type: str
    address: str
    phone_mask: str
    state: str
    version: int

    def differs_from(self, new: NewPremises) -> bool:
        """A later list says something else of it, in what is compared openly."""
        return any(getattr(self, name) != getattr(new, name) for name in OPEN_FACTS)


OPEN_FACTS = ("name", "credit_code", "licence", "type", "address", "state")
