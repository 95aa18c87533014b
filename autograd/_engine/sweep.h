/* The reverse sweep: the chain rule as chain.py defines it, over floats in the nodes.
 *
 * The adjoint of a computed Value is in its `grad`, that of a leaf in `bar` until the pass has succeeded. Contributions are
 * added in reverse order of recording, and within an operation in the order of its operands. A partial that is not finite
 * makes the pass fail: then every gradient is put back, and the sweep in Python finds that it is right or raises the error.
 */

/* ---- what flows from a Value to an operand --------------------------------------------------------------------------- */

OUT_OF_LINE void remember(Pass *p, Node *x) {
    if (p->m == p->before_room) {
        size_t room = p->before_room ? 2 * p->before_room : 64;
        void *more = PyMem_Realloc(p->before, room * sizeof *p->before);
        if (!more) {
            p->ok = 0;
            return;
        }
        p->before = more;
        p->before_room = room;
    }
    p->before[p->m].node = x;
    p->before[p->m++].grad = x->grad;
}
static inline void begin(Pass *p, Node *x) {
    if (x->reached) remember(p, x);
    x->grad = 0.0;
    x->reached = 1;
}

/* Make sure that `x`, an operand of `v`, which was recorded at `at`, will be visited, and has the gradient 0 unless something
 * flows to it. An older one takes no part, but as a leaf must not have changed. Whether it takes part. */
HOT int find(Pass *p, Node *v, uint64_t at, Node *x) {
    if (x->kind == LEAF) check_leaf(p, v, at, x);
    if (!SINCE(x)) {
        p->older = 1;
        return 0;
    }
    if (x->pending) return 1;
    if (x->kind == LEAF) find_leaf(p, x);
    else {
        begin(p, x);
        find_computed(p, x);
    }
    return 1;
}

/* `t` flows back from `v` to `x`. */
HOT void give(Pass *p, Node *v, uint64_t at, Node *x, double t) {
    if (!find(p, v, at, x)) return;
    double *bar = x->kind == LEAF ? &((Leaf *)x)->bar : &x->grad;
    if (x->pending == 2) *bar += t;
    else if (p->ok) { /* else it may be a leaf there was no memory for, to stay unmarked */
        *bar = t;
        x->pending = 2;
    }
}
/* What flows back from `v` to `x`: its partial d times the adjoint g. */
HOT void flow(Pass *p, Node *v, uint64_t at, Node *x, double g, double d) {
    if (!isfinite(d)) p->ok = 0;
    give(p, v, at, x, g * d);
}

/* ---- one and two operands -------------------------------------------------------------------------------------------- */

OUT_OF_LINE double partial_unary(int op, double x, double y) {
    switch (op) {
#define CASE(name) case OP_##name: return d0_##name(x, y);
    UNARY_ROWS(CASE)
#undef CASE
    }
    return NAN;
}
OUT_OF_LINE double partial_left(int op, double a, double b, double y) {
    switch (op) {
#define CASE(name) case OP_##name: return d0_##name(a, b, y);
    BINARY_ROWS(CASE)
#undef CASE
    }
    return NAN;
}
OUT_OF_LINE double partial_right(int op, double a, double b, double y) {
    switch (op) {
#define CASE(name) case OP_##name: return d1_##name(a, b, y);
    BINARY_ROWS(CASE)
#undef CASE
    }
    return NAN;
}

HOT void sweep_binary(Pass *p, Node *v, uint64_t at, double g) {
    Node *a = v->a, *b = v->b;
    double x = a->data, z = b->data, y = v->data, da = 0.0, db = 0.0;
    switch (v->op) {
    case OP_add: da = db = 1.0; break;
    case OP_mul: da = z; db = x; break;
    default:
        if (takes_part(p, v, at, a)) da = partial_left(v->op, x, z, y);
        if (takes_part(p, v, at, b)) db = partial_right(v->op, x, z, y);
    }
    if (takes_part(p, v, at, a)) flow(p, v, at, a, g, da);
    if (takes_part(p, v, at, b)) flow(p, v, at, b, g, db);
}

/* ---- fused dot products ---------------------------------------------------------------------------------------------- */

/* Operands to which nothing flows. They stay found until all that was computed from them has been visited, so once is enough,
 * unless a leaf among them is too new for some node. */
static inline void find_vector(Pass *p, Node *v, uint64_t at, Vector *m) {
    if (m->pass == p->number && m->assigned <= at) return;
    m->pass = p->number;
    m->assigned = 0;
    for (Py_ssize_t i = 0; i < m->n; i++) {
        Node *x = m->of[i].node;
        if (!x) continue;
        find(p, v, at, x);
        if (x->kind == LEAF && x->assigned > m->assigned) m->assigned = x->assigned;
    }
}
/* No partial needs a check: where a dot product is finite, so is all it was computed from. */
static void sweep_fused(Pass *p, Node *v, uint64_t at, double g) {
    if (!g || !p->ok) {
        find_vector(p, v, at, v->row);
        find_vector(p, v, at, v->xs);
        return;
    }
    const Operand *w = v->row->of, *x = v->xs->of, *end = x + v->xs->n;
    if (w->node) give(p, v, at, w->node, g);
    for (w++; x < end; w++, x++) {
        if (w->node) give(p, v, at, w->node, g * x->constant);
        if (x->node) give(p, v, at, x->node, g * number_of(w));
    }
}

/* ---- three and more operands ----------------------------------------------------------------------------------------- */

HOT void find_operands(Pass *p, Node *v, uint64_t at, const Operand *xs, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++)
        if (xs[i].node) find(p, v, at, xs[i].node);
}

OUT_OF_LINE void sweep_failed(Pass *p, Node *v, uint64_t at, const Operand *xs, Py_ssize_t n) {
    p->ok = 0;
    find_operands(p, v, at, xs, n);
}

/* _sweeps.h is written in these words. A leaf assigned since makes the pass fail, so the numbers in `xs` are those of now. */
#define SWEEP(name) sweep_##name
#define SWEEP_PARAMETERS Pass *pass, Node *node, uint64_t when, double bar, const Operand *xs, Py_ssize_t count
#define TAKES(x) ((x).node && takes_part(pass, node, when, (x).node))
#define FLOW(x, d) flow(pass, node, when, (x).node, bar, d)
#define FIND(x) find(pass, node, when, (x).node)
#define FAIL() sweep_failed(pass, node, when, xs, count)
#include "_sweeps.h"

static void sweep_many(Pass *p, Node *v, uint64_t at, double g) {
    const Operand *xs = v->many->of;
    Py_ssize_t n = v->many->n;
    if (!g || !p->ok) {
        find_operands(p, v, at, xs, n);
        return;
    }
    switch (v->op) {
#define CASE(name) case OP_##name: sweep_##name(p, v, at, g, xs, n); return;
        TERNARY_ROWS(CASE) NARY_ROWS(CASE)
#undef CASE
    }
    sweep_failed(p, v, at, xs, n); /* of a custom operation, which is swept in Python */
}

/* ---- the sweep ------------------------------------------------------------------------------------------------------- */

/* One pass from the newest root towards older nodes. */
static void sweep(Pass *p) {
    Slab *slab = slab_of(p->newest);
    for (Node *v = p->newest; (v = next_pending(p, &slab, v)); v--) {
        double g = v->pending == 2 ? v->grad : 0.0;
        uint64_t at = slab->base + v->delta;
        v->pending = 0;
        if (v->kind == DOT) {
            sweep_fused(p, v, at, g);
            continue;
        }
        if (v->kind == MANY) {
            sweep_many(p, v, at, g);
            continue;
        }
        Node *a = v->a;
        if (!g || !p->ok) { /* nothing flows, no partial is evaluated */
            find(p, v, at, a);
            if (v->kind == BINARY) find(p, v, at, v->b);
        } else if (v->kind == BINARY) sweep_binary(p, v, at, g);
        else if (takes_part(p, v, at, a)) {
            double x = a->data, y = v->data, d;
            if (v->kind == UNARY) d = partial_unary(v->op, x, y);
            else if (v->kind == CONST_LEFT) d = partial_right(v->op, v->constant, x, y);
            else d = v->op == OP_mul ? v->constant : v->op == OP_add ? 1.0 : partial_left(v->op, x, v->constant, y);
            flow(p, v, at, a, g, d);
        }
    }
}

/* Sweep from the roots. Afterwards the leaves reached are in `leaves`, pending, with their adjoints in `bar`. */
static void sweep_from(Pass *p, Node *const *roots, const double *seeds, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++) {
        Node *y = roots[i];
        if (!SINCE(y)) {
            p->older = 1;
            continue;
        }
        if (y->kind != LEAF && !y->pending) begin(p, y);
        find_root(p, y);
        if (!y->pending) continue;
        double *bar = y->kind == LEAF ? &((Leaf *)y)->bar : &y->grad;
        if (y->pending == 2) *bar += seeds[i];
        else {
            *bar = seeds[i];
            y->pending = 2;
        }
    }
    if (p->newest) sweep(p);
}

/* Every gradient as it was: after a pass that failed, or that was not about the gradients of nodes. */
static void undo(Pass *p, Node *const *roots, Py_ssize_t n) {
    Pass again = {.ok = 1, .since = p->since};
    Walk walk = {.forget = 1};
    unmark(p);
    walk_from(&again, &walk, roots, n);
    clear_pass(&again);
    for (size_t i = 0; i < p->m; i++) {
        p->before[i].node->grad = p->before[i].grad;
        p->before[i].node->reached = 1;
    }
}

/* ---- backward and adjoints ------------------------------------------------------------------------------------------- */

static PyObject *m_backward(PyObject *self, PyObject *unused) {
    Node *y = (Node *)self;
    if (modes || y->custom) return PyObject_CallOneArg(py.backward, self);
    Pass p = {.ok = 1, .number = ++passes};
    double one = 1.0;
    sweep_from(&p, &y, &one, 1);
    if (p.ok)
        for (size_t i = 0; i < p.n; i++) {
            Node *x = p.leaves[i];
            if (x->pending == 2) x->grad += ((Leaf *)x)->bar;
            x->reached = 1;
        }
    else undo(&p, &y, 1);
    clear_pass(&p);
    if (p.ok) Py_RETURN_NONE;
    return PyObject_CallOneArg(py.backward, self);
}

/* The list of adjoints; NotImplemented where Python has to. All arguments but `since` are lists or tuples. */
static PyObject *adjoints_of(PyObject *roots, PyObject *seeds, PyObject *inputs, uint64_t since, int alone) {
    Py_ssize_t m = PySequence_Fast_GET_SIZE(inputs), k = PySequence_Fast_GET_SIZE(roots);
    Node **ys = (Node **)PySequence_Fast_ITEMS(roots);
    PyObject *result = PyList_New(m); /* before the roots are looked at, for it may run the collector, and that any code */
    double *numbers = result ? PyMem_Malloc((k + 1) * sizeof *numbers) : NULL;
    if (!numbers) {
        Py_XDECREF(result);
        return PyErr_NoMemory();
    }
    int ok = PySequence_Fast_GET_SIZE(seeds) == k, failed = 0, older = 0;
    for (Py_ssize_t i = 0; ok && i < k; i++)
        ok = IsValue(ys[i]) && !ys[i]->custom && plain_number(PySequence_Fast_GET_ITEM(seeds, i), &numbers[i]);
    if (ok) {
        Pass p = {.ok = 1, .number = ++passes, .since = since};
        sweep_from(&p, ys, numbers, k);
        for (Py_ssize_t i = 0; p.ok && !failed && i < m; i++) {
            Node *x = (Node *)PySequence_Fast_GET_ITEM(inputs, i);
            int reached = IsValue(x) && x->kind == LEAF && x->pending == 2;
            PyObject *bar = reached ? PyFloat_FromDouble(((Leaf *)x)->bar) : Py_NewRef(Py_None);
            if (bar) PyList_SET_ITEM(result, i, bar);
            else failed = 1;
        }
        undo(&p, ys, k);
        clear_pass(&p);
        ok = p.ok;
        older = p.older;
    }
    PyMem_Free(numbers);
    if (failed) Py_CLEAR(result);
    else if (!ok) Py_SETREF(result, Py_NewRef(Py_NotImplemented));
    else if (alone && older) Py_SETREF(result, Py_NewRef(Py_None));
    return result;
}
/* adjoints(roots, seeds, inputs, since, alone): a list with the adjoint of each input, a leaf, or None; NotImplemented where
 * Python has to. With `alone` it is None if anything recorded up to `since` takes part. */
static PyObject *adjoints(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 5 || modes) Py_RETURN_NOTIMPLEMENTED;
    uint64_t since = PyLong_AsUnsignedLongLong(arguments[3]);
    if (PyErr_Occurred()) return NULL;
    PyObject *roots = PySequence_Fast(arguments[0], "roots"), *seeds = roots ? PySequence_Fast(arguments[1], "seeds") : NULL,
             *inputs = seeds ? PySequence_Fast(arguments[2], "inputs") : NULL;
    PyObject *result = inputs ? adjoints_of(roots, seeds, inputs, since, arguments[4] == Py_True) : NULL;
    Py_XDECREF(roots);
    Py_XDECREF(seeds);
    Py_XDECREF(inputs);
    return result;
}
