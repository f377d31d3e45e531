"""Other rooms use a room's commands, queries, permissions and types; every further door is named."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[3] / "src"
FRONT = {"commands", "queries", "permissions", "types"}

# What upper rooms may use beside the front doors, and why it is not one of them.
FURTHER = {
    "access.delivery": "a room that can send offers itself for sign-in codes",
    "channels.fields": "what is stored of messages, told on the member's own page",
    "channels.events": "what upper rooms hear of",
    "access.handsets": "who holds a phone's token, for the sync protocol",
    "access.roles": "the roles are code: the demo names them",
    "access.staffing": "queries of who is of staff below an organisation",
    "access.sentences": "upper rooms name their commands in the audit",
    "access.sessions": "the address of a browser, for limits of public forms",
    "field.offline": "rooms hang packets and operations into work without a line",
    "field.jobs": "the demo counts what is overdue at its start",
    "field.screens": "rooms hang their pages into the phone's shell",
    "field.api": "the room's router, mounted by the API",
    "flows.documents.facts": "what stands on a printed register",
    "flows.events": "what upper rooms hear of",
    "flows.hanging": "upper rooms say what hangs on a placement",
    "flows.many": "many people and cases at once: queries and commands of imports",
    "flows.papers": "the poster and the open letter of an organisation",
    "flows.panels": "upper rooms hang their panels on the page of a case or a lead",
    "flows.registers": "queries of the two registers",
    "flows.showing": "a case as a line on a page",
    "flows.slips": "what is printed at the desk",
    "flows.suggestions": "where members stay on the map",
    "field.words": "what phones brought, as pages say it",
    "flows.words": "names of states and steps as pages say them",
    "insight.export_queries": "queries of exports",
    "liaison.keeping": "whoever keeps in touch opens the contact screen, wherever the branch lies",
    "access.standing": "the command line acts as an account, with its grants of today",
    "liaison.pairing.commands": "commands of pairing: what the demo's contact persons bring",
    "liaison.pairing.queries": "queries of who has no contact person",
    "liaison.cadence.materialising": "the nights before the demo's first day",
    "liaison.cadence.queries": "who is due today, and who has not been reached",
    "liaison.six_clears.commands": "what was learnt in a contact is noted with it",
    "liaison.six_clears.queries": "the six clears as they stand",
    "liaison.words": "ways and reasons as pages say them",
    "members.consents": "the purposes that are asked for, in their words",
    "members.ending": "upper rooms' rows go with a file whose time is over",
    "members.fields": "what is stored about a person and why",
    "members.merging": "upper rooms hear of a merge inside its transaction",
    "members.opening_many": "the day's limit on opened identity, kept by exports too",
    "members.own_page": "upper rooms hang their panels on the member's own page",
    "members.queues": "queries of what waits",
    "members.rosters": "queries of whole rosters, for exports",
    "members.own": "what a member may do is done for them when they say so by message",
    "members.sending": "queries and commands for many: who agrees, whose number, and the number",
    "members.showing": "a member as a line on a page",
    "members.taking_along": "a command: numbers that a contact person's phone takes along",
    "members.timeline": "upper rooms add sentences to the history of a file",
    "members.words": "names of kinds and categories as pages say them",
    "outreach.census.commands": "commands of the census: the demo's round",
    "outreach.census.rules": "the states of a door, which the demo's teams found",
    "outreach.census.types": "values of the census",
    "outreach.screening.commands": "commands of branches' lists: the demo's branch",
    "outreach.screening.rules": "what a branch says of its people",
    "outreach.screening.queries": "queries of branches' lists: what waits",
    "outreach.census.queries": "queries of the census, a topic with its own furniture",
    "channels.withdrawing": "upper rooms say why a message that waited must not go any more",
    "channels.naming": "upper rooms say whose message it is on the pages of the outbox",
    "messaging.policy": "upper rooms say whose contact person somebody is; pages ask who may write",
    "messaging.replying": "upper rooms say where a contact with a member is recorded",
    "orgs.attachments": "upper rooms say what hangs on an organisation",
    "orgs.duty": "upper rooms say who answers a hotline now",
    "outreach.hotline.commands": "commands of the hotline, a topic with its own furniture",
    "outreach.hotline.queries": "queries of the hotline",
    "outreach.hotline.types": "values of the hotline",
    "outreach.hotline.words": "kinds of call and scripts as pages say them",
    "orgs.demo": "the demo's tree",
    "orgs.events": "what upper rooms hear of",
    "orgs.kinds": "kinds of organisation and what they may do",
}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                file = SOURCE.joinpath(*name.split("."))
                is_module = file.with_suffix(".py").exists() or file.is_dir()
                yield name if is_module else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def doors_used() -> dict[str, set[str]]:
    """Modules of other rooms beside their front doors, and who uses them."""
    used: dict[str, set[str]] = {}
    for file in (SOURCE / "guiyan").rglob("*.py"):
        room = file.relative_to(SOURCE / "guiyan").parts[0]
        for name in imported(ast.parse(file.read_text(encoding="utf-8"))):
            _, *parts = name.split(".")
            if not name.startswith("guiyan.") or len(parts) < 2:
                continue
            if parts[0] not in {"kernel", "platform", room} and parts[1] not in FRONT:
                used.setdefault(".".join(parts), set()).add(str(file.relative_to(SOURCE)))
    return used


def test_every_door_between_rooms_is_named_with_its_reason() -> None:
    used = doors_used()
    assert {door: used[door] for door in used if door not in FURTHER} == {}


def test_no_door_is_named_that_nobody_uses() -> None:
    assert set(FURTHER) - set(doors_used()) == set()
