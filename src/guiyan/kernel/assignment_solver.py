"""The child process of `assignment`: reads one question, answers it, ends.

Only this module and what it imports load the solver's libraries; nobody imports it.
"""

from __future__ import annotations

import sys
from array import array

import numpy

from guiyan.kernel import assignment_flow as flow
from guiyan.kernel import assignment_ground as ground
from guiyan.kernel import assignment_match as matching
from guiyan.kernel.assignment import Arrays, Terms, read_frame, write_frame
from guiyan.kernel.assignment_ground import Numbers


def main() -> None:
    """The question is the first argument; the numbers and arrays are on standard input."""
    numbers, arrays = read_frame(sys.stdin.buffer)
    answer, answered = QUESTIONS[sys.argv[1]](numbers, arrays)
    write_frame(sys.stdout.buffer, answer, answered)


def solve(numbers: dict[str, int], sent: Arrays) -> tuple[dict[str, int], Arrays]:
    """The cheapest whole, with the prices that prove it."""
    network = flow.Network(
        people=numbers["people"],
        person=view(sent["person"]),
        place=view(sent["place"]),
        cost=view(sent["cost"]),
        capacity=view(sent["capacity"]),
        minimum=view(sent["minimum"]) if "minimum" in sent else None,
    )
    arc_of = flow.cheapest(network)
    prices = flow.prices(network, arc_of)
    return flow.account(network, arc_of, prices), {
        "place_of": back("i", flow.places_of(network, arc_of))
    }


def nearest(numbers: dict[str, int], sent: Arrays) -> tuple[dict[str, int], Arrays]:
    """The nearest places of each point."""
    places = ground.ball(view(sent["place_longitude"]), view(sent["place_latitude"]))
    points = ground.ball(view(sent["longitude"]), view(sent["latitude"]))
    index, km = ground.nearest(points, places, numbers["k"])
    return {"k": index.shape[1]}, {"index": back("i", index.ravel()), "km": back("d", km.ravel())}


def match(numbers: dict[str, int], sent: Arrays) -> tuple[dict[str, int], Arrays]:
    """The cheapest whole over a landscape, and the next best for each person."""
    offered = 1 + numbers.pop("beside")
    classes = view(sent["class_cost"])
    width = int(view(sent["place_class"]).max(initial=0)) + 1
    land = matching.Landscape(
        people=ground.ball(view(sent["longitude"]), view(sent["latitude"])),
        places=ground.ball(view(sent["place_longitude"]), view(sent["place_latitude"])),
        capacity=view(sent["capacity"]),
        person_class=view(sent["person_class"]),
        place_class=view(sent["place_class"]),
        class_cost=classes.reshape(-1, width),
        person_trade=view(sent["person_trade"]),
        place_trade=view(sent["place_trade"]),
        present=view(sent["present"]),
        near=(view(sent["near_person"]), view(sent["near_place"]), view(sent["near_metres"])),
        terms=Terms(**numbers),
    )
    account, net, found, arc_of = matching.matched(land)
    places, metres = matching.offers(net, found, arc_of, offered)
    account |= {"offered": offered, "arcs": len(net.person)}
    return account, {
        "places": back("i", places.ravel()),
        "km": back("d", metres.ravel() / 1000),
    }


def view(values: array[int] | array[float]) -> Numbers:
    """The same memory, as the solver's libraries see it."""
    return numpy.frombuffer(values, dtype={"i": "i4", "q": "i8", "d": "f8"}[values.typecode])


def back(typecode: str, values: Numbers) -> array[int] | array[float]:
    """An answer as a plain array."""
    plain: array[int] | array[float] = array(typecode)
    plain.frombytes(numpy.ascontiguousarray(values, dtype=array(typecode).typecode).tobytes())
    return plain


QUESTIONS = {"solve": solve, "nearest": nearest, "match": match}

if __name__ == "__main__":
    main()
