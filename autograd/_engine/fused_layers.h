/* Layers of dot products in one call, as fused_layers.py defines them.
 *
 * The nodes of a layer share their operands (`Vector`): those of one call its inputs, and those of one neuron, in all calls,
 * its weights. A dot product so takes one node and no list of its own.
 */

static Vector *new_vector(Py_ssize_t n) {
    Vector *m = PyMem_Malloc(sizeof(Vector) + n * sizeof(Operand));
    if (!m) {
        PyErr_NoMemory();
        return NULL;
    }
    m->refs = m->all_values = 1;
    m->n = m->pass = m->any = m->custom = 0;
    return m;
}
static void release(Vector *m) {
    if (!m || --m->refs) return;
    for (Py_ssize_t i = 0; i < m->n; i++) Py_XDECREF(m->of[i].node);
    PyMem_Free(m);
}
/* Takes a reference to the Value. */
static inline void append(Vector *m, Operand x) {
    if (x.node) {
        m->any = 1;
        m->custom |= x.node->custom;
    } else if (m->n) m->all_values = 0;
    m->of[m->n++] = x;
}
static int append_all(Vector *m, PyObject *const *objects, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++) {
        Operand x;
        if (!read_operand(objects[i], &x)) return 0;
        Py_XINCREF(x.node);
        append(m, x);
    }
    return 1;
}
static inline double number_of(const Operand *x) { return x->node ? x->node->data : x->constant; }

/* ---- what a layer keeps from call to call ---------------------------------------------------------------------------- */

typedef struct { /* a start and a row of factors, as they were found last time */
    Vector *vector;
    PyObject **objects;
} Row;
typedef struct {
    int op; /* of the layer's function; 0 for none, -1 for one that is Python's */
    Py_ssize_t n;
    Row rows[];
} Kept;

static void forget_row(Row r) {
    for (Py_ssize_t i = 0; r.vector && i < r.vector->n; i++) Py_DECREF(r.objects[i]);
    PyMem_Free(r.objects);
    release(r.vector);
}

/* The start and the list as a vector: the same vector for as long as they are the same objects. */
static Vector *kept_row(Row *kept, PyObject *list, PyObject *start) {
    PyObject **objects = ((PyListObject *)list)->ob_item;
    Py_ssize_t k = PyList_GET_SIZE(list);
    if (kept->vector && kept->vector->n == k + 1 && kept->objects[0] == start
        && (!k || !memcmp(kept->objects + 1, objects, k * sizeof *objects)))
        return kept->vector;
    Row old = *kept, new = {new_vector(k + 1), PyMem_Malloc((k + 1) * sizeof *objects)};
    if (!new.vector || !new.objects || !append_all(new.vector, &start, 1) || !append_all(new.vector, objects, k)) {
        release(new.vector);
        PyMem_Free(new.objects);
        return NULL;
    }
    for (Py_ssize_t i = 0; i <= k; i++) new.objects[i] = Py_NewRef(i ? objects[i - 1] : start);
    *kept = new;
    forget_row(old); /* last, for it may free a custom operation, and that may run any code */
    return kept->vector;
}

/* ---- the outputs of layers ------------------------------------------------------------------------------------------- */

/* Output j of a layer before its function: start + row · xs. NULL where the slow path is needed. */
static Node *dot_node(Kept *kept, Py_ssize_t j, PyObject *rows, PyObject *starts, Vector *xs) {
    if (PyList_GET_SIZE(rows) != kept->n || PyList_GET_SIZE(starts) != kept->n) return NULL;
    PyObject *list = PyList_GET_ITEM(rows, j);
    Vector *row = PyList_CheckExact(list) ? kept_row(&kept->rows[j], list, PyList_GET_ITEM(starts, j)) : NULL;
    if (!row || row->n != xs->n + 1 || !(row->any | xs->any)) return NULL;
    double y = number_of(&row->of[0]);
    const Operand *w = row->of + 1, *x = xs->of, *end = x + xs->n;
    if (row->all_values)
        for (; x < end; w++, x++) y += w->node->data * x->constant;
    else
        for (; x < end; w++, x++) y += number_of(w) * x->constant;
    Node *v = isfinite(y) ? new_node(y, OP_dot, DOT) : NULL;
    if (!v) return NULL;
    v->row = row;
    v->xs = xs;
    row->refs++;
    xs->refs++;
    v->custom = row->custom | xs->custom;
    return v;
}

/* The outputs of one layer: a node for each row, and where the layer has a function a second one; NULL for the slow path. */
static Vector *outputs(PyObject *layer, Vector *xs) {
    Kept *kept = PyCapsule_GetPointer(PyTuple_GET_ITEM(layer, 3), NULL);
    PyObject *rows = PyTuple_GET_ITEM(layer, 0), *starts = PyTuple_GET_ITEM(layer, 1);
    Vector *ys = kept && kept->op >= 0 && PyList_GET_SIZE(rows) == kept->n ? new_vector(kept->n) : NULL;
    int ok = ys != NULL;
    for (Py_ssize_t j = 0; ok && j < kept->n; j++) {
        Node *v = dot_node(kept, j, rows, starts, xs);
        if (v) append(ys, (Operand){v, v->data});
        else ok = 0;
    }
    for (Py_ssize_t j = 0; ok && kept->op && j < kept->n; j++) {
        Operand *o = &ys->of[j];
        double y = value_unary(kept->op, o->constant);
        PyObject *v = isfinite(y) ? unary(kept->op, o->node, y) : NULL;
        if (v) {
            Py_DECREF(o->node);
            *o = (Operand){(Node *)v, y};
        } else ok = 0;
    }
    if (ok) return ys;
    release(ys);
    return NULL;
}

/* The outputs of the last layer, NULL for the slow path. */
static Vector *all_outputs(PyObject *x, PyObject *layers) {
    Vector *xs = new_vector(PyList_GET_SIZE(x));
    if (!xs || !append_all(xs, ((PyListObject *)x)->ob_item, PyList_GET_SIZE(x))) {
        release(xs);
        return NULL;
    }
    for (Py_ssize_t i = 0; xs && i < PyTuple_GET_SIZE(layers); i++) {
        Vector *ys = outputs(PyTuple_GET_ITEM(layers, i), xs);
        release(xs);
        xs = ys;
    }
    return xs;
}

/* through(x, layers) */
static PyObject *through(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    PyObject *y = NULL;
    int mode = mode_here();
    int fast = n == 2 && mode != SLOW && PyList_CheckExact(arguments[0]) && PyTuple_CheckExact(arguments[1])
               && PyTuple_GET_SIZE(arguments[1]);
    Vector *ys = fast ? all_outputs(arguments[0], arguments[1]) : NULL;
    if (ys && ys->n == 1) y = RESULT(Py_XNewRef(ys->of[0].node), ys->of[0].node->data);
    else if (ys && (y = PyList_New(ys->n)))
        for (Py_ssize_t i = 0; y && i < ys->n; i++) {
            PyObject *v = RESULT(Py_NewRef(ys->of[i].node), ys->of[i].node->data);
            if (v) PyList_SET_ITEM(y, i, v);
            else Py_CLEAR(y);
        }
    release(ys);
    return y || PyErr_Occurred() ? y : PyObject_Vectorcall(py.through, arguments, n, NULL);
}

static void free_kept(PyObject *capsule) {
    Kept *kept = PyCapsule_GetPointer(capsule, NULL);
    for (Py_ssize_t i = 0; i < kept->n; i++) forget_row(kept->rows[i]);
    PyMem_Free(kept);
}
/* dense(rows, starts, function) */
static PyObject *dense(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 3 || !PyList_CheckExact(arguments[0]) || !PyList_CheckExact(arguments[1]))
        return PyErr_Format(PyExc_TypeError, "dense(rows, starts, function): rows and starts are lists");
    Py_ssize_t count = PyList_GET_SIZE(arguments[0]);
    Kept *kept = PyMem_Calloc(1, sizeof(Kept) + count * sizeof(Row));
    if (!kept) return PyErr_NoMemory();
    kept->n = count;
    kept->op = arguments[2] == Py_None ? 0 : -1;
    PyCFunction f = PyCFunction_CheckExact(arguments[2]) ? PyCFunction_GET_FUNCTION(arguments[2]) : NULL;
#define IF_THIS(name) if (f == f_##name) kept->op = OP_##name;
    UNARY_ROWS(IF_THIS)
#undef IF_THIS
    PyObject *capsule = PyCapsule_New(kept, NULL, free_kept);
    if (!capsule) {
        PyMem_Free(kept);
        return NULL;
    }
    PyObject *t = PyTuple_Pack(4, arguments[0], arguments[1], arguments[2], capsule);
    Py_DECREF(capsule);
    return t;
}
