"""The WSGI application that gunicorn serves."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from guiyan.platform.metrics.listener import listen

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guiyan.platform.settings")
application = get_wsgi_application()
listen(settings.METRICS_BIND)
# What is loaded by now stays for good; searched again and again for garbage, it stops every request
# of some second for a tenth of one.
gc.collect()
gc.freeze()
