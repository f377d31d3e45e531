"""The installed command, as processes: it serves, backs up, restores, turns keys, ends in order.

One home for the module, served all the while; what a test adds to it, the later ones may find.
"""

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.integration.platform.house import ID_NUMBER
from tests.integration.platform.served_house import (
    PATIENCE_S,
    Place,
    Visitor,
    assert_nothing_is_left,
    children_of,
    command_of,
    family_of,
    new_place,
    restored_place,
    serving,
    status_of,
    until,
)

from guiyan.platform.launcher.embedded import database_url

# These start servers of their own, with the programs that they look for themselves.
pytestmark = pytest.mark.embedded

COMMANDS = (
    "accounts", "audit", "backup", "census", "database", "demo", "divisions", "doctor", "export", "import",
    "keys", "migrate", "organisations", "pair", "restore", "serve", "verify", "web", "worker",
)  # fmt: skip

# Asks each command for its help, in one process.
HELP = """
import click, json
from guiyan.platform.cli import cli
whole = click.Context(cli, info_name="guiyan")
commands = {name: cli.get_command(whole, name) for name in cli.list_commands(whole)}
print(json.dumps({name: command.get_help(click.Context(command, whole, info_name=name))
                  for name, command in commands.items()}))
"""


@pytest.fixture(scope="module")
def house() -> Iterator[Place]:
    """A home with one county and one member, served."""
    with new_place() as place, serving(place):
        built = place.python("-m", "tests.integration.platform.house", "build")
        assert built.stdout.strip() == ID_NUMBER, built.stderr
        yield place


@pytest.fixture(scope="module")
def backup(house: Place) -> dict[str, Any]:
    """What `guiyan backup --json` says of a backup made while everything runs."""
    made: dict[str, Any] = json.loads(house.guiyan("backup", "--json"))
    return made


@pytest.fixture(scope="module")
def restored(house: Place, backup: dict[str, Any]) -> Iterator[tuple[Place, subprocess.Popen[str]]]:
    """A house restored from the backup, and what serves it."""
    with restored_place(house, backup) as place, serving(place) as supervisor:
        yield place, supervisor


def test_every_command_is_listed_with_its_line() -> None:
    with new_place() as place:
        listed = place.guiyan("--help")
        assert [name for name in COMMANDS if not re.search(rf"^  {name} +\S", listed, re.M)] == []
        assert not place.home.root.exists(), "asking for help makes no home"


def test_every_command_explains_itself() -> None:
    with new_place() as place:
        said = json.loads(place.python("-c", HELP).stdout)
    assert sorted(said) == sorted(COMMANDS)
    assert [name for name, text in said.items() if len(text.splitlines()) < 5] == []


# -- serving ----------------------------------------------------------------------------------


def test_the_served_house_lives_and_is_ready(house: Place) -> None:
    assert status_of(f"{house.url}/livez") == 200
    assert status_of(f"{house.url}/readyz") == 200
    assert status_of(f"{house.url}/") == 200


def test_a_port_that_is_taken_is_said_in_one_line(house: Place) -> None:
    said = house.guiyan("web", code=2)
    assert said.count("\n") == 1
    assert f"Port {house.port} on 127.0.0.1 is taken" in said
    assert f"GUIYAN_PORT={house.port + 1}" in said


def test_the_doctor_finds_no_fault_in_a_fresh_house(house: Place) -> None:
    findings = json.loads(house.guiyan("doctor", "--json"))
    assert len(findings) >= 25
    assert [finding for finding in findings if finding["grade"] == "fault"] == []
    assert {finding["check"] for finding in findings} >= {"worker", "row-level security", "fsync"}


def test_the_worker_seals_the_audit_and_the_chain_is_whole(house: Place) -> None:
    unsealed = (
        "select 1 from platform_auditrow where xact >="
        " (select coalesce(max(to_xact), 0) from platform_auditseal)"
    )
    until(lambda: not house.rows(unsealed), "every row of the audit sealed")
    verdict = json.loads(house.guiyan("audit", "verify", "--json"))
    assert verdict["faults"] == []
    assert verdict["rows"] > 0


def test_work_that_waits_is_done_once_and_the_command_ends(house: Place) -> None:
    assert "Nothing waits." in house.guiyan("worker", "--once")
    done = house.rows("select task_name from procrastinate_periodic_defers")
    assert ("members.obey_retention",) in done, "retention is made up for"


# -- a killed web process -----------------------------------------------------------------------


def web_worker(process_tree: list[int]) -> int:
    """The process that answers: gunicorn's child, not its parent."""
    gunicorns = [pid for pid in process_tree if "gunicorn" in command_of(pid)]
    return next(pid for pid in gunicorns if not children_of(pid))


def test_a_web_process_killed_between_two_sendings_doubles_nothing(
    restored: tuple[Place, subprocess.Popen[str]],
) -> None:
    place, supervisor = restored
    visitor = Visitor(place.url)
    form = visitor.form() | {"text": "窗口很热情"}
    assert visitor.send(form) == 303
    killed = web_worker(family_of(supervisor.pid))
    os.kill(killed, signal.SIGKILL)
    until(lambda: killed not in family_of(supervisor.pid), "the process gone")
    until(lambda: visitor.send(form) == 303, "the first answer given again")
    assert written(place, "窗口很热情") == 1


def test_a_write_that_was_cut_off_is_done_when_it_is_sent_again(
    restored: tuple[Place, subprocess.Popen[str]],
) -> None:
    """The write waits for a lock while its process is killed; sent again, it is there once."""
    place, supervisor = restored
    visitor = Visitor(place.url)
    form = visitor.form() | {"text": "字太小"}
    answers: list[int | None] = []
    sender = threading.Thread(target=lambda: answers.append(visitor.send(form)))
    with psycopg.connect(database_url("super", place.home)) as lock:
        lock.execute("lock table web_feedback in access exclusive mode")
        sender.start()
        waits = "select 1 from pg_locks where not granted"
        until(lambda: place.rows(waits), "the write waiting for the lock")
        os.kill(web_worker(family_of(supervisor.pid)), signal.SIGKILL)
        sender.join(PATIENCE_S)
        assert answers == [None], "no answer came"
    until(lambda: visitor.send(form) == 303, "the write done at the second sending")
    assert visitor.send(form) == 303
    assert written(place, "字太小") == 1


def written(place: Place, text: str) -> int:
    return sum(1 for (found,) in place.rows("select text from web_feedback") if found == text)


# -- backups --------------------------------------------------------------------------------------


def test_a_backup_made_while_everything_runs_is_whole(house: Place, backup: dict[str, Any]) -> None:
    identity = str(house.home.secrets / "backup-identity.txt")
    said = house.guiyan("verify", backup["backup"], "--identity-file", identity, "--json")
    assert json.loads(said) == {"ok": True, "problems": []}


def test_one_flipped_byte_is_found_by_the_name_of_its_file(
    house: Place, backup: dict[str, Any]
) -> None:
    damaged = max(Path(backup["backup"]).glob("*.age"), key=lambda file: file.stat().st_size)
    whole = damaged.read_bytes()
    middle = len(whole) // 2
    damaged.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    try:
        assert damaged.name in house.guiyan("verify", backup["backup"], code=1)
        identity = str(house.home.secrets / "backup-identity.txt")
        with new_place() as other:
            other.guiyan("restore", backup["backup"], "--identity-file", identity, code=2)
            assert not other.home.pgdata.exists()
    finally:
        damaged.write_bytes(whole)


def test_a_restored_house_has_every_row_and_serves(
    restored: tuple[Place, subprocess.Popen[str]], backup: dict[str, Any]
) -> None:
    place, _ = restored
    assert status_of(f"{place.url}/readyz") == 200
    moving = ("procrastinate_", "platform_", "web_feedback", "django_")
    still = {
        table: rows for table, rows in backup["counts"].items() if not table.startswith(moving)
    }
    assert {table: place.rows(f"select count(*) from {table}")[0][0] for table in still} == still
    assert still["members_member"] == 1
    read = place.python("-m", "tests.integration.platform.house", "read")
    assert read.stdout.strip() == ID_NUMBER, read.stderr


# -- keys -----------------------------------------------------------------------------------------


def test_a_key_is_renewed_while_everything_runs_and_old_values_still_open(house: Place) -> None:
    turned = json.loads(house.guiyan("keys", "rotate", "--json"))
    assert turned["new"] != turned["old"]
    assert turned["resealed"] >= 2
    by_id = {key["id"]: key for key in json.loads(house.guiyan("keys", "list", "--json"))}
    assert by_id[turned["new"]]["state"] == "writes"
    assert by_id[turned["old"]]["opens"] == 0
    house.guiyan("keys", "retire", turned["old"])
    read = house.python("-m", "tests.integration.platform.house", "read")
    assert read.stdout.strip() == ID_NUMBER, read.stderr


def test_the_index_key_is_renewed_while_everything_runs(house: Place) -> None:
    turned = json.loads(house.guiyan("keys", "rotate", "--use", "index", "--json"))
    assert turned["resealed"] >= 1
    house.guiyan("keys", "retire", turned["old"])
    read = house.python("-m", "tests.integration.platform.house", "read")
    assert read.stdout.strip() == ID_NUMBER, read.stderr


def test_the_key_that_writes_is_not_retired(house: Place) -> None:
    writing = next(
        key["id"]
        for key in json.loads(house.guiyan("keys", "list", "--json"))
        if (key["use"], key["state"]) == ("seal", "writes")
    )
    assert writing in house.guiyan("keys", "retire", writing, code=1)


# -- ends -----------------------------------------------------------------------------------------


def test_a_killed_supervisor_is_followed_by_one_that_an_interrupt_ends_in_order(
    house: Place, backup: dict[str, Any]
) -> None:
    with restored_place(house, backup) as place:
        with serving(place) as supervisor:
            children = [pid for pid in family_of(supervisor.pid) if pid != supervisor.pid]
            supervisor.kill()
            supervisor.wait(PATIENCE_S)
            until(lambda: not any(map(command_of, children)), "web and worker ended with it")
        with serving(place) as supervisor:
            assert status_of(f"{place.url}/readyz") == 200
            family = family_of(supervisor.pid)
            os.killpg(supervisor.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
            assert_nothing_is_left(place, supervisor.wait(PATIENCE_S), family)
