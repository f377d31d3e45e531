"""A process that only waits holds nothing large: the whole house, idle, stays below 600 MB."""

import os
import subprocess
import sys

LARGE = ("ortools", "scipy", "numpy", "pandas", "openpyxl", "pypinyin.phrases_dict")


def loaded_by(statement: str) -> set[str]:
    """The modules of a fresh process after this statement."""
    asked = f"{statement}; import sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "guiyan.platform.settings",
                          "GUIYAN_SECRET_KEY": "for-tests-only"},
    )  # fmt: skip
    return set(done.stdout.split())


def test_web_and_worker_load_nothing_that_few_of_their_requests_want() -> None:
    every_page = "import guiyan.web.wsgi, guiyan.web.urls"
    assert not loaded_by(every_page) & set(LARGE)


def test_the_supervisor_of_the_demo_does_without_the_rooms() -> None:
    loaded = loaded_by("import guiyan.platform.cli")
    assert not {name for name in loaded if name.startswith(("guiyan.web", "guiyan.flows"))}
    assert "django.template" not in loaded
