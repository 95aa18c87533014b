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

/* ---- functions ------------------------------------------------------------------------------------------------------- */

typedef double Value_of(const Operand *xs, Py_ssize_t count);

/* The Value or float; NULL, perhaps without an exception, where the slow path is needed. Takes `m`. `complete` says whether
 * all operands could be taken. */
static PyObject *record_many(int op, Value_of *value_of, Many *m, int complete, int mode) {
    double y = complete ? value_of(m->of, m->n) : NAN;
    if (isfinite(y) && mode == RECORD) return many(op, m, y);
    int any = 0;
    for (Py_ssize_t i = 0; i < m->n; i++) any |= m->of[i].node != NULL;
    free_many(m);
    if (!isfinite(y)) return NULL;
    return any ? (PyObject *)new_leaf(y) : PyFloat_FromDouble(y);
}

static PyObject *f_ternary(int op, Value_of *value_of, const char *name, PyObject *const *operands, Py_ssize_t n) {
    if (!takes(name, n, 3)) return NULL;
    int mode = mode_here();
    if (mode != SLOW) {
        Many *m = new_many(3);
        if (!m) return NULL;
        PyObject *v = record_many(op, value_of, m, take_array(m, operands, 3), mode);
        if (v || PyErr_Occurred()) return v;
    }
    return checked_operands(op, operands, 3);
}
#define TERNARY_FUNCTION(name) \
static double value_of_##name(const Operand *xs, Py_ssize_t count) { \
    return v_##name(xs[0].constant, xs[1].constant, xs[2].constant); \
} \
static PyObject *f_##name(PyObject *module, PyObject *const *operands, Py_ssize_t n) { \
    return f_ternary(OP_##name, value_of_##name, #name, operands, n); \
}
TERNARY_ROWS(TERNARY_FUNCTION)

/* of one list or tuple of operands */
static PyObject *f_nary(int op, Value_of *value_of, PyObject *operands) {
    int mode = IS_LIST(operands) ? mode_here() : SLOW;
    if (mode != SLOW) {
        Many *m = new_many(PySequence_Fast_GET_SIZE(operands) + 1);
        if (!m) return NULL;
        PyObject *v = record_many(op, value_of, m, take_list(m, operands), mode);
        if (v || PyErr_Occurred()) return v;
    }
    return checked(op, operands);
}
#define NARY_FUNCTION(name) \
static PyObject *f_##name(PyObject *module, PyObject *operands) { return f_nary(OP_##name, v_##name, operands); }
NARY_ROWS(NARY_FUNCTION)

/* sum(xs, start=0.0) and dot(a, b, start=0.0) of lists or tuples; functions.py has the definitions, and serves the rest. */
static PyObject *sum_of(PyObject *xs, PyObject *start, int mode) {
    int skip = !start || (PyFloat_CheckExact(start) && PyFloat_AS_DOUBLE(start) == 0.0);
    Many *m = new_many(PySequence_Fast_GET_SIZE(xs) + 1);
    return m ? record_many(OP_sum, v_sum, m, (skip || take_array(m, &start, 1)) && take_list(m, xs), mode) : NULL;
}
static PyObject *public_sum(PyObject *module, PyObject *const *arguments, Py_ssize_t n, PyObject *names) {
    int mode = mode_here();
    if (!names && (n == 1 || n == 2) && mode != SLOW && IS_LIST(arguments[0])) {
        PyObject *v = sum_of(arguments[0], n == 2 ? arguments[1] : NULL, mode);
        if (v || PyErr_Occurred()) return v;
    }
    return PyErr_Occurred() ? NULL : PyObject_Vectorcall(py.sum, arguments, n, names);
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
static PyObject *dot_of(PyObject *start, PyObject *a, PyObject *b, int mode) {
    Many *m = new_many(2 * PySequence_Fast_GET_SIZE(a) + 1);
    if (!m) return NULL;
    if (!start) m->of[m->n++] = (Operand){NULL, 0.0};
    return record_many(OP_dot, v_dot, m, (!start || take_array(m, &start, 1)) && take_pairs(m, a, b), mode);
}
static PyObject *public_dot(PyObject *module, PyObject *const *arguments, Py_ssize_t n, PyObject *names) {
    int mode = mode_here();
    if (!names && (n == 2 || n == 3) && mode != SLOW && IS_LIST(arguments[0]) && IS_LIST(arguments[1])
        && PySequence_Fast_GET_SIZE(arguments[0]) == PySequence_Fast_GET_SIZE(arguments[1])) {
        PyObject *v = dot_of(n == 3 ? arguments[2] : NULL, arguments[0], arguments[1], mode);
        if (v || PyErr_Occurred()) return v;
    }
    return PyErr_Occurred() ? NULL : PyObject_Vectorcall(py.dot, arguments, n, names);
}
