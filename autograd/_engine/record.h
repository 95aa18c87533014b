/* Recording operations of one and two operands: the fast path of operators, functions and methods.
 *
 * It serves Values and plain numbers in no active mode, where the result is finite. Everything else goes to the slow path in
 * Python, which raises what Python raises or finds that an infinity is right; so errors are the same in type and in words.
 */

static struct { /* functions in Python, for what is not done in C; given to setup() */
    PyObject *rows;         /* the rows of _kernels.h, by index */
    PyObject *careful;      /* (op, a, b): any operation of one or two operands; may return NotImplemented */
    PyObject *checked;      /* (op, operands): any operation; raises TypeError for what is no number */
    PyObject *leaf_number;  /* (x): a float, or a TypeError */
    PyObject *set_computed; /* (v): raises, for v is computed */
    PyObject *compare;      /* a tuple of six functions (v, other) */
    PyObject *backward;     /* (v): the sweep in Python */
    PyObject *partials;     /* (v, wanted): partials over Values, a list */
    PyObject *stale;        /* (leaf, v): returns an exception */
    PyObject *sum, *dot;    /* of functions.py */
    PyObject *through;      /* of fused_layers.py */
    PyObject *open_modes;   /* the context variable of modes.py */
    PyObject *mode_here;    /* (): how operations run in this context, a number of the enum below */
    PyObject *zero;         /* array.array("d", [0.0]) */
} py;

/* ---- numbers --------------------------------------------------------------------------------------------------------- */

/* 1 and the number; 0 where Python has to look. */
static inline int plain_number(PyObject *o, double *x) {
    if (PyFloat_CheckExact(o)) {
        *x = PyFloat_AS_DOUBLE(o);
        return 1;
    }
    if (PyLong_CheckExact(o) || PyBool_Check(o)) {
        int overflow;
        long long i = PyLong_AsLongLongAndOverflow(o, &overflow);
        if (overflow || i > (1LL << 53) || i < -(1LL << 53)) return 0;
        *x = (double)i;
        return 1;
    }
    if (PyFloat_Check(o)) {
        *x = PyFloat_AS_DOUBLE(o);
        return 1;
    }
    return 0;
}

/* The number of a Value or a float. */
static inline double real(PyObject *x) { return IsValue(x) ? ((Node *)x)->data : PyFloat_AS_DOUBLE(x); }

/* 1 and the number of a leaf; 0 with an exception set for what is no real number. May run Python code. */
static int leaf_number(PyObject *o, double *x) {
    if (PyFloat_CheckExact(o)) {
        *x = PyFloat_AS_DOUBLE(o);
        return 1;
    }
    PyObject *number = PyObject_CallOneArg(py.leaf_number, o);
    if (!number) return 0;
    *x = PyFloat_AsDouble(number);
    Py_DECREF(number);
    return 1;
}

/* ---- modes ----------------------------------------------------------------------------------------------------------- */

enum { RECORD, NO_GRAD, SLOW }; /* in NO_GRAD results are leaves; SLOW is every other mode */

static uint64_t mode_changes; /* how often a mode has begun or ended anywhere */

/* The mode of this context, asked of Python again when its modes have changed. SLOW with an exception set where asking was
 * interrupted, by a signal for example: the slow path then returns at once. */
static int mode_of_context(void) {
    static PyObject *seen;
    static uint64_t seen_at;
    static int mode;
    PyObject *open = NULL;
    if (PyContextVar_Get(py.open_modes, NULL, &open) < 0) PyErr_Clear();
    if (open && open == seen && seen_at == mode_changes) {
        Py_DECREF(open);
        return mode;
    }
    uint64_t at = mode_changes;
    PyObject *found = PyObject_CallNoArgs(py.mode_here);
    Py_XDECREF(open);
    if (!found) return SLOW;
    int here = (int)PyLong_AsLong(found);
    Py_DECREF(found);
    if (PyContextVar_Get(py.open_modes, NULL, &open) < 0) PyErr_Clear();
    else { /* as Python has left it: modes that were over are gone */
        seen_at = at;
        mode = here;
        Py_XSETREF(seen, open);
    }
    return here;
}
static inline int mode_here(void) { return modes ? mode_of_context() : RECORD; }
#define RESULT(recorded, y) (mode == RECORD ? (recorded) : (PyObject *)new_leaf(y))

/* ---- the slow path --------------------------------------------------------------------------------------------------- */

static PyObject *row(int op) { return PyTuple_GET_ITEM(py.rows, op); }

static PyObject *careful(int op, PyObject *a, PyObject *b) {
    PyObject *arguments[3] = {row(op), a, b};
    if (PyErr_Occurred()) return NULL;
    return PyObject_Vectorcall(py.careful, arguments, b ? 3 : 2, NULL);
}
static PyObject *checked(int op, PyObject *operands) {
    PyObject *arguments[2] = {row(op), operands};
    if (PyErr_Occurred()) return NULL;
    return PyObject_Vectorcall(py.checked, arguments, 2, NULL);
}
static PyObject *checked_operands(int op, PyObject *const *operands, Py_ssize_t n) {
    PyObject *t = PyErr_Occurred() ? NULL : PyTuple_New(n);
    if (!t) return NULL;
    for (Py_ssize_t i = 0; i < n; i++) PyTuple_SET_ITEM(t, i, Py_NewRef(operands[i]));
    PyObject *y = checked(op, t);
    Py_DECREF(t);
    return y;
}

/* ---- operations of one operand --------------------------------------------------------------------------------------- */

#define UNARY_FUNCTION(name) \
static PyObject *f_##name(PyObject *module, PyObject *X) { \
    double x, y; \
    int mode = mode_here(); \
    if (mode != SLOW) { \
        if (IsValue(X)) { \
            y = v_##name(((Node *)X)->data); \
            if (isfinite(y)) return RESULT(unary(OP_##name, (Node *)X, y), y); \
        } else if (plain_number(X, &x) && isfinite(y = v_##name(x))) return PyFloat_FromDouble(y); \
    } \
    return checked_operands(OP_##name, &X, 1); \
} \
static PyObject *m_##name(PyObject *X, PyObject *unused) { return f_##name(NULL, X); }
UNARY_ROWS(UNARY_FUNCTION)

static double value_unary(int op, double x) {
    switch (op) {
#define CASE(name) case OP_##name: return v_##name(x);
    UNARY_ROWS(CASE)
#undef CASE
    }
    return NAN;
}

/* ---- operations of two operands -------------------------------------------------------------------------------------- */

/* The body of a function of A and B: returns the result, or does `SLOW_PATH`. A macro, so that each row's formula is compiled
 * into each of the cases. */
#define BINARY_BODY(name, A, B, SLOW_PATH) do { \
    double a, b, y; \
    int mode = mode_here(); \
    if (mode == SLOW) SLOW_PATH; \
    if (IsValue(A)) { \
        a = ((Node *)(A))->data; \
        if (IsValue(B)) { \
            b = ((Node *)(B))->data; \
            y = v_##name(a, b); \
            if (!isfinite(y)) SLOW_PATH; \
            return RESULT(binary(OP_##name, (Node *)(A), (Node *)(B), y), y); \
        } \
        if (!plain_number(B, &b)) SLOW_PATH; \
        y = v_##name(a, b); \
        if (!isfinite(y)) SLOW_PATH; \
        return RESULT(with_constant(OP_##name, CONST_RIGHT, (Node *)(A), b, y), y); \
    } \
    if (!plain_number(A, &a)) SLOW_PATH; \
    if (!IsValue(B)) { \
        if (!plain_number(B, &b)) SLOW_PATH; \
        y = v_##name(a, b); \
        if (!isfinite(y)) SLOW_PATH; \
        return PyFloat_FromDouble(y); \
    } \
    b = ((Node *)(B))->data; \
    y = v_##name(a, b); \
    if (!isfinite(y)) SLOW_PATH; \
    return RESULT(with_constant(OP_##name, CONST_LEFT, (Node *)(B), a, y), y); \
} while (0)

#define OPERATOR(name) \
static PyObject *nb_##name(PyObject *A, PyObject *B) { BINARY_BODY(name, A, B, return careful(OP_##name, A, B)); }
OPERATOR(add) OPERATOR(sub) OPERATOR(mul) OPERATOR(div) OPERATOR(mod) OPERATOR(floordiv)
static PyObject *nb_pow(PyObject *A, PyObject *B, PyObject *modulus) {
    if (modulus != Py_None) Py_RETURN_NOTIMPLEMENTED;
    BINARY_BODY(pow, A, B, return careful(OP_pow, A, B));
}
static PyObject *nb_negative(PyObject *x) { return f_neg(NULL, x); }
static PyObject *nb_absolute(PyObject *x) { return f_abs(NULL, x); }

static int takes(const char *name, Py_ssize_t n, Py_ssize_t wanted) {
    if (n == wanted) return 1;
    PyErr_Format(PyExc_TypeError, "%s() takes %zd operands, not %zd", name, wanted, n);
    return 0;
}
#define BINARY_FUNCTION(name) \
static PyObject *f_##name(PyObject *module, PyObject *const *operands, Py_ssize_t n) { \
    if (!takes(#name, n, 2)) return NULL; \
    PyObject *A = operands[0], *B = operands[1]; \
    BINARY_BODY(name, A, B, return checked_operands(OP_##name, operands, 2)); \
} \
static PyObject *m_##name(PyObject *A, PyObject *B) { \
    PyObject *operands[2] = {A, B}; \
    return f_##name(NULL, operands, 2); \
}
BINARY_ROWS(BINARY_FUNCTION)
