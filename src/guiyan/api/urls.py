"""The API: each room's router under /api/, described at /api/openapi.json. No page of docs from afar."""

from django.urls import path
from ninja import NinjaAPI

from guiyan.api.problems import install
from guiyan.field.api import router as field

api = NinjaAPI(
    title="归雁接口",
    version="1",
    description="离线工具与服务器之间的同步协议，详见 docs/offline.md。",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("/field", field)
install(api)

urlpatterns = [path("", api.urls)]
