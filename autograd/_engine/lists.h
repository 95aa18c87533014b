/* Lists of operands, and the functions of lists that rows call by name: those of special.py that are no plain loop. */

typedef struct Node Node;
typedef struct {
    Node *node;      /* NULL for a constant */
    double constant; /* the number: of a constant, or of the node when it was recorded as an operand */
} Operand;

static PyObject *math_hypot; /* of Python's `math`: its bits differ from those of the C library's */

static double largest(const Operand *xs, Py_ssize_t count) {
    double y = -INFINITY;
    for (Py_ssize_t i = 0; i < count; i++) y = (y >= xs[i].constant || y != y) ? y : xs[i].constant;
    return y;
}
/* The place of the first of the largest numbers. */
static Py_ssize_t first_largest(const Operand *xs, Py_ssize_t count) {
    Py_ssize_t at = 0;
    for (Py_ssize_t i = 1; i < count; i++)
        if (xs[i].constant > xs[at].constant) at = i;
    return at;
}

/* Entry i of the list from `start` on, with its entries swapped in pairs; NaN where a last one has no partner. */
static inline double swapped(const Operand *xs, Py_ssize_t count, Py_ssize_t start, Py_ssize_t i) {
    Py_ssize_t j = (i - start) % 2 ? i - 1 : i + 1;
    return j < count ? xs[j].constant : NAN;
}

/* For each operand the product of the other ones: what stands before times what stands behind. NULL without memory. */
static double *others(const Operand *xs, Py_ssize_t count) {
    double *y = PyMem_Malloc((count + 1) * sizeof *y), before = 1.0;
    if (!y) return NULL;
    y[count] = 1.0;
    for (Py_ssize_t i = count; i-- > 1;) y[i] = y[i + 1] * xs[i].constant; /* from the end on: what stands behind */
    for (Py_ssize_t i = 0; i < count; i++) {
        y[i] = before * y[i + 1];
        before *= xs[i].constant;
    }
    return y;
}

/* NaN on any error, which leads to the slow path. */
static double length(const Operand *xs, Py_ssize_t count) {
    PyObject *arguments = PyTuple_New(count), *y = NULL;
    for (Py_ssize_t i = 0; arguments && i < count; i++) {
        PyObject *x = PyFloat_FromDouble(xs[i].constant);
        if (!x) Py_CLEAR(arguments);
        else PyTuple_SET_ITEM(arguments, i, x);
    }
    if (arguments) y = PyObject_Call(math_hypot, arguments, NULL);
    double result = y ? PyFloat_AsDouble(y) : NAN;
    if (!y) PyErr_Clear();
    Py_XDECREF(arguments);
    Py_XDECREF(y);
    return result;
}
