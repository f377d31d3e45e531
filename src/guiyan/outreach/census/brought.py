"""What phones brought and a person decides about, in words: which door, and what was found there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.field.offline import KindWords, Written
from guiyan.outreach.census import queries, words
from guiyan.outreach.census.types import StandingFacts
from guiyan.outreach.models import Standing
from guiyan.platform.actor import Actor
from guiyan.platform.scope import beyond_scope

_WHICH_DOOR = (
    "who decides about a visit is told at which door it was, also where that is now another's"
)
_WHY: Mapping[str, str | Promise] = {"two-visits": gettext_lazy("这家另有一次走访，说法不同")}


def of_value(name: str, value: Any) -> tuple[str, str]:
    """Two visits disagree in the state alone; its label, and the state in words."""
    return (_("走访结果") if name == "state" else name), _state(value)


def _state(code: Any) -> str:
    return str(words.STATE.get(str(code), code or ""))


def _visits(actor: Actor, waiting: Sequence[Written]) -> dict[UUID, str]:
    doors = _doors({one.id: one.subject_id for one in waiting})
    return {one.id: _at(doors.get(one.id), _found(one.body)) for one in waiting}


def _members(actor: Actor, waiting: Sequence[Written]) -> dict[UUID, str]:
    """At which door; who was met is sealed and is not read for a list."""
    places = {one.id: _uuid(one.body.get("standing_id")) for one in waiting}
    doors = _doors({key: place for key, place in places.items() if place})
    return {one.id: _at(doors.get(one.id), _state("members_found")) for one in waiting}


def _new_doors(actor: Actor, waiting: Sequence[Written]) -> dict[UUID, str]:
    return {
        one.id: "，".join(str(one.body.get(k)) for k in ("name", "address") if one.body.get(k))
        for one in waiting
    }


def _found(body: Mapping[str, Any]) -> str:
    parts = [_state(body.get("state")), str(body.get("reason") or "")]
    if body.get("come_back_on"):
        parts.append(_("约好 %(day)s 再去") % {"day": body["come_back_on"]})
    if body.get("visited_on"):
        parts.append(_("%(day)s 走访") % {"day": body["visited_on"]})
    return "，".join(part for part in parts if part)


def _at(door: StandingFacts | None, found: str) -> str:
    if door is None:
        return found
    place = f"（{door.address}）" if door.address else ""
    return _("%(code)s %(name)s%(place)s：%(found)s") % {
        "code": door.code, "name": door.name, "place": place, "found": found,
    }  # fmt: skip


def _doors(of: Mapping[UUID, UUID]) -> dict[UUID, StandingFacts]:
    with beyond_scope(_WHICH_DOOR):
        rows = queries.standings_listed(Standing.objects.filter(pk__in=set(of.values())))
    by_id = {row.id: row for row in rows}
    return {key: by_id[door] for key, door in of.items() if door in by_id}


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _words(said: Callable[[Actor, Sequence[Written]], dict[UUID, str]]) -> KindWords:
    return KindWords(said, of_value, _WHY)


VISIT, FOUND, ADDED = _words(_visits), _words(_members), _words(_new_doors)
