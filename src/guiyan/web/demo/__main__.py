"""Loads the demo into the database that `guiyan demo` has running; a process of its own."""

from importlib import import_module

from guiyan.platform.cli import boot
from guiyan.platform.cli.demo import write_down
from guiyan.platform.cli.progress import bar


def load() -> None:
    boot.set_up_django()
    loading = import_module("guiyan.web.demo.loading")  # models want Django to be set up
    write_down(loading.load(bar()), boot.configure().demo_json_copies)


if __name__ == "__main__":
    load()
