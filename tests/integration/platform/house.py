"""A house of one county with one member, made and read in processes of their own.

    python -m tests.integration.platform.house build
    python -m tests.integration.platform.house read

Both print what the vault opens for the member's ID number.
"""

import sys

from guiyan.platform.cli import boot

NAME, ID_NUMBER, PHONE = "吉木阿呷", "513499198503080210", "12055501234"
ABOVE = (
    ("province_committee", "四川省委组织部", "510000000000"),
    ("city_committee", "凉山州委组织部", "513400000000"),
    ("county_committee", "美姑县委组织部", "513436000000"),
)


def build() -> None:
    """One county and one member who is registered there."""
    from guiyan.members import commands as members
    from guiyan.members.types import NewMember
    from guiyan.orgs import commands as orgs
    from guiyan.platform.actor import Actor

    by = Actor.system("test")
    above = None
    for kind, name, division in ABOVE:
        above = orgs.open_organisation(
            by=by,
            parent_id=above and above.id,
            kind=kind,
            name=name,
            code=f"T{division.rstrip('0')}",
            division_code=division,
        )
    assert above is not None
    new = NewMember(
        name=NAME, id_number=ID_NUMBER, phone=PHONE, home_organisation_id=above.id
    )  # fmt: skip
    members.register_members(by=by, new=[new], reason="test")


def opened_number() -> str:
    """What the vault opens with the key ring as it stands on disk."""
    from django.db import transaction

    from guiyan.members import vault
    from guiyan.members.models import VaultField
    from guiyan.platform.scope import Scope, scoped

    with transaction.atomic(), scoped(Scope.everywhere()):
        return vault.open_value(VaultField.objects.get(kind="id_number"))


if __name__ == "__main__":
    with boot.database():
        boot.set_up_django()
        if sys.argv[1] == "build":
            build()
        print(opened_number())
