"""Fifty tries at once with one code: one success at most (F42). Committed rows, real connections."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pyotp
import pytest
from django.db import connection
from django.utils import timezone

from guiyan.access import member_codes, signing_in
from guiyan.access.models import Account, MemberCode, TotpDevice
from guiyan.access.signing_in import Browser, SecondFactor

TRIES = 50


@pytest.fixture(autouse=True)
def _organisations() -> None:
    """None are needed here, and those of the other tests stand in a transaction."""


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The web role may not truncate, so what a test commits it removes itself."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield
        MemberCode.objects.all().delete()
        Account.objects.filter(login="race").delete()
        connection.close()


def at_once(attempt: object) -> list[object]:
    def run(_: int) -> object:
        try:
            return attempt()  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        return list(pool.map(run, range(TRIES)))


def test_fifty_parallel_tries_with_one_code_let_in_once(committed: None) -> None:
    row = MemberCode(
        id=uuid4(),
        phone_blind=b"nobody",
        member_id=uuid4(),
        expires_at=timezone.now() + timedelta(minutes=10),
    )
    row.code_hash = member_codes._hash_of(row.id, "123456")
    row.save()
    outcomes = at_once(lambda: member_codes.use_code(code_id=row.id, code="123456"))
    assert [outcome for outcome in outcomes if outcome is not None] == [row.member_id]


def test_fifty_parallel_tries_with_one_totp_code_let_in_once(committed: None) -> None:
    account = Account.objects.create(login="race", name="竞跑", password="")
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    signing_in.keep_totp_secret(account, secret)
    code = pyotp.TOTP(secret).at(timezone.now())
    browsers = iter(range(TRIES))
    outcomes = at_once(
        lambda: signing_in.try_second_factor(
            account_id=UUID(str(account.id)),
            given=SecondFactor(code=code),
            browser=Browser(f"127.0.7.{next(browsers)}", "", account.id, str(uuid4())),
        )
    )
    assert outcomes.count(True) == 1
    assert TotpDevice.objects.get(account=account).last_step > 0
