/* Columns: plain floats side by side, and their arithmetic, so that the update rule of an optimiser (nn/rules.py) is called
 * once, with columns, and not once for each parameter. */

typedef struct { PyObject_VAR_HEAD double x[]; } Column;
static PyTypeObject *ColumnType;

static Column *new_column(Py_ssize_t n) { return PyObject_NewVar(Column, ColumnType, n); }
static void column_dealloc(PyObject *o) {
    PyTypeObject *type = Py_TYPE(o);
    PyObject_Free(o);
    Py_DECREF(type);
}

/* Of a list of floats, or one itself; NULL for anything else. */
static Column *column(PyObject *xs) {
    if (Py_TYPE(xs) == ColumnType) return (Column *)Py_NewRef(xs);
    if (!PyList_CheckExact(xs)) return NULL;
    Py_ssize_t n = PyList_GET_SIZE(xs);
    Column *c = new_column(n);
    for (Py_ssize_t i = 0; c && i < n; i++) {
        PyObject *x = PyList_GET_ITEM(xs, i);
        if (!PyFloat_CheckExact(x)) { Py_DECREF(c); return NULL; }
        c->x[i] = PyFloat_AS_DOUBLE(x);
    }
    return c;
}
static PyObject *column_list(PyObject *self, PyObject *unused) {
    Column *c = (Column *)self;
    PyObject *list = PyList_New(Py_SIZE(c));
    for (Py_ssize_t i = 0; list && i < Py_SIZE(c); i++) {
        PyObject *x = PyFloat_FromDouble(c->x[i]);
        if (!x) Py_CLEAR(list);
        else PyList_SET_ITEM(list, i, x);
    }
    return list;
}
static PyObject *column_sqrt(PyObject *self, PyObject *unused) {
    Column *c = (Column *)self, *y = new_column(Py_SIZE(c));
    if (!y) return NULL;
    for (Py_ssize_t i = 0; i < Py_SIZE(c); i++) {
        if (c->x[i] < 0.0) {
            Py_DECREF(y);
            PyErr_SetString(PyExc_ValueError, "math domain error");
            return NULL;
        }
        y->x[i] = sqrt(c->x[i]);
    }
    return (PyObject *)y;
}

/* Each operand is a column, or a number that stands for a column of it: then its step from entry to entry is 0. */
static PyObject *column_op(PyObject *A, PyObject *B, char op) {
    PyObject *both[2] = {A, B};
    const double *x[2];
    double number[2];
    Py_ssize_t step[2], n = -1;
    for (int i = 0; i < 2; i++) {
        if (Py_TYPE(both[i]) == ColumnType) {
            if (n >= 0 && n != Py_SIZE(both[i]))
                return PyErr_Format(PyExc_ValueError, "columns of %zd and %zd", n, Py_SIZE(both[i]));
            n = Py_SIZE(both[i]);
            x[i] = ((Column *)both[i])->x;
            step[i] = 1;
        } else {
            if (!plain_number(both[i], &number[i])) Py_RETURN_NOTIMPLEMENTED;
            x[i] = &number[i];
            step[i] = 0;
        }
    }
    Column *y = new_column(n);
    if (!y) return NULL;
#define EACH_ENTRY(OPERATOR) for (Py_ssize_t i = 0; i < n; i++) y->x[i] = x[0][i * step[0]] OPERATOR x[1][i * step[1]]
    switch (op) {
    case '+': EACH_ENTRY(+); break;
    case '-': EACH_ENTRY(-); break;
    case '*': EACH_ENTRY(*); break;
    default:
        for (Py_ssize_t i = 0; i < n; i++)
            if (x[1][i * step[1]] == 0.0) {
                Py_DECREF(y);
                PyErr_SetString(PyExc_ZeroDivisionError, "float division by zero");
                return NULL;
            }
        EACH_ENTRY(/);
    }
    return (PyObject *)y;
}
static PyObject *column_add(PyObject *a, PyObject *b) { return column_op(a, b, '+'); }
static PyObject *column_sub(PyObject *a, PyObject *b) { return column_op(a, b, '-'); }
static PyObject *column_mul(PyObject *a, PyObject *b) { return column_op(a, b, '*'); }
static PyObject *column_div(PyObject *a, PyObject *b) { return column_op(a, b, '/'); }

static Py_ssize_t column_length(PyObject *self) { return Py_SIZE(self); }
static PyObject *column_item(PyObject *self, Py_ssize_t i) {
    if (i < 0 || i >= Py_SIZE(self)) return PyErr_Format(PyExc_IndexError, "there are %zd entries", Py_SIZE(self));
    return PyFloat_FromDouble(((Column *)self)->x[i]);
}
/* Copies and pickles are lists, which any engine can read. */
static PyObject *column_reduce(PyObject *self, PyObject *unused) {
    return Py_BuildValue("O(N)", &PyList_Type, column_list(self, NULL));
}

/* each(formula, columns, options): what _for_each of rules.py says, by one call of the formula; None where that cannot be. */
static PyObject *each(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    PyObject *given[16], *results = NULL;
    if (count != 3 || !PyTuple_CheckExact(arguments[1]) || !PyTuple_CheckExact(arguments[2]))
        return PyErr_Format(PyExc_TypeError, "each(formula, columns, options)");
    Py_ssize_t n = PyTuple_GET_SIZE(arguments[1]), k = PyTuple_GET_SIZE(arguments[2]), made = 0;
    int plain = n + k <= 16;
    double number;
    for (Py_ssize_t i = 0; plain && i < k; i++) {
        PyObject *o = given[n + i] = PyTuple_GET_ITEM(arguments[2], i);
        plain = (PyFloat_CheckExact(o) || PyLong_Check(o)) && plain_number(o, &number);
    }
    for (; plain && made < n; made++) {
        Column *c = column(PyTuple_GET_ITEM(arguments[1], made));
        if (!c) break;
        given[made] = (PyObject *)c;
        plain = Py_SIZE(c) == Py_SIZE(given[0]);
    }
    if (plain && made == n) results = PyObject_Vectorcall(arguments[0], given, n + k, NULL);
    if (results && given[0] != PyTuple_GET_ITEM(arguments[1], 0)) { /* asked with lists, it answers with lists */
        PyObject *lists = PyTuple_CheckExact(results) ? PyTuple_New(PyTuple_GET_SIZE(results)) : NULL;
        if (!lists && !PyErr_Occurred()) PyErr_Format(PyExc_TypeError, "a formula gives a tuple");
        for (Py_ssize_t i = 0; lists && i < PyTuple_GET_SIZE(results); i++) {
            PyObject *list = PyObject_CallMethod(PyTuple_GET_ITEM(results, i), "tolist", NULL);
            if (!list) Py_CLEAR(lists);
            else PyTuple_SET_ITEM(lists, i, list);
        }
        Py_SETREF(results, lists);
    }
    while (made > 0) Py_DECREF(given[--made]);
    return results || PyErr_Occurred() ? results : Py_NewRef(Py_None);
}

static PyMethodDef column_methods[] = {
    {"tolist", column_list, METH_NOARGS, NULL}, {"sqrt", column_sqrt, METH_NOARGS, NULL},
    {"__reduce__", column_reduce, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot column_slots[] = {
    {Py_tp_dealloc, column_dealloc}, {Py_tp_methods, column_methods}, {Py_sq_length, column_length},
    {Py_sq_item, column_item}, {Py_nb_add, column_add}, {Py_nb_subtract, column_sub},
    {Py_nb_multiply, column_mul}, {Py_nb_true_divide, column_div}, {0, NULL}};
static PyType_Spec column_spec = {
    "autograd._engine._value.Column", sizeof(Column), sizeof(double),
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, column_slots};

