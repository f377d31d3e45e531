"""`guiyan accounts`: the first administrator of a deployment, and what must work without a page."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import click
from django.db import transaction

from guiyan.access import commands as access
from guiyan.access import queries
from guiyan.access.roles import ROLES
from guiyan.access.types import OpenedAccount
from guiyan.orgs import queries as orgs
from guiyan.platform.actor import Actor
from guiyan.platform.clock import today
from guiyan.platform.errors import NotFound, Refused
from guiyan.platform.scope import scoped

T = TypeVar("T")

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def accounts() -> None:
    """Accounts of staff: create one, grant a role, reset a sign-in."""


@accounts.command()
@click.argument("login")
@click.argument("name")
@click.option("--role", type=click.Choice(sorted(ROLES)), required=True)
@click.option("--organisation", "code", required=True, help="The organisation's code.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; for ever without it.")
@_AS_JSON
def create(
    login: str, name: str, role: str, code: str, until: datetime | None, as_json: bool
) -> None:
    """Open an account with its first role and print the initial password, once."""
    opened = _run(
        lambda by: access.open_account(
            by=by,
            login=login,
            name=name,
            role=role,
            organisation_id=orgs.organisation_by_code(code).id,
            valid_from=today(),
            valid_to=_day(until),
            reason="command line",
        )
    )
    _say_password(opened, as_json)


@accounts.command()
@click.argument("login")
@click.option("--role", type=click.Choice(sorted(ROLES)), required=True)
@click.option("--organisation", "code", required=True, help="The organisation's code.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; for ever without it.")
def grant(login: str, role: str, code: str, until: datetime | None) -> None:
    """Grant a role at an organisation."""
    _run(
        lambda by: access.grant_role(
            by=by,
            account_id=_account_id(login),
            role=role,
            organisation_id=orgs.organisation_by_code(code).id,
            valid_from=today(),
            valid_to=_day(until),
            reason="command line",
        )
    )
    click.echo(f"{login}: {role} @ {code}")


@accounts.command()
@click.argument("login")
@click.option("--reason", required=True, help="Why; it stands in the audit.")
@_AS_JSON
def reset(login: str, reason: str, as_json: bool) -> None:
    """Give a new initial password, forget the second factor, sign all devices out."""
    opened = _run(
        lambda by: access.reset_sign_in(by=by, account_id=_account_id(login), reason=reason)
    )
    _say_password(opened, as_json)


def _run(act: Callable[[Actor], T]) -> T:
    by = Actor.system("command line")
    try:
        with transaction.atomic(), scoped(by.scope):
            return act(by)
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    except NotFound as missing:
        raise click.ClickException(
            f"There is no such account or organisation: {missing}"
        ) from missing


def _day(written: datetime | None) -> date | None:
    return written.date() if written else None


def _account_id(login: str) -> UUID:
    return queries.account_id_of_login(login)


def _say_password(opened: OpenedAccount, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"login": opened.login, "initial_password": opened.initial_password}))
    else:
        click.echo(f"{opened.login}  {opened.initial_password}")


commands: list[click.Command] = [accounts]
