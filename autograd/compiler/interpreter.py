"""The interpreter of loops: machine code, compiled once for this machine, that runs the loops of any program.

An instruction is a `Loop` as `INSTRUCTION_SIZE` integers; the interpreter calls one function for each. An instruction stands
for many operations, so looking it up costs little, and its function can be better code than a straight program has: it adds to
eight or more *different* sums side by side. Each sum still adds in its own order, so no bit changes; a loop over one sum at a
time would wait for every addition.

Functions of one operation are made from one template, with variants for operands at steps of 0 and 1, which LLVM vectorises.
"""

import ctypes
from functools import cache

from autograd.compiler.llvm import DECLARATIONS, Code, Writer, machine_code
from autograd.compiler.machine import OPERATIONS

_FIELDS = ["outer", "inner", "o0", "o1", "o2", "a0", "a1", "a2", "b0", "b1", "b2", "c0", "c1", "c2", "n", "ka", "kb", "table",
           "os", "as", "bs", "cs"]  # fmt: skip
INSTRUCTION_SIZE = 1 + len(_FIELDS)
"""How many integers an instruction has: the function, the fields of `Loop` in order, the segments that its operands stand in."""

_HEADER = {"times": "i64", "state": "i64", "code": "ptr", "count": "i64", "tab": "ptr", "inputs": "i64", "checks": "ptr",
           "n": "i64"}  # fmt: skip
"""What a call tells the interpreter, before the addresses of the segments."""

_ARGUMENTS = "ptr %segments, ptr %instruction, ptr %tab"


CALLS = ("dot", "largest", "gather", "take")
"""The functions that are not of one operation: each is written by hand, below."""


FUNCTIONS = {name: i for i, name in enumerate([*(name for name, op in OPERATIONS.items() if op.operands), *CALLS])}
"""The functions of the interpreter and their numbers."""


def loop(label: str, count: str, body: str, *, carried: str = "", note: int | None = 0) -> str:
    """A loop of `count` ≥ 1 rounds with the counter %{label}; `carried` are the phis of what it carries along.

    Note 0 says that LLVM shall not try to vectorise or unroll it: that costs seconds and gains nothing, mostly.
    """
    told = "" if note is None else f", !llvm.loop !{note}"
    return (
        f" br label %{label}.head\n{label}.head:\n br label %{label}.loop\n{label}.loop:\n"
        f" %{label} = phi i64 [0, %{label}.head], [%{label}.next, %{label}.latch]\n{carried}{body}"
        f" br label %{label}.latch\n{label}.latch:\n %{label}.next = add nuw nsw i64 %{label}, 1\n"
        f" %{label}.more = icmp slt i64 %{label}.next, {count}\n br i1 %{label}.more, label %{label}.loop, label %{label}.done{told}\n"
        f"{label}.done:\n"
    )


def _fields() -> str:
    return (
        "".join(
            f" %{name}.p = getelementptr i64, ptr %instruction, i64 {i}\n %{name} = load i64, ptr %{name}.p\n"
            for i, name in enumerate(_FIELDS, 1)
        )
        + "".join(f" %{x}.s = getelementptr ptr, ptr %segments, i64 %{x}s\n %{x}.v = load ptr, ptr %{x}.s\n" for x in "oabc")
        + " %v = load ptr, ptr %segments\n"
    )


def not_finite(x: str, name: str) -> str:
    """Lines that make %{name} 1 if a number is NaN or infinite, else 0."""
    return (
        f" %{name}.i = bitcast double {x} to i64\n %{name}.e = and i64 %{name}.i, 9218868437227405312\n"
        f" %{name}.b = icmp eq i64 %{name}.e, 9218868437227405312\n %{name} = zext i1 %{name}.b to i64\n"
    )


def _pointer(x: str) -> str:
    """Lines that make %{x} the address of an operand in round j, i."""
    return (
        f" %{x}.1 = mul i64 %j, %{x}1\n %{x}.2 = mul i64 %i, %{x}2\n %{x}.3 = add i64 %{x}.1, %{x}.2\n"
        f" %{x}.4 = add i64 %{x}.3, %{x}0\n %{x} = getelementptr double, ptr %{x}.v, i64 %{x}.4\n"
    )


def _looked_up(entry: str) -> str:
    """Lines that make %found the number whose place is this entry of the table."""
    return (
        f" %p = getelementptr i32, ptr %tab, i64 {entry}\n %q = load i32, ptr %p\n %s = sext i32 %q to i64\n"
        " %t = getelementptr double, ptr %v, i64 %s\n %found = load double, ptr %t\n"
    )


def _operation(name: str) -> str:
    """The functions of one operation: for known steps of its operands (0 and 1) and for any."""
    op, writer = OPERATIONS[name], Writer()
    n, checked, variants = len(op.operands), op.safe is not True, op.steps
    result = writer.of_numbers(name, ["%x", "%y", "%z"][:n])
    body = "".join(writer.lines)
    texts = []
    for k, steps in enumerate([*variants, None]):
        step = dict(zip("oabc", ["1", *steps] if steps else [f"%{x}2" for x in "oabc"], strict=False))
        inner = ""
        for x, operand in zip("xyz"[:n], "abc", strict=False):
            inner += (
                f" %{x}.k = mul i64 %i, {step[operand]}\n %{x}.p = getelementptr inbounds double, ptr %{operand}, i64 %{x}.k\n"
                f" %{x} = load double, ptr %{x}.p\n"
            )
        inner += body
        if name != "check":
            inner += f" %o.k = mul i64 %i, {step['o']}\n %o.p = getelementptr inbounds double, ptr %o, i64 %o.k\n"
            inner += f" store double {result}, ptr %o.p\n"
        carried = ""
        if checked:
            carried = " %bad = phi i64 [0, %i.head], [%bad.next, %i.latch]\n"
            inner += not_finite(result, "now") + " %bad.next = or i64 %bad, %now\n"
        parameters = (
            "ptr noalias %o, ptr noalias %a, ptr noalias %b, ptr noalias %c, i64 %count, i64 %o2, i64 %a2, i64 %b2, i64 %c2"
        )
        texts.append(
            f'define internal i64 @"{name}.{k}"({parameters}) noinline {{\nentry:\n{loop("i", "%count", inner, carried=carried, note=0 if steps is None else None)}'
            f" ret i64 {'%bad.next' if checked else '0'}\n}}\n"
        )
    call = "(ptr %o, ptr %a, ptr %b, ptr %c, i64 %inner, i64 %o2, i64 %a2, i64 %b2, i64 %c2)"
    pointers = "".join(
        f" %{x}.j = mul i64 %j, %{x}1\n %{x}.f = add i64 %{x}0, %{x}.j\n %{x} = getelementptr double, ptr %{x}.v, i64 %{x}.f\n"
        for x in "oabc"
    )
    # which variant: the steps as digits, if all are 0 or 1
    key = " %k0 = icmp ne i64 %o2, 1\n %key.0 = zext i1 %k0 to i64\n %key.1 = mul i64 %key.0, 4096\n"
    last = "%key.1"
    for d, operand in enumerate("abc"[:n]):
        key += (
            f" %w{d} = icmp ugt i64 %{operand}2, 1\n %s{d} = select i1 %w{d}, i64 512, i64 %{operand}2\n"
            f" %m{d} = shl i64 %s{d}, {d}\n %n{d} = add i64 {last}, %m{d}\n"
        )
        last = f"%n{d}"
    blocks = "".join(f'v{k}:\n %r{k} = call i64 @"{name}.{k}"{call}\n br label %j.after\n' for k in range(len(variants) + 1))
    merged = ", ".join(f"[%r{k}, %v{k}]" for k in range(len(variants) + 1))
    switch = [f"i64 {sum(int(s) << d for d, s in enumerate(steps))}, label %v{k}" for k, steps in enumerate(variants)]
    body = (
        pointers
        + f" switch i64 {last}, label %v{len(variants)} [{' '.join(switch)}]\n"
        + blocks
        + f"j.after:\n %r = phi i64 {merged}\n %all.next = or i64 %all, %r\n"
    )
    outer = loop("j", "%outer", body, carried=" %all = phi i64 [0, %j.head], [%all.next, %j.latch]\n")
    return (
        "".join(texts)
        + f'define internal i64 @"{name}"({_ARGUMENTS}) {{\nentry:\n{_fields()}{key}{outer} %told = and i64 %all.next, %n\n ret i64 %told\n}}\n'
    )


def _sums(name: str, lanes: int, a: str, b: str) -> str:
    """`lanes` dots side by side; a and b say how the factors of neighbours stand: "1" together, "0" the same one, "any".

    Unless one is "any", results stand together, and starts do or are the same one.
    """
    vector = "any" not in {a, b}
    kind = f"<{lanes} x double>" if vector else "double"
    text = f"define internal void @{name}(ptr noalias %o, ptr noalias %a, ptr noalias %b, ptr noalias %c, i64 %o2, i64 %a2, i64 %b2, i64 %c2, i64 %n, i64 %ka, i64 %kb) noinline {{\nentry:\n"
    body = " %fa = mul i64 %k, %ka\n %pa = getelementptr double, ptr %a, i64 %fa\n %fb = mul i64 %k, %kb\n %pb = getelementptr double, ptr %b, i64 %fb\n"
    if vector:
        text += (
            f" %same = icmp eq i64 %c2, 0\n br i1 %same, label %one, label %several\none:\n{_same('%start1', '%c', kind, lanes)}"
            f" br label %go\nseveral:\n %start2 = load {kind}, ptr %c, align 8\n br label %go\n"
            f"go:\n %start = phi {kind} [%start1, %one], [%start2, %several]\n"
        )
        for x, how in (("a", a), ("b", b)):
            body += f" %x{x} = load {kind}, ptr %p{x}, align 8\n" if how == "1" else _same(f"%x{x}", f"%p{x}", kind, lanes)
        body += f" %m = fmul {kind} %xa, %xb\n %sum.next = fadd {kind} %sum, %m\n"
        text += loop("k", "%n", body, carried=f" %sum = phi {kind} [%start, %k.head], [%sum.next, %k.latch]\n")
        return text + f" store {kind} %sum.next, ptr %o, align 8\n ret void\n}}\n"
    carried = ""
    for lane in range(lanes):
        text += f" %c.k{lane} = mul i64 %c2, {lane}\n %c.p{lane} = getelementptr double, ptr %c, i64 %c.k{lane}\n %start{lane} = load double, ptr %c.p{lane}\n"
        carried += f" %sum{lane} = phi double [%start{lane}, %k.head], [%sum{lane}.next, %k.latch]\n"
        for x, how in (("a", a), ("b", b)):
            if how == "any":
                body += f" %f{x}{lane} = mul i64 %{x}2, {lane}\n %p{x}{lane} = getelementptr double, ptr %p{x}, i64 %f{x}{lane}\n %x{x}{lane} = load double, ptr %p{x}{lane}\n"
            elif lane == 0:
                body += f" %x{x}0 = load double, ptr %p{x}\n"
        body += f" %m{lane} = fmul double %xa{lane if a == 'any' else 0}, %xb{lane if b == 'any' else 0}\n %sum{lane}.next = fadd double %sum{lane}, %m{lane}\n"
    text += loop("k", "%n", body, carried=carried)
    for lane in range(lanes):
        text += f" %o.k{lane} = mul i64 %o2, {lane}\n %o.p{lane} = getelementptr double, ptr %o, i64 %o.k{lane}\n store double %sum{lane}.next, ptr %o.p{lane}\n"
    return text + " ret void\n}\n"


def _same(to: str, pointer: str, kind: str, lanes: int) -> str:
    """One number in all lanes."""
    name = to[1:]
    return (
        f" %{name}.q = load double, ptr {pointer}\n %{name}.i = insertelement {kind} poison, double %{name}.q, i32 0\n"
        f" {to} = shufflevector {kind} %{name}.i, {kind} poison, <{lanes} x i32> zeroinitializer\n"
    )


_SUMS = [(a, b, lanes) for lanes in (32, 16, 8) for a, b in (("1", "0"), ("0", "1"), ("1", "1"))] + [
    ("any", "0", 8),
    ("0", "any", 8),
    ("any", "any", 8),
]


def _dot() -> str:
    """Dots: as many side by side as there are, by how their factors stand."""
    text = "".join(_sums(f"sums.{k}", lanes, a, b) for k, (a, b, lanes) in enumerate(_SUMS)) + _sums(
        "sums.one", 1, "any", "any"
    )
    names = [*(f"sums.{k}" for k in range(len(_SUMS))), "sums.one"]
    body = "".join(map(_pointer, "oabc")) + " %left = sub i64 %inner, %i\n"
    for k, (a, b, lanes) in enumerate(_SUMS):
        tests = [f"icmp sge i64 %left, {lanes}"] + [
            f"icmp eq i64 %{x}2, {how}" for x, how in (("a", a), ("b", b)) if how != "any"
        ]
        if "any" not in {a, b}:
            tests += ["icmp eq i64 %o2, 1", "icmp ult i64 %c2, 2"]
        last = "true"
        for t, test in enumerate(tests):
            body += f" %t{k}.{t} = {test}\n %u{k}.{t} = and i1 {last}, %t{k}.{t}\n"
            last = f"%u{k}.{t}"
        body += f" br i1 {last}, label %do{k}, label %else{k}\nelse{k}:\n"
    body += f" br label %do{len(_SUMS)}\n"
    for k, name in enumerate(names):
        body += f"do{k}:\n call void @{name}(ptr %o, ptr %a, ptr %b, ptr %c, i64 %o2, i64 %a2, i64 %b2, i64 %c2, i64 %n, i64 %ka, i64 %kb)\n br label %i.after\n"
    widths = ", ".join(f"[{lanes}, %do{k}]" for k, lanes in enumerate([*(x[2] for x in _SUMS), 1]))
    body += (
        f"i.after:\n %width = phi i64 {widths}\n %i.next = add i64 %i, %width\n %i.more = icmp slt i64 %i.next, %inner\n"
        " br i1 %i.more, label %i.loop, label %i.done\ni.done:\n"
    )
    inner = " br label %i.head\ni.head:\n br label %i.loop\ni.loop:\n %i = phi i64 [0, %i.head], [%i.next, %i.after]\n" + body
    return text + f"define i64 @dot({_ARGUMENTS}) {{\nentry:\n{_fields()}{loop('j', '%outer', inner)} ret i64 0\n}}\n"


def _largest() -> str:
    search = (
        " %f = mul i64 %k, %ka\n %p = getelementptr double, ptr %a, i64 %f\n %x = load double, ptr %p\n"
        " %t1 = fcmp oge double %y, %x\n %t2 = fcmp uno double %y, %y\n %t3 = or i1 %t1, %t2\n"
        " %y.next = select i1 %t3, double %y, double %x\n"
    )
    found = loop("k", "%n", search, carried=" %y = phi double [%first, %k.head], [%y.next, %k.latch]\n")
    body = f"{_pointer('a')} %first = load double, ptr %a\n{found}{_pointer('o')} store double %y.next, ptr %o\n"
    loops = loop("j", "%outer", loop("i", "%inner", body))
    return f"define i64 @largest({_ARGUMENTS}) {{\nentry:\n{_fields()}{loops} ret i64 0\n}}\n"


def _gather() -> str:
    body = (
        f" %f = mul i64 %j, %inner\n %g = add i64 %f, %i\n %h = add i64 %g, %table\n{_looked_up('%h')}"
        f"{_pointer('o')} store double %found, ptr %o\n"
    )
    loops = loop("j", "%outer", loop("i", "%inner", body))
    return f"define i64 @gather({_ARGUMENTS}) {{\nentry:\n{_fields()}{loops} ret i64 0\n}}\n"


def _take() -> str:
    body = (
        f"{_pointer('c')} %x = load double, ptr %c\n %most = sitofp i64 %n to double\n"
        " %t1 = fcmp oge double %x, 0.0\n %t2 = fcmp olt double %x, %most\n %t3 = and i1 %t1, %t2\n"
        " %y = select i1 %t3, double %x, double 0.0\n %w = fptosi double %y to i64\n %z = sitofp i64 %w to double\n"
        " %t4 = fcmp oeq double %z, %y\n %t5 = and i1 %t3, %t4\n %t6 = xor i1 %t5, true\n %now = zext i1 %t6 to i64\n"
        " %all.next = or i64 %all, %now\n"
        " %f.1 = mul i64 %j, %ka\n %f.2 = mul i64 %i, %kb\n %f.3 = add i64 %f.1, %f.2\n %f.4 = add i64 %f.3, %w\n"
        f" %f = add i64 %f.4, %table\n{_looked_up('%f')}{_pointer('o')} store double %found, ptr %o\n"
    )
    inner = loop("i", "%inner", body, carried=" %all = phi i64 [%sofar, %i.head], [%all.next, %i.latch]\n")
    loops = loop("j", "%outer", inner, carried=" %sofar = phi i64 [0, %j.head], [%all.next, %j.latch]\n")
    return f"define i64 @take({_ARGUMENTS}) {{\nentry:\n{_fields()}{loops} ret i64 %all.next\n}}\n"


def run_text(program: str) -> str:
    """The function `run(block)`: runs a program and tells if a check failed.

    A block is what `_HEADER` names, then the addresses of the segments; segment 0 is the program's memory. `checks` are n times
    three integers: results to check, as segment, first, number. The text of one round adds what it tells to %sofar: %all.next.
    """
    again = (
        " %first = icmp eq i64 %j, 0\n br i1 %first, label %go, label %copy\ncopy:\n"
        " call void @llvm.memcpy.p0.p0.i64(ptr %v, ptr %results.p, i64 %bytes, i1 false)\n br label %go\ngo:\n"
    )
    loops = loop("j", "%times", again + program, carried=" %sofar = phi i64 [0, %j.head], [%all.next, %j.latch]\n")
    field = " %{0}.p = getelementptr i64, ptr %piece, i64 {1}\n %{0} = load i64, ptr %{0}.p\n".format
    finite = loop(
        "k",
        "%size",
        " %p = getelementptr double, ptr %results, i64 %k\n %x = load double, ptr %p\n"
        + not_finite("%x", "off") + " %bad.next = or i64 %bad, %off\n",
        carried=" %bad = phi i64 [%worse, %k.head], [%bad.next, %k.latch]\n", note=None,
    )  # fmt: skip
    pieces = loop(
        "l",
        "%n",
        " %at.l = mul i64 %l, 3\n %piece = getelementptr i64, ptr %checks, i64 %at.l\n"
        + field("segment", 0) + field("start", 1) + field("size", 2)
        + " %s.p = getelementptr ptr, ptr %segments, i64 %segment\n %s = load ptr, ptr %s.p\n"
        " %results = getelementptr double, ptr %s, i64 %start\n" + finite,
        carried=" %worse = phi i64 [0, %l.head], [%bad.next, %l.latch]\n",
    )  # fmt: skip
    return (
        "declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)\ndefine i64 @run(ptr %block) {\nentry:\n"
        + "".join(
            f" %{name}.p = getelementptr {kind}, ptr %block, i64 {i}\n %{name} = load {kind}, ptr %{name}.p\n"
            for i, (name, kind) in enumerate(_HEADER.items())
        )
        + f" %segments = getelementptr ptr, ptr %block, i64 {len(_HEADER)}\n %v = load ptr, ptr %segments\n"
        " %results.p = getelementptr double, ptr %v, i64 %inputs\n %bytes = mul i64 %state, 8\n"
        f"{loops}{pieces} %end = or i64 %all.next, %bad.next\n ret i64 %end\n}}\n"
        '!0 = distinct !{!0, !1, !2}\n!1 = !{!"llvm.loop.vectorize.enable", i1 false}\n!2 = !{!"llvm.loop.unroll.disable"}\n'
    )


def text() -> str:
    """The interpreter in LLVM's language."""
    parts = [DECLARATIONS]
    parts += [_operation(name) for name, op in OPERATIONS.items() if op.operands]
    parts += [_dot(), _largest(), _gather(), _take()]
    pointers = ", ".join(f'ptr @"{name}"' for name in FUNCTIONS)
    parts.append(f"@functions = internal constant [{len(FUNCTIONS)} x ptr] [{pointers}]\n")
    instruction = (
        f" %at = mul i64 %i, {INSTRUCTION_SIZE}\n %instruction = getelementptr i64, ptr %code, i64 %at\n %number = load i64, ptr %instruction\n"
        " %slot = getelementptr ptr, ptr @functions, i64 %number\n %f = load ptr, ptr %slot\n"
        " %now = call i64 %f(ptr %segments, ptr %instruction, ptr %tab)\n %all.next = or i64 %all, %now\n"
    )
    instructions = loop("i", "%count", instruction, carried=" %all = phi i64 [%sofar, %i.head], [%all.next, %i.latch]\n")
    return "".join([*parts, run_text(instructions)])


@cache
def library() -> Code:
    """The interpreter, and its functions that are not of one operation."""
    return machine_code(text(), 2, passes=True, names=("run", *CALLS))


FUNCTION = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)
