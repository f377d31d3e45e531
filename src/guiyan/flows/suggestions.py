"""Three branches that could take a member in, each with its reason; people choose."""

from collections.abc import Sequence
from uuid import UUID

from guiyan.flows import queries, rules
from guiyan.flows.rules import BranchFacts, PersonFacts
from guiyan.flows.types import CaseFacts, Suggestion
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.orgs.kinds import Ability
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor

WANTED = 3
CONSIDERED = 40  # nearest branches that are weighed; the best three are shown


def suggestions_for(actor: Actor, case: CaseFacts) -> list[Suggestion]:
    """The best three branches below the actor for one member: near, same trade, common language,
    room left. A handful of queries; without a place for the member, branches by name."""
    return suggestions_for_many(actor, [case])[case.id]


def suggestions_for_many(
    actor: Actor, cases: Sequence[CaseFacts]
) -> dict[UUID, list[Suggestion]]:
    """The same for a sitting: branches and their sizes are read once for all cases."""
    limit = org_queries.parameter("branch_size_max", path=actor.path, on=actor.today).value
    branches = org_queries.organisations_under(
        actor.path, ability=Ability.HOSTS_MEMBERS, limit=5000
    )
    sizes = queries.members_per_branch(actor, [branch.id for branch in branches])
    addresses = member_queries.places_of(actor, [case.member_id for case in cases])
    languages = member_queries.languages_of(actor, [case.member_id for case in cases])
    found: dict[UUID, list[Suggestion]] = {}
    for case in cases:
        person = PersonFacts(case.trade, languages.get(case.member_id, ()))
        near = _nearest(actor, addresses.get(case.member_id, ""), case, branches)
        weighed = [
            (
                BranchFacts(
                    name=branch.name,
                    km=km,
                    same_village=is_same,
                    trades=branch.trades,
                    languages=branch.languages,
                    size=sizes.get(branch.id, 0),
                ),
                branch,
            )
            for branch, km, is_same in near
        ]
        weighed.sort(
            key=lambda pair: (
                rules.placement_score(person, pair[0], size_limit=limit),
                pair[1].path,
            )
        )
        found[case.id] = [
            Suggestion(
                organisation_id=branch.id,
                name=branch.name,
                why=rules.placement_reason(person, facts, size_limit=limit),
                km=facts.km,
                size=facts.size,
            )
            for facts, branch in weighed[:WANTED]
        ]
    return found


def _nearest(
    actor: Actor, address: str, case: CaseFacts, branches: Sequence[OrganisationFacts]
) -> list[tuple[OrganisationFacts, float | None, bool]]:
    """Branches by distance from the member's place; those of the very same village are marked."""
    place = None
    if address:
        place = org_queries.place_of(address, near=case.host_division_code)
    if place is None:
        return [(branch, None, False) for branch in branches[:CONSIDERED]]
    near = [
        (branch, _km(place.longitude, place.latitude, branch), branch.stands_in_code == place.code)
        for branch in branches
    ]
    near.sort(key=lambda row: (not row[2], row[1] if row[1] is not None else 1e9))
    return near[:CONSIDERED]


def _km(
    longitude: float | None, latitude: float | None, branch: OrganisationFacts
) -> float | None:
    if None in (longitude, latitude, branch.longitude, branch.latitude):
        return None
    return org_queries.km_between(
        longitude or 0.0, latitude or 0.0, branch.longitude or 0.0, branch.latitude or 0.0
    )
