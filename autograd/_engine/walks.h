/* Walks over a graph that compute nothing: operands, ancestors, whether something older takes part, and `make`. */

/* make(op, operands, y): a computed Value, whatever the mode; the slow path ends here */
static const uint8_t arity[OP_COUNT] = {
#define ONE(name) [OP_##name] = 1,
#define TWO(name) [OP_##name] = 2,
#define THREE(name) [OP_##name] = 3,
    UNARY_ROWS(ONE) BINARY_ROWS(TWO) TERNARY_ROWS(THREE)
};
static PyObject *make_few(int op, const Many *m, double y) {
    Operand a = m->of[0], b = m->of[m->n - 1];
    if (!a.node) return with_constant(op, CONST_LEFT, b.node, a.constant, y);
    if (m->n == 1) return unary(op, a.node, y);
    return b.node ? binary(op, a.node, b.node, y) : with_constant(op, CONST_RIGHT, a.node, b.constant, y);
}
static PyObject *make(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 3 || !PyTuple_Check(arguments[1])) return PyErr_Format(PyExc_TypeError, "make(op, operands, y)");
    double y = PyFloat_AsDouble(arguments[2]);
    if (y == -1.0 && PyErr_Occurred()) return NULL;
    int op = 0, any = 0;
    for (int i = 1; i < OP_COUNT && !op; i++)
        if (row(i) == arguments[0]) op = i;
    Many *m = new_many(PyTuple_GET_SIZE(arguments[1]));
    if (!m) return NULL;
    int complete = take_list(m, arguments[1]);
    for (Py_ssize_t i = 0; i < m->n; i++) any |= m->of[i].node != NULL;
    if (!complete || !any || (arity[op] && arity[op] != m->n)) {
        free_many(m);
        return PyErr_Format(PyExc_TypeError, "make() takes the operands of %R, one of them a Value", arguments[0]);
    }
    if (arity[op] == 1 || arity[op] == 2) {
        PyObject *v = make_few(op, m, y);
        free_many(m);
        return v;
    }
    if (!op) m->op = arguments[0];
    return many(op, m, y);
}

/* operands(v) */
static const Operand *nth(const Node *v, Py_ssize_t i) { /* of a fused dot product: the start, then factors in turn */
    if (v->kind == MANY) return &v->many->of[i];
    return i % 2 || !i ? &v->row->of[(i + 1) / 2] : &v->xs->of[i / 2 - 1];
}
static PyObject *pair(PyObject *a, PyObject *b) { /* takes both */
    PyObject *t = a && b ? PyTuple_Pack(2, a, b) : NULL;
    Py_XDECREF(a);
    Py_XDECREF(b);
    return t;
}
static PyObject *operands(PyObject *module, PyObject *o) {
    if (!IsValue(o)) return PyErr_Format(PyExc_TypeError, "operands() takes a Value, not %.100s", Py_TYPE(o)->tp_name);
    Node *v = (Node *)o;
    switch (v->kind) {
    case LEAF: return PyTuple_New(0);
    case UNARY: return PyTuple_Pack(1, v->a);
    case BINARY: return PyTuple_Pack(2, v->a, v->b);
    case CONST_RIGHT: return pair(Py_NewRef(v->a), PyFloat_FromDouble(v->constant));
    case CONST_LEFT: return pair(PyFloat_FromDouble(v->constant), Py_NewRef(v->a));
    }
    Py_ssize_t n = v->kind == DOT ? v->row->n + v->xs->n : v->many->n;
    PyObject *t = PyTuple_New(n);
    for (Py_ssize_t i = 0; t && i < n; i++) {
        const Operand *o = nth(v, i);
        PyObject *x = o->node ? Py_NewRef(o->node) : PyFloat_FromDouble(o->constant);
        if (!x) Py_CLEAR(t);
        else PyTuple_SET_ITEM(t, i, x);
    }
    return t;
}

/* ---- the walk -------------------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject *list; /* where the computed ones go, newest first; NULL for nowhere */
    int forget;     /* take the gradients of the computed ones away */
    int older;      /* whether something that takes no part, for it is too old, was met */
    int failed;     /* an exception is set */
} Walk;

static inline void look(Pass *p, Walk *walk, Node *v, uint64_t at, Node *x) {
    if (!takes_part(p, v, at, x)) walk->older = 1;
    else if (x->kind != LEAF) {
        if (!x->pending) find_computed(p, x);
    } else {
        check_leaf(p, v, at, x);
        if (!x->pending) find_leaf(p, x);
    }
}
static void look_at_all(Pass *p, Walk *walk, Node *v, uint64_t at, const Operand *of, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++)
        if (of[i].node) look(p, walk, v, at, of[i].node);
}

/* Visit what the roots were computed from, roots included. */
static void walk_from(Pass *p, Walk *walk, Node *const *roots, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++) {
        if (SINCE(roots[i])) find_root(p, roots[i]);
        else walk->older = 1;
    }
    if (!p->newest) return;
    Slab *slab = slab_of(p->newest);
    for (Node *v = p->newest; (v = next_pending(p, &slab, v)); v--) {
        uint64_t at = slab->base + v->delta;
        v->pending = 0;
        if (walk->forget) {
            v->grad = 0.0;
            v->reached = 0;
        }
        if (walk->list && !walk->failed) walk->failed = PyList_Append(walk->list, (PyObject *)v) < 0;
        if (v->kind == MANY) look_at_all(p, walk, v, at, v->many->of, v->many->n);
        else if (v->kind == DOT) {
            look_at_all(p, walk, v, at, v->row->of, v->row->n);
            look_at_all(p, walk, v, at, v->xs->of, v->xs->n);
        } else {
            look(p, walk, v, at, v->a);
            if (v->kind == BINARY) look(p, walk, v, at, v->b);
        }
    }
}

static int all_values(PyObject *const *roots, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++)
        if (!IsValue(roots[i])) {
            PyErr_Format(PyExc_TypeError, "a graph starts from Values, not from %.100s", Py_TYPE(roots[i])->tp_name);
            return 0;
        }
    return 1;
}

static int by_age(const void *l, const void *r) {
    const Node *a = *(Node *const *)l, *b = *(Node *const *)r;
    return a->recorded < b->recorded ? -1 : a->recorded > b->recorded;
}
/* The computed Values, which are listed newest first, and the leaves, in order of recording. */
static PyObject *merged(PyObject *list, Node **leaves, Py_ssize_t n) {
    if (n) qsort(leaves, n, sizeof *leaves, by_age);
    Py_ssize_t i = PyList_GET_SIZE(list), j = 0, count = i + n;
    PyObject *result = PyList_New(count);
    for (Py_ssize_t k = 0; result && k < count; k++) {
        Node *v = i > 0 ? (Node *)PyList_GET_ITEM(list, i - 1) : NULL;
        if (v && (j == n || recorded_at(v) < leaves[j]->recorded)) i--;
        else v = leaves[j++];
        PyList_SET_ITEM(result, k, Py_NewRef(v));
    }
    return result;
}

/* ancestors(*roots, since=0) */
static PyObject *ancestors(PyObject *module, PyObject *const *arguments, Py_ssize_t n, PyObject *names) {
    Pass p = {.ok = 1};
    if (names && PyTuple_GET_SIZE(names)) {
        if (PyTuple_GET_SIZE(names) != 1 || PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "since"))
            return PyErr_Format(PyExc_TypeError, "ancestors() takes Values and `since`");
        p.since = PyLong_AsUnsignedLongLong(arguments[n]);
        if (PyErr_Occurred()) return NULL;
    }
    if (!all_values(arguments, n)) return NULL;
    Walk walk = {.list = PyList_New(0)};
    if (!walk.list) return NULL;
    walk_from(&p, &walk, (Node *const *)arguments, n);
    unmark(&p);
    PyObject *result = NULL;
    if (!p.ok) raise_failure(&p);
    else if (!walk.failed) result = merged(walk.list, p.leaves, (Py_ssize_t)p.n);
    PyMem_Free(p.leaves);
    Py_DECREF(walk.list);
    return result;
}

/* reaches_before(roots, since): whether anything recorded at or before `since` takes part */
static PyObject *reaches_before(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 2) return PyErr_Format(PyExc_TypeError, "reaches_before(roots, since)");
    Pass p = {.ok = 1, .since = PyLong_AsUnsignedLongLong(arguments[1])};
    if (PyErr_Occurred()) return NULL;
    PyObject *roots = PySequence_Fast(arguments[0], "roots are a sequence"), *result = NULL;
    if (!roots) return NULL;
    if (all_values(PySequence_Fast_ITEMS(roots), PySequence_Fast_GET_SIZE(roots))) {
        Walk walk = {0};
        walk_from(&p, &walk, (Node *const *)PySequence_Fast_ITEMS(roots), PySequence_Fast_GET_SIZE(roots));
        clear_pass(&p);
        if (p.ok) result = PyBool_FromLong(walk.older);
        else raise_failure(&p);
    }
    Py_DECREF(roots);
    return result;
}
