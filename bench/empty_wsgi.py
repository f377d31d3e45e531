"""The bare framework: Django that renders the shell of a page around nothing, with no query.

No session, no sign-in, no transaction and no scope: everything that the real pages add on top of
Django and their own layout counts against them.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guiyan.platform.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

OURS = ("SessionMiddleware", "ActorMiddleware", "TransactionMiddleware", "RequestLogMiddleware")
settings.MIDDLEWARE = [
    name for name in settings.MIDDLEWARE if not name.endswith(OURS)
]  # what is left: static files, headers, language, protection of forms
settings.ROOT_URLCONF = "bench.empty_urls"

application = get_wsgi_application()
