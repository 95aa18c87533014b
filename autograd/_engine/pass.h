/* A pass over a graph: what sweeps and walks keep while they go from the newest root towards older nodes.
 *
 * The nodes to be visited are marked `pending`, and counted in their slabs. Leaves lie outside the slabs, so a pass keeps a
 * list of those it has found. No Python code runs during a pass: one that started meanwhile would find this one's marks.
 */

/* The sweep is one long function: a compiler left to itself inlines the rare parts of it, and not the frequent ones. */
#ifdef __GNUC__
#define HOT static inline __attribute__((always_inline))
#define OUT_OF_LINE static __attribute__((noinline))
#else
#define HOT static inline
#define OUT_OF_LINE static
#endif

typedef struct {
    Node **leaves; /* those this pass has found */
    uint64_t number; /* of this pass */
    size_t n, room;
    size_t waiting; /* computed nodes found and not yet visited */
    uint64_t since; /* only what was recorded later takes part; 0 for everything */
    int older;      /* whether something was met that takes no part */
    int ok;         /* 0: the pass has failed and only goes on to clear its marks */
    Node *newest;   /* of the roots, where the pass starts */
    Node *stale_leaf, *stale_node;
    struct { Node *node; double grad; } *before; /* gradients of earlier passes, to be put back if this one fails */
    size_t m, before_room;
} Pass;

#define SINCE(x) (!p->since || recorded_at(x) > p->since)

OUT_OF_LINE void find_leaf(Pass *p, Node *x) {
    if (p->n == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        Node **more = PyMem_Realloc(p->leaves, room * sizeof *more);
        if (!more) {
            p->ok = 0;
            return;
        }
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
    if (y->kind == LEAF) {
        if (!y->pending) find_leaf(p, y);
        return;
    }
    if (!y->pending) find_computed(p, y);
    if (!p->newest || recorded_at(y) > recorded_at(p->newest)) p->newest = y;
}

/* A leaf must not have been assigned since `v`, recorded at `at`, was computed from it. */
HOT void check_leaf(Pass *p, Node *v, uint64_t at, Node *x) {
    if (x->assigned > at && !p->stale_leaf) {
        p->ok = 0;
        p->stale_leaf = x;
        p->stale_node = v;
    }
}

/* Whether the operand `x` of `v` takes part: the question to ask before its partial is evaluated. */
static inline int takes_part(Pass *p, Node *v, uint64_t at, Node *x) {
    if (SINCE(x)) return 1;
    p->older = 1;
    if (x->kind == LEAF) check_leaf(p, v, at, x);
    return 0;
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

/* Set the exception for a pass that has failed. */
static void raise_failure(const Pass *p) {
    if (!p->stale_leaf) {
        PyErr_NoMemory();
        return;
    }
    PyObject *error = PyObject_CallFunctionObjArgs(py.stale, p->stale_leaf, p->stale_node, NULL);
    if (error) {
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_DECREF(error);
    }
}

/* The newest node found and not yet visited, looked for from `v` on towards older ones, or NULL. */
HOT Node *next_pending(Pass *p, Slab **slab, Node *v) {
    while (!(*slab)->pending) {
        if (!p->waiting) return NULL;
        *slab = (*slab)->previous;
        v = (*slab)->node + (*slab)->used - 1;
    }
    while (!v->pending) v--;
    (*slab)->pending--;
    p->waiting--;
    return v;
}
