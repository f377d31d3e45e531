"""`python -m guiyan` is the guiyan command."""

from guiyan.platform.cli import main

if __name__ == "__main__":
    main()
