"""What processes use, read from /proc: a process with all below it."""

import os
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def family(*roots: int) -> list[int]:
    """These processes and every one that they have started."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            parents[int(entry.name)] = int(fields[1])
    found = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def cpu_ms(root: int) -> float:
    """The processor time that a family has used so far: it counts work, not waiting for others."""
    spent = 0.0
    for pid in family(root):
        if fields := _stat(pid):
            # With that of children that have ended: a connection that closes takes nothing along.
            spent += sum(int(field) for field in fields[11:15]) * TICK_MS
    return spent


def own_family(pid: int, home: Path) -> set[int]:
    """This process, the database whose files lie in the home, and all that they have started."""
    roots = {pid}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if (entry / "cwd").readlink().is_relative_to(home):
                    roots.add(int(entry.name))
            except OSError:  # it has ended, or belongs to somebody whose place is not told
                continue
    return set(family(*roots))


def spent_ticks() -> dict[int, float]:
    """The processor time of each process itself, without that of those it has started."""
    found: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (fields := _stat(int(entry.name))):
            found[int(entry.name)] = float(sum(int(one) for one in fields[11:13]))
    return found


def pss_mb(pid: int) -> float:
    """Memory with pages that are shared divided among those who share them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold blanks; none of a process that has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
