"""`fast="reassoc"`: long sums cut into eight, which are summed side by side.

A sum waits for each addition before the next; eight sums of every eighth term wait an eighth as long. The result may differ
from the engine's in its last bits, as with any other order of summation; NaN and infinity stay what they are. It is done here,
on machine operations, so that every executor gives the same bits.
"""

from itertools import chain

from autograd.compiler.lower import Machine

LONG = 128
"""Sums of so many terms are cut; of shorter ones there are mostly many, which run side by side as they are."""
LANES = 8


def reassociated(machine: Machine) -> Machine:
    """The same program with its long sums cut."""
    new = Machine()
    new.inputs, new.functions = machine.inputs, machine.functions
    place = [-1] * (len(machine.kinds) + 1)  # the last one is that of −1, no factor
    zero = -1

    def write(kind: str, args: tuple[int, ...]) -> int:
        new.kinds.append(kind)
        new.args.append(args)
        return len(new.kinds) - 1

    for i, (kind, args) in enumerate(zip(machine.kinds, machine.args, strict=True)):
        moved = tuple([place[x] for x in args])
        if kind == "dot" and len(args) >= 1 + 2 * LONG:
            if zero < 0:
                zero = write("const", ())
                new.consts[zero] = -0.0  # what changes no sum
            start, *terms = moved
            pairs = list(zip(terms[::2], terms[1::2], strict=True))
            whole = len(pairs) // LANES * LANES  # sums of one length can run side by side
            lanes = [write("dot", (zero, *chain.from_iterable(pairs[k:whole:LANES]))) for k in range(LANES)]
            moved = (start, *(x for lane in lanes for x in (lane, -1)), *chain.from_iterable(pairs[whole:]))
        place[i] = write(kind, moved)
        if i in machine.parts:
            new.parts.add(place[i])
        if kind == "const":
            new.consts[place[i]] = machine.consts[i]
    new.outputs = [place[x] for x in machine.outputs]
    return new
