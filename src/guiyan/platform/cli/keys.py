"""`guiyan keys`: the key ring: list it, turn it, retire what opens nothing any more."""

import json
from collections import Counter

import click
from django.conf import settings
from django.db import transaction

from guiyan.kernel.crypto import KeyMissing, KeyUse
from guiyan.kernel.key_files import read_keys
from guiyan.platform import audit, resealing
from guiyan.platform.actor import Actor
from guiyan.platform.cli.progress import bar
from guiyan.platform.commands import command
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import scoped

AT_ONCE = 500
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group()
def keys() -> None:
    """The keys that seal personal data and sign: list, rotate, retire. They never leave the disk."""


@keys.command(name="list")
@_AS_JSON
def list_keys(as_json: bool) -> None:
    """Every key: its use, state, day, and how many stored values only it opens."""
    opens = _values_by_key()
    rows = [
        {
            "id": key.id,
            "use": str(key.use),
            "algorithm": str(key.algorithm),
            "state": "writes" if key.id == _writing(key.use) else str(key.state),
            "created": key.created.isoformat(timespec="seconds"),
            "opens": opens[key.id],
        }
        for key in sorted(read_keys(settings.KEYS_DIR), key=lambda key: (key.use, key.serial))
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(
            "{id}  {use:<5}  {algorithm:<12}  {state:<8}  {created}  opens {opens}".format(**row)
        )


@keys.command()
@click.option(
    "--use", type=click.Choice(["seal", "sign"]), default="seal", show_default=True,
    help="Which key to renew.",
)  # fmt: skip
@_AS_JSON
def rotate(use: str, as_json: bool) -> None:
    """Make a new key and seal everything again with it, while web and worker go on.

    The old key stays for reading; `guiyan keys retire` ends it. Safe to stop and to run again:
    the worker goes on each night where this ended.
    """
    old = _writing(KeyUse(use))
    new = _rotate(by=_operator(), use=KeyUse(use))
    resealed = _reseal_all() if use == "seal" else 0
    if as_json:
        click.echo(json.dumps({"new": new, "old": old, "resealed": resealed}))
    else:
        click.echo(f"{new} {use}s from now on; {resealed} values sealed again.")
        click.echo(f"When nothing needs {old} any more: guiyan keys retire {old}")


@keys.command()
@click.argument("key_id")
@_AS_JSON
def retire(key_id: str, as_json: bool) -> None:
    """End an old sealing key's reading. Refused, with exit code 1, while any stored value needs it.

    Signing keys stay: they prove letters and seals of the past.
    """
    try:
        _retire(by=_operator(), key_id=key_id)
    except (ValueError, KeyMissing) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(json.dumps({"retired": key_id}) if as_json else f"{key_id} is retired.")


@command(None)
def _rotate(*, by: Actor, use: KeyUse) -> str:
    new = key_ring().rotate(use)
    audit.note(subject_kind="key", key=new, use=str(use))
    return new


@command(None)
def _retire(*, by: Actor, key_id: str) -> None:
    if any(key.id == key_id and key.use is not KeyUse.SEAL for key in read_keys(settings.KEYS_DIR)):
        raise ValueError(f"{key_id} seals nothing; only sealing keys are retired.")
    needed = resealing.values_by_key()[key_id]
    if needed:
        message = (
            f"{needed} values still need {key_id}. Stored files go within days; then try again."
        )
        raise ValueError(message)
    key_ring().retire(key_id)
    audit.note(subject_kind="key", key=key_id)


def _reseal_all() -> int:
    """In short transactions, so that nobody waits for a row for long."""
    show, done = bar(), 0
    whole = sum(_values_by_key().values()) or 1
    while True:
        with transaction.atomic(), scoped(_operator().scope):
            step = resealing.reseal_some(AT_ONCE)
        done += step
        show("Sealing again", min(done / whole, 1.0) if step else 1.0)
        if not step:
            return done


def _values_by_key() -> Counter[str]:
    with transaction.atomic(), scoped(_operator().scope):
        return resealing.values_by_key()


def _writing(use: KeyUse) -> str:
    return key_ring().primary_id(use)


def _operator() -> Actor:
    return Actor.system("command line")
