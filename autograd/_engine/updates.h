/* update(name, columns, options): a formula of update_rules.py for every parameter, as a loop over floats.
 *
 * _updates.h has the loops. A column is a list of floats or an `array` of them, which is read where it is. Everything else is
 * left to Python, by returning None, and so is what Python refuses, division by 0 and roots of negative numbers.
 */

enum { MAX_COLUMNS = 8, MAX_OPTIONS = 16 };
#define UPDATE_PARAMETERS Py_ssize_t n, const double *const *columns, const double *options, double *const *results
typedef struct {
    const char *name;
    int columns, options, results;
    int (*loop)(UPDATE_PARAMETERS); /* 0 where Python has to */
} Formula;

static inline double divided(double a, double b, int *refused) {
    *refused |= b == 0.0;
    return a / b;
}
static inline double root(double x, int *refused) {
    *refused |= x < 0.0;
    return sqrt(x);
}
#include "_updates.h"

static const Formula *formula_of(PyObject *name) {
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++)
        if (PyUnicode_Check(name) && !PyUnicode_CompareWithASCIIString(name, formulas[i].name)) return &formulas[i];
    return NULL;
}

/* 1 and the numbers of the options, floats and whole ones; 0 for anything else. */
static int read_options(PyObject *options, double *x) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(options); i++) {
        PyObject *o = PyTuple_GET_ITEM(options, i);
        if (!(PyFloat_CheckExact(o) || PyLong_Check(o)) || !plain_number(o, &x[i])) return 0;
    }
    return 1;
}

typedef struct {
    Floats columns[MAX_COLUMNS], made[MAX_COLUMNS];
    PyObject *arrays[MAX_COLUMNS]; /* of what was made */
} Update;

static int run(const Formula *f, Update *u, PyObject *columns, const double *options) {
    const double *given[MAX_COLUMNS];
    double *made[MAX_COLUMNS];
    for (int i = 0; i < f->columns; i++) {
        if (!read_floats(PyTuple_GET_ITEM(columns, i), &u->columns[i]) || u->columns[i].n != u->columns[0].n) return 0;
        given[i] = u->columns[i].x;
    }
    for (int i = 0; i < f->results; i++) {
        if (!(u->arrays[i] = new_array(u->columns[0].n, &u->made[i]))) return 0;
        made[i] = u->made[i].x;
    }
    return f->loop(u->columns[0].n, given, options, made);
}
static PyObject *results(const Formula *f, Update *u, int as_lists) {
    PyObject *t = PyTuple_New(f->results);
    for (int i = 0; t && i < f->results; i++) {
        PyObject *column = as_lists ? list_of(u->made[i].x, u->made[i].n) : Py_NewRef(u->arrays[i]);
        if (!column) Py_CLEAR(t);
        else PyTuple_SET_ITEM(t, i, column);
    }
    return t;
}
static PyObject *update(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 3 || !PyTuple_Check(arguments[1]) || !PyTuple_Check(arguments[2]))
        return PyErr_Format(PyExc_TypeError, "update(name, columns, options)");
    const Formula *f = formula_of(arguments[0]);
    PyObject *columns = arguments[1], *y = NULL;
    double options[MAX_OPTIONS];
    Update u = {0};
    if (f && PyTuple_GET_SIZE(columns) == f->columns && PyTuple_GET_SIZE(arguments[2]) == f->options
        && read_options(arguments[2], options) && run(f, &u, columns, options))
        y = results(f, &u, PyList_CheckExact(PyTuple_GET_ITEM(columns, 0)));
    for (int i = 0; f && i < f->columns; i++) {
        release_floats(&u.columns[i]);
        release_floats(&u.made[i]);
        Py_XDECREF(u.arrays[i]);
    }
    return y || PyErr_Occurred() ? y : Py_NewRef(Py_None);
}
