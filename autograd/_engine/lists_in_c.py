"""Texts over the list `xs` in C: loops over an array of operands, for rows of any number of operands.

A text runs in Python as it stands. In C the same text is statements, and this subset of Python has a form there:

    lists           xs   xs[1:]   xs[1::2]   [m, *xs]   but_largest(xs)
    numbers         total([E for x in L])   total(L, start)   product(L)   largest(xs)   length(xs)   len(xs)   xs[0]
    pairs           total([E for a, b in zip(L, M)])   total(products(L, M))
    other rows      sumexp([m, *xs]), written out with that list in the place of `xs`
    partials        [E for x in xs]   [E] * len(xs)   [E, …] + the partials of the rest   swapped(L)   others(xs)   softmax(xs)

A loop is evaluated where its statement stands, also inside a conditional expression: no value depends on that.
"""

import ast
from collections.abc import Callable, Sequence
from typing import NamedTuple

from autograd._engine.emit import Dialect, condition, expression, parse
from autograd.table import SOFTMAX, TABLE


class Places(NamedTuple):
    """A list in C: entries that come first, then every `step`-th operand from `start` on, without the one at `skip`."""

    first: tuple[str, ...] = ()
    start: int = 0
    step: int = 1
    skip: str = ""


_FOLDS = {"total": ("+=", "0.0"), "product": ("*=", "1.0")}


class Writer:
    """Writes one text: statements into `lines`, and what they leave as an expression.

    >>> from autograd._engine.lists_in_c import Writer
    >>> writer = Writer(str)
    >>> print("return " + writer.number("total([x * x for x in xs]) / len(xs)"), *writer.lines, sep="\\n")
    return (total / (double)count)
    double total = 0.0;
    for (Py_ssize_t i = 0; i < count; i++) {
        double x = xs[i].constant;
        total += (x * x);
    }
    """

    def __init__(self, call: Callable[[str], str]) -> None:
        self.lines: list[str] = []
        self.least = 0
        """How many operands the text needs."""
        self._dialect = Dialect(call, none="NAN", lists=self._spelled)
        self._names: dict[str, str] = {}  # what the names of the text are called in C
        self._taken = {"xs", "count", "pass", "node", "when", "bar", "y"}
        self._xs = Places()

    # ---- texts and names

    def number(self, text: str) -> str:
        """The number a text computes."""
        return self._number(self.steps(text))

    def steps(self, text: str) -> ast.expr:
        """Write the named steps of a text; the last expression is returned as it stands."""
        *steps, result = text.split("; ")
        for step in steps:
            name, _, value = step.partition(" = ")
            self._names[name] = self._kept(name, self._number(parse(value)))
        return parse(result)

    def _number(self, node: ast.expr) -> str:
        return expression(node, self._dialect)

    def _kept(self, name: str, value: str) -> str:
        """Keep a number in a variable of this name, or one like it if that is taken."""
        variable = self.name(name)
        self.lines.append(f"double {variable} = {value};")
        return variable

    def name(self, wanted: str) -> str:
        """A name that nothing else has."""
        name, k = wanted, 1
        while name in self._taken:
            k += 1
            name = f"{wanted}_{k}"
        self._taken.add(name)
        return name

    def loop(self, start: int, end: str, step: int, body: Callable[[str], None]) -> None:
        """A loop over places, of which `body` gets the name."""
        taken = set(self._taken)
        i = self.name("i")
        self.block(
            f"for (Py_ssize_t {i} = {start}; {i} < {end}; {f'{i} += {step}' if step > 1 else f'{i}++'})", lambda: body(i)
        )
        self._taken = taken

    def block(self, head: str, body: Callable[[], None]) -> None:
        """A statement with a body; the names made in it are forgotten behind it."""
        names, taken, lines = dict(self._names), set(self._taken), self.lines
        self.lines = []
        body()
        inner, self._names, self._taken, self.lines = self.lines, names, taken, lines
        self.lines += [f"{head} {{", *(f"    {line}" for line in inner), "}"]

    # ---- lists

    def places(self, node: ast.expr) -> Places:
        """The list that an expression stands for."""
        match node:
            case ast.Name(id="xs"):
                return self._xs
            case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=None, step=every)):
                xs, k, step = self.places(value), _whole(lower, 0), _whole(every, 1)
                rest = max(0, k - len(xs.first))
                first = xs.first[k:]
                if step == 1 and not (rest and xs.skip):
                    return Places(first, xs.start + rest * xs.step, xs.step, xs.skip)
                if step > 1 and not first and not xs.skip:
                    return Places((), xs.start + rest * xs.step, xs.step * step)
            case ast.List(elts=[*first, ast.Starred(value=value)]):
                xs = self.places(value)
                return xs._replace(first=(*(self._number(x) for x in first), *xs.first))
            case ast.Call(func=ast.Name(id="but_largest"), args=[value]) if self.places(value) == Places():
                skip = self.name("skip")
                self.lines.append(f"Py_ssize_t {skip} = first_largest(xs, count);")
                return Places(skip=skip)
        raise ValueError(f"{ast.unparse(node)} is no list that has a form in C")

    def _entry(self, xs: Places, k: int) -> str:
        if k < len(xs.first):
            return xs.first[k]
        at = xs.start + xs.step * (k - len(xs.first))
        if k < 0 or xs.skip:
            raise ValueError("an entry of a list in C is counted from its start")
        self.least = max(self.least, at + 1)
        return f"xs[{at}].constant"

    def _spelled(self, node: ast.expr, _: Callable[[ast.expr], str]) -> str | None:
        """What `emit` asks first of every expression: how one over lists is spelled, or None for any other."""
        match node:
            case ast.Name(id=name) if name in self._names:
                return self._names[name]
            case ast.Subscript(value=xs, slice=ast.Constant(value=int() as k)):
                return self._entry(self.places(xs), k)
            case ast.Call(func=ast.Name(id="len"), args=[xs]) if self.places(xs) == Places():
                return "(double)count"
            case ast.Call(func=ast.Name(id=name), args=[xs, *start]) if name in _FOLDS:
                sign, neutral = _FOLDS[name]
                folded = self._kept(name, self._number(start[0]) if start else neutral)
                self.each(xs, lambda entry: self.lines.append(f"{folded} {sign} {entry};"))
                return folded
            case ast.Call(func=ast.Name(id="largest" | "length" as name), args=[xs]) if self.places(xs) == Places():
                return f"{name}(xs, count)"
            case ast.Call(func=ast.Name(id=name), args=[xs]) if name in TABLE and TABLE[name].nary:
                return self._inlined(TABLE[name].text[0], xs)
        return None

    def _inlined(self, text: str, xs: ast.expr) -> str:
        """The number another row computes of this list."""
        names, outer = self._names, self._xs
        self._xs, self._names = self.places(xs), {}
        result = self.number(text)
        self._names, self._xs = names, outer
        return result

    # ---- loops

    def each(self, node: ast.expr, use: Callable[[str], None]) -> None:
        """`use` each entry of a list, of a comprehension over one, or of one over pairs."""
        match node:
            case ast.ListComp(elt=element, generators=[ast.comprehension(target=ast.Name(id=x), iter=xs, ifs=[])]):
                self._each_of(self.places(xs), x, lambda _: use(self._number(element)))
            case ast.ListComp(
                elt=element,
                generators=[
                    ast.comprehension(target=ast.Tuple(elts=names), iter=ast.Call(func=ast.Name(id="zip"), args=lists), ifs=[])
                ],
            ):
                self._each_pair([ast.unparse(x) for x in names], lists, lambda _: use(self._number(element)))
            case ast.Call(func=ast.Name(id="products"), args=lists):
                self._each_pair(["a", "b"], lists, lambda ab: use(" * ".join(ab)))
            case _:
                self._each_of(self.places(node), "x", use)

    def _each_of(self, xs: Places, name: str, use: Callable[[str], None]) -> None:
        def body(value: str) -> None:
            self._names[name] = self._kept(name, value)
            use(self._names[name])

        for value in xs.first:
            self.block("", lambda value=value: body(value))  # type: ignore[misc]

        def of_place(i: str) -> None:
            if xs.skip:
                self.lines.append(f"if ({i} == {xs.skip}) continue;")
            body(f"xs[{i}].constant")

        self.loop(xs.start, "count", xs.step, of_place)

    def _each_pair(self, names: Sequence[str], lists: Sequence[ast.expr], use: Callable[[list[str]], None]) -> None:
        places = [self.places(xs) for xs in lists]
        start, step = places[0].start, places[0].step
        if len(names) != len(places) or any(xs.first or xs.skip or xs.step != step for xs in places):
            raise ValueError("lists that are zipped are operands at one step")
        furthest = max(xs.start for xs in places) - start

        def body(i: str) -> None:
            for name, xs in zip(names, places, strict=True):
                at = f"{i} + {xs.start - start}" if xs.start > start else f"{i} - {start - xs.start}" if xs.start < start else i
                self._names[name] = self._kept(name, f"xs[{at}].constant")
            use([self._names[name] for name in names])

        self.loop(start, f"count - {furthest}" if furthest else "count", step, body)

    # ---- partials: what flows to the operands from `offset` on

    def partials(self, node: ast.expr, offset: int = 0) -> None:
        """Statements by which each operand gets its partial times the adjoint, in the order of operands."""
        match node:
            case ast.BinOp(left=ast.List(elts=first), op=ast.Add(), right=rest):
                for k, d in enumerate(first, offset):
                    self.block(f"if (TAKES(xs[{k}]))", lambda k=k, d=d: self._flow(str(k), d))  # type: ignore[misc]
                self.least = max(self.least, offset + len(first))
                self.partials(rest, offset + len(first))
            case ast.BinOp(left=ast.List(elts=[d]), op=ast.Mult(), right=n) if not offset and ast.unparse(n) == "len(xs)":
                same = self._kept("d", self._number(d))
                self._each_place(offset, lambda i: self.lines.append(_flow(i, same)))
            case ast.ListComp(elt=d, generators=[ast.comprehension(target=ast.Name(id=x), iter=xs, ifs=[])]):
                self._from(xs, offset)

                def body(i: str) -> None:
                    self._names[x] = self._kept(x, f"xs[{i}].constant")
                    self._flow(i, d)

                self._each_place(offset, body)
            case ast.Call(func=ast.Name(id="swapped"), args=[xs]):
                self._from(xs, offset)
                self._each_place(offset, lambda i: self.lines.append(_flow(i, f"swapped(xs, count, {offset}, {i})")))
            case ast.Call(func=ast.Name(id="others"), args=[ast.Name(id="xs")]) if not offset:
                found = self.name("d")
                self.lines.append(f"double *{found} = others(xs, count);")
                self.block(f"if (!{found})", lambda: self.lines.extend(["FAIL();", "return;"]))
                self._each_place(offset, lambda i: self.lines.append(_flow(i, f"{found}[{i}]")))
                self.lines.append(f"PyMem_Free({found});")
            case ast.Call(func=ast.Name(id="softmax"), args=[ast.Name(id="xs")]) if not offset:
                self.partials(self.steps(SOFTMAX))
            case _:
                raise ValueError(f"{ast.unparse(node)} is no list of partials that has a form in C")

    def _from(self, xs: ast.expr, offset: int) -> None:
        if self.places(xs) != Places(start=offset):
            raise ValueError(f"partials over {ast.unparse(xs)} are not those of the operands from number {offset} on")

    def _each_place(self, offset: int, use: Callable[[str], None]) -> None:
        def body(i: str) -> None:
            self.lines.append(f"if (!TAKES(xs[{i}])) continue;")
            use(i)

        self.loop(offset, "count", 1, body)

    def _flow(self, i: str, d: ast.expr) -> None:
        """The partial `d` flows to operand i; where it is None nothing does, but the operand is found."""
        if isinstance(d, ast.Constant) and d.value is None:
            self.lines.append(f"FIND(xs[{i}]);")
        elif isinstance(d, ast.IfExp) and any(isinstance(x, ast.Constant) and x.value is None for x in ast.walk(d)):
            self.block(f"if ({condition(d.test, self._dialect)})", lambda: self._flow(i, d.body))
            end = len(self.lines) - 1
            self.block("else", lambda: self._flow(i, d.orelse))
            self.lines[end : end + 2] = ["} else {"]
        else:
            self.lines.append(_flow(i, self._number(d)))

    def partial(self, i: int, text: str) -> None:
        """The same for one operand, whose partial has a text of its own."""
        self.block(f"if (TAKES(xs[{i}]))", lambda: self._flow(str(i), self.steps(text)))


def _whole(node: ast.expr | None, default: int) -> int:
    """A bound of a slice."""
    match node:
        case None:
            return default
        case ast.Constant(value=int() as k):
            return k
    raise ValueError(f"the bound {ast.unparse(node)} of a slice is no number")


def _flow(i: str, d: str) -> str:
    return f"FLOW(xs[{i}], {d});"
