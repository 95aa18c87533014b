/* Many leaves at once, in one call each: the twins of bulk.py's functions. */

static PyObject *read_all(PyObject *leaves, int gradients) {
    PyObject *sequence = PySequence_Fast(leaves, "leaves are a sequence");
    if (!sequence) return NULL;
    Py_ssize_t n = PySequence_Fast_GET_SIZE(sequence);
    PyObject *list = all_values(PySequence_Fast_ITEMS(sequence), n) ? PyList_New(n) : NULL;
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
    Column *data = new_column(n), *grads = data ? new_column(n) : NULL;
    PyObject *both = grads ? PyTuple_Pack(2, data, grads) : NULL;
    for (Py_ssize_t i = 0; both && i < n; i++) {
        Node *v = (Node *)PyList_GET_ITEM(leaves, i);
        data->x[i] = v->data;
        grads->x[i] = v->reached ? v->grad : 0.0;
    }
    Py_XDECREF(data);
    Py_XDECREF(grads);
    return both;
}

/* Every number is read before the first is assigned: reading may run Python code and fail, assigning does neither. So both
 * arguments are copied to tuples first, unless the numbers are a column. */
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
static int assign_all(PyObject *leaves, PyObject *data) {
    Py_ssize_t n = PyTuple_GET_SIZE(leaves);
    if (Py_SIZE(data) != n) {
        PyErr_Format(PyExc_ValueError, "%zd leaves take %zd numbers, not %zd", n, n, Py_SIZE(data));
        return 0;
    }
    if (!all_values(((PyTupleObject *)leaves)->ob_item, n)) return 0;
    int is_column = Py_TYPE(data) == ColumnType;
    double *x = is_column ? ((Column *)data)->x : PyMem_Malloc((n + 1) * sizeof *x);
    if (!x) {
        PyErr_NoMemory();
        return 0;
    }
    int ok = read_numbers(leaves, is_column ? NULL : data, x);
    for (Py_ssize_t i = 0; ok && i < n; i++) assign_leaf((Node *)PyTuple_GET_ITEM(leaves, i), x[i]);
    if (!is_column) PyMem_Free(x);
    return ok;
}
static PyObject *assign(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 2) return PyErr_Format(PyExc_TypeError, "assign(leaves, data)");
    PyObject *leaves = PySequence_Tuple(arguments[0]);
    if (!leaves) return NULL;
    PyObject *data = Py_TYPE(arguments[1]) == ColumnType ? Py_NewRef(arguments[1]) : PySequence_Tuple(arguments[1]);
    int ok = data && assign_all(leaves, data);
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
