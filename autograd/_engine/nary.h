/* Recording operations of three and of any number of operands, and `sum` and `dot`, which take their operands in lists. */

static Many *new_many(Py_ssize_t room) {
    Many *m = PyMem_Malloc(sizeof(Many) + room * sizeof(Operand));
    if (!m) {
        PyErr_NoMemory();
        return NULL;
    }
    m->op = NULL;
    m->n = 0;
    return m;
}
static void free_many(Many *m) {
    for (Py_ssize_t i = 0; i < m->n; i++) Py_XDECREF(m->of[i].node);
    PyMem_Free(m);
}

/* 1 and the operand; 0 for what is neither a Value nor a plain number. */
static inline int read_operand(PyObject *x, Operand *o) {
    if (!IsValue(x)) {
        o->node = NULL;
        return plain_number(x, &o->constant);
    }
    o->node = (Node *)x;
    o->constant = o->node->data;
    return 1;
}
/* The same, with a reference to it: what computes the result may run Python code, which may change the caller's list. */
static inline int take(PyObject *x, Operand *o) {
    if (!read_operand(x, o)) return 0;
    Py_XINCREF(o->node);
    return 1;
}
#define IS_LIST(o) (PyList_CheckExact(o) || PyTuple_CheckExact(o))
/* Append these operands. Like all that append, 0 where one cannot be taken; `m` then has those before it. */
static int take_array(Many *m, PyObject *const *xs, Py_ssize_t n) {
    Operand *o = m->of + m->n, *end = o + n;
    while (o < end && take(*xs, o)) {
        o++;
        xs++;
    }
    m->n = o - m->of;
    return o == end;
}
static int take_list(Many *m, PyObject *list) {
    return take_array(m, PySequence_Fast_ITEMS(list), PySequence_Fast_GET_SIZE(list));
}

/* A computed Value, or where no operand is a Value a float. Takes `m`. */
static PyObject *many(int op, Many *m, double y) {
    int any = 0, custom = m->op != NULL;
    for (Py_ssize_t i = 0; i < m->n; i++) {
        Node *x = m->of[i].node;
        if (x) {
            any = 1;
            custom |= x->custom;
        }
    }
    Node *v = any ? new_node(y, op, MANY) : NULL;
    if (!v) {
        free_many(m);
        return any ? NULL : PyFloat_FromDouble(y);
    }
    Py_XINCREF(m->op);
    v->many = m;
    v->custom = custom;
    return (PyObject *)v;
}

/* ---- values ---------------------------------------------------------------------------------------------------------- */

#define X_(i) (m->of[i].constant)

static double largest(const Many *m, Py_ssize_t from) {
    double y = -INFINITY;
    for (Py_ssize_t i = from; i < m->n; i++) y = (y >= X_(i) || y != y) ? y : X_(i);
    return y;
}
static double sumexp(const Many *m, Py_ssize_t from, double shift) {
    double y = 0.0;
    for (Py_ssize_t i = from; i < m->n; i++) y += exp(X_(i) - shift);
    return y;
}
static double hypot_many(const Many *m) {
    PyObject *arguments = PyTuple_New(m->n), *y = NULL;
    if (arguments) {
        for (Py_ssize_t i = 0; i < m->n; i++) {
            PyObject *x = PyFloat_FromDouble(X_(i));
            if (!x) { Py_DECREF(arguments); PyErr_Clear(); return NAN; }
            PyTuple_SET_ITEM(arguments, i, x);
        }
        y = PyObject_Call(py.hypot, arguments, NULL);
        Py_DECREF(arguments);
    }
    if (!y) { PyErr_Clear(); return NAN; }
    double result = PyFloat_AsDouble(y);
    Py_DECREF(y);
    return result;
}

/* The value of an operation of many operands; NaN where the slow path is needed. */
static double value_of_many(int op, const Many *m) {
    double y;
    Py_ssize_t n = m->n;
    switch (op) {
    case OP_sum: case OP_mean:
        y = 0.0;
        for (Py_ssize_t i = 0; i < n; i++) y += X_(i);
        return op == OP_sum ? y : y / (double)n;
    case OP_prod:
        y = 1.0;
        for (Py_ssize_t i = 0; i < n; i++) y *= X_(i);
        return y;
    case OP_dot:
        y = X_(0);
        for (Py_ssize_t i = 1; i < n; i += 2) y += X_(i) * X_(i + 1);
        return y;
    case OP_hypot: return hypot_many(m);
    case OP_sumexp: return sumexp(m, 1, X_(0));
    case OP_logsumexp: {
        double shift = largest(m, 0), rest = 0.0;
        Py_ssize_t at = 0;
        while (at + 1 < n && X_(at) != shift) at++;
        for (Py_ssize_t i = 0; i < n; i++)
            if (i != at) rest += exp(X_(i) - shift);
        return shift + log1p(rest);
    }
#define TERNARY_VALUE(name) case OP_##name: return v_##name(X_(0), X_(1), X_(2));
    TERNARY_ROWS(TERNARY_VALUE)
    }
    return NAN;
}

/* ---- functions ------------------------------------------------------------------------------------------------------- */

/* The Value or float; NULL, perhaps without an exception, where the slow path is needed. Takes `m`. `complete` says whether
 * all operands could be taken. */
static PyObject *record_many(int op, Many *m, int complete) {
    double y = complete ? value_of_many(op, m) : NAN;
    if (isfinite(y)) return many(op, m, y);
    free_many(m);
    return NULL;
}

static PyObject *f_ternary(int op, const char *name, PyObject *const *operands, Py_ssize_t n) {
    if (!takes(name, n, 3)) return NULL;
    if (!modes) {
        Many *m = new_many(3);
        if (!m) return NULL;
        PyObject *v = record_many(op, m, take_array(m, operands, 3));
        if (v || PyErr_Occurred()) return v;
    }
    return checked_operands(op, operands, 3);
}
#define TERNARY_FUNCTION(name) \
static PyObject *f_##name(PyObject *module, PyObject *const *operands, Py_ssize_t n) { \
    return f_ternary(OP_##name, #name, operands, n); \
}
TERNARY_ROWS(TERNARY_FUNCTION)

/* of one list or tuple of operands */
static PyObject *f_nary(int op, PyObject *operands) {
    if (!modes && IS_LIST(operands)) {
        Many *m = new_many(PySequence_Fast_GET_SIZE(operands) + 1);
        if (!m) return NULL;
        PyObject *v = record_many(op, m, take_list(m, operands));
        if (v || PyErr_Occurred()) return v;
    }
    return checked(op, operands);
}
#define NARY_FUNCTION(name) \
static PyObject *f_##name(PyObject *module, PyObject *operands) { return f_nary(OP_##name, operands); }
NARY_ROWS(NARY_FUNCTION)

/* sum(xs, start=0.0) and dot(a, b, start=0.0) of lists or tuples; functions.py has the definitions, and serves the rest. */
static PyObject *sum_of(PyObject *xs, PyObject *start) {
    int skip = !start || (PyFloat_CheckExact(start) && PyFloat_AS_DOUBLE(start) == 0.0);
    Many *m = new_many(PySequence_Fast_GET_SIZE(xs) + 1);
    return m ? record_many(OP_sum, m, (skip || take_array(m, &start, 1)) && take_list(m, xs)) : NULL;
}
static PyObject *public_sum(PyObject *module, PyObject *const *arguments, Py_ssize_t n, PyObject *names) {
    if (!names && (n == 1 || n == 2) && !modes && IS_LIST(arguments[0])) {
        PyObject *v = sum_of(arguments[0], n == 2 ? arguments[1] : NULL);
        if (v || PyErr_Occurred()) return v;
    }
    return PyObject_Vectorcall(py.sum, arguments, n, names);
}

static int take_pairs(Many *m, PyObject *a, PyObject *b) {
    PyObject **xs = PySequence_Fast_ITEMS(a), **ys = PySequence_Fast_ITEMS(b), **end = xs + PySequence_Fast_GET_SIZE(a);
    Operand *o = m->of + m->n;
    for (; xs < end; xs++, ys++) {
        if (!take(*xs, o)) break;
        o++;
        if (!take(*ys, o)) break;
        o++;
    }
    m->n = o - m->of;
    return xs == end;
}
static PyObject *dot_of(PyObject *start, PyObject *a, PyObject *b) {
    Many *m = new_many(2 * PySequence_Fast_GET_SIZE(a) + 1);
    if (!m) return NULL;
    if (!start) m->of[m->n++] = (Operand){NULL, 0.0};
    return record_many(OP_dot, m, (!start || take_array(m, &start, 1)) && take_pairs(m, a, b));
}
static PyObject *public_dot(PyObject *module, PyObject *const *arguments, Py_ssize_t n, PyObject *names) {
    if (!names && (n == 2 || n == 3) && !modes && IS_LIST(arguments[0]) && IS_LIST(arguments[1])
        && PySequence_Fast_GET_SIZE(arguments[0]) == PySequence_Fast_GET_SIZE(arguments[1])) {
        PyObject *v = dot_of(n == 3 ? arguments[2] : NULL, arguments[0], arguments[1]);
        if (v || PyErr_Occurred()) return v;
    }
    return PyObject_Vectorcall(py.dot, arguments, n, names);
}
