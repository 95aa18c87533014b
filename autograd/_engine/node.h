/* A node of the graph, and the memory of nodes.
 *
 * Computed Values lie one behind the other in slabs, so the order of addresses is the order of recording, and the reverse
 * sweep is one pass from the root towards older nodes, without a sort, a set or a stack. A slab is used again when its last
 * node is freed. Leaves are allocated one by one: parameters live long, and would keep whole slabs from being reused.
 *
 * Values are not tracked by the cyclic collector. A node refers to its operands, which are older, and to a note of plain
 * strings, so nodes alone cannot form a cycle. (It refers to a custom operation as well. If the functions of that operation
 * close over a Value computed by it, that is a cycle, and it is never freed.)
 */

typedef struct { /* the operands of an operation with three or more, or of a custom one */
    PyObject *op; /* the row, if it is not one of _kernels.h */
    Py_ssize_t n;
    Operand of[];
} Many;

typedef struct { /* operands that many nodes share: the inputs of a layer, or the weights of a neuron in all its calls */
    Py_ssize_t refs, n;
    uint64_t pass, assigned;         /* the last pass that found them all, and when the newest number of a leaf was assigned */
    uint8_t any, custom, all_values; /* whether one is a Value; one is computed by a custom operation; all but the first are */
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
    unsigned reached : 1;
    unsigned custom : 1;  /* computed by a custom operation, or from such a Value: its graph is swept in Python */
    unsigned pending : 2; /* 1 found by a sweep, 2 has an adjoint */
};
typedef struct {
    Node node;
    double bar; /* the leaf's adjoint in a running sweep */
} Leaf;

static PyTypeObject *ValueType;
#define IsValue(o) (Py_TYPE(o) == ValueType)

static long modes;      /* how many modes are active anywhere */
static uint64_t now;    /* counts Values in order of recording, and assignments to leaves */
static uint64_t passes; /* counts sweeps */

/* ---- slabs ----------------------------------------------------------------------------------------------------------- */

#define SLAB_BYTES (64 * 1024)
typedef struct Slab Slab;
struct Slab {
    Slab *previous, *next;
    uint64_t base;
    uint32_t used, live, pending, looked; /* looked: how many nodes lived when it last gave back pages */
    uint32_t padding[6];
    Node node[];
};
/* A slab leaves room for the allocator's header of the next one, or there would be a gap behind every slab. */
#define SLAB_USED (SLAB_BYTES - 16)
enum {
    PER_SLAB = (SLAB_USED - sizeof(Slab)) / sizeof(Node),
    FEW_LIVE = 16,           /* live nodes of a slab whose other pages are worth giving back */
    SMALLEST_RESERVE = 256,  /* spare slabs that are kept: 16 MB, */
    LARGEST_RESERVE = 4096,  /* or as many as were needed again after they had been given back, up to 256 MB */
};
_Static_assert(sizeof(Node) == 64 && sizeof(Slab) == 64, "a node is a cache line");

static Slab *current, *spare;
static long spares, reserve = SMALLEST_RESERVE, given_back, slabs, next_look = 2 * SMALLEST_RESERVE;
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

/* ---- memory that goes back to the system -------------------------------------------------------------------------------
 *
 * `free` alone keeps it: slabs are smaller than what the C library returns. A page that is given back reads as zeros, so its
 * nodes look like leaves, which no slab has, and not like any that a sweep has to visit.
 */

#ifdef _WIN32
static void give_back(Slab *s, size_t from, size_t to) {}
static size_t page_bytes(void) { return SLAB_BYTES; }
#else
static void give_back(Slab *s, size_t from, size_t to) {
    if (to > from) madvise((char *)s + from, to - from, MADV_DONTNEED);
}
static size_t page_bytes(void) {
    static size_t found;
    if (!found) found = (size_t)sysconf(_SC_PAGESIZE);
    return found;
}
#endif

/* The pages of a slab in which no node lives; but for the first, which has its head, and the last, where the allocator's
 * header of the next block is. */
static void give_back_dead(Slab *s) {
    size_t page = page_bytes(), from = page, each = page / sizeof(Node);
    for (size_t at = page; at + page < SLAB_BYTES; at += page) {
        int dead = 1;
        size_t first = at / sizeof(Node) - 1; /* the head takes the place of one node */
        for (size_t i = first; dead && i < first + each; i++)
            dead = i >= s->used || s->node[i].kind == DEAD || s->node[i].kind == LEAF;
        if (dead) continue;
        give_back(s, from, at);
        from = at + page;
    }
    give_back(s, from, (SLAB_BYTES / page - 1) * page);
}
/* Whenever there are twice as many slabs as at the last look: those with few nodes that live give back the rest. */
static void look_for_dead(void) {
    for (Slab *s = current; s; s = s->previous)
        if (s->live <= FEW_LIVE && s->live != s->looked) {
            give_back_dead(s);
            s->looked = s->live;
        }
    next_look = slabs > SMALLEST_RESERVE ? 2 * slabs : 2 * SMALLEST_RESERVE;
}

static int new_slab(void) {
    if (slabs >= next_look) look_for_dead();
    Slab *s = spare;
    if (s) {
        spare = s->next;
        spares--;
    } else if (!(s = slab_memory())) {
        PyErr_NoMemory();
        return -1;
    } else if (given_back) {
        given_back--;
        if (reserve < LARGEST_RESERVE) reserve++;
    }
    slabs++;
    s->used = s->live = s->pending = s->looked = 0;
    s->base = now;
    s->next = NULL;
    s->previous = current;
    if (current) current->next = s;
    current = s;
    return 0;
}

static void slab_emptied(Slab *s) {
    if (s == current) {
        s->used = 0;
        s->base = now;
        return;
    }
    if (s->previous) s->previous->next = s->next;
    s->next->previous = s->previous;
    slabs--;
    if (spares < reserve) {
        s->next = spare;
        spare = s;
        spares++;
        return;
    }
    give_back(s, 0, (SLAB_BYTES / page_bytes() - 1) * page_bytes());
    free_slab(s);
    given_back++;
}

/* ---- making and freeing nodes ---------------------------------------------------------------------------------------- */

static inline void init_node(Node *v, double data, int op, int kind) {
    Py_SET_TYPE(v, ValueType);
#ifdef Py_TRACE_REFS
    _Py_NewReference((PyObject *)v);
#else
    Py_SET_REFCNT((PyObject *)v, 1);
#endif
    v->data = data;
    v->grad = 0.0;
    v->note = NULL;
    v->op = (uint16_t)op;
    v->kind = (uint8_t)kind;
    v->reached = v->custom = v->pending = 0;
}

static inline Node *new_node(double data, int op, int kind) {
    if (!current || current->used == PER_SLAB || now - current->base > UINT32_MAX - 1)
        if (new_slab() < 0) return NULL;
    Slab *s = current;
    Node *v = &s->node[s->used++];
    s->live++;
    init_node(v, data, op, kind);
    v->delta = (uint32_t)(++now - s->base);
    return v;
}

static Node *new_leaf(double data) {
    Node *v = PyObject_Malloc(sizeof(Leaf));
    if (!v) return (Node *)PyErr_NoMemory();
    init_node(v, data, OP_LEAF, LEAF);
    v->assigned = 0;
    v->recorded = ++now;
    return v;
}

/* The queue of nodes to be freed is linked through their data, which is no longer needed. */
static inline void drop(Node *v, Node **queue) {
    if (Py_REFCNT((PyObject *)v) == 1) {
        memcpy(&v->data, queue, sizeof *queue);
        *queue = v;
    } else Py_DECREF((PyObject *)v);
}
static inline void drop_all(const Operand *of, Py_ssize_t n, Node **queue) {
    for (Py_ssize_t i = 0; i < n; i++)
        if (of[i].node) drop(of[i].node, queue);
}
static inline void drop_vector(Vector *m, Node **queue) {
    if (--m->refs) return;
    drop_all(m->of, m->n, queue);
    PyMem_Free(m);
}

/* A loop and no recursion: an operand to which nothing else refers joins the queue. */
static void dealloc(PyObject *o) {
    Node *v = (Node *)o, *queue = NULL;
    for (;;) {
        switch (v->kind) {
        case BINARY: drop(v->b, &queue); /* fall through */
        case UNARY: case CONST_RIGHT: case CONST_LEFT: drop(v->a, &queue); break;
        case DOT:
            drop_vector(v->xs, &queue);
            drop_vector(v->row, &queue);
            break;
        case MANY:
            drop_all(v->many->of, v->many->n, &queue);
            Py_XDECREF(v->many->op);
            PyMem_Free(v->many);
        }
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
        if (!(v = queue)) return;
        memcpy(&queue, &v->data, sizeof queue);
    }
}

/* ---- computed Values of one and two operands ------------------------------------------------------------------------- */

static inline PyObject *unary(int op, Node *x, double y) {
    Node *v = new_node(y, op, UNARY);
    if (!v) return NULL;
    v->a = (Node *)Py_NewRef(x);
    v->custom = x->custom;
    return (PyObject *)v;
}
static inline PyObject *binary(int op, Node *a, Node *b, double y) {
    Node *v = new_node(y, op, BINARY);
    if (!v) return NULL;
    v->a = (Node *)Py_NewRef(a);
    v->b = (Node *)Py_NewRef(b);
    v->custom = a->custom | b->custom;
    return (PyObject *)v;
}
/* One operand is a constant, on the left or on the right as `kind` says: in both cases `a` is the Value. */
static inline PyObject *with_constant(int op, int kind, Node *a, double constant, double y) {
    Node *v = new_node(y, op, kind);
    if (!v) return NULL;
    v->a = (Node *)Py_NewRef(a);
    v->constant = constant;
    v->custom = a->custom;
    return (PyObject *)v;
}
