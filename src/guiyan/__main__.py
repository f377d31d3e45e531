"""The guiyan command, and `python -m guiyan`.

What needs neither Django nor a database is found before they are loaded, which takes longer than
such a command does.
"""

import gc
import sys
from importlib import import_module

LIGHT = {("pair", "files"): ("guiyan.liaison.pairing.files_cli", "pair_files")}


def main() -> None:
    """Run the command that was typed."""
    words = tuple(sys.argv[1:3])
    if words in LIGHT:
        gc.disable()  # what such a command reads it keeps to its end
        module, name = LIGHT[words]
        getattr(import_module(module), name).main(
            sys.argv[3:], prog_name=f"guiyan {' '.join(words)}"
        )
    import_module("guiyan.platform.cli").main()


if __name__ == "__main__":
    main()
