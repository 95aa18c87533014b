/* The type `Value`: making leaves, attributes, comparison, and the tables of its methods. value.py adds what is not here. */

/* Value(data, *, label="") */
static PyObject *value_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"data", "label", NULL};
    PyObject *data, *label = NULL;
    double x;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$O:Value", names, &data, &label)) return NULL;
    if (!leaf_number(data, &x)) return NULL;
    PyObject *v = (PyObject *)new_leaf(x);
    int named = label && !(PyUnicode_CheckExact(label) && !PyUnicode_GET_LENGTH(label));
    if (v && named && PyObject_SetAttrString(v, "label", label) < 0) Py_CLEAR(v);
    return v;
}
static int keywords(PyObject *kwargs, PyObject *names, PyObject *const *values) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++)
        if (PyDict_SetItem(kwargs, PyTuple_GET_ITEM(names, i), values[i]) < 0) return 0;
    return 1;
}
static PyObject *value_vectorcall(PyObject *type, PyObject *const *args, size_t nf, PyObject *names) {
    Py_ssize_t n = PyVectorcall_NARGS(nf);
    if (n == 1 && !names && PyFloat_CheckExact(args[0])) return (PyObject *)new_leaf(PyFloat_AS_DOUBLE(args[0]));
    PyObject *tuple = PyTuple_New(n), *kwargs = names ? PyDict_New() : NULL, *v = NULL;
    for (Py_ssize_t i = 0; tuple && i < n; i++) PyTuple_SET_ITEM(tuple, i, Py_NewRef(args[i]));
    if (tuple && (!names || (kwargs && keywords(kwargs, names, args + n)))) v = value_new(ValueType, tuple, kwargs);
    Py_XDECREF(tuple);
    Py_XDECREF(kwargs);
    return v;
}

/* ---- attributes ------------------------------------------------------------------------------------------------------ */

static void assign_leaf(Node *v, double x) {
    v->data = x;
    v->assigned = ++now;
}
static void refuse_computed(PyObject *v) { Py_XDECREF(PyObject_CallOneArg(py.set_computed, v)); }

static PyObject *get_data(Node *v, void *unused) { return PyFloat_FromDouble(v->data); }
static int set_data(Node *v, PyObject *data, void *unused) {
    double x;
    if (!data) {
        PyErr_SetString(PyExc_AttributeError, "the data of a Value cannot be deleted");
        return -1;
    }
    if (v->kind != LEAF) {
        refuse_computed((PyObject *)v);
        return -1;
    }
    if (!leaf_number(data, &x)) return -1;
    assign_leaf(v, x);
    return 0;
}

static PyObject *get_grad(Node *v, void *raw) {
    if (raw && !v->reached) {
        PyErr_SetString(PyExc_AttributeError, "_grad");
        return NULL;
    }
    return PyFloat_FromDouble(v->reached ? v->grad : 0.0);
}
static int set_grad(Node *v, PyObject *grad, void *unused) {
    double x = 0.0;
    if (grad && !leaf_number(grad, &x)) return -1;
    v->grad = x;
    v->reached = grad != NULL;
    return 0;
}

static PyObject *get_op(Node *v, void *unused) {
    if (v->kind == LEAF) Py_RETURN_NONE;
    return Py_NewRef(v->kind == MANY && v->many->op ? v->many->op : row(v->op));
}
static PyObject *get_seq(Node *v, void *unused) { return PyLong_FromUnsignedLongLong(recorded_at(v)); }
static PyObject *get_note(Node *v, void *unused) {
    if (v->note) return Py_NewRef(v->note);
    PyErr_SetString(PyExc_AttributeError, "_note");
    return NULL;
}
static int set_note(Node *v, PyObject *note, void *unused) {
    Py_XINCREF(note);
    Py_XSETREF(v->note, note);
    return 0;
}
static int set_b(Node *v, PyObject *tick, void *unused) { /* a checker puts back when a leaf was assigned */
    uint64_t assigned = !tick || tick == Py_None ? 0 : PyLong_AsUnsignedLongLong(tick);
    if (PyErr_Occurred()) return -1;
    if (v->kind == LEAF) v->assigned = assigned;
    return 0;
}
static PyObject *get_b(Node *v, void *unused) {
    if (v->kind != LEAF || !v->assigned) Py_RETURN_NONE;
    return PyLong_FromUnsignedLongLong(v->assigned);
}
static PyObject *get_is_leaf(Node *v, void *unused) { return PyBool_FromLong(v->kind == LEAF); }
static PyObject *get_reached(Node *v, void *unused) { return PyBool_FromLong(v->reached); }

static PyGetSetDef getset[] = {
    {"data", (getter)get_data, (setter)set_data, DOC_Value_data, NULL},
    {"grad", (getter)get_grad, (setter)set_grad, DOC_Value_grad, NULL},
    {"is_leaf", (getter)get_is_leaf, NULL, DOC_Value_is_leaf, NULL},
    {"reached", (getter)get_reached, NULL, DOC_Value_reached, NULL},
    {"_data", (getter)get_data, NULL, NULL, NULL},
    {"_grad", (getter)get_grad, (setter)set_grad, NULL, "raw"},
    {"_op", (getter)get_op, NULL, NULL, NULL},
    {"_seq", (getter)get_seq, NULL, NULL, NULL},
    {"_b", (getter)get_b, (setter)set_b, "Of a leaf, the tick at which its data was last assigned.", NULL},
    {"_note", (getter)get_note, (setter)set_note, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL}};

/* ---- Python manners -------------------------------------------------------------------------------------------------- */

static PyObject *compare(PyObject *a, PyObject *b, int how) {
    double x, y;
    if (!IsValue(a)) Py_RETURN_NOTIMPLEMENTED;
    x = ((Node *)a)->data;
    if (IsValue(b)) y = ((Node *)b)->data;
    else if (!plain_number(b, &y)) return PyObject_CallFunctionObjArgs(PyTuple_GET_ITEM(py.compare, how), a, b, NULL);
    Py_RETURN_RICHCOMPARE(x, y, how);
}
static int nb_bool(PyObject *v) { return ((Node *)v)->data != 0.0; }
static PyObject *nb_positive(PyObject *v) { return Py_NewRef(v); }
static Py_hash_t hash(PyObject *v) { return _Py_HashPointer(v); }

static PyMethodDef methods[] = {
    {"backward", m_backward, METH_NOARGS, "backward($self, /)\n--\n\n" DOC_Value_backward},
#define UNARY_METHOD(name) {#name, m_##name, METH_NOARGS, #name "($self, /)\n--\n\n" DOC_##name},
#define BINARY_METHOD(name) {#name, m_##name, METH_O, #name "($self, b, /)\n--\n\n" DOC_##name},
    UNARY_ROWS(UNARY_METHOD) BINARY_ROWS(BINARY_METHOD)
    {NULL, NULL, 0, NULL}};

static PyType_Slot slots[] = {
    {Py_tp_new, value_new}, {Py_tp_dealloc, dealloc}, {Py_tp_hash, hash}, {Py_tp_richcompare, compare},
    {Py_tp_getset, getset}, {Py_tp_methods, methods},
    {Py_nb_add, nb_add}, {Py_nb_subtract, nb_sub}, {Py_nb_multiply, nb_mul}, {Py_nb_true_divide, nb_div},
    {Py_nb_remainder, nb_mod}, {Py_nb_floor_divide, nb_floordiv}, {Py_nb_power, nb_pow}, {Py_nb_negative, nb_negative},
    {Py_nb_absolute, nb_absolute}, {Py_nb_positive, nb_positive}, {Py_nb_bool, nb_bool},
    {0, NULL}};
static PyType_Spec spec = {"autograd.value.Value", sizeof(Node), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
