"""How facts of a file change: what may change, the next version, and the history that is kept."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from guiyan.kernel.names import NameProblem, read_name
from guiyan.members import queries, registering, rules
from guiyan.members.models import Member, MemberInterval
from guiyan.platform.bulk import insert_rows
from guiyan.platform.errors import refuse

CHANGEABLE = (
    "name", "sex", "born_on", "ethnicity", "category", "joined_on", "joined_precision", "trade",
    "languages", "reads", "reads_little", "has_phone",
)  # fmt: skip

_CODED = (
    ("category", rules.CATEGORIES),
    ("sex", rules.SEXES),
    ("joined_precision", rules.PRECISIONS),
)


def read_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Values as the columns keep them; a new name brings its search keys.

    Raises Refused for a name that is none and for a code that is not in its list.
    """
    read = dict(fields)
    if "name" in read:
        name = read_name(str(read["name"]))
        if isinstance(name, NameProblem):
            raise registering.refused(name)
        keys = queries.search_keys(name)
        read |= {
            "name": name,
            "name_key": keys.name_key,
            "pinyin": keys.pinyin,
            "initials": keys.initials,
            "given_key": keys.given_key,
            "given_pinyin": keys.given_pinyin,
        }
    for column, allowed in _CODED:
        if column in read:
            refuse(rules.may_choose(column, str(read[column]), allowed))
    for several in ("languages", "reads"):
        if several in read:
            read[several] = list(read[several])
    return read


def save(row: Member, on: date, before: dict[str, str]) -> None:
    """The next version of one file, with its history."""
    row.version += 1
    row.save()
    keep_history([(row, before)], on)


def keep_history(changed: Iterable[tuple[Member, dict[str, str]]], on: date) -> None:
    """Of what is kept with its days, the old value ends and the new one begins.

    At most two statements for each kind of fact, whatever the number of files.
    """
    begun: list[MemberInterval] = []
    ended: dict[str, list[Member]] = {}
    for row, before in changed:
        for what, value in registering.interval_values(row).items():
            if value == before[what]:
                continue
            ended.setdefault(what, []).append(row)
            if value:
                begun.append(
                    MemberInterval(id=uuid4(), member=row, what=what, value=value, valid_from=on)
                )
    for what, rows in ended.items():
        MemberInterval.objects.filter(member__in=rows, what=what, valid_to__isnull=True).update(
            valid_to=on
        )
    insert_rows(begun)
