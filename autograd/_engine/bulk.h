/* Many leaves at once, in one call each: the twins of bulk.py's functions. */

/* ---- floats side by side --------------------------------------------------------------------------------------------- */

typedef struct { /* the floats of an `array`, which stay where they are, or a copy of those of a list */
    Py_ssize_t n;
    double *x;
    double *copy;
    Py_buffer buffer; /* of the array; keeps it from being resized */
} Floats;

/* 1 and the floats; 0, with or without an exception, for anything else. */
static int read_array(PyObject *xs, Floats *f) {
    if (Py_TYPE(xs) != Py_TYPE(py.zero)) return 0;
    if (PyObject_GetBuffer(xs, &f->buffer, PyBUF_WRITABLE | PyBUF_FORMAT) < 0 || strcmp(f->buffer.format, "d")) return 0;
    f->n = f->buffer.len / (Py_ssize_t)sizeof(double);
    f->x = f->buffer.buf;
    return 1;
}
static int read_floats(PyObject *xs, Floats *f) {
    if (!PyList_CheckExact(xs)) return read_array(xs, f);
    f->n = PyList_GET_SIZE(xs);
    if (!(f->x = f->copy = PyMem_Malloc((f->n + 1) * sizeof *f->x))) {
        PyErr_NoMemory();
        return 0;
    }
    for (Py_ssize_t i = 0; i < f->n; i++) {
        PyObject *x = PyList_GET_ITEM(xs, i);
        if (!PyFloat_CheckExact(x)) return 0;
        f->x[i] = PyFloat_AS_DOUBLE(x);
    }
    return 1;
}
static void release_floats(Floats *f) {
    PyMem_Free(f->copy);
    if (f->buffer.obj) PyBuffer_Release(&f->buffer);
}

/* A new array of n floats, to be written where it is. */
static PyObject *new_array(Py_ssize_t n, Floats *f) {
    PyObject *array = PySequence_Repeat(py.zero, n);
    if (array && !read_array(array, f)) Py_CLEAR(array);
    return array;
}
static PyObject *list_of(const double *x, Py_ssize_t n) {
    PyObject *list = PyList_New(n);
    for (Py_ssize_t i = 0; list && i < n; i++) {
        PyObject *entry = PyFloat_FromDouble(x[i]);
        if (!entry) Py_CLEAR(list);
        else PyList_SET_ITEM(list, i, entry);
    }
    return list;
}

/* ---- leaves ---------------------------------------------------------------------------------------------------------- */

static PyObject *read_all(PyObject *leaves, int gradients) {
    PyObject *sequence = PySequence_Fast(leaves, "leaves are a sequence");
    if (!sequence) return NULL;
    Py_ssize_t n = PySequence_Fast_GET_SIZE(sequence);
    PyObject *list = PyList_New(n); /* which may run the collector, and that any code: so look at the leaves afterwards */
    if (list && n != PySequence_Fast_GET_SIZE(sequence)) {
        PyErr_SetString(PyExc_RuntimeError, "the list of leaves has changed while it was read");
        Py_CLEAR(list);
    }
    if (list && !all_values(PySequence_Fast_ITEMS(sequence), n)) Py_CLEAR(list);
    for (Py_ssize_t i = 0; list && i < n; i++) {
        Node *v = (Node *)PySequence_Fast_GET_ITEM(sequence, i);
        PyObject *x = PyFloat_FromDouble(!gradients ? v->data : v->reached ? v->grad : 0.0);
        if (!x) Py_CLEAR(list);
        else PyList_SET_ITEM(list, i, x);
    }
    Py_DECREF(sequence);
    return list;
}
static PyObject *numbers(PyObject *module, PyObject *leaves) { return read_all(leaves, 0); }
static PyObject *grads(PyObject *module, PyObject *leaves) { return read_all(leaves, 1); }
static PyObject *columns(PyObject *module, PyObject *leaves) {
    if (!PyList_CheckExact(leaves)) return PyErr_Format(PyExc_TypeError, "leaves are a list");
    Py_ssize_t n = PyList_GET_SIZE(leaves);
    if (!all_values(((PyListObject *)leaves)->ob_item, n)) return NULL;
    Floats x = {0}, g = {0};
    PyObject *data = new_array(n, &x), *grads = data ? new_array(n, &g) : NULL;
    for (Py_ssize_t i = 0; grads && i < n; i++) {
        Node *v = (Node *)PyList_GET_ITEM(leaves, i);
        x.x[i] = v->data;
        g.x[i] = v->reached ? v->grad : 0.0;
    }
    release_floats(&x);
    release_floats(&g);
    return pair(data, grads);
}

/* The floats of a list or tuple of n, or 0. */
static int put_row(PyObject *xs, Py_ssize_t n, double *to) {
    if ((!PyList_CheckExact(xs) && !PyTuple_CheckExact(xs)) || PySequence_Fast_GET_SIZE(xs) != n) return 0;
    PyObject **items = PySequence_Fast_ITEMS(xs);
    for (Py_ssize_t i = 0; i < n; i++) {
        if (!PyFloat_CheckExact(items[i])) return 0;
        to[i] = PyFloat_AS_DOUBLE(items[i]);
    }
    return 1;
}
/* put(xs, view, first, n, width) */
static PyObject *put(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    if (count != 5) return PyErr_Format(PyExc_TypeError, "put(xs, view, first, n, width)");
    PyObject *xs = arguments[0];
    Py_ssize_t size[3];
    for (int k = 0; k < 3; k++) {
        size[k] = PyLong_AsSsize_t(arguments[2 + k]);
        if (size[k] < 0) return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "put() takes sizes that are not negative");
    }
    Py_ssize_t first = size[0], n = size[1], width = size[2], total = width ? n * width : n;
    Py_buffer view;
    if (PyObject_GetBuffer(arguments[1], &view, PyBUF_WRITABLE) < 0) return NULL;
    int ok = first + total <= view.len / (Py_ssize_t)sizeof(double);
    double *to = (double *)view.buf + first;
    if (!width) ok = ok && put_row(xs, n, to);
    else {
        ok = ok && (PyList_CheckExact(xs) || PyTuple_CheckExact(xs)) && PySequence_Fast_GET_SIZE(xs) == n;
        for (Py_ssize_t i = 0; ok && i < n; i++) {
            PyObject *row = PySequence_Fast_GET_ITEM(xs, i);
            ok = PyList_CheckExact(row) && put_row(row, width, to + i * width);
        }
    }
    PyBuffer_Release(&view);
    return PyBool_FromLong(ok);
}

/* The numbers for these leaves, which are checked; 0 with an exception. Reading a number may run Python code. */
static int read_numbers(PyObject *leaves, PyObject *data, double *x) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(leaves); i++) {
        PyObject *v = PyTuple_GET_ITEM(leaves, i);
        if (((Node *)v)->kind != LEAF) {
            refuse_computed(v);
            return 0;
        }
        if (data && !leaf_number(PyTuple_GET_ITEM(data, i), &x[i])) return 0;
    }
    return 1;
}
/* Every number is read before the first is assigned: reading may fail, assigning does not. */
static int assign_all(PyObject *leaves, PyObject *data, Floats *f) {
    Py_ssize_t n = PyTuple_GET_SIZE(leaves);
    if (data) f->n = PyTuple_GET_SIZE(data);
    if (f->n != n) {
        PyErr_Format(PyExc_ValueError, "%zd leaves take %zd numbers, not %zd", n, n, f->n);
        return 0;
    }
    if (!all_values(((PyTupleObject *)leaves)->ob_item, n)) return 0;
    if (data && !(f->x = f->copy = PyMem_Malloc((n + 1) * sizeof *f->copy))) {
        PyErr_NoMemory();
        return 0;
    }
    if (!read_numbers(leaves, data, f->copy)) return 0;
    for (Py_ssize_t i = 0; i < n; i++) assign_leaf((Node *)PyTuple_GET_ITEM(leaves, i), f->x[i]);
    return 1;
}
/* assign(leaves, data): both are copied to tuples, for reading a number may run Python code; an array stays where it is. */
static PyObject *assign(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 2) return PyErr_Format(PyExc_TypeError, "assign(leaves, data)");
    PyObject *leaves = PySequence_Tuple(arguments[0]), *data = NULL;
    if (!leaves) return NULL;
    Floats f = {0};
    int is_array = read_array(arguments[1], &f);
    int ok = (is_array || (data = PySequence_Tuple(arguments[1]))) && assign_all(leaves, data, &f);
    release_floats(&f);
    Py_DECREF(leaves);
    Py_XDECREF(data);
    return ok ? Py_NewRef(Py_None) : NULL;
}

static PyObject *assign_grads(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 2) return PyErr_Format(PyExc_TypeError, "assign_grads(leaves, grad)");
    double x;
    if (!leaf_number(arguments[1], &x)) return NULL;
    PyObject *leaves = PySequence_Fast(arguments[0], "leaves are a sequence");
    if (!leaves) return NULL;
    int ok = all_values(PySequence_Fast_ITEMS(leaves), PySequence_Fast_GET_SIZE(leaves));
    for (Py_ssize_t i = 0; ok && i < PySequence_Fast_GET_SIZE(leaves); i++) {
        Node *v = (Node *)PySequence_Fast_GET_ITEM(leaves, i);
        v->grad = x;
        v->reached = 1;
    }
    Py_DECREF(leaves);
    return ok ? Py_NewRef(Py_None) : NULL;
}
