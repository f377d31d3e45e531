"""Guiyan with the gallery of components among its pages."""

from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "tests.browser.gallery"
settings.TEMPLATES[0]["DIRS"] = [Path(__file__).parent / "templates"]
application = get_wsgi_application()
