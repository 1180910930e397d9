"""The ASGI application the web server runs."""

import os

from django.core.asgi import get_asgi_application
from django.urls import get_resolver

from palabre.config.bodies import limited
from palabre.kit.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.config.settings")
application = limited(get_asgi_application())
_ = get_resolver().url_patterns  # every page, so that none of them is read while somebody waits
settle()
