"""A server of its own process with the tests' kinds registered, to be killed: `serving_notes.py PORT`."""

import json
import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main(port: int) -> None:
    settings.DATABASES["default"].update(json.loads(os.environ["NOTES_DATABASE"]))
    settings.DATABASES["default"]["OPTIONS"] = {}
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    django.setup()
    from django.core.wsgi import get_wsgi_application
    from tests import field_notes

    field_notes.register()
    make_server("127.0.0.1", port, get_wsgi_application(), Threaded).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
