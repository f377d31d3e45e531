from typing import Any

app_name = "orgs"
urlpatterns: list[Any] = []
