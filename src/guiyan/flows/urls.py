from typing import Any

app_name = "flows"
urlpatterns: list[Any] = []
