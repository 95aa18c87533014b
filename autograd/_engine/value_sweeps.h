/* Sweeps whose adjoints and tangents are Python objects: reverse over Values, so that a derivative is a graph again, and
 * forward over floats or Values. chain.py has the definitions and lists the nodes.
 *
 * Python code may run here (custom operations, the collector), so nothing is marked in the nodes: a table has what is found.
 * What a sweep cannot do, it leaves to the one in Python from the start: active modes, and every partial that is not finite or
 * raises an error.
 */

#include "_lifted.h"

/* ---- the operands of a node, and which of their partials are wanted -------------------------------------------------- */

typedef struct {
    Py_ssize_t n;
    Operand *of;
    uint8_t *wanted;
    double *slopes;      /* partials as numbers, */
    PyObject **partials; /* or as objects; NULL where there is none */
    Operand few[3];
    uint8_t few_wanted[3];
    double few_slopes[3];
    PyObject *few_partials[3];
    void *memory; /* of more than three */
} Edges;

static int edges_of(Node *v, Edges *e) {
    e->n = v->kind == UNARY ? 1 : v->kind == MANY ? v->many->n : v->kind == DOT ? v->row->n + v->xs->n : 2;
    e->of = e->few;
    e->wanted = e->few_wanted;
    e->slopes = e->few_slopes;
    e->partials = e->few_partials;
    e->memory = NULL;
    if (e->n > 3) {
        size_t each = sizeof *e->of + sizeof *e->slopes + sizeof *e->partials + sizeof *e->wanted;
        if (!(e->memory = PyMem_Malloc((size_t)e->n * each))) {
            PyErr_NoMemory();
            return 0;
        }
        e->of = e->memory;
        e->slopes = (double *)(e->of + e->n);
        e->partials = (PyObject **)(e->slopes + e->n);
        e->wanted = (uint8_t *)(e->partials + e->n);
    }
    switch (v->kind) {
    case UNARY: e->of[0].node = v->a; break;
    case BINARY: e->of[0].node = v->a; e->of[1].node = v->b; break;
    case CONST_RIGHT: e->of[0].node = v->a; e->of[1] = (Operand){NULL, v->constant}; break;
    case CONST_LEFT: e->of[0] = (Operand){NULL, v->constant}; e->of[1].node = v->a; break;
    default: for (Py_ssize_t i = 0; i < e->n; i++) e->of[i] = *nth(v, i);
    }
    for (Py_ssize_t i = 0; i < e->n; i++) {
        if (e->of[i].node) e->of[i].constant = e->of[i].node->data;
        e->wanted[i] = 0;
        e->partials[i] = NULL;
    }
    return 1;
}
static void drop_edges(Edges *e) {
    for (Py_ssize_t i = 0; i < e->n; i++) Py_XDECREF(e->partials[i]);
    PyMem_Free(e->memory);
}

/* ---- partials as numbers --------------------------------------------------------------------------------------------- */

#undef SWEEP_PARAMETERS
#undef SWEEP
#undef TAKES
#undef FLOW
#undef FIND
#undef FAIL
#define SWEEP_PARAMETERS Edges *edges, Node *node, int *ok, const Operand *xs, Py_ssize_t count
#define SWEEP(name) slopes_of_##name
#define TAKES(x) edges->wanted[&(x) - xs]
#define FLOW(x, d) edges->slopes[&(x) - xs] = (d)
#define FIND(x) edges->wanted[&(x) - xs] = 0
#define FAIL() *ok = 0
#include "_sweeps.h"

/* 0 where Python has to: for a partial that is not finite, and for custom operations. */
static int find_slopes(Node *v, Edges *e) {
    int ok = 1, op = v->kind == DOT ? OP_dot : v->op;
    const Operand *xs = e->of;
    if (v->kind == UNARY) e->slopes[0] = partial_unary(op, xs[0].constant, v->data);
    else if (v->kind == MANY || v->kind == DOT)
        switch (op) {
#define CASE(name) case OP_##name: slopes_of_##name(e, v, &ok, xs, e->n); break;
            TERNARY_ROWS(CASE) NARY_ROWS(CASE)
#undef CASE
        default: return 0;
        }
    else {
        if (e->wanted[0]) e->slopes[0] = partial_left(op, xs[0].constant, xs[1].constant, v->data);
        if (e->wanted[1]) e->slopes[1] = partial_right(op, xs[0].constant, xs[1].constant, v->data);
    }
    for (Py_ssize_t i = 0; ok && i < e->n; i++)
        if (e->wanted[i] && !isfinite(e->slopes[i])) ok = 0;
    return ok;
}

/* ---- partials as objects --------------------------------------------------------------------------------------------- */

/* By chain.partials: rows of any number of operands, custom operations, and what calls Python's functions. */
static int partials_in_python(Node *v, Edges *e) {
    PyObject *wanted = PyList_New(e->n), *found = NULL;
    for (Py_ssize_t i = 0; wanted && i < e->n; i++) PyList_SET_ITEM(wanted, i, PyBool_FromLong(e->wanted[i]));
    if (wanted) found = PyObject_CallFunctionObjArgs(py.partials, (PyObject *)v, wanted, NULL);
    Py_XDECREF(wanted);
    int ok = found && PyList_CheckExact(found) && PyList_GET_SIZE(found) == e->n;
    for (Py_ssize_t i = 0; ok && i < e->n; i++)
        if (PyList_GET_ITEM(found, i) != Py_None) e->partials[i] = Py_NewRef(PyList_GET_ITEM(found, i));
    Py_XDECREF(found);
    return ok;
}
/* 0 with an exception set for one that fails. All are evaluated before any is used, in the order of operands. */
static int find_partials(Node *v, Edges *e) {
    PyObject *in[4] = {NULL};
    int ok = v->kind != DOT && e->n <= 3 && !(v->kind == MANY && v->many->op);
    for (Py_ssize_t i = 0; ok && i < e->n; i++) ok = !e->wanted[i] || lifted[v->op][i] != NULL;
    if (!ok) return partials_in_python(v, e);
    for (Py_ssize_t i = 0; ok && i < e->n; i++)
        ok = (in[i] = e->of[i].node ? Py_NewRef(e->of[i].node) : PyFloat_FromDouble(e->of[i].constant)) != NULL;
    in[e->n] = (PyObject *)v;
    for (Py_ssize_t i = 0; ok && i < e->n; i++) {
        if (!e->wanted[i]) continue;
        ok = (e->partials[i] = lifted[v->op][i](in)) != NULL;
        if (ok && e->partials[i] == Py_None) Py_CLEAR(e->partials[i]);
    }
    for (Py_ssize_t i = 0; i < e->n; i++) Py_XDECREF(in[i]);
    return ok;
}

/* Seeds may be anything, numbers that a compiler traces for example: these are left to Python. */
static int is_number(PyObject *x) { return PyFloat_CheckExact(x) || IsValue(x); }
static int is_zero(PyObject *x) { return PyFloat_CheckExact(x) && PyFloat_AS_DOUBLE(x) == 0.0; }
/* Whether the partial is the constant 0 and what it meets finite: the product is 0 then, and so is its every derivative. */
static int flows_nowhere(PyObject *g, PyObject *d) { return is_zero(d) && isfinite(real(g)); }

/* What a sweep has found, in a table from node to number or object, with open addressing. */
typedef struct {
    Node *node;
    union { double dot; PyObject *bar; };
} Found;
typedef struct {
    Found *of;
    size_t mask;
} Table;

static int new_table(Table *table, Py_ssize_t n) {
    size_t size = 16;
    while (size < 2 * (size_t)n) size *= 2;
    *table = (Table){PyMem_Calloc(size, sizeof *table->of), size - 1};
    if (!table->of) PyErr_NoMemory();
    return table->of != NULL;
}
static Found *place_of(const Table *table, Node *v) {
    size_t i = (size_t)((uint64_t)((uintptr_t)v >> 4) * 0x9E3779B97F4A7C15u >> 24) & table->mask;
    while (table->of[i].node && table->of[i].node != v) i = (i + 1) & table->mask;
    return &table->of[i];
}
static void drop_objects(Table *table) {
    for (size_t i = 0; i <= table->mask; i++)
        if (table->of[i].node) Py_DECREF(table->of[i].bar);
    PyMem_Free(table->of);
}

/* bars[x] = bars[x] + g·d */
static int contribute(Table *bars, Node *x, PyObject *g, PyObject *d) {
    PyObject *t = PyNumber_Multiply(g, d);
    Found *at = place_of(bars, x);
    if (!t) return 0;
    if (at->node) {
        Py_SETREF(t, PyNumber_Add(at->bar, t));
        if (!t) return 0;
        Py_SETREF(at->bar, t);
    } else *at = (Found){.node = x, .bar = t};
    return 1;
}

/* True: done. False after an error of arithmetic, and where `ok` is 0 without an error: Python has to, from the start. */
static PyObject *outcome(int ok) {
    if (!ok && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_ArithmeticError) && !PyErr_ExceptionMatches(PyExc_ValueError)) return NULL;
        PyErr_Clear();
    }
    return PyBool_FromLong(ok);
}
static int sweep_arguments(PyObject *const *arguments, Py_ssize_t n, const char *what) {
    if (n == 4 && PyList_CheckExact(arguments[0]) && PyDict_CheckExact(arguments[1]) && PyList_CheckExact(arguments[3])
        && all_values(((PyListObject *)arguments[0])->ob_item, PyList_GET_SIZE(arguments[0]))) return 1;
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, what);
    return 0;
}

/* ---- the sweeps ------------------------------------------------------------------------------------------------------ */

static int reverse_objects(PyObject *nodes, Table *bars, uint64_t since) {
    int ok = 1;
    for (Py_ssize_t k = PyList_GET_SIZE(nodes); ok && k-- > 0;) {
        Node *v = (Node *)PyList_GET_ITEM(nodes, k);
        const Found *found = v->kind == LEAF ? NULL : place_of(bars, v);
        if (!found || !found->node || is_zero(found->bar)) continue;
        if (!is_number(found->bar)) return 0;
        Edges e;
        if (!edges_of(v, &e)) return 0;
        PyObject *g = Py_NewRef(found->bar);
        for (Py_ssize_t i = 0; i < e.n; i++) e.wanted[i] = e.of[i].node && recorded_at(e.of[i].node) > since;
        ok = find_partials(v, &e);
        for (Py_ssize_t i = 0; ok && i < e.n; i++)
            if (e.partials[i] && !flows_nowhere(g, e.partials[i])) ok = contribute(bars, e.of[i].node, g, e.partials[i]);
        Py_DECREF(g);
        drop_edges(&e);
    }
    return ok;
}
/* reverse_values(nodes, bars, since, wanted): the reverse sweep over nodes in order of recording, from the adjoints `bars` to
 * those of the nodes wanted, put there too */
static PyObject *reverse_values(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (!sweep_arguments(arguments, n, "reverse_values(nodes, bars, since, wanted)")) return NULL;
    PyObject *nodes = arguments[0], *given = arguments[1], *wanted = arguments[3], *x, *bar;
    uint64_t since = PyLong_AsUnsignedLongLong(arguments[2]);
    Table bars;
    if (PyErr_Occurred() || !new_table(&bars, PyList_GET_SIZE(nodes) + PyDict_GET_SIZE(given))) return NULL;
    int ok = !modes;
    Py_ssize_t at = 0;
    while (ok && PyDict_Next(given, &at, &x, &bar))
        if ((ok = IsValue(x))) *place_of(&bars, (Node *)x) = (Found){.node = (Node *)x, .bar = Py_NewRef(bar)};
    ok = ok && reverse_objects(nodes, &bars, since);
    for (Py_ssize_t k = 0; ok && k < PyList_GET_SIZE(wanted); k++) {
        x = PyList_GET_ITEM(wanted, k);
        const Found *found = place_of(&bars, (Node *)x);
        if (found->node) ok = PyDict_SetItem(given, x, found->bar) == 0;
    }
    drop_objects(&bars);
    return outcome(ok && !PyErr_Occurred());
}

/* What flows forward into a node, as an object: a new reference; NULL for nothing, or with `ok` 0 where it fails. */
static PyObject *tangent_of(Node *v, PyObject *dots, int *ok) {
    Edges e;
    if (!edges_of(v, &e)) {
        *ok = 0;
        return NULL;
    }
    PyObject *total = NULL;
    int any = 0;
    for (Py_ssize_t i = 0; i < e.n; i++) {
        PyObject *t = e.of[i].node ? PyDict_GetItemWithError(dots, (PyObject *)e.of[i].node) : NULL;
        any |= e.wanted[i] = t && !is_zero(t);
        if (t && !is_number(t)) *ok = 0;
    }
    if (any && *ok) *ok = find_partials(v, &e);
    for (Py_ssize_t i = 0; any && *ok && i < e.n; i++) {
        if (!e.wanted[i] || !e.partials[i]) continue;
        PyObject *t = PyDict_GetItemWithError(dots, (PyObject *)e.of[i].node);
        if (!flows_nowhere(t, e.partials[i])) {
            PyObject *term = PyNumber_Multiply(t, e.partials[i]);
            if (total && term) Py_SETREF(term, PyNumber_Add(total, term));
            *ok = term != NULL;
            Py_XSETREF(total, term);
        }
    }
    drop_edges(&e);
    if (!*ok) Py_CLEAR(total);
    return total;
}
static int forward_objects(PyObject *nodes, PyObject *dots) {
    int ok = 1;
    for (Py_ssize_t k = 0; ok && k < PyList_GET_SIZE(nodes); k++) {
        Node *v = (Node *)PyList_GET_ITEM(nodes, k);
        if (v->kind == LEAF || PyDict_GetItemWithError(dots, (PyObject *)v)) continue;
        PyObject *t = tangent_of(v, dots, &ok);
        if (t) ok = PyDict_SetItem(dots, (PyObject *)v, t) == 0;
        Py_XDECREF(t);
    }
    return ok;
}

static int number_tangent(Node *v, const Table *dots) {
    Edges e;
    if (!edges_of(v, &e)) return 0;
    double sum = 0.0;
    int any = 0, ok = 1;
    for (Py_ssize_t i = 0; i < e.n; i++) {
        const Found *t = e.of[i].node ? place_of(dots, e.of[i].node) : NULL;
        any |= e.wanted[i] = t && t->node && t->dot != 0.0;
    }
    if (any) {
        ok = find_slopes(v, &e);
        any = 0;
        for (Py_ssize_t i = 0; ok && i < e.n; i++) {
            if (!e.wanted[i]) continue;
            double t = place_of(dots, e.of[i].node)->dot * e.slopes[i];
            sum = any ? sum + t : t;
            any = 1;
        }
        if (ok && any) *place_of(dots, v) = (Found){v, {sum}};
    }
    drop_edges(&e);
    return ok;
}
/* From the tangents `given` to those of the roots. */
static int forward_numbers(PyObject *nodes, PyObject *given, PyObject *roots) {
    Table dots;
    if (!new_table(&dots, PyList_GET_SIZE(nodes) + PyDict_GET_SIZE(given))) return 0;
    PyObject *x, *t;
    Py_ssize_t at = 0;
    int ok = 1;
    while (ok && PyDict_Next(given, &at, &x, &t))
        if ((ok = IsValue(x) && PyFloat_CheckExact(t))) *place_of(&dots, (Node *)x) = (Found){(Node *)x, {PyFloat_AS_DOUBLE(t)}};
    for (Py_ssize_t k = 0; ok && k < PyList_GET_SIZE(nodes); k++) {
        Node *v = (Node *)PyList_GET_ITEM(nodes, k);
        if (v->kind != LEAF && !place_of(&dots, v)->node) ok = number_tangent(v, &dots);
    }
    for (Py_ssize_t k = 0; ok && k < PyList_GET_SIZE(roots); k++) {
        const Found *y = place_of(&dots, (Node *)PyList_GET_ITEM(roots, k));
        if (!y->node) continue;
        ok = (t = PyFloat_FromDouble(y->dot)) && PyDict_SetItem(given, (PyObject *)y->node, t) == 0;
        Py_XDECREF(t);
    }
    PyMem_Free(dots.of);
    return ok;
}
/* forward_values(nodes, dots, lift, roots): the forward sweep, from the tangents `dots` to those of the roots, put there too;
 * with `lift` they are Values. */
static PyObject *forward_values(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (!sweep_arguments(arguments, n, "forward_values(nodes, dots, lift, roots)")) return NULL;
    PyObject *nodes = arguments[0], *dots = arguments[1], *roots = arguments[3];
    if (modes) return PyBool_FromLong(0);
    int ok = PyObject_IsTrue(arguments[2]) ? forward_objects(nodes, dots) : forward_numbers(nodes, dots, roots);
    return outcome(ok && !PyErr_Occurred());
}
