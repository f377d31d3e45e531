"""One person, two files: home had a file, a host that could not see it opened another.

When home confirms the claim, the two become one: the stay that home had declared ends as folded
into the claimed one, with its steps copied there, and the host's file goes into home's.
"""

from django.utils.translation import gettext as _

from guiyan.flows import rules
from guiyan.flows.commands.advancing import advance, carry_history, sides_in
from guiyan.flows.models import Case
from guiyan.flows.rules import CaseAct, CaseState
from guiyan.members import commands as member_commands
from guiyan.members import queries as member_queries
from guiyan.platform.actor import Actor
from guiyan.platform.errors import refuse


def fold_into_home_file(by: Actor, case: Case) -> None:
    """Join the host's file of a claimed case with home's own, if both bear the same ID number.

    Raises Refused "claimed-twice" when another host has claimed the same person.
    """
    twins = member_queries.files_with_number_of(by, case.member_id)
    own = [file for file in twins if file.home_organisation_id == case.home_organisation_id]
    if case.home_organisation_id is None or not own:
        return
    kept = own[0]
    open_ones = Case.objects.select_for_update().filter(member_id=kept.id, ended_on__isnull=True)
    declared = open_ones.first()
    if declared is not None:
        refuse(rules.may_fold(CaseState(declared.state)))
        _end_as_folded(by, declared, case)
    member_commands.join_same_number(
        by=by, kept_id=kept.id, gone_id=case.member_id, reason=_("确认流入地认领，身份证号码相同")
    )
    case.member_id = kept.id
    member_commands.set_sides_of_many(by=by, sides=[sides_in(case)])


def _end_as_folded(by: Actor, declared: Case, claimed: Case) -> None:
    advance(by, declared, CaseAct.WITHDRAW, note=_("并入流入地认领的流动记录"))
    declared.end_reason = "folded"
    declared.save(update_fields=["end_reason"])
    carry_history(declared.id, claimed.id)
