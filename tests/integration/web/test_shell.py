"""The shell: light pages without script, a strict policy, languages, sizes, and no way off the site."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_landing_page_opens(client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/feedback").status_code == 200
    assert client.get("/nothing-here").status_code == 404
