"""What flows hangs into the rooms below: merges, the file's timeline and links, moves of the tree."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiyan.flows import ending, jobs, merging, own_page, queries
from guiyan.members import ending as member_ending
from guiyan.members import merging as member_merging
from guiyan.members import own_page as members_own_page
from guiyan.members import timeline
from guiyan.members.types import Link, MemberFacts
from guiyan.orgs import attachments
from guiyan.orgs.events import OrganisationMoved, OrganisationsMerged
from guiyan.platform.actor import Actor
from guiyan.platform.events import subscribe
from guiyan.platform.jobs import enqueue
from guiyan.platform.permissions import Permission

SENTENCES = {
    "flows.declare_case": gettext_lazy("流出地登记了外出"),
    "flows.claim_case": gettext_lazy("流入地认领了这名党员"),
    "flows.open_cases": gettext_lazy("随名册登记了外出"),
    "flows.take_step": gettext_lazy("办理了流动记录的一个步骤"),
    "flows.notify_host": gettext_lazy("通知了流入地党组织"),
    "flows.note_abroad": gettext_lazy("登记了是不是在国（境）外"),
    "flows.place_members": gettext_lazy("编入了流入地党支部"),
    "flows.complete_transfer": gettext_lazy("组织关系已经转入"),
    "flows.move_on": gettext_lazy("登记了转往别处"),
    "flows.mark_contact_lost": gettext_lazy("登记了失去联系或恢复联系"),
    "flows.issue_letter": gettext_lazy("开具了文书"),
    "flows.record_reply": gettext_lazy("登记了回执"),
    "flows.withdraw_letter": gettext_lazy("作废了一份文书"),
    "flows.undo_batch": gettext_lazy("随导入撤销了外出登记"),
}


def join_lower_rooms() -> None:
    """Once, when the application is ready."""
    member_merging.follow(merging.FOLLOWER)
    member_ending.keep(ending.KEEPER)
    timeline.SENTENCES.update(SENTENCES)
    timeline.file_links.append(links_of)
    members_own_page.sentences.append(own_page.standing)
    attachments.register("流动记录", queries.count_open_at)
    subscribe(OrganisationMoved, lambda moved: enqueue(jobs.remake_counts, lock="register_counts"))
    subscribe(
        OrganisationsMerged, lambda merged: enqueue(jobs.remake_counts, lock="register_counts")
    )


def links_of(actor: Actor, member: MemberFacts) -> list[Link]:
    """From the file to the stay that is open, or to opening one."""
    if not actor.may(Permission.SEE_CASES):
        return []
    case = queries.open_case_of_member(actor, member.id)
    if case is not None:
        return [Link(_("打开流动记录"), reverse("flows:case", args=[case.id]))]
    links: list[Link] = []
    if actor.may(Permission.DECLARE_CASES) and actor.scope.covers(member.home_path):
        links.append(Link(_("登记外出"), reverse("flows:declare", args=[member.id])))
    if actor.may(Permission.ANSWER_CASES):
        links.append(Link(_("流入认领"), reverse("flows:claim", args=[member.id])))
    return links
