"""Only invented people: refuse ID numbers that pass the checksum with an allocated area code.

Invented numbers have a county part of …99, which no county has. Mobile numbers must begin with 12,
a prefix that no network has; others are refused where they look like somebody's.
"""

import re
import subprocess
import sys
from pathlib import Path

from guiyan.kernel.id_numbers import id_check_character

ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])([1-8]\d{5}(?:18|19|20)\d{9}[0-9Xx])(?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9A-Za-z.])(1[3-9]\d{9})(?![0-9A-Za-z])")
# Published vectors of the checksum, and numbers that stand for "any number" in tests and docs.
ALLOWED = {"513436198506071234", "51343619850607008X", "13900000000", "13800000000", "13800138000"}
SKIPPED = re.compile(r"\.(xz|otf|ttf|woff2|png|mo|xlsx|lock)$|/vendor/")


def suspects(text: str) -> list[str]:
    """ID numbers that could be somebody's, and mobile numbers that could be."""
    found = [
        number
        for number in ID_NUMBER.findall(text)
        if not number[:6].endswith("99") and id_check_character(number[:17]) == number[17].upper()
    ]
    return [number for number in found + MOBILE.findall(text) if number.upper() not in ALLOWED]


def main() -> int:
    files = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    bad = 0
    for name in files:
        if SKIPPED.search(name) or not Path(name).is_file():
            continue
        for number in suspects(Path(name).read_text(encoding="utf-8", errors="replace")):
            print(f"{name}: {number[:6]}… could be a real person's number")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
