"""`guiyan keys`: the key ring: list it, turn it, retire what opens nothing any more."""

import json
from collections import Counter
from collections.abc import Callable

import click
from django.conf import settings
from django.db import transaction

from guiyan.kernel.crypto import KeyMissing, KeyUse
from guiyan.kernel.key_files import read_keys
from guiyan.platform import audit, reindexing, resealing
from guiyan.platform.actor import Actor
from guiyan.platform.cli.progress import bar
from guiyan.platform.commands import command
from guiyan.platform.keys import key_ring
from guiyan.platform.scope import scoped

AT_ONCE = 500
_DOES = {"seal": "seals", "index": "indexes", "sign": "signs"}
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
    "--use", type=click.Choice(["seal", "index", "sign"]), default="seal", show_default=True,
    help="Which key to renew.",
)  # fmt: skip
@_AS_JSON
def rotate(use: str, as_json: bool) -> None:
    """Make a new key and write everything again with it, while web and worker go on.

    "seal" opens and closes personal data, "index" finds it by its number, "sign" proves letters.
    The old key stays for reading; `guiyan keys retire` ends it. Safe to stop and to run again:
    the worker goes on each night where this ended.
    """
    old = _writing(KeyUse(use))
    new = _rotate(by=_operator(), use=KeyUse(use))
    rewritten = _REWRITES[use]()
    if as_json:
        click.echo(json.dumps({"new": new, "old": old, "resealed": rewritten}))
    else:
        click.echo(f"{new} {_DOES[use]} from now on; {rewritten} values written again.")
        click.echo(f"When nothing needs {old} any more: guiyan keys retire {old}")


@keys.command()
@click.argument("key_id")
@click.option(
    "--even-if-needed", is_flag=True,
    help="An index key too that phones and old messages still need: those phones sign in again.",
)  # fmt: skip
@_AS_JSON
def retire(key_id: str, even_if_needed: bool, as_json: bool) -> None:
    """End an old key's reading. Refused, with exit code 1, while any stored value needs it.

    Signing keys stay: they prove letters and seals of the past.
    """
    if _use_of(key_id) is KeyUse.INDEX:
        _reindex_all()
    try:
        _retire(by=_operator(), key_id=key_id, even_if_needed=even_if_needed)
    except (ValueError, KeyMissing) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(json.dumps({"retired": key_id}) if as_json else f"{key_id} is retired.")


@command(None)
def _rotate(*, by: Actor, use: KeyUse) -> str:
    new = key_ring().rotate(use)
    audit.note(subject_kind="key", key=new, use=str(use))
    return new


@command(None)
def _retire(*, by: Actor, key_id: str, even_if_needed: bool = False) -> None:
    use = _use_of(key_id)
    if use not in (KeyUse.SEAL, KeyUse.INDEX, None):
        raise ValueError(f"{key_id} seals nothing; only sealing and index keys are retired.")
    if use is KeyUse.INDEX and not even_if_needed:
        _refuse_while_held(key_id)
    needed = resealing.values_by_key()[key_id]
    if needed:
        message = (
            f"{needed} values still need {key_id}. Stored files go within days; then try again."
        )
        raise ValueError(message)
    key_ring().retire(key_id)
    audit.note(subject_kind="key", key=key_id)


def _refuse_while_held(key_id: str) -> None:
    others = reindexing.hashes_of_others(reindexing.turning()[0].created)
    if others:
        said = ", ".join(f"{many} {name}" for name, many in others.items())
        message = (
            f"Still found by {key_id}: {said}. They go with time; --even-if-needed does not wait."
        )
        raise ValueError(message)


def _use_of(key_id: str) -> KeyUse | None:
    return next((key.use for key in read_keys(settings.KEYS_DIR) if key.id == key_id), None)


def _reindex_all() -> int:
    """One pass over all rows in short transactions."""
    show, done = bar(), 0
    place: reindexing.Place | None = reindexing.Place()
    while place is not None:
        with transaction.atomic(), scoped(_operator().scope):
            place, written = reindexing.rewrite_some(place)
        done += written
        show(f"Indexing again: {done}", 1.0 if place is None else 0.5)
    return done


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


_REWRITES: dict[str, Callable[[], int]] = {
    "seal": _reseal_all,
    "index": _reindex_all,
    "sign": lambda: 0,
}
