"""`guiyan pair`: members and contact persons are paired as a whole, from two files or in the house."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import click
from django.db import transaction

from guiyan.access.standing import actor_of_login
from guiyan.liaison.pairing import commands, committing, queries, working_out
from guiyan.liaison.pairing.files_cli import EXIT_REFUSED, pair_files
from guiyan.liaison.pairing.types import Draft, PairLine
from guiyan.platform.actor import Actor
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import scoped

_AT_ONCE = 1_000


@click.group()
def pair() -> None:
    """Pair members with contact persons: language, way, limits, trade; nobody is left over."""


pair.add_command(pair_files)


def _by(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say who acts and where."""
    login = click.option("--by", "login", required=True, help="Account of whoever does it.")
    code = click.option("--organisation", "code", required=True, help="Code of the organisation.")
    return login(code(command))


@pair.command("propose")
@_by
@click.option("--json", "as_json", is_flag=True, help="Print the proposal's id and counts as JSON.")
def propose(login: str, code: str, as_json: bool) -> None:
    """Propose a contact person for every placed member at and below an organisation.

    Nothing changes for anybody; the proposal stands on the page and under its id. Exit code 2 when
    nothing could be proposed.
    """
    with _standing(login, code) as by:
        draft_id = commands.propose_pairs(by=by, organisation_id=by.organisation_id)  # type: ignore[arg-type]
    working_out.work_out(draft_id=str(draft_id))  # what is done already is left alone
    with _standing(login, code) as by:
        _say(queries.get_draft_for(by, draft_id), as_json)


@pair.command("show")
@_by
@click.argument("proposal", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def show(login: str, code: str, proposal: UUID, as_json: bool) -> None:
    """Every member of a proposal: by whom, why, and who else could."""
    with _standing(login, code) as by:
        draft = queries.get_draft_for(by, proposal)
        for first in range(0, draft.members, _AT_ONCE):
            for line in queries.lines_of(by, proposal, first=first, limit=_AT_ONCE):
                click.echo(_line(line, as_json))


@pair.command("commit")
@_by
@click.argument("proposal", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def commit(login: str, code: str, proposal: UUID, as_json: bool) -> None:
    """A proposal takes effect from today, all or nothing, under the name of an account."""
    with _standing(login, code) as by:
        commands.commit_pairs(by=by, draft_id=proposal)
    committing.commit_later(draft_id=str(proposal))  # what is done already is left alone
    with _standing(login, code) as by:
        _say(queries.get_draft_for(by, proposal), as_json)


@contextmanager
def _standing(login: str, code: str) -> Iterator[Actor]:
    """As this account at this organisation, in one transaction; a refusal is one line."""
    system = Actor.system("liaison.cli")
    try:
        with transaction.atomic(), scoped(system.scope):
            by = actor_of_login(login, code)
            if not by.may(Permission.PAIR_MEMBERS):
                raise Forbidden(login)
            with scoped(by.scope):
                yield by
    except Refused as refused:
        _refuse(refused.message)
    except Forbidden:
        _refuse("这个账号的岗位不能安排联系人。")
    except NotFound:
        _refuse("没有这个账号、组织或安排，或者不归这个账号管。")


def _say(draft: Draft, as_json: bool) -> None:
    found: dict[str, Any] = {
        "proposal": str(draft.id),
        "state": draft.state,
        "members": draft.members,
        "staying": draft.staying,
        "new": draft.new,
        "moving": draft.moving,
        "left_over": draft.left_over,
        "gap": draft.gap,
        "total_km": round(draft.total_km, 3),
    }
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo("  ".join(f"{key} {value}" for key, value in found.items()))
    if draft.trouble:
        _refuse(draft.trouble)


def _line(line: PairLine, as_json: bool) -> str:
    others = [{"name": one.name, "why": one.why} for one in line.others]
    if as_json:
        return json.dumps(
            {
                "case": str(line.case_id),
                "member": line.member_name,
                "before": line.present_name,
                "contact_person": line.name,
                "why": line.why,
                "others": others,
            },
            ensure_ascii=False,
        )
    beside = "；".join(f"{one['name']}（{one['why']}）" for one in others)
    arrow = f"{line.present_name} → " if line.moves else ""
    return f"{line.member_name}\t{arrow}{line.name or '—'}\t{line.why}\t{beside}"


def _refuse(message: str) -> None:
    click.echo(f"guiyan: {message}", err=True)
    raise SystemExit(EXIT_REFUSED)
