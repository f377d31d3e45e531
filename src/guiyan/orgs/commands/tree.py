"""Renaming, moving, merging and closing: every act leaves its interval in the history."""

from uuid import UUID

from guiyan.kernel.findings import gettext_noop as _
from guiyan.kernel.names import fold_name
from guiyan.orgs import rules, tree_sql
from guiyan.orgs.attachments import attached
from guiyan.orgs.commands.rows import begin_interval, fresh, locked, tree_facts, turn_interval
from guiyan.orgs.commands.stillness import hold_tree
from guiyan.orgs.events import OrganisationMoved, OrganisationsMerged
from guiyan.orgs.models import Organisation, OrganisationInterval, ServicePoint
from guiyan.orgs.types import OrganisationFacts
from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Conflict, Refused, refuse
from guiyan.platform.events import publish
from guiyan.platform.permissions import Permission


@command(Permission.CHANGE_ORGANISATIONS)
def rename(
    *,
    by: Actor,
    organisation_id: UUID,
    name: str,
    short_name: str = "",
    version: int | None = None,
    reason: str,
) -> OrganisationFacts:
    """Give it another name from today on; the old one stays in the history.

    Refuses: closed, name-taken. Conflict when `version` is not the present one.
    """
    row = locked(by, organisation_id)
    _check(row, version)
    key = fold_name(name)
    siblings = Organisation.objects.filter(parent=row.parent, closed_on=None, name_key=key)
    if siblings.exclude(id=row.id).exists():
        raise Refused("name-taken", _("同一上级之下已经有同名的组织。请写全名称以便区分。"))
    row.name, row.name_key = name.strip(), key
    row.short_name = short_name.strip() or row.name
    row.version += 1
    row.save(update_fields=["name", "name_key", "short_name", "version"])
    turn_interval(row, "renamed", by.today, reason)
    audit.note(subject_kind="organisation", subject_id=row.id, code=row.code)
    return fresh(row.id)


@command(Permission.CHANGE_ORGANISATIONS)
def move(
    *,
    by: Actor,
    organisation_id: UUID,
    parent_id: UUID,
    version: int | None = None,
    reason: str,
) -> OrganisationFacts:
    """Hang an organisation with all below it under another one, and everything that hangs on them:
    members, cases, leads and grants follow. Both places must lie within the actor's scope.

    Refuses: cycle, same-place, wrong-parent, parent-closed, closed, too-deep, own-root, busy.
    """
    hold_tree()
    parent = locked(by, parent_id)
    row = locked(by, organisation_id)
    _check(row, version)
    _refuse_own_root(by, row)
    low, high = rules.path_range(row.path)
    below = Organisation.objects.filter(path__gte=low, path__lt=high)
    longest = max(map(len, below.values_list("path", flat=True)))
    refuse(rules.may_move(tree_facts(row), tree_facts(parent), row.kind.allowed_parents, longest))
    changed = _hang(by, row, parent, "moved", reason)
    audit.note(
        subject_kind="organisation",
        subject_id=row.id,
        code=row.code,
        under=parent.code,
        rows=changed,
    )
    return fresh(row.id)


@command(Permission.CHANGE_ORGANISATIONS)
def merge(
    *, by: Actor, organisation_id: UUID, into_id: UUID, version: int | None = None, reason: str
) -> OrganisationFacts:
    """Close an organisation into another, which takes over its children, members, cases, leads,
    service points and grants. Returns the one that was kept.

    Refuses: same, closed, cycle, wrong-parent (a child's kind may not stand there), own-root,
    busy.
    """
    hold_tree()
    kept = locked(by, into_id)
    gone = locked(by, organisation_id)
    _check(gone, version)
    _refuse_own_root(by, gone)
    children = list(
        Organisation.objects.select_related("kind")
        .filter(parent=gone, closed_on=None)
        .order_by("path")
    )
    fit = all(kept.kind_id in child.kind.allowed_parents for child in children)
    refuse(rules.may_merge(tree_facts(gone), tree_facts(kept), fit))
    for child in children:
        _hang(by, child, kept, "moved", reason)
    changed = tree_sql.merge_rows(gone.id, kept.id)
    gone.merged_into = kept
    _close(by, gone, "merged", reason)
    publish(OrganisationsMerged(gone.id, kept.id, gone.path, kept.path))
    audit.note(
        subject_kind="organisation",
        subject_id=gone.id,
        code=gone.code,
        into=kept.code,
        rows=changed,
    )
    return fresh(kept.id)


@command(Permission.CHANGE_ORGANISATIONS)
def close(
    *, by: Actor, organisation_id: UUID, version: int | None = None, reason: str
) -> OrganisationFacts:
    """Close an organisation on which nobody and nothing hangs any more; its file stays.

    Refuses: closed, open-children, holds-people, own-root.
    """
    row = locked(by, organisation_id)
    _check(row, version)
    _refuse_own_root(by, row)
    children = Organisation.objects.filter(parent=row, closed_on=None).count()
    refuse(rules.may_close(tree_facts(row), children, sum(attached(row.path).values())))
    _close(by, row, "closed", reason)
    audit.note(subject_kind="organisation", subject_id=row.id, code=row.code)
    return fresh(row.id)


def _check(row: Organisation, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Conflict(_("别人刚刚改过这个组织。请刷新页面，看过新的内容后再改。"))
    if row.closed_on is not None:
        raise Refused("closed", _("这个组织已经撤销，不能再变动。请另选一个组织。"))


def _refuse_own_root(by: Actor, row: Organisation) -> None:
    if by.path == row.path:
        raise Refused("own-root", _("不能移动、合并或撤销您自己所在的组织。请由上级组织办理。"))


def _hang(by: Actor, row: Organisation, parent: Organisation, act: str, reason: str) -> int:
    """Give the subtree its new path everywhere; returns how many rows followed."""
    parent.last_child += 1
    parent.save(update_fields=["last_child"])
    old, new = row.path, rules.child_path(parent.path, parent.last_child)
    changed = tree_sql.move_paths(old, new)
    row.path, row.parent = new, parent
    row.version += 1
    row.save(update_fields=["parent", "version"])
    turn_interval(row, act, by.today, reason)
    publish(OrganisationMoved(row.id, old, new))
    return changed


def _close(by: Actor, row: Organisation, act: str, reason: str) -> None:
    row.closed_on = by.today
    row.version += 1
    row.save(update_fields=["closed_on", "merged_into", "version"])
    ServicePoint.objects.filter(organisation=row).update(is_open=False)
    OrganisationInterval.objects.filter(organisation=row, valid_to=None).update(valid_to=by.today)
    begin_interval(row, act, by.today, reason).save(force_insert=True)
