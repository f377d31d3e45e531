"""A request is one transaction in one scope; a retried write gets its first answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from guiyan.platform import audit
from guiyan.platform.actor import Actor
from guiyan.platform.commands import command
from guiyan.platform.errors import Forbidden, NotFound, Refused
from guiyan.platform.models import AuditRow, IdempotencyKey
from guiyan.platform.permissions import Permission
from guiyan.platform.scope import NoTransaction, Scope, current_scope, scoped, scoped_to_the_end
from guiyan.platform.transactions import TransactionMiddleware

pytestmark = pytest.mark.django_db

OFFICER = Actor(
    kind="staff",
    name="沙马阿木",
    today=Actor.system().today,
    account_id=uuid4(),
    path="0001",
    permissions=frozenset({Permission.TAKE_LEADS}),
)


def settings_in_database() -> tuple[str | None, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('app.low', true), current_setting('app.high', true),"
            " current_setting('app.member', true)"
        )
        return tuple(cursor.fetchone())


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def send(calls: list[str]) -> Iterator[Callable[..., HttpResponse]]:
    """Send a POST through the middleware; the view writes one audit row and redirects."""
    middleware = TransactionMiddleware(lambda request: HttpResponse())

    def view(request: HttpRequest) -> HttpResponse:
        calls.append(request.POST.get("name", ""))
        write_down(by=request.actor, name=request.POST["name"])  # type: ignore[attr-defined]
        return HttpResponse(status=303, headers={"Location": f"/done/{len(calls)}"})

    def run(body: dict[str, str], actor: Actor = OFFICER, view: Any = view) -> HttpResponse:
        request = RequestFactory().post("/x", body)
        request.actor = actor  # type: ignore[attr-defined]
        request.resolver_match = None
        response: HttpResponse = middleware.process_view(request, view, (), {})
        return response

    yield run


@command(Permission.TAKE_LEADS)
def write_down(*, by: Actor, name: str) -> None:
    if name == "refused":
        raise Refused("no", "不行。")
    audit.note(subject_kind="test", length=len(name))


def rows() -> int:
    from django.db import transaction

    with transaction.atomic(), scoped(Scope.everywhere()):
        return AuditRow.objects.filter(action__endswith="write_down").count()


def test_a_retry_gets_the_first_answer_and_writes_nothing(
    send: Callable[..., HttpResponse], calls: list[str]
) -> None:
    first = send({"name": "a", "once": "key-1"})
    second = send({"name": "a", "once": "key-1"})
    assert (first.status_code, first.headers["Location"]) == (303, "/done/1")
    assert (second.status_code, second.headers["Location"]) == (303, "/done/1")
    assert calls == ["a"]
    assert rows() == 1


def test_the_same_key_with_another_body_is_a_conflict(send: Callable[..., HttpResponse]) -> None:
    send({"name": "a", "once": "key-1"})
    assert send({"name": "b", "once": "key-1"}).status_code == 409
    assert rows() == 1


def test_a_key_that_the_database_can_not_keep_is_no_error(
    send: Callable[..., HttpResponse], calls: list[str]
) -> None:
    assert send({"name": "a", "once": "key\0-1"}).status_code == 303
    assert send({"name": "a", "once": "\0"}).status_code == 303
    assert calls == ["a", "a"]


def test_another_person_can_not_use_the_key(send: Callable[..., HttpResponse]) -> None:
    send({"name": "a", "once": "key-1"})
    stranger = replace(OFFICER, account_id=uuid4())
    assert send({"name": "a", "once": "key-1"}, stranger).status_code == 409


def test_a_refused_write_gives_its_key_back(send: Callable[..., HttpResponse]) -> None:
    assert send({"name": "refused", "once": "key-1"}).status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert send({"name": "corrected", "once": "key-1"}).status_code == 303


def test_a_form_that_comes_back_gives_its_key_back(send: Callable[..., HttpResponse]) -> None:
    send({"name": "a", "once": "k"}, view=lambda request: HttpResponse("form with errors"))
    assert not IdempotencyKey.objects.exists()


def test_an_error_in_the_view_undoes_all_of_its_writes(send: Callable[..., HttpResponse]) -> None:
    def writes_then_fails(request: HttpRequest) -> HttpResponse:
        write_down(by=OFFICER, name="a")
        raise NotFound("something")

    from django.http import Http404

    with pytest.raises(Http404):
        send({"name": "a", "once": "k"}, view=writes_then_fails)
    assert rows() == 0


def test_a_command_asks_for_its_permission() -> None:
    with pytest.raises(Forbidden):
        write_down(by=replace(OFFICER, permissions=frozenset()), name="a")
    assert rows() == 0


def test_a_command_takes_keywords_only() -> None:
    with pytest.raises(TypeError):
        write_down(OFFICER, "a")  # type: ignore[misc]


def test_the_scope_lasts_as_long_as_its_block_and_the_one_before_comes_back() -> None:
    with scoped(Scope.under("0001")):
        assert settings_in_database() == ("0001", "0001~", "")
        with scoped(Scope.own_file(member := uuid4())):
            assert settings_in_database() == ("", "", str(member))
        assert settings_in_database() == ("0001", "0001~", "")
    assert settings_in_database() == ("", "", "")


def test_a_scope_to_the_end_of_a_savepoint_does_not_outlive_it() -> None:
    with scoped(Scope.under("0001")):
        with transaction.atomic(), scoped_to_the_end(Scope.under("0002")):
            assert settings_in_database()[0] == "0002"
        assert settings_in_database()[0] == "0001"
        assert current_scope() == Scope.under("0001")


@pytest.mark.django_db(transaction=True)
def test_a_scope_to_the_end_of_a_transaction_ends_with_it() -> None:
    with transaction.atomic(), scoped_to_the_end(Scope.under("0002")):
        assert settings_in_database()[0] == "0002"
    with transaction.atomic():
        assert not settings_in_database()[0]
        assert current_scope() == Scope.nowhere()


def test_an_error_inside_leaves_the_scope_before() -> None:
    from django.db import transaction

    with scoped(Scope.under("0001")):
        with pytest.raises(ValueError, match="x"), transaction.atomic(), scoped(Scope.nowhere()):
            raise ValueError("x")
        assert current_scope() == Scope.under("0001")
        assert settings_in_database() == ("0001", "0001~", "")


@pytest.mark.django_db(transaction=True)
def test_a_scope_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NoTransaction), scoped(Scope.everywhere()):
        pass
