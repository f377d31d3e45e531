from typing import Any

app_name = "liaison"
urlpatterns: list[Any] = []
