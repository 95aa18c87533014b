/* `Value` in C: the accelerator of value.py, fast_path.py, walks.py and chain.py, which stay the definition.
 *
 * It is one translation unit, so that the compiler can inline across its files; each file is one idea, and they are included
 * below in the order of reading. What the rows of the table compute is in _kernels.h, written by `python -m autograd.generate`.
 *
 * What is not done here is left to Python, through the functions in `py`: active modes, arrays, unusual numbers, and every
 * error. A result or a partial that is not finite sends the operation to the slow path in Python, which raises the error or
 * finds that the infinity is right; so errors are the same in both engines, in type and in words.
 *
 * All relies on the interpreter's lock. No Python code runs during a sweep: graphs with custom operations, whose partials are
 * Python, are swept in Python.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#ifndef _WIN32
#include <sys/mman.h>
#include <unistd.h>
#endif

#ifdef Py_GIL_DISABLED
#error "Value in C relies on the global interpreter lock; without it the pure-Python engine is used"
#endif

#ifndef SOURCE
#define SOURCE 0u /* the checksum of these files, from setup.py */
#endif

#include "arithmetic.h"
#include "lists.h"
#include "_kernels.h"
#include "_docs.h"
#include "node.h"
#include "record.h"
#include "nary.h"
#include "fused_layers.h"
#include "pass.h"
#include "walks.h"
#include "sweep.h"
#include "value_sweeps.h"
#include "type.h"
#include "bulk.h"
#include "updates.h"

/* ---- the module ------------------------------------------------------------------------------------------------------ */

static PyObject *tick(PyObject *module, PyObject *unused) { return PyLong_FromUnsignedLongLong(++now); }
static PyObject *count_modes(PyObject *module, PyObject *step) {
    modes += PyLong_AsLong(step);
    mode_changes++;
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

/* The rows in the order of _kernels.h, from a dictionary of all rows by name. */
static PyObject *rows_by_index(PyObject *table) {
    PyObject *t = PyTuple_New(OP_COUNT);
    if (!t) return NULL;
    PyTuple_SET_ITEM(t, OP_LEAF, Py_NewRef(Py_None));
    for (Py_ssize_t i = 1; i < OP_COUNT; i++) {
        PyObject *op = PyDict_GetItemString(table, op_names[i]);
        if (!op) {
            Py_DECREF(t);
            return PyErr_Format(PyExc_ImportError, "the table has no row %s", op_names[i]);
        }
        PyTuple_SET_ITEM(t, i, Py_NewRef(op));
    }
    return t;
}
/* setup(name=function, …): what the accelerator leaves to Python, see `py`; and `rows`, the table by name */
static PyObject *setup(PyObject *module, PyObject *args, PyObject *kwargs) {
    struct { const char *name; PyObject **where; } wanted[] = {
        {"careful", &py.careful}, {"checked", &py.checked}, {"leaf_number", &py.leaf_number},
        {"set_computed", &py.set_computed}, {"compare", &py.compare}, {"backward", &py.backward}, {"stale", &py.stale},
        {"partials", &py.partials}, {"hypot", &math_hypot}, {"sum", &py.sum}, {"dot", &py.dot}, {"through", &py.through},
        {"open_modes", &py.open_modes}, {"mode_here", &py.mode_here}, {"zero", &py.zero}};
    for (size_t i = 0; kwargs && i < sizeof wanted / sizeof *wanted; i++) {
        PyObject *given = PyDict_GetItemString(kwargs, wanted[i].name);
        if (given) Py_XSETREF(*wanted[i].where, Py_NewRef(given));
    }
    PyObject *table = kwargs ? PyDict_GetItemString(kwargs, "rows") : NULL;
    if (table) {
        PyObject *t = rows_by_index(table);
        if (!t) return NULL;
        Py_XSETREF(py.rows, t);
    }
    Py_RETURN_NONE;
}

#define FAST(f) ((PyCFunction)(void (*)(void))f)

static PyMethodDef functions[] = { /* of this module */
    {"tick", tick, METH_NOARGS, NULL},
    {"count_modes", count_modes, METH_O, NULL},
    {"setup", FAST(setup), METH_VARARGS | METH_KEYWORDS, NULL},
    {"make", FAST(make), METH_FASTCALL, NULL},
    {"operands", operands, METH_O, DOC_function_operands},
    {"ancestors", FAST(ancestors), METH_FASTCALL | METH_KEYWORDS, DOC_function_ancestors},
    {"reaches_before", FAST(reaches_before), METH_FASTCALL, DOC_function_reaches_before},
    {"adjoints", FAST(adjoints), METH_FASTCALL, NULL},
    {"update", FAST(update), METH_FASTCALL, NULL},
    {"reverse_values", FAST(reverse_values), METH_FASTCALL, NULL},
    {"forward_values", FAST(forward_values), METH_FASTCALL, NULL},
    {"dense", FAST(dense), METH_FASTCALL, DOC_function_dense},
    {"through", FAST(through), METH_FASTCALL, DOC_function_through},
    {"columns", columns, METH_O, DOC_function_columns},
    {"numbers", numbers, METH_O, DOC_function_numbers},
    {"grads", grads, METH_O, DOC_function_grads},
    {"put", FAST(put), METH_FASTCALL, DOC_function_put},
    {"assign", FAST(assign), METH_FASTCALL, DOC_function_assign},
    {"assign_grads", FAST(assign_grads), METH_FASTCALL, DOC_function_assign_grads},
    {NULL, NULL, 0, NULL}};

static PyMethodDef public_functions[] = { /* of the package: `sum` and `dot` as users call them */
    {"sum", FAST(public_sum), METH_FASTCALL | METH_KEYWORDS, DOC_function_sum},
    {"dot", FAST(public_dot), METH_FASTCALL | METH_KEYWORDS, DOC_function_dot},
    {NULL, NULL, 0, NULL}};

static PyMethodDef operations[] = { /* the rows by name */
#define UNARY_ENTRY(name) {#name, f_##name, METH_O, #name "(x, /)\n--\n\n" DOC_##name},
#define BINARY_ENTRY(name) {#name, FAST(f_##name), METH_FASTCALL, #name "(a, b, /)\n--\n\n" DOC_##name},
#define TERNARY_ENTRY(name) {#name, FAST(f_##name), METH_FASTCALL, #name "(a, b, c, /)\n--\n\n" DOC_##name},
#define NARY_ENTRY(name) {#name, f_##name, METH_O, #name "(xs, /)\n--\n\n" DOC_##name},
    UNARY_ROWS(UNARY_ENTRY) BINARY_ROWS(BINARY_ENTRY) TERNARY_ROWS(TERNARY_ENTRY) NARY_ROWS(NARY_ENTRY)
    {NULL, NULL, 0, NULL}};

/* The functions of a table by name; users find them in the package `autograd`, which is what their `__module__` says. */
static PyObject *functions_by_name(PyMethodDef *table) {
    PyObject *by_name = PyDict_New(), *package = PyUnicode_FromString("autograd");
    int ok = by_name && package;
    for (PyMethodDef *d = table; ok && d->ml_name; d++) {
        PyObject *f = PyCFunction_NewEx(d, NULL, package);
        ok = f && PyDict_SetItemString(by_name, d->ml_name, f) == 0;
        Py_XDECREF(f);
    }
    Py_XDECREF(package);
    if (!ok) Py_CLEAR(by_name);
    return by_name;
}

/* Takes the object. */
static int add(PyObject *module, const char *name, PyObject *object) {
    int status = object ? PyModule_AddObjectRef(module, name, object) : -1;
    Py_XDECREF(object);
    return status;
}
static int execute(PyObject *module) {
    if (ValueType) {
        PyErr_SetString(PyExc_ImportError, "autograd._engine._value supports one interpreter only");
        return -1;
    }
    ValueType = (PyTypeObject *)PyType_FromSpec(&spec);
    if (!ValueType) return -1;
    ValueType->tp_vectorcall = value_vectorcall;
    ValueType->tp_name = "Value"; /* as errors show a class written in Python */
    PyObject *public = functions_by_name(public_functions);
    int status = public ? PyDict_Update(PyModule_GetDict(module), public) : -1;
    Py_XDECREF(public);
    if (status < 0
        || add(module, "operations", functions_by_name(operations)) < 0
        || add(module, "rows", PyLong_FromUnsignedLong(ROWS)) < 0
        || add(module, "source", PyLong_FromUnsignedLong(SOURCE)) < 0
        || add(module, "Value", Py_NewRef(ValueType)) < 0)
        return -1;
    return 0;
}
static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, execute},
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
    {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "autograd._engine._value", "The accelerator of autograd.value.", 0, functions, module_slots};
PyMODINIT_FUNC PyInit__value(void) { return PyModuleDef_Init(&definition); }
