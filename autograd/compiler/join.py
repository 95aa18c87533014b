"""The last step of lowering: nothing dead, and sums of products whole.

Chains of + and · whose parts nobody else needs are joined into one `dot`, start + a₁·b₁ + a₂·b₂ + …, evaluated in the same
order: what loops are later made of.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.compiler.lower import Machine


def joined(old: "Machine", checked: list[int], minus_zero: int) -> "Machine":
    """The program without dead operations, and with chains of sums of products as `dot`; `checked` are places to check."""
    kinds, arguments, n = old.kinds, old.args, len(old.kinds)
    uses = [0] * n  # only those by live operations
    for x in (*old.outputs, *checked):
        uses[x] += 2
    for i in range(n - 1, old.inputs - 1, -1):
        if not uses[i] and kinds[i][-1] == "!":  # eager computes it, whether anything needs it or not, and may raise
            uses[i] = 1
        if uses[i]:
            for x in arguments[i]:
                uses[x] += 1
    dots = _chains(kinds, arguments, uses)
    new = type(old)()
    new.inputs, new.functions = old.inputs, old.functions
    new.kinds, new.args = kinds[: old.inputs], arguments[: old.inputs]
    place = [*range(old.inputs), *([-1] * (n + 1 - old.inputs))]  # the last one is that of −1, no factor
    written, write, add, there = new.kinds, new.kinds.append, new.args.append, place.__getitem__
    for i in range(old.inputs, n):
        if not uses[i]:
            continue
        kind, args = kinds[i], arguments[i]
        if i in dots:
            args = tuple(map(there, dots[i]))
            if len(args) > 7:
                kind = "dot"
            else:  # as short as this, its parts make longer rows
                kind, args = _parts(new, args, len(args) > 3 and args[0] == place[minus_zero])
        else:
            args = tuple(map(there, args))
        place[i] = len(written)
        write(kind)
        add(args)
    new.consts = {place[i]: x for i, x in old.consts.items() if uses[i]}
    new.outputs = [place[x] for x in old.outputs]
    new.kinds += ["check!"] * len(checked)
    new.args += [(place[x],) for x in checked]
    return new


def _chains(kinds: list[str], arguments: list[tuple[int, ...]], uses: list[int]) -> dict[int, Any]:
    """The sums that take in what only they use: (start, a₁, b₁, …), with −1 for no factor; what is taken in has no more use."""
    found: dict[int, Any] = {}
    for i, kind in enumerate(kinds):
        if (kind != "add" and kind != "dot") or not uses[i]:  # noqa: PLR1714 - twice as quick
            continue
        terms = arguments[i]
        spine = terms[0]
        if kind == "add":
            other = terms[1]
            if not (spine in found and uses[spine] == 1) and other in found and uses[other] == 1 and kinds[spine] != "const":
                spine, other = other, spine
            terms = spine, other, -1
            if kinds[other] == "mul" and uses[other] == 1:
                terms = spine, *arguments[other]
                uses[other] = 0
        # All terms of a chain have factors, or none has.
        if spine in found and uses[spine] == 1 and (found[spine][-1] < 0) == (terms[-1] < 0):
            before = found.pop(spine)
            longer = before if isinstance(before, list) else [*before]
            longer += terms[1:]
            found[i] = longer
            uses[spine] = 0
        else:
            found[i] = terms
    return found


def _parts(new: "Machine", args: tuple[int, ...], from_nothing: bool) -> tuple[str, tuple[int, ...]]:  # noqa: FBT001
    """A short dot as its parts: all but the last are written, and that one is returned."""
    part: tuple[str, tuple[int, ...]] = "", ()
    last, *terms = args
    for k in range(0, len(terms), 2):
        if k:  # the part before
            last = len(new.kinds)
            new.parts.add(last)
            new.kinds.append(part[0])
            new.args.append(part[1])
        a, b = terms[k : k + 2]
        if b < 0:
            part = "add", (last, a)
        elif from_nothing and k == 0:
            part = "mul", (a, b)
        else:
            part = "muladd", (a, b, last)
    return part
