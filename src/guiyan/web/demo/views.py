"""The demo's own page: everybody one can sign in as, with the code of this moment. 404 elsewhere."""

import json

import pyotp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from guiyan.access.roles import ROLES
from guiyan.platform.launcher.home import find_home
from guiyan.platform.pages import page, public
from guiyan.web.demo import cast


@public
def cast_page(request: HttpRequest) -> HttpResponse:
    """The facts of demo.json as a table, so that a stranger needs no authenticator."""
    file = find_home().demo_json
    if not settings.DEMO or not file.exists():
        raise Http404
    facts = json.loads(file.read_text(encoding="utf-8"))
    roles = {part.key: ROLES[part.role].name for part in cast.STAFF + cast.OUTSIDERS}
    people = [
        {
            **person,
            "role": roles.get(key, ""),
            "code": pyotp.TOTP(person["totp_secret"]).now() if person["totp_secret"] else "",
        }
        for key, person in facts["cast"].items()
    ]
    return page(request, "web/demo_cast.html", people=people, facts=facts)
