"""Three branches that could take a member in, each with its reason; people choose.

Distance is reckoned from the division in which the member stays, never from an address: an
address is sealed, and nobody needs to open it to find the nearest branch.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from guiyan.access import queries as access_queries
from guiyan.flows import queries, rules
from guiyan.flows.rules import BranchFacts, PersonFacts
from guiyan.flows.types import CaseFacts, Suggestion
from guiyan.members import queries as member_queries
from guiyan.orgs import queries as org_queries
from guiyan.orgs.kinds import Ability
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

WANTED = 3
CONSIDERED = 40  # nearest branches that are weighed; the best three are shown
MOST_BRANCHES = 5000
_VILLAGE_LENGTH = 12

Point = tuple[float, float]
Near = tuple[OrganisationFacts, float | None, bool]


def suggestions_for(actor: Actor, case: CaseFacts) -> list[Suggestion]:
    """The best three branches below the actor for one member: near, same trade, common language,
    room left. A handful of queries; without a place for the member, branches by name."""
    return suggestions_for_many(actor, [case])[case.id]


def suggestions_for_many(actor: Actor, cases: Sequence[CaseFacts]) -> dict[UUID, list[Suggestion]]:
    """The same for a sitting: branches and their sizes are read once for all cases, and each
    place of stay once."""
    limit = org_queries.parameter("branch_size_max", path=actor.path, on=actor.today).value
    branches = org_queries.organisations_under(
        actor.path, ability=Ability.HOSTS_MEMBERS, limit=MOST_BRANCHES
    )
    sizes = queries.members_per_branch(actor, [branch.path for branch in branches])
    staffed = access_queries.paths_with_staff(
        [branch.path for branch in branches], Permission.RECORD_CONTACT
    )
    members = member_queries.members_by_id(actor, [case.member_id for case in cases])
    points = places_of_stay(cases)
    found: dict[UUID, list[Suggestion]] = {}
    for case in cases:
        member = members.get(case.member_id)
        person = PersonFacts(case.trade, member.languages if member else ())
        near = _nearest(case, points.get(place_code(case)), branches)
        found[case.id] = _best(person, near, sizes, limit, staffed)
    return found


def places_of_stay(cases: Sequence[CaseFacts]) -> dict[str, Point]:
    """Coordinates of the divisions in which these members stay; unknown ones are left out."""
    points: dict[str, Point] = {}
    for code in {place_code(case) for case in cases} - {""}:
        longitude, latitude = org_queries.coordinates_at(code)
        if longitude is not None and latitude is not None:
            points[code] = (longitude, latitude)
    return points


def place_code(case: CaseFacts) -> str:
    """Where the member lives, or failing that where the host stands."""
    return case.stay_division_code or case.host_division_code


def _best(
    person: PersonFacts,
    near: Sequence[Near],
    sizes: dict[str, int],
    limit: int,
    staffed: Collection[str],
) -> list[Suggestion]:
    weighed = [
        (
            BranchFacts(
                name=branch.name,
                km=km,
                same_village=is_same,
                trades=branch.trades,
                languages=branch.languages,
                size=sizes.get(branch.path, 0),
            ),
            branch,
        )
        for branch, km, is_same in near
    ]
    weighed.sort(
        key=lambda pair: (rules.placement_score(person, pair[0], size_limit=limit), pair[1].path)
    )
    return [
        Suggestion(
            organisation_id=branch.id,
            name=branch.name,
            reasons=tuple(rules.placement_reason(person, facts, size_limit=limit)),
            km=facts.km,
            size=facts.size,
            has_staff=branch.path in staffed,
        )
        for facts, branch in weighed[:WANTED]
    ]


def _nearest(
    case: CaseFacts, here: Point | None, branches: Sequence[OrganisationFacts]
) -> list[Near]:
    """Branches by distance from the member's place; those of the very same village are marked."""
    code = place_code(case)
    is_village = len(code) == _VILLAGE_LENGTH and not code.endswith("000")
    near: list[Near] = [
        (branch, _km(here, branch), is_village and branch.stands_in_code == code)
        for branch in branches
    ]
    near.sort(key=lambda row: (not row[2], row[1] if row[1] is not None else 1e9, row[0].path))
    return near[:CONSIDERED]


def _km(here: Point | None, branch: OrganisationFacts) -> float | None:
    if here is None or branch.longitude is None or branch.latitude is None:
        return None
    return rules.km_between(here, (branch.longitude, branch.latitude))
