/* `Value` in C: the accelerator of value.py, record.py, graph.py and chain.py, which stay the definition.
 *
 * What it computes is in _kernels.h, written from the table. What it does not do itself, it leaves to the Python code it
 * accelerates, through the functions in `py`: active modes, arrays, unusual numbers, and every error. The rule is that a
 * result or a partial that is not finite sends the operation the careful way, which raises what Python raises or finds
 * that the infinity is right; so errors are the same, in type and in words.
 *
 * The trick is in the memory. Computed Values are laid one behind the other in slabs, so that the order of addresses is the
 * order of recording and the reverse sweep is one pass from the root towards older nodes: no sort, no set, no stack. A
 * slab is used again when its last node dies. Leaves lie elsewhere, so that parameters, which live long, pin no slab.
 *
 * Values are not tracked by the cyclic collector. A node refers to its operands, which are older, and to a note of plain
 * strings; so nodes alone cannot form a cycle. (A custom operation is referred to as well. If its functions close over a
 * Value computed by it, that is a cycle, and is never freed.) No Python code runs while a sweep is under way, except that
 * of custom operations, whose graphs are swept in Python: the mark `careful` is inherited by all that is computed from them.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef Py_GIL_DISABLED
#error "Value in C relies on the global interpreter lock; without it the pure-Python engine is used"
#endif

#ifdef __GNUC__
__attribute__((unused))
#endif
static double py_hypot(double a, double b); /* if no row uses it */
static double py_mod(double a, double b);
static double py_floordiv(double a, double b);
#include "_kernels.h"

#ifdef __GNUC__ /* compilers think a sweep too long for its hottest lines */
#define HOT static inline __attribute__((always_inline))
#else
#define HOT static inline
#endif

#ifndef SOURCE
#define SOURCE 0u /* the checksum of this file, from setup.py */
#endif

/* ---- nodes ----------------------------------------------------------------------------------------------------------- */

typedef struct Node Node;
typedef struct {
    Node *node; /* NULL for a constant */
    double constant;
} Operand;
typedef struct { /* the operands of an operation of more than two, or of a custom one */
    PyObject *op; /* the row, if it is not one of _kernels.h */
    Py_ssize_t n;
    Operand of[];
} Many;
typedef struct { /* operands that many nodes share: those of a layer its inputs, those of a neuron at all its calls its weights */
    Py_ssize_t refs, n;
    uint64_t pass, assigned; /* the last pass that found them all, and when the newest number of a leaf was assigned */
    uint8_t any, careful, whole; /* whether one is a Value; one that is careful; all but the first are Values */
    Operand of[];
} Vector;

enum { LEAF, UNARY, BINARY, CONST_RIGHT, CONST_LEFT, MANY, DOT, DEAD };

struct Node {
    PyObject_HEAD
    double data;
    double grad;
    union { Node *a; Many *many; Vector *row; uint64_t assigned; };     /* of a leaf, when its data was last assigned */
    union { Node *b; double constant; Vector *xs; uint64_t recorded; }; /* of a leaf, when it was made */
    PyObject *note;
    uint32_t delta; /* recorded at the slab's base + delta */
    uint16_t op;
    uint8_t kind;
    unsigned reached : 1, careful : 1, pending : 2; /* pending: 1 found by a sweep, 2 has an adjoint */
};
typedef struct {
    Node node;
    double bar; /* what a sweep has for the leaf so far */
} Leaf;

static PyTypeObject *ValueType;
#define IsValue(o) (Py_TYPE(o) == ValueType)

static long modes;       /* how many modes are active anywhere */
static uint64_t now;     /* counts Values in order of recording, and assignments to leaves */
static uint64_t passes;

static struct { /* what is left to Python */
    PyObject *rows;      /* the rows of _kernels.h, by index */
    PyObject *careful;   /* (op, a, b): any operation of one or two operands; may return NotImplemented */
    PyObject *checked;   /* (op, operands): any operation; raises TypeError for what is no number */
    PyObject *leaf_number; /* (x): a float, or a TypeError */
    PyObject *set_computed; /* (v): raises, for v is computed */
    PyObject *compare;   /* a tuple of six functions (v, other) */
    PyObject *backward;  /* (v): the sweep in Python */
    PyObject *stale;     /* (leaf, v): returns an exception */
    PyObject *sum, *dot, *through; /* functions.py's and rows.py's */
    PyObject *hypot;     /* math's, which is not the C library's */
} py;

/* ---- slabs ----------------------------------------------------------------------------------------------------------- */

#define SLAB_BYTES (64 * 1024)
typedef struct Slab Slab;
struct Slab {
    Slab *previous, *next;
    uint64_t base;
    uint32_t used, live, pending;
    uint32_t spare_[7];
    Node node[];
};
/* A slab leaves room for the allocator's header of the one behind it, or every second slab would be a gap; 16 MB are kept. */
#define SLAB_USED (SLAB_BYTES - 16)
enum { PER_SLAB = (SLAB_USED - sizeof(Slab)) / sizeof(Node), SPARES = 256 };
_Static_assert(sizeof(Node) == 64 && sizeof(Slab) == 64, "a node is a cache line");

static Slab *current, *spare;
static int spares;
#define slab_of(v) ((Slab *)((uintptr_t)(v) & ~(uintptr_t)(SLAB_BYTES - 1)))
#define recorded_at(v) ((v)->kind == LEAF ? (v)->recorded : slab_of(v)->base + (v)->delta)

#ifdef _WIN32
#define slab_memory() _aligned_malloc(SLAB_USED, SLAB_BYTES)
#define free_slab _aligned_free
#else
static void *slab_memory(void) {
    void *p;
    return posix_memalign(&p, SLAB_BYTES, SLAB_USED) ? NULL : p;
}
#define free_slab free
#endif

static int new_slab(void) {
    Slab *s = spare;
    if (s) { spare = s->next; spares--; }
    else if (!(s = slab_memory())) { PyErr_NoMemory(); return -1; }
    s->used = s->live = s->pending = 0;
    s->base = now;
    s->next = NULL;
    s->previous = current;
    if (current) current->next = s;
    current = s;
    return 0;
}

static void slab_emptied(Slab *s) {
    if (s == current) { s->used = 0; s->base = now; return; }
    if (s->previous) s->previous->next = s->next;
    s->next->previous = s->previous;
    if (spares < SPARES) { s->next = spare; spare = s; spares++; }
    else free_slab(s);
}

static inline void init_object(PyObject *o) {
    Py_SET_TYPE(o, ValueType);
#ifdef Py_TRACE_REFS
    _Py_NewReference(o);
#else
    Py_SET_REFCNT(o, 1);
#endif
}

static inline Node *new_node(double data, int op, int kind) {
    if (!current || current->used == PER_SLAB || now - current->base > UINT32_MAX - 1)
        if (new_slab() < 0) return NULL;
    Slab *s = current;
    Node *v = &s->node[s->used++];
    s->live++;
    init_object((PyObject *)v);
    v->data = data;
    v->grad = 0.0;
    v->note = NULL;
    v->delta = (uint32_t)(++now - s->base);
    v->op = (uint16_t)op;
    v->kind = (uint8_t)kind;
    v->reached = v->careful = v->pending = 0;
    return v;
}

static Node *new_leaf(double data) {
    Node *v = PyObject_Malloc(sizeof(Leaf));
    if (!v) return (Node *)PyErr_NoMemory();
    init_object((PyObject *)v);
    v->data = data;
    v->grad = 0.0;
    v->assigned = 0;
    v->recorded = ++now;
    v->note = NULL;
    v->op = OP_LEAF;
    v->kind = LEAF;
    v->reached = v->careful = v->pending = 0;
    return v;
}

/* Iterative: an operand whose last reference this is joins the queue, linked through its data. */
static void dealloc(PyObject *o) {
    Node *v = (Node *)o, *todo = NULL;
    for (;;) {
#define DROP(P) do { Node *p_ = (P); \
        if (Py_REFCNT(p_) == 1) { memcpy(&p_->data, &todo, sizeof todo); todo = p_; } else Py_DECREF(p_); } while (0)
#define DROP_ALL(m) for (Py_ssize_t i = 0; i < (m)->n; i++) if ((m)->of[i].node) DROP((m)->of[i].node)
#define DROP_VECTOR(m) do { if (!--(m)->refs) { DROP_ALL(m); PyMem_Free(m); } } while (0)
        switch (v->kind) {
        case BINARY: DROP(v->b); /* fall through */
        case UNARY: case CONST_RIGHT: case CONST_LEFT: DROP(v->a); break;
        case DOT: DROP_VECTOR(v->xs); DROP_VECTOR(v->row); break;
        case MANY:
            DROP_ALL(v->many);
            Py_XDECREF(v->many->op);
            PyMem_Free(v->many);
        }
#undef DROP
#undef DROP_ALL
#undef DROP_VECTOR
        Py_CLEAR(v->note);
#ifdef Py_TRACE_REFS
        _Py_ForgetReference((PyObject *)v);
#endif
        if (v->kind == LEAF) PyObject_Free(v);
        else {
            Slab *s = slab_of(v);
            v->kind = DEAD;
            v->pending = 0;
            if (!--s->live) slab_emptied(s);
        }
        if (!(v = todo)) return;
        memcpy(&todo, &v->data, sizeof todo);
    }
}

/* A constant on the left keeps its number where the operand would be: in both cases `a` is the Value, `constant` the number. */
static inline PyObject *unary(int op, Node *x, double y) {
    Node *v = new_node(y, op, UNARY);
    if (!v) return NULL;
    v->a = (Node *)Py_NewRef(x);
    v->careful = x->careful;
    return (PyObject *)v;
}
static inline PyObject *binary(int op, Node *a, Node *b, double y) {
    Node *v = new_node(y, op, BINARY);
    if (!v) return NULL;
    v->a = (Node *)Py_NewRef(a);
    v->b = (Node *)Py_NewRef(b);
    v->careful = a->careful | b->careful;
    return (PyObject *)v;
}
static inline PyObject *half(int op, int kind, Node *a, double constant, double y) {
    Node *v = new_node(y, op, kind);
    if (!v) return NULL;
    v->a = (Node *)Py_NewRef(a);
    v->constant = constant;
    v->careful = a->careful;
    return (PyObject *)v;
}

/* ---- numbers --------------------------------------------------------------------------------------------------------- */

/* 1 and the number; 0 where Python has to look. */
static inline int plain_number(PyObject *o, double *x) {
    if (PyFloat_CheckExact(o)) { *x = PyFloat_AS_DOUBLE(o); return 1; }
    if (PyLong_CheckExact(o) || PyBool_Check(o)) {
        int overflow;
        long long i = PyLong_AsLongLongAndOverflow(o, &overflow);
        if (overflow || i > (1LL << 53) || i < -(1LL << 53)) return 0;
        *x = (double)i;
        return 1;
    }
    if (PyFloat_Check(o)) { *x = PyFloat_AS_DOUBLE(o); return 1; }
    return 0;
}

static double py_hypot(double a, double b) {
    PyObject *arguments[2] = {PyFloat_FromDouble(a), PyFloat_FromDouble(b)}, *y = NULL;
    if (arguments[0] && arguments[1]) y = PyObject_Vectorcall(py.hypot, arguments, 2, NULL);
    Py_XDECREF(arguments[0]);
    Py_XDECREF(arguments[1]);
    if (!y) { PyErr_Clear(); return NAN; }
    double result = PyFloat_AsDouble(y);
    Py_DECREF(y);
    return result;
}

/* Python's % and //: the remainder has the sign of the divisor. Division by zero gives NaN, and so goes the careful way. */
static double py_mod(double a, double b) {
    if (b == 0.0) return NAN;
    double r = fmod(a, b);
    if (r) { if ((b < 0) != (r < 0)) r += b; }
    else r = copysign(0.0, b);
    return r;
}
static double py_floordiv(double a, double b) {
    if (b == 0.0) return NAN;
    double r = fmod(a, b), q = (a - r) / b;
    if (r) { if ((b < 0) != (r < 0)) q -= 1.0; }
    if (!q) return copysign(0.0, a / b);
    double whole = floor(q);
    return q - whole > 0.5 ? whole + 1.0 : whole;
}

/* ---- operations ------------------------------------------------------------------------------------------------------ */

static PyObject *row(int op) { return PyTuple_GET_ITEM(py.rows, op); }

static PyObject *careful(int op, PyObject *a, PyObject *b) {
    PyObject *arguments[3] = {row(op), a, b};
    return PyObject_Vectorcall(py.careful, arguments, b ? 3 : 2, NULL);
}
static PyObject *checked(int op, PyObject *const *operands, Py_ssize_t n) {
    PyObject *t = PyTuple_New(n);
    if (!t) return NULL;
    for (Py_ssize_t i = 0; i < n; i++) PyTuple_SET_ITEM(t, i, Py_NewRef(operands[i]));
    PyObject *arguments[2] = {row(op), t}, *y = PyObject_Vectorcall(py.checked, arguments, 2, NULL);
    Py_DECREF(t);
    return y;
}

/* The common case of two operands; NULL with no error set where the careful way is needed. */
#define BINARY_BODY(name, A, B, ELSE) do { \
    double a, b, y; \
    if (modes) ELSE; \
    if (IsValue(A)) { \
        a = ((Node *)(A))->data; \
        if (IsValue(B)) { \
            b = ((Node *)(B))->data; \
            y = v_##name(a, b); \
            if (!isfinite(y)) ELSE; \
            return binary(OP_##name, (Node *)(A), (Node *)(B), y); \
        } \
        if (!plain_number(B, &b)) ELSE; \
        y = v_##name(a, b); \
        if (!isfinite(y)) ELSE; \
        return half(OP_##name, CONST_RIGHT, (Node *)(A), b, y); \
    } \
    if (!plain_number(A, &a)) ELSE; \
    if (!IsValue(B)) { \
        if (!plain_number(B, &b)) ELSE; \
        y = v_##name(a, b); \
        if (!isfinite(y)) ELSE; \
        return PyFloat_FromDouble(y); \
    } \
    b = ((Node *)(B))->data; \
    y = v_##name(a, b); \
    if (!isfinite(y)) ELSE; \
    return half(OP_##name, CONST_LEFT, (Node *)(B), a, y); \
} while (0)

#define OPERATOR(name) static PyObject *nb_##name(PyObject *A, PyObject *B) { \
    BINARY_BODY(name, A, B, return careful(OP_##name, A, B)); }
OPERATOR(add) OPERATOR(sub) OPERATOR(mul) OPERATOR(div) OPERATOR(mod) OPERATOR(floordiv)
static PyObject *nb_pow(PyObject *A, PyObject *B, PyObject *modulus) {
    if (modulus != Py_None) Py_RETURN_NOTIMPLEMENTED;
    BINARY_BODY(pow, A, B, return careful(OP_pow, A, B));
}

#define UNARY_FUNCTION(name) static PyObject *f_##name(PyObject *module, PyObject *X) { \
    double x, y; \
    if (!modes) { \
        if (IsValue(X)) { \
            y = v_##name(((Node *)X)->data); \
            if (isfinite(y)) return unary(OP_##name, (Node *)X, y); \
        } else if (plain_number(X, &x) && isfinite(y = v_##name(x))) return PyFloat_FromDouble(y); \
    } \
    return checked(OP_##name, &X, 1); } \
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

static int two(const char *name, Py_ssize_t n, Py_ssize_t wanted) {
    if (n == wanted) return 1;
    PyErr_Format(PyExc_TypeError, "%s() takes %zd operands, not %zd", name, wanted, n);
    return 0;
}
#define BINARY_FUNCTION(name) static PyObject *f_##name(PyObject *module, PyObject *const *operands, Py_ssize_t n) { \
    if (!two(#name, n, 2)) return NULL; \
    PyObject *A = operands[0], *B = operands[1]; \
    BINARY_BODY(name, A, B, return checked(OP_##name, operands, 2)); } \
static PyObject *m_##name(PyObject *A, PyObject *B) { PyObject *operands[2] = {A, B}; return f_##name(NULL, operands, 2); }
BINARY_ROWS(BINARY_FUNCTION)

static PyObject *nb_negative(PyObject *x) { return f_neg(NULL, x); }
static PyObject *nb_absolute(PyObject *x) { return f_abs(NULL, x); }

/* ---- operations of many operands ------------------------------------------------------------------------------------- */

static Many *new_many(Py_ssize_t n) {
    Many *m = PyMem_Malloc(sizeof(Many) + n * sizeof(Operand));
    if (!m) { PyErr_NoMemory(); return NULL; }
    m->op = NULL;
    m->n = n;
    return m;
}

/* 1: filled; 0: not a Value or a plain number */
static inline int fill(Operand *o, PyObject *x) {
    if (IsValue(x)) { o->node = (Node *)x; o->constant = ((Node *)x)->data; return 1; }
    o->node = NULL;
    return plain_number(x, &o->constant);
}

/* Takes `m`, whose operands it still has to refer to. */
static PyObject *many(int op, Many *m, double y) {
    int any = 0, inherited = m->op != NULL;
    for (Py_ssize_t i = 0; i < m->n; i++) {
        Node *x = m->of[i].node;
        if (x) { any = 1; inherited |= x->careful; Py_INCREF(x); }
    }
    Node *v = any ? new_node(y, op, MANY) : NULL;
    if (!v) {
        for (Py_ssize_t i = 0; i < m->n; i++) Py_XDECREF(m->of[i].node);
        PyMem_Free(m);
        return any ? NULL : PyFloat_FromDouble(y);
    }
    Py_XINCREF(m->op);
    v->many = m;
    v->careful = inherited;
    return (PyObject *)v;
}

#define X_(i) (m->of[i].constant)

static double largest(const Many *m, Py_ssize_t from) {
    double y = -INFINITY;
    for (Py_ssize_t i = from; i < m->n; i++) y = (y >= X_(i) || y != y) ? y : X_(i);
    return y;
}
static double sumexp(const Many *m, Py_ssize_t from, double shift) {
    double y = 0.0;
    for (Py_ssize_t i = from; i < m->n; i++) y += exp(X_(i) - shift);
    return y;
}
static double hypot_many(const Many *m) {
    PyObject *arguments = PyTuple_New(m->n), *y = NULL;
    if (arguments) {
        for (Py_ssize_t i = 0; i < m->n; i++) {
            PyObject *x = PyFloat_FromDouble(X_(i));
            if (!x) { Py_DECREF(arguments); PyErr_Clear(); return NAN; }
            PyTuple_SET_ITEM(arguments, i, x);
        }
        y = PyObject_Call(py.hypot, arguments, NULL);
        Py_DECREF(arguments);
    }
    if (!y) { PyErr_Clear(); return NAN; }
    double result = PyFloat_AsDouble(y);
    Py_DECREF(y);
    return result;
}

/* The value of an operation of many operands; NaN where the careful way is needed. */
static double value_of_many(int op, const Many *m) {
    double y;
    Py_ssize_t n = m->n;
    switch (op) {
    case OP_sum: case OP_mean:
        y = 0.0;
        for (Py_ssize_t i = 0; i < n; i++) y += X_(i);
        return op == OP_sum ? y : y / (double)n;
    case OP_prod:
        y = 1.0;
        for (Py_ssize_t i = 0; i < n; i++) y *= X_(i);
        return y;
    case OP_dot:
        y = X_(0);
        for (Py_ssize_t i = 1; i < n; i += 2) y += X_(i) * X_(i + 1);
        return y;
    case OP_hypot: return hypot_many(m);
    case OP_sumexp: return sumexp(m, 1, X_(0));
    case OP_logsumexp: {
        double shift = largest(m, 0), rest = 0.0;
        Py_ssize_t at = 0;
        while (at + 1 < n && X_(at) != shift) at++;
        for (Py_ssize_t i = 0; i < n; i++)
            if (i != at) rest += exp(X_(i) - shift);
        return shift + log1p(rest);
    }
#define TERNARY_VALUE(name) case OP_##name: return v_##name(X_(0), X_(1), X_(2));
    TERNARY_ROWS(TERNARY_VALUE)
    }
    return NAN;
}

static PyObject *record_many(int op, Many *m) {
    double y = value_of_many(op, m);
    if (isfinite(y)) return many(op, m, y);
    PyMem_Free(m);
    return NULL;
}

/* of one sequence of operands */
static PyObject *f_nary(int op, PyObject *operands) {
    if (!modes && (PyList_CheckExact(operands) || PyTuple_CheckExact(operands))) {
        Py_ssize_t n = PySequence_Fast_GET_SIZE(operands);
        if (n == 0 && (op == OP_mean || op == OP_logsumexp)) goto slow;
        Many *m = new_many(n);
        if (!m) return NULL;
        for (Py_ssize_t i = 0; i < n; i++)
            if (!fill(&m->of[i], PySequence_Fast_GET_ITEM(operands, i))) { PyMem_Free(m); goto slow; }
        PyObject *v = record_many(op, m);
        if (v || PyErr_Occurred()) return v;
    }
slow:;
    PyObject *arguments[2] = {row(op), operands};
    return PyObject_Vectorcall(py.checked, arguments, 2, NULL);
}
#define NARY_FUNCTION(name) static PyObject *f_##name(PyObject *module, PyObject *operands) { return f_nary(OP_##name, operands); }
NARY_ROWS(NARY_FUNCTION)

static PyObject *f_ternary(int op, const char *name, PyObject *const *operands, Py_ssize_t n) {
    if (!two(name, n, 3)) return NULL;
    if (!modes) {
        Many *m = new_many(3);
        if (!m) return NULL;
        if (fill(&m->of[0], operands[0]) && fill(&m->of[1], operands[1]) && fill(&m->of[2], operands[2])) {
            PyObject *v = record_many(op, m);
            if (v || PyErr_Occurred()) return v;
        } else PyMem_Free(m);
    }
    return checked(op, operands, 3);
}
#define TERNARY_FUNCTION(name) static PyObject *f_##name(PyObject *module, PyObject *const *operands, Py_ssize_t n) { \
    return f_ternary(OP_##name, #name, operands, n); }
TERNARY_ROWS(TERNARY_FUNCTION)

/* sum(xs, start=0.0) and dot(a, b, start=0.0) of lists or tuples; anything else is left to functions.py. */
#define LISTED(o) (PyList_CheckExact(o) || PyTuple_CheckExact(o))
static PyObject *public_sum(PyObject *module, PyObject *const *arguments, Py_ssize_t n, PyObject *names) {
    if (names || n < 1 || n > 2 || modes || !LISTED(arguments[0])) goto python;
    PyObject *xs = arguments[0];
    int skip = n == 1 || (PyFloat_CheckExact(arguments[1]) && PyFloat_AS_DOUBLE(arguments[1]) == 0.0);
    Py_ssize_t k = PySequence_Fast_GET_SIZE(xs), from = !skip;
    Many *m = new_many(k + from);
    if (!m) return NULL;
    if (from && !fill(&m->of[0], arguments[1])) goto slow;
    for (Py_ssize_t i = 0; i < k; i++)
        if (!fill(&m->of[from + i], PySequence_Fast_GET_ITEM(xs, i))) goto slow;
    PyObject *v = record_many(OP_sum, m);
    if (v || PyErr_Occurred()) return v;
    goto python;
slow:
    PyMem_Free(m);
python:
    return PyObject_Vectorcall(py.sum, arguments, n, names);
}
static PyObject *public_dot(PyObject *module, PyObject *const *arguments, Py_ssize_t n, PyObject *names) {
    if (names || n < 2 || n > 3 || modes || !LISTED(arguments[0]) || !LISTED(arguments[1])) goto python;
    PyObject *a = arguments[0], *b = arguments[1];
    Py_ssize_t k = PySequence_Fast_GET_SIZE(a);
    if (k != PySequence_Fast_GET_SIZE(b)) goto python;
    Many *m = new_many(2 * k + 1);
    if (!m) return NULL;
    if (n == 3) { if (!fill(&m->of[0], arguments[2])) goto slow; }
    else m->of[0] = (Operand){NULL, 0.0};
    for (Py_ssize_t i = 0; i < k; i++)
        if (!fill(&m->of[2 * i + 1], PySequence_Fast_GET_ITEM(a, i)) || !fill(&m->of[2 * i + 2], PySequence_Fast_GET_ITEM(b, i)))
            goto slow;
    PyObject *v = record_many(OP_dot, m);
    if (v || PyErr_Occurred()) return v;
    goto python;
slow:
    PyMem_Free(m);
python:
    return PyObject_Vectorcall(py.dot, arguments, n, names);
}

/* ---- layers: see rows.py --------------------------------------------------------------------------------------------- */

static Vector *new_vector(Py_ssize_t n) {
    Vector *m = PyMem_Malloc(sizeof(Vector) + n * sizeof(Operand));
    if (!m) { PyErr_NoMemory(); return NULL; }
    m->refs = m->whole = 1;
    m->n = m->pass = m->any = m->careful = 0;
    return m;
}
static void release(Vector *m) {
    if (!m || --m->refs) return;
    for (Py_ssize_t i = 0; i < m->n; i++) Py_XDECREF(m->of[i].node);
    PyMem_Free(m);
}
/* Takes a reference to the Value. */
static inline void append(Vector *m, Operand x) {
    if (x.node) { m->any = 1; m->careful |= x.node->careful; }
    else if (m->n) m->whole = 0;
    m->of[m->n++] = x;
}
static int append_all(Vector *m, PyObject *const *objects, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++) {
        Operand x;
        if (!fill(&x, objects[i])) return 0;
        Py_XINCREF(x.node);
        append(m, x);
    }
    return 1;
}
static inline double number_of(const Operand *x) { return x->node ? x->node->data : x->constant; }

typedef struct { /* a start and a row, as they were found last time */
    Vector *vector;
    PyObject **objects;
} Row;
typedef struct { /* what `through` keeps of a layer from call to call */
    int op; /* of its function; 0 for none, -1 for one that is Python's */
    Py_ssize_t n;
    Row rows[];
} Kept;

static void forget_row(Row r) {
    for (Py_ssize_t i = 0; r.vector && i < r.vector->n; i++) Py_DECREF(r.objects[i]);
    PyMem_Free(r.objects);
    release(r.vector);
}
/* The start and the list as a vector: the same one for as long as they are the same objects. */
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
    forget_row(old); /* which may run code of a custom operation that is freed, and that any other */
    return kept->vector;
}

/* The outputs of one layer: a node for each row, and where it has a function another; NULL where Python has to. */
static Vector *outputs(PyObject *layer, Vector *xs) {
    Kept *kept = PyCapsule_GetPointer(PyTuple_GET_ITEM(layer, 3), NULL);
    PyObject *rows = PyTuple_GET_ITEM(layer, 0), *starts = PyTuple_GET_ITEM(layer, 1);
    if (!kept || kept->op < 0 || PyList_GET_SIZE(rows) != kept->n) return NULL;
    Vector *ys = new_vector(kept->n);
    for (Py_ssize_t j = 0; ys && j < kept->n; j++) {
        if (PyList_GET_SIZE(rows) != kept->n || PyList_GET_SIZE(starts) != kept->n) goto failed;
        PyObject *row_ = PyList_GET_ITEM(rows, j);
        Vector *row = PyList_CheckExact(row_) ? kept_row(&kept->rows[j], row_, PyList_GET_ITEM(starts, j)) : NULL;
        if (!row || row->n != xs->n + 1 || !(row->any | xs->any)) goto failed;
        double y = number_of(&row->of[0]);
        const Operand *w = row->of + 1, *x = xs->of, *end = x + xs->n;
        if (row->whole) for (; x < end; w++, x++) y += w->node->data * x->constant;
        else for (; x < end; w++, x++) y += number_of(w) * x->constant;
        Node *v = isfinite(y) ? new_node(y, OP_dot, DOT) : NULL;
        if (!v) goto failed;
        v->row = row;
        v->xs = xs;
        row->refs++;
        xs->refs++;
        v->careful = row->careful | xs->careful;
        append(ys, (Operand){v, y});
    }
    for (Py_ssize_t j = 0; ys && kept->op && j < kept->n; j++) {
        Operand *o = &ys->of[j];
        double y = value_unary(kept->op, o->constant);
        PyObject *v = isfinite(y) ? unary(kept->op, o->node, y) : NULL;
        if (!v) goto failed;
        Py_DECREF(o->node);
        *o = (Operand){(Node *)v, y};
    }
    return ys;
failed:
    release(ys);
    return NULL;
}

/* through(x, layers) */
static PyObject *through(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    PyObject *y = NULL;
    Vector *xs = NULL;
    if (n != 2 || modes || !PyList_CheckExact(arguments[0]) || !PyTuple_CheckExact(arguments[1]) || !PyTuple_GET_SIZE(arguments[1]))
        goto python;
    PyObject **objects = ((PyListObject *)arguments[0])->ob_item;
    if (!(xs = new_vector(PyList_GET_SIZE(arguments[0]))) || !append_all(xs, objects, PyList_GET_SIZE(arguments[0]))) goto python;
    for (Py_ssize_t i = 0; xs && i < PyTuple_GET_SIZE(arguments[1]); i++) {
        Vector *ys = outputs(PyTuple_GET_ITEM(arguments[1], i), xs);
        release(xs);
        xs = ys;
    }
    if (!xs) goto python;
    if (xs->n == 1) y = Py_XNewRef(xs->of[0].node);
    else if ((y = PyList_New(xs->n)))
        for (Py_ssize_t i = 0; i < xs->n; i++) PyList_SET_ITEM(y, i, Py_NewRef(xs->of[i].node));
python:
    release(xs);
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
    PyObject *capsule = PyCapsule_New(kept, NULL, free_kept);
    if (!capsule) { PyMem_Free(kept); return NULL; }
    PyObject *t = PyTuple_Pack(4, arguments[0], arguments[1], arguments[2], capsule);
    Py_DECREF(capsule);
    return t;
}

typedef struct {
    Node **leaves; /* those this pass has reached */
    uint64_t number; /* of this pass */
    size_t n, room;
    size_t waiting; /* computed nodes found and not yet passed */
    uint64_t since; /* only what was recorded later takes part */
    int ok;         /* 0: the pass has failed and only goes on to clear its marks */
    Node *newest;   /* of the roots, where the pass starts */
    Node *stale_leaf, *stale_node;
    struct { Node *node; double grad; } *before; /* gradients of earlier passes, to be put back if this one fails */
    size_t m, before_room;
} Pass;
static int walk(Pass *p, Node *const *roots, Py_ssize_t n, PyObject *list, int forget, int *older);

/* ---- the sweep ------------------------------------------------------------------------------------------------------- */

static double partial_unary(int op, double x, double y) {
    switch (op) {
#define CASE(name) case OP_##name: return d0_##name(x, y);
    UNARY_ROWS(CASE)
#undef CASE
    }
    return NAN;
}
static double partial_left(int op, double a, double b, double y) {
    switch (op) {
#define CASE(name) case OP_##name: return d0_##name(a, b, y);
    BINARY_ROWS(CASE)
#undef CASE
    }
    return NAN;
}
static double partial_right(int op, double a, double b, double y) {
    switch (op) {
#define CASE(name) case OP_##name: return d1_##name(a, b, y);
    BINARY_ROWS(CASE)
#undef CASE
    }
    return NAN;
}

static void find_leaf(Pass *p, Node *x) {
    if (p->n == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        Node **more = PyMem_Realloc(p->leaves, room * sizeof *more);
        if (!more) { p->ok = 0; return; }
        p->leaves = more;
        p->room = room;
    }
    p->leaves[p->n++] = x;
    x->pending = 1;
}
static inline void find_computed(Pass *p, Node *x) {
    x->pending = 1;
    p->waiting++;
    slab_of(x)->pending++;
}
static void find_root(Pass *p, Node *y) {
    if (y->kind == LEAF) { if (!y->pending) find_leaf(p, y); }
    else {
        if (!y->pending) find_computed(p, y);
        if (!p->newest || recorded_at(y) > recorded_at(p->newest)) p->newest = y;
    }
}
HOT void check_leaf(Pass *p, Node *v, uint64_t at, Node *x) {
    if (x->assigned > at && !p->stale_leaf) { p->ok = 0; p->stale_leaf = x; p->stale_node = v; }
}

static void remember(Pass *p, Node *x) {
    if (p->m == p->before_room) {
        size_t room = p->before_room ? 2 * p->before_room : 64;
        void *more = PyMem_Realloc(p->before, room * sizeof *p->before);
        if (!more) { p->ok = 0; return; }
        p->before = more;
        p->before_room = room;
    }
    p->before[p->m].node = x;
    p->before[p->m++].grad = x->grad;
}
static inline void begin(Pass *p, Node *x) {
    if (x->reached) remember(p, x);
    x->grad = 0.0;
    x->reached = 1;
}

#define SINCE(x) (!p->since || recorded_at(x) > p->since)

/* Make sure that `x`, an operand of `v`, which was recorded at `at`, will be visited, and has the gradient 0 unless something
 * flows to it. An older one takes no part, but as a leaf must not have changed. Whether it does. */
HOT int find(Pass *p, Node *v, uint64_t at, Node *x) {
    if (x->kind == LEAF) {
        check_leaf(p, v, at, x);
        if (!SINCE(x)) return 0;
        if (!x->pending) find_leaf(p, x);
    } else {
        if (!SINCE(x)) return 0;
        if (!x->pending) { begin(p, x); find_computed(p, x); }
    }
    return 1;
}

/* `t` flows back from `v` to `x`. */
HOT void give(Pass *p, Node *v, uint64_t at, Node *x, double t) {
    if (!find(p, v, at, x)) return;
    double *bar = x->kind == LEAF ? &((Leaf *)x)->bar : &x->grad;
    if (x->pending == 2) *bar += t;
    else if (p->ok) { *bar = t; x->pending = 2; } /* else it may be a leaf there was no memory for, to stay unmarked */
}
/* What flows back from `v` to `x`: its partial d times the adjoint g. */
HOT void flow(Pass *p, Node *v, uint64_t at, Node *x, double g, double d) {
    if (!isfinite(d)) p->ok = 0;
    give(p, v, at, x, g * d);
}

/* Operands to which nothing flows. They stay found until all that was computed from them has been passed: once is enough,
 * unless a leaf among them is too new for some node. */
static inline void find_all(Pass *p, Node *v, uint64_t at, Vector *m) {
    if (m->pass == p->number && m->assigned <= at) return;
    m->pass = p->number;
    m->assigned = 0;
    for (Py_ssize_t i = 0; i < m->n; i++) {
        Node *x = m->of[i].node;
        if (!x) continue;
        find(p, v, at, x);
        if (x->kind == LEAF && x->assigned > m->assigned) m->assigned = x->assigned;
    }
}
/* No partial needs a check: where a dot product is finite, so is all it was computed from. */
static void sweep_dot(Pass *p, Node *v, uint64_t at, double g) {
    if (!g || !p->ok) { find_all(p, v, at, v->row); find_all(p, v, at, v->xs); return; }
    const Operand *w = v->row->of, *x = v->xs->of, *end = x + v->xs->n;
    if (w->node) give(p, v, at, w->node, g);
    for (w++; x < end; w++, x++) {
        if (w->node) give(p, v, at, w->node, g * x->constant);
        if (x->node) give(p, v, at, x->node, g * number_of(w));
    }
}

/* Whether an operand takes part, to be asked before its partial is evaluated. */
static inline int takes_part(Pass *p, Node *v, uint64_t at, Node *x) {
    if (SINCE(x)) return 1;
    if (x->kind == LEAF) check_leaf(p, v, at, x);
    return 0;
}

static void sweep_many(Pass *p, Node *v, uint64_t at, double g) {
    Many *m = v->many;
    Py_ssize_t n = m->n;
    double y = v->data, *before = NULL, shift, z;
#define EACH(from) for (Py_ssize_t i = from; i < n; i++) if (m->of[i].node && takes_part(p, v, at, m->of[i].node))
#define NOW(i) (m->of[i].node ? m->of[i].node->data : m->of[i].constant)
    if (!g || !p->ok) {
        for (Py_ssize_t i = 0; i < n; i++) if (m->of[i].node) find(p, v, at, m->of[i].node);
        return;
    }
    switch (v->op) {
    case OP_sum: EACH(0) flow(p, v, at, m->of[i].node, g, 1.0); break;
    case OP_mean: EACH(0) flow(p, v, at, m->of[i].node, g, 1.0 / (double)n); break;
    case OP_dot:
        EACH(0) flow(p, v, at, m->of[i].node, g, i == 0 ? 1.0 : NOW(i % 2 ? i + 1 : i - 1));
        break;
    case OP_hypot: EACH(0) flow(p, v, at, m->of[i].node, g, y != 0.0 ? NOW(i) / y : 0.0); break;
    case OP_prod: {
        if (!(before = PyMem_Malloc((n + 1) * sizeof *before))) { p->ok = 0; break; }
        before[n] = 1.0; /* from the end on: the product of what stands behind */
        for (Py_ssize_t i = n; i-- > 1;) before[i] = before[i + 1] * NOW(i);
        double front = 1.0;
        for (Py_ssize_t i = 0; i < n; i++) {
            if (m->of[i].node && takes_part(p, v, at, m->of[i].node)) flow(p, v, at, m->of[i].node, g, front * before[i + 1]);
            front *= NOW(i);
        }
        PyMem_Free(before);
        break;
    }
    case OP_sumexp:
        shift = NOW(0);
        if (m->of[0].node && takes_part(p, v, at, m->of[0].node)) flow(p, v, at, m->of[0].node, g, -y);
        EACH(1) flow(p, v, at, m->of[i].node, g, exp(NOW(i) - shift));
        break;
    case OP_logsumexp:
        shift = largest(m, 0);
        z = sumexp(m, 0, shift);
        EACH(0) flow(p, v, at, m->of[i].node, g, v_softmax_term(NOW(i), z, shift));
        break;
    case OP_where: {
        int taken = NOW(0) != 0.0 ? 1 : 2;
        EACH(0) { if (i == taken) flow(p, v, at, m->of[i].node, g, 1.0); else find(p, v, at, m->of[i].node); }
        break;
    }
#define TERNARY_CASE(name) case OP_##name: { double a = NOW(0), b = NOW(1), c = NOW(2); \
        EACH(0) flow(p, v, at, m->of[i].node, g, i == 0 ? d0_##name(a, b, c, y) : i == 1 ? d1_##name(a, b, c, y) : d2_##name(a, b, c, y)); \
        break; }
    TERNARY_CASE(fma) TERNARY_CASE(softmax_term)
    default: p->ok = 0; EACH(0) find(p, v, at, m->of[i].node);
    }
}

/* One pass from the newest node towards older ones. `newest` is pending; its adjoint is in its grad. */
static void sweep(Pass *p, Slab *s, Node *v) {
    while (p->waiting) {
        while (!s->pending) { s = s->previous; v = s->node + s->used - 1; }
        for (; s->pending; v--) {
            if (!v->pending) continue;
            s->pending--;
            p->waiting--;
            double g = v->pending == 2 ? v->grad : 0.0;
            v->pending = 0;
            uint64_t at = s->base + v->delta;
            if (v->kind == DOT) { sweep_dot(p, v, at, g); continue; }
            if (v->kind == MANY) { sweep_many(p, v, at, g); continue; }
            Node *a = v->a;
            if (!g || !p->ok) { /* nothing flows, no partial is evaluated */
                find(p, v, at, a);
                if (v->kind == BINARY) find(p, v, at, v->b);
                continue;
            }
            double y = v->data, x = a->data;
            switch (v->kind) {
            case UNARY:
                if (takes_part(p, v, at, a)) flow(p, v, at, a, g, partial_unary(v->op, x, y));
                break;
            case CONST_RIGHT:
                if (takes_part(p, v, at, a)) {
                    double d = v->op == OP_mul ? v->constant : v->op == OP_add ? 1.0 : partial_left(v->op, x, v->constant, y);
                    flow(p, v, at, a, g, d);
                }
                break;
            case CONST_LEFT:
                if (takes_part(p, v, at, a)) flow(p, v, at, a, g, partial_right(v->op, v->constant, x, y));
                break;
            case BINARY: {
                Node *b = v->b;
                double z = b->data, da, db;
                switch (v->op) {
                case OP_add: da = db = 1.0; break;
                case OP_mul: da = z; db = x; break;
                default: da = takes_part(p, v, at, a) ? partial_left(v->op, x, z, y) : 0.0; db = takes_part(p, v, at, b) ? partial_right(v->op, x, z, y) : 0.0;
                }
                if (takes_part(p, v, at, a)) flow(p, v, at, a, g, da);
                if (takes_part(p, v, at, b)) flow(p, v, at, b, g, db);
            }
            }
        }
    }
}

/* Sweep from the roots. Afterwards the leaves reached are in `leaves`, pending, with their adjoints in `bar`. */
static void sweep_from(Pass *p, Node *const *roots, const double *seeds, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++) {
        Node *y = roots[i];
        if (!SINCE(y)) continue;
        if (y->kind != LEAF && !y->pending) begin(p, y);
        find_root(p, y);
        if (!y->pending) continue;
        double *bar = y->kind == LEAF ? &((Leaf *)y)->bar : &y->grad;
        if (y->pending == 2) *bar += seeds[i];
        else { *bar = seeds[i]; y->pending = 2; }
    }
    if (p->newest) sweep(p, slab_of(p->newest), p->newest);
}

/* To be done before any Python code can run: a pass that starts while leaves are marked would miss them. */
static void unmark(Pass *p) {
    for (size_t i = 0; i < p->n; i++) p->leaves[i]->pending = 0;
}
static void clear_pass(Pass *p) {
    unmark(p);
    PyMem_Free(p->leaves);
    PyMem_Free(p->before);
}

/* Every gradient as it was: after a pass that failed, or that was not about the gradients of nodes. */
static void undo(Pass *p, Node *const *roots, Py_ssize_t n) {
    Pass walked = {.ok = 1, .since = p->since};
    int older = 0;
    unmark(p);
    walk(&walked, roots, n, NULL, 1, &older);
    clear_pass(&walked);
    for (size_t i = 0; i < p->m; i++) { p->before[i].node->grad = p->before[i].grad; p->before[i].node->reached = 1; }
}

static PyObject *m_backward(PyObject *self, PyObject *unused) {
    Node *y = (Node *)self;
    if (modes || y->careful) return PyObject_CallOneArg(py.backward, self);
    Pass p = {.ok = 1, .number = ++passes};
    double one = 1.0;
    sweep_from(&p, &y, &one, 1);
    if (p.ok)
        for (size_t i = 0; i < p.n; i++) {
            Node *x = p.leaves[i];
            if (x->pending == 2) x->grad += ((Leaf *)x)->bar;
            x->reached = 1;
        }
    else undo(&p, &y, 1);
    clear_pass(&p);
    if (p.ok) Py_RETURN_NONE;
    return PyObject_CallOneArg(py.backward, self);
}

/* adjoints(roots, seeds, inputs, since): the adjoint of each input, a leaf, or None; NotImplemented where Python has to. */
static PyObject *adjoints(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 4 || modes) Py_RETURN_NOTIMPLEMENTED;
    PyObject *result = NULL, *roots = PySequence_Fast(arguments[0], "roots"), *seeds = PySequence_Fast(arguments[1], "seeds"),
             *inputs = PySequence_Fast(arguments[2], "inputs");
    Pass p = {.ok = 1, .number = ++passes, .since = PyLong_AsUnsignedLongLong(arguments[3])};
    double *numbers = NULL;
    if (!roots || !seeds || !inputs || PyErr_Occurred()) goto done;
    Py_ssize_t m = PySequence_Fast_GET_SIZE(inputs);
    if (!(result = PyList_New(m))) goto done; /* now, for it may run the collector, and that any code */
    Py_ssize_t k = PySequence_Fast_GET_SIZE(roots);
    numbers = PyMem_Malloc((k + 1) * sizeof *numbers);
    if (!numbers) { PyErr_NoMemory(); goto done; }
    for (Py_ssize_t i = 0; i < k; i++) {
        Node *y = (Node *)PySequence_Fast_GET_ITEM(roots, i);
        if (!IsValue(y) || y->careful || !plain_number(PySequence_Fast_GET_ITEM(seeds, i), &numbers[i])) {
            Py_SETREF(result, Py_NewRef(Py_NotImplemented));
            goto done;
        }
    }
    sweep_from(&p, (Node **)PySequence_Fast_ITEMS(roots), numbers, k);
    int failed = 0;
    for (Py_ssize_t i = 0; p.ok && !failed && i < m; i++) {
        Node *x = (Node *)PySequence_Fast_GET_ITEM(inputs, i);
        PyObject *bar = IsValue(x) && x->kind == LEAF && x->pending == 2 ? PyFloat_FromDouble(((Leaf *)x)->bar) : Py_NewRef(Py_None);
        if (bar) PyList_SET_ITEM(result, i, bar);
        else failed = 1;
    }
    undo(&p, (Node **)PySequence_Fast_ITEMS(roots), k);
    clear_pass(&p);
    if (failed) Py_CLEAR(result);
    else if (!p.ok) Py_SETREF(result, Py_NewRef(Py_NotImplemented));
done:
    PyMem_Free(numbers);
    Py_XDECREF(roots);
    Py_XDECREF(seeds);
    Py_XDECREF(inputs);
    return result;
}

/* ---- walks ----------------------------------------------------------------------------------------------------------- */

static PyObject *operands(PyObject *module, PyObject *o) {
    if (!IsValue(o)) return PyErr_Format(PyExc_TypeError, "operands() takes a Value, not %.100s", Py_TYPE(o)->tp_name);
    Node *v = (Node *)o;
    PyObject *items[2] = {NULL, NULL}, *t;
    Py_ssize_t n = 2;
    switch (v->kind) {
    case LEAF: return PyTuple_New(0);
    case UNARY: n = 1; items[0] = Py_NewRef(v->a); break;
    case BINARY: items[0] = Py_NewRef(v->a); items[1] = Py_NewRef(v->b); break;
    case CONST_RIGHT: items[0] = Py_NewRef(v->a); items[1] = PyFloat_FromDouble(v->constant); break;
    case CONST_LEFT: items[0] = PyFloat_FromDouble(v->constant); items[1] = Py_NewRef(v->a); break;
    default:
        n = v->kind == DOT ? v->row->n + v->xs->n : v->many->n;
        t = PyTuple_New(n);
        for (Py_ssize_t i = 0; t && i < n; i++) { /* of a dot product its start, then factors in turn */
            const Operand *o = v->kind == MANY ? &v->many->of[i] : i % 2 || !i ? &v->row->of[(i + 1) / 2] : &v->xs->of[i / 2 - 1];
            PyObject *x = o->node ? Py_NewRef(o->node) : PyFloat_FromDouble(o->constant);
            if (!x) Py_CLEAR(t);
            else PyTuple_SET_ITEM(t, i, x);
        }
        return t;
    }
    t = items[0] && (n == 1 || items[1]) ? PyTuple_New(n) : NULL;
    if (!t) { Py_XDECREF(items[0]); Py_XDECREF(items[1]); return NULL; }
    for (Py_ssize_t i = 0; i < n; i++) PyTuple_SET_ITEM(t, i, items[i]);
    return t;
}

static int by_age(const void *l, const void *r) {
    const Node *a = *(Node *const *)l, *b = *(Node *const *)r;
    return a->recorded < b->recorded ? -1 : a->recorded > b->recorded;
}

/* Visit what the roots were computed from, roots included, newest first: append the computed ones to `list`, or without a
 * list and with `forget`, take their gradients away. */
static int walk(Pass *p, Node *const *roots, Py_ssize_t n, PyObject *list, int forget, int *older) {
    for (Py_ssize_t i = 0; i < n; i++) {
        if (SINCE(roots[i])) find_root(p, roots[i]);
        else *older = 1;
    }
    if (!p->newest) return 0;
    int failed = 0;
    Slab *s = slab_of(p->newest);
    Node *v = p->newest;
#define LOOK(x) do { Node *x_ = (x); \
        if (!takes_part(p, v, at, x_)) *older = 1; \
        else if (x_->kind == LEAF) find(p, v, at, x_); \
        else if (!x_->pending) find_computed(p, x_); } while (0)
#define LOOK_ALL(m) for (Py_ssize_t i = 0; i < (m)->n; i++) if ((m)->of[i].node) LOOK((m)->of[i].node)
    while (p->waiting) {
        while (!s->pending) { s = s->previous; v = s->node + s->used - 1; }
        for (; s->pending; v--) {
            if (!v->pending) continue;
            s->pending--;
            p->waiting--;
            v->pending = 0;
            if (forget) { v->grad = 0.0; v->reached = 0; }
            if (list && !failed && PyList_Append(list, (PyObject *)v) < 0) failed = 1;
            uint64_t at = s->base + v->delta;
            if (v->kind == MANY) { LOOK_ALL(v->many); }
            else if (v->kind == DOT) { LOOK_ALL(v->row); LOOK_ALL(v->xs); }
            else {
                LOOK(v->a);
                if (v->kind == BINARY) LOOK(v->b);
            }
        }
    }
    return failed ? -1 : 0;
}

static int all_values(PyObject *const *roots, Py_ssize_t n) {
    for (Py_ssize_t i = 0; i < n; i++)
        if (!IsValue(roots[i])) {
            PyErr_Format(PyExc_TypeError, "a graph starts from Values, not from %.100s", Py_TYPE(roots[i])->tp_name);
            return 0;
        }
    return 1;
}

static void raise_failure(const Pass *p) {
    if (!p->stale_leaf) { PyErr_NoMemory(); return; }
    PyObject *error = PyObject_CallFunctionObjArgs(py.stale, p->stale_leaf, p->stale_node, NULL);
    if (error) { PyErr_SetObject((PyObject *)Py_TYPE(error), error); Py_DECREF(error); }
}

/* ancestors(*roots, since=0) */
static PyObject *ancestors(PyObject *module, PyObject *const *arguments, Py_ssize_t n, PyObject *names) {
    Pass p = {.ok = 1};
    if (names && PyTuple_GET_SIZE(names)) {
        if (PyTuple_GET_SIZE(names) != 1 || PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "since"))
            return PyErr_Format(PyExc_TypeError, "ancestors() takes Values and `since`");
        p.since = PyLong_AsUnsignedLongLong(arguments[n]);
        if (PyErr_Occurred()) return NULL;
    }
    if (!all_values(arguments, n)) return NULL;
    PyObject *list = PyList_New(0), *result = NULL;
    if (!list) return NULL;
    int older = 0, status = walk(&p, (Node *const *)arguments, n, list, 0, &older);
    unmark(&p);
    if (!p.ok) raise_failure(&p);
    else if (status == 0) {
        if (p.n) qsort(p.leaves, p.n, sizeof *p.leaves, by_age);
        Py_ssize_t computed = PyList_GET_SIZE(list), i = computed, j = 0;
        result = PyList_New(computed + (Py_ssize_t)p.n);
        for (Py_ssize_t k = 0; result && k < computed + (Py_ssize_t)p.n; k++) {
            Node *v = i > 0 ? (Node *)PyList_GET_ITEM(list, i - 1) : NULL;
            if (v && (j == (Py_ssize_t)p.n || recorded_at(v) < p.leaves[j]->recorded)) i--;
            else v = p.leaves[j++];
            PyList_SET_ITEM(result, k, Py_NewRef(v));
        }
    }
    PyMem_Free(p.leaves);
    Py_DECREF(list);
    return result;
}

/* reaches_before(roots, since): whether anything recorded at or before `since` takes part */
static PyObject *reaches_before(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 2) return PyErr_Format(PyExc_TypeError, "reaches_before(roots, since)");
    PyObject *roots = PySequence_Fast(arguments[0], "roots are a sequence");
    if (!roots) return NULL;
    Pass p = {.ok = 1, .since = PyLong_AsUnsignedLongLong(arguments[1])};
    int older = 0;
    if (PyErr_Occurred() || !all_values(PySequence_Fast_ITEMS(roots), PySequence_Fast_GET_SIZE(roots))) { Py_DECREF(roots); return NULL; }
    walk(&p, (Node *const *)PySequence_Fast_ITEMS(roots), PySequence_Fast_GET_SIZE(roots), NULL, 0, &older);
    clear_pass(&p);
    if (!p.ok) raise_failure(&p);
    Py_DECREF(roots);
    return p.ok ? PyBool_FromLong(older) : NULL;
}

/* make(op, operands, y): a computed Value; the careful way ends here */
static PyObject *make(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 3 || !PyTuple_Check(arguments[1])) return PyErr_Format(PyExc_TypeError, "make(op, operands, y)");
    double y = PyFloat_AsDouble(arguments[2]);
    if (y == -1.0 && PyErr_Occurred()) return NULL;
    Py_ssize_t index = -1, k = PyTuple_GET_SIZE(arguments[1]);
    for (Py_ssize_t i = 1; i < OP_COUNT; i++)
        if (PyTuple_GET_ITEM(py.rows, i) == arguments[0]) { index = i; break; }
    Many *m = new_many(k);
    if (!m) return NULL;
    for (Py_ssize_t i = 0; i < k; i++)
        if (!fill(&m->of[i], PyTuple_GET_ITEM(arguments[1], i))) {
            PyMem_Free(m);
            return PyErr_Format(PyExc_TypeError, "make() takes Values and floats");
        }
    static const uint8_t arity[OP_COUNT] = {
#define ONE(name) [OP_##name] = 1,
#define TWO(name) [OP_##name] = 2,
        UNARY_ROWS(ONE) BINARY_ROWS(TWO)
    };
    if (index < 0) m->op = arguments[0];
    else if (arity[index]) {
        Operand a = m->of[0], b = k == 2 ? m->of[1] : a;
        PyMem_Free(m);
        if (k != arity[index] || !(a.node || b.node))
            return PyErr_Format(PyExc_TypeError, "make() takes the operands of %s, one of them a Value", op_names[index]);
        if (arity[index] == 1) return unary((int)index, a.node, y);
        if (a.node && b.node) return binary((int)index, a.node, b.node, y);
        return a.node ? half((int)index, CONST_RIGHT, a.node, b.constant, y) : half((int)index, CONST_LEFT, b.node, a.constant, y);
    }
    return many(index < 0 ? 0 : (int)index, m, y);
}

/* ---- the type -------------------------------------------------------------------------------------------------------- */

static PyObject *value_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"data", "label", NULL};
    PyObject *data, *label = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$O:Value", names, &data, &label)) return NULL;
    double x;
    if (!PyFloat_CheckExact(data)) {
        PyObject *number = PyObject_CallOneArg(py.leaf_number, data);
        if (!number) return NULL;
        x = PyFloat_AsDouble(number);
        Py_DECREF(number);
    } else x = PyFloat_AS_DOUBLE(data);
    PyObject *v = (PyObject *)new_leaf(x);
    int named = label && !(PyUnicode_CheckExact(label) && !PyUnicode_GET_LENGTH(label));
    if (v && named && PyObject_SetAttrString(v, "label", label) < 0) Py_CLEAR(v);
    return v;
}
static PyObject *value_vectorcall(PyObject *type, PyObject *const *args, size_t nf, PyObject *names) {
    Py_ssize_t n = PyVectorcall_NARGS(nf);
    if (n == 1 && !names && PyFloat_CheckExact(args[0])) return (PyObject *)new_leaf(PyFloat_AS_DOUBLE(args[0]));
    PyObject *tuple = PyTuple_New(n), *kwargs = NULL, *v = NULL;
    if (!tuple) return NULL;
    for (Py_ssize_t i = 0; i < n; i++) PyTuple_SET_ITEM(tuple, i, Py_NewRef(args[i]));
    if (names) {
        if (!(kwargs = PyDict_New())) goto done;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++)
            if (PyDict_SetItem(kwargs, PyTuple_GET_ITEM(names, i), args[n + i]) < 0) goto done;
    }
    v = value_new(ValueType, tuple, kwargs);
done:
    Py_DECREF(tuple);
    Py_XDECREF(kwargs);
    return v;
}

static PyObject *get_data(Node *v, void *unused) { return PyFloat_FromDouble(v->data); }
static int set_data(Node *v, PyObject *data, void *unused) {
    double x;
    if (!data) { PyErr_SetString(PyExc_AttributeError, "the data of a Value cannot be deleted"); return -1; }
    if (v->kind != LEAF) {
        PyObject *nothing = PyObject_CallOneArg(py.set_computed, (PyObject *)v);
        Py_XDECREF(nothing);
        return -1;
    }
    if (PyFloat_CheckExact(data)) x = PyFloat_AS_DOUBLE(data);
    else {
        PyObject *number = PyObject_CallOneArg(py.leaf_number, data);
        if (!number) return -1;
        x = PyFloat_AsDouble(number);
        Py_DECREF(number);
    }
    v->data = x;
    v->assigned = ++now;
    return 0;
}
static PyObject *get_grad(Node *v, void *raw) {
    if (raw && !v->reached) { PyErr_SetString(PyExc_AttributeError, "_grad"); return NULL; }
    return PyFloat_FromDouble(v->reached ? v->grad : 0.0);
}
static int set_grad(Node *v, PyObject *grad, void *unused) {
    if (!grad) { v->reached = 0; v->grad = 0.0; return 0; }
    if (PyFloat_CheckExact(grad)) v->grad = PyFloat_AS_DOUBLE(grad);
    else {
        PyObject *number = PyObject_CallOneArg(py.leaf_number, grad);
        if (!number) return -1;
        v->grad = PyFloat_AsDouble(number);
        Py_DECREF(number);
    }
    v->reached = 1;
    return 0;
}
static PyObject *get_op(Node *v, void *unused) {
    if (v->kind == LEAF) Py_RETURN_NONE;
    return Py_NewRef(v->kind == MANY && v->many->op ? v->many->op : row(v->op));
}
static PyObject *get_seq(Node *v, void *unused) { return PyLong_FromUnsignedLongLong(recorded_at(v)); }
static PyObject *get_note(Node *v, void *unused) {
    if (!v->note) { PyErr_SetString(PyExc_AttributeError, "_note"); return NULL; }
    return Py_NewRef(v->note);
}
static int set_note(Node *v, PyObject *note, void *unused) {
    Py_XINCREF(note);
    Py_XSETREF(v->note, note);
    return 0;
}
static PyObject *get_b(Node *v, void *unused) {
    if (v->kind != LEAF || !v->assigned) Py_RETURN_NONE;
    return PyLong_FromUnsignedLongLong(v->assigned);
}
static PyObject *get_is_leaf(Node *v, void *unused) { return PyBool_FromLong(v->kind == LEAF); }
static PyObject *get_reached(Node *v, void *unused) { return PyBool_FromLong(v->reached); }

static PyGetSetDef getset[] = {
    {"data", (getter)get_data, (setter)set_data, "The number. Assigning it steps a leaf.", NULL},
    {"grad", (getter)get_grad, (setter)set_grad, "The gradient the last backward() found here; of a leaf, the sum.", NULL},
    {"is_leaf", (getter)get_is_leaf, NULL, "True for a Value that no operation computed.", NULL},
    {"reached", (getter)get_reached, NULL, "Whether a backward pass has reached this Value (or its grad was assigned).", NULL},
    {"_data", (getter)get_data, NULL, NULL, NULL},
    {"_grad", (getter)get_grad, (setter)set_grad, NULL, "raw"},
    {"_op", (getter)get_op, NULL, NULL, NULL},
    {"_seq", (getter)get_seq, NULL, NULL, NULL},
    {"_b", (getter)get_b, NULL, "Of a leaf, the tick at which its data was last assigned.", NULL},
    {"_note", (getter)get_note, (setter)set_note, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL}};

static PyObject *compare(PyObject *a, PyObject *b, int how) {
    double x, y;
    if (IsValue(a)) {
        x = ((Node *)a)->data;
        if (IsValue(b)) y = ((Node *)b)->data;
        else if (!plain_number(b, &y)) return PyObject_CallFunctionObjArgs(PyTuple_GET_ITEM(py.compare, how), a, b, NULL);
        Py_RETURN_RICHCOMPARE(x, y, how);
    }
    Py_RETURN_NOTIMPLEMENTED;
}
static int nb_bool(PyObject *v) { return ((Node *)v)->data != 0.0; }
static PyObject *nb_positive(PyObject *v) { return Py_NewRef(v); }
static Py_hash_t hash(PyObject *v) { return _Py_HashPointer(v); }

static PyMethodDef methods[] = {
    {"backward", m_backward, METH_NOARGS, NULL},
#define UNARY_METHOD(name) {#name, m_##name, METH_NOARGS, NULL},
#define BINARY_METHOD(name) {#name, m_##name, METH_O, NULL},
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

/* ---- columns: floats side by side, which rules of optimisers compute with at once; see nn/rules.py ---------------------- */

typedef struct { PyObject_VAR_HEAD double x[]; } Column;
static PyTypeObject *ColumnType;

static Column *new_column(Py_ssize_t n) { return PyObject_NewVar(Column, ColumnType, n); }
static void column_dealloc(PyObject *o) {
    PyTypeObject *type = Py_TYPE(o);
    PyObject_Free(o);
    Py_DECREF(type);
}

/* ---- many leaves at once: see leaves.py ------------------------------------------------------------------------------ */

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

static int real(PyObject *o, double *x) {
    if (PyFloat_CheckExact(o)) { *x = PyFloat_AS_DOUBLE(o); return 1; }
    PyObject *number = PyObject_CallOneArg(py.leaf_number, o);
    if (!number) return 0;
    *x = PyFloat_AsDouble(number);
    Py_DECREF(number);
    return 1;
}

/* Every number is read before the first is assigned; assigning runs no Python code. Lists are copied: reading may run some. */
static PyObject *assign(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 2) return PyErr_Format(PyExc_TypeError, "assign(leaves, data)");
    int whole = Py_TYPE(arguments[1]) == ColumnType;
    PyObject *leaves = PySequence_Tuple(arguments[0]), *data = whole ? Py_NewRef(arguments[1]) : PySequence_Tuple(arguments[1]),
             *result = NULL;
    double *x = NULL;
    if (!leaves || !data) goto done;
    Py_ssize_t k = PyTuple_GET_SIZE(leaves);
    if (Py_SIZE(data) != k) {
        PyErr_Format(PyExc_ValueError, "%zd leaves take %zd numbers, not %zd", k, k, Py_SIZE(data));
        goto done;
    }
    if (!all_values(((PyTupleObject *)leaves)->ob_item, k)) goto done;
    if (!whole && !(x = PyMem_Malloc((k + 1) * sizeof *x))) { PyErr_NoMemory(); goto done; }
    for (Py_ssize_t i = 0; i < k; i++) {
        PyObject *v = PyTuple_GET_ITEM(leaves, i);
        if (((Node *)v)->kind != LEAF) {
            Py_XDECREF(PyObject_CallOneArg(py.set_computed, v));
            goto done;
        }
        if (!whole && !real(PyTuple_GET_ITEM(data, i), &x[i])) goto done;
    }
    for (Py_ssize_t i = 0; i < k; i++) {
        Node *v = (Node *)PyTuple_GET_ITEM(leaves, i);
        v->data = whole ? ((Column *)data)->x[i] : x[i];
        v->assigned = ++now;
    }
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(x);
    Py_XDECREF(leaves);
    Py_XDECREF(data);
    return result;
}
static PyObject *assign_grads(PyObject *module, PyObject *const *arguments, Py_ssize_t n) {
    if (n != 2) return PyErr_Format(PyExc_TypeError, "assign_grads(leaves, grad)");
    double x;
    if (!real(arguments[1], &x)) return NULL;
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
            if (n >= 0 && n != Py_SIZE(both[i])) return PyErr_Format(PyExc_ValueError, "columns of %zd and %zd", n, Py_SIZE(both[i]));
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
static PyObject *column_reduce(PyObject *self, PyObject *unused) { /* copies and pickles are lists, of which any engine can read */
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
    {Py_tp_dealloc, column_dealloc}, {Py_tp_methods, column_methods}, {Py_sq_length, column_length}, {Py_sq_item, column_item}, {Py_nb_add, column_add}, {Py_nb_subtract, column_sub},
    {Py_nb_multiply, column_mul}, {Py_nb_true_divide, column_div}, {0, NULL}};
static PyType_Spec column_spec = {
    "autograd._engine._value.Column", sizeof(Column), sizeof(double), Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, column_slots};

/* ---- the module ------------------------------------------------------------------------------------------------------ */

static PyObject *tick(PyObject *module, PyObject *unused) { return PyLong_FromUnsignedLongLong(++now); }
static PyObject *count_modes(PyObject *module, PyObject *step) {
    modes += PyLong_AsLong(step);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

static PyObject *setup(PyObject *module, PyObject *args, PyObject *kwargs);

static PyMethodDef functions[] = {
    {"tick", tick, METH_NOARGS, NULL},
    {"count_modes", count_modes, METH_O, NULL},
    {"setup", (PyCFunction)(void (*)(void))setup, METH_VARARGS | METH_KEYWORDS, NULL},
    {"make", (PyCFunction)(void (*)(void))make, METH_FASTCALL, NULL},
    {"operands", operands, METH_O, NULL},
    {"ancestors", (PyCFunction)(void (*)(void))ancestors, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"reaches_before", (PyCFunction)(void (*)(void))reaches_before, METH_FASTCALL, NULL},
    {"adjoints", (PyCFunction)(void (*)(void))adjoints, METH_FASTCALL, NULL},
    {"each", (PyCFunction)(void (*)(void))each, METH_FASTCALL, NULL},
    {"dense", (PyCFunction)(void (*)(void))dense, METH_FASTCALL, NULL},
    {"through", (PyCFunction)(void (*)(void))through, METH_FASTCALL, NULL},
    {"columns", columns, METH_O, NULL},
    {"numbers", numbers, METH_O, NULL},
    {"grads", grads, METH_O, NULL},
    {"assign", (PyCFunction)(void (*)(void))assign, METH_FASTCALL, NULL},
    {"assign_grads", (PyCFunction)(void (*)(void))assign_grads, METH_FASTCALL, NULL},
    {"sum", (PyCFunction)(void (*)(void))public_sum, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"dot", (PyCFunction)(void (*)(void))public_dot, METH_FASTCALL | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL}};

static PyMethodDef operations[] = {
#define UNARY_ENTRY(name) {#name, f_##name, METH_O, NULL},
#define FAST_ENTRY(name) {#name, (PyCFunction)(void (*)(void))f_##name, METH_FASTCALL, NULL},
    UNARY_ROWS(UNARY_ENTRY) BINARY_ROWS(FAST_ENTRY) TERNARY_ROWS(FAST_ENTRY) NARY_ROWS(UNARY_ENTRY)
    {NULL, NULL, 0, NULL}};

/* setup(name=function, …): what the operations leave to Python; `rows` maps names to rows, `docs` to texts for help() */
static PyObject *setup(PyObject *module, PyObject *args, PyObject *kwargs) {
    struct { const char *name; PyObject **where; } wanted[] = {
        {"careful", &py.careful}, {"checked", &py.checked}, {"leaf_number", &py.leaf_number}, {"set_computed", &py.set_computed},
        {"compare", &py.compare}, {"backward", &py.backward}, {"stale", &py.stale}, {"hypot", &py.hypot},
        {"sum", &py.sum}, {"dot", &py.dot}, {"through", &py.through}};
    for (size_t i = 0; kwargs && i < sizeof wanted / sizeof *wanted; i++) {
        PyObject *given = PyDict_GetItemString(kwargs, wanted[i].name);
        if (given) { Py_INCREF(given); Py_XSETREF(*wanted[i].where, given); }
    }
    PyObject *rows = kwargs ? PyDict_GetItemString(kwargs, "rows") : NULL;
    if (rows) {
        PyObject *t = PyTuple_New(OP_COUNT);
        if (!t) return NULL;
        PyTuple_SET_ITEM(t, 0, Py_NewRef(Py_None));
        for (Py_ssize_t i = 1; i < OP_COUNT; i++) {
            PyObject *op = PyDict_GetItemString(rows, op_names[i]);
            if (!op) { Py_DECREF(t); return PyErr_Format(PyExc_ImportError, "the table has no row %s", op_names[i]); }
            PyTuple_SET_ITEM(t, i, Py_NewRef(op));
        }
        Py_XSETREF(py.rows, t);
    }
    PyObject *docs = kwargs ? PyDict_GetItemString(kwargs, "docs") : NULL;
    PyMethodDef *tables[] = {functions, operations, methods};
    for (size_t i = 0; docs && i < sizeof tables / sizeof *tables; i++)
        for (PyMethodDef *d = tables[i]; d->ml_name; d++) {
            PyObject *text = PyDict_GetItemString(docs, d->ml_name);
            const char *utf8 = text ? PyUnicode_AsUTF8(text) : NULL;
            if (text && !utf8) return NULL;
            if (utf8) d->ml_doc = strdup(utf8); /* kept for as long as the process */
        }
    Py_RETURN_NONE;
}

static int execute(PyObject *module) {
    if (ValueType) { PyErr_SetString(PyExc_ImportError, "autograd._engine._value supports one interpreter only"); return -1; }
    PyObject *by_name = PyDict_New(), *name = PyUnicode_FromString("autograd");
    if (!by_name || !name) return -1;
    for (PyMethodDef *d = operations; d->ml_name; d++) {
        PyObject *f = PyCFunction_NewEx(d, NULL, name);
        if (!f || PyDict_SetItemString(by_name, d->ml_name, f) < 0) return -1;
        Py_DECREF(f);
    }
    Py_DECREF(name);
    ValueType = (PyTypeObject *)PyType_FromSpec(&spec);
    ColumnType = (PyTypeObject *)PyType_FromSpec(&column_spec);
    if (!ValueType || !ColumnType) return -1;
    ValueType->tp_vectorcall = value_vectorcall;
    PyObject *rows = PyLong_FromUnsignedLong(ROWS), *source = PyLong_FromUnsignedLong(SOURCE);
    if (PyModule_AddObjectRef(module, "rows", rows) < 0 || PyModule_AddObjectRef(module, "source", source) < 0) return -1;
    Py_DECREF(rows);
    Py_DECREF(source);
    ValueType->tp_name = "Value"; /* as errors show a class written in Python */
    if (PyModule_AddObjectRef(module, "Value", (PyObject *)ValueType) < 0) return -1;
    if (PyModule_AddObjectRef(module, "Column", (PyObject *)ColumnType) < 0) return -1;
    return PyModule_AddObject(module, "operations", by_name);
}
static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, execute},
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
    {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "autograd._engine._value", "The accelerator of autograd.value.", 0, functions, module_slots};
PyMODINIT_FUNC PyInit__value(void) { return PyModuleDef_Init(&definition); }
