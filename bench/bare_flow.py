"""The bound of pairing: SimpleMinCostFlow on arcs that lie in a file, and nothing else.

`python -m bench.bare_flow ARCS.npz` prints how long the flow took, who is left over, and how far.
"""

import json
import sys
import time
from typing import Any

import numpy
from ortools.graph.python import min_cost_flow


def main() -> None:
    arcs = dict(numpy.load(sys.argv[1]))
    start = time.perf_counter()
    solver, status = solved(arcs)
    flow_s = time.perf_counter() - start
    print(json.dumps({
        "flow_s": round(flow_s, 3),
        "status": status.name,
        "left_over": int(arcs["people"]) - solver.maximum_flow(),
        "km": round(solver.optimal_cost() / 1000, 1),
    }))  # fmt: skip


def solved(arcs: dict[str, Any]) -> tuple[Any, Any]:
    n, m = int(arcs["people"]), len(arcs["limits"])
    solver = min_cost_flow.SimpleMinCostFlow()
    one = numpy.ones(len(arcs["person"]), dtype="i8")
    solver.add_arcs_with_capacity_and_unit_cost(
        arcs["person"], arcs["place"] + n, one, arcs["cost"]
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        numpy.arange(n, n + m), numpy.full(m, n + m), arcs["limits"], numpy.zeros(m, dtype="i8")
    )
    supply = numpy.ones(n + m + 1, dtype="i8")
    supply[n : n + m], supply[n + m] = 0, -n
    solver.set_nodes_supplies(numpy.arange(n + m + 1), supply)
    return solver, solver.solve_max_flow_with_min_cost()


if __name__ == "__main__":
    main()
