/* Written by `python -m autograd.generate` from the table in table.py: edit the table, not this file. */

static void SWEEP(fma)(SWEEP_PARAMETERS) {
    double a = xs[0].constant;
    double b = xs[1].constant;
    if (TAKES(xs[0])) {
        FLOW(xs[0], b);
    }
    if (TAKES(xs[1])) {
        FLOW(xs[1], a);
    }
    if (TAKES(xs[2])) {
        FLOW(xs[2], 1.0);
    }
}

static void SWEEP(where)(SWEEP_PARAMETERS) {
    double a = xs[0].constant;
    if (TAKES(xs[0])) {
        FIND(xs[0]);
    }
    if (TAKES(xs[1])) {
        if ((a != 0.0)) {
            FLOW(xs[1], 1.0);
        } else {
            FIND(xs[1]);
        }
    }
    if (TAKES(xs[2])) {
        if ((a != 0.0)) {
            FIND(xs[2]);
        } else {
            FLOW(xs[2], 1.0);
        }
    }
}

static void SWEEP(softmax_term)(SWEEP_PARAMETERS) {
    double b = xs[1].constant;
    double y = node->data;
    if (TAKES(xs[0])) {
        FLOW(xs[0], y);
    }
    if (TAKES(xs[1])) {
        FLOW(xs[1], ((-y) / b));
    }
    if (TAKES(xs[2])) {
        FLOW(xs[2], (-y));
    }
}

static void SWEEP(sum)(SWEEP_PARAMETERS) {
    double d = 1.0;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!TAKES(xs[i])) continue;
        FLOW(xs[i], d);
    }
}

static void SWEEP(prod)(SWEEP_PARAMETERS) {
    double *d = others(xs, count);
    if (!d) {
        FAIL();
        return;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!TAKES(xs[i])) continue;
        FLOW(xs[i], d[i]);
    }
    PyMem_Free(d);
}

static void SWEEP(dot)(SWEEP_PARAMETERS) {
    if (count < 1) {
        FAIL();
        return;
    }
    if (TAKES(xs[0])) {
        FLOW(xs[0], 1.0);
    }
    for (Py_ssize_t i = 1; i < count; i++) {
        if (!TAKES(xs[i])) continue;
        FLOW(xs[i], swapped(xs, count, 1, i));
    }
}

static void SWEEP(mean)(SWEEP_PARAMETERS) {
    double d = (1.0 / (double)count);
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!TAKES(xs[i])) continue;
        FLOW(xs[i], d);
    }
}

static void SWEEP(hypot)(SWEEP_PARAMETERS) {
    double y = node->data;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!TAKES(xs[i])) continue;
        double x = xs[i].constant;
        FLOW(xs[i], ((y != 0.0) ? (x / y) : 0.0));
    }
}

static void SWEEP(sumexp)(SWEEP_PARAMETERS) {
    double y = node->data;
    if (count < 1) {
        FAIL();
        return;
    }
    if (TAKES(xs[0])) {
        FLOW(xs[0], (-y));
    }
    for (Py_ssize_t i = 1; i < count; i++) {
        if (!TAKES(xs[i])) continue;
        double x = xs[i].constant;
        FLOW(xs[i], exp((x - xs[0].constant)));
    }
}

static void SWEEP(logsumexp)(SWEEP_PARAMETERS) {
    double m = largest(xs, count);
    double total = 0.0;
    for (Py_ssize_t i = 0; i < count; i++) {
        double x = xs[i].constant;
        total += exp((x - m));
    }
    double z = total;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!TAKES(xs[i])) continue;
        double x = xs[i].constant;
        FLOW(xs[i], v_softmax_term(x, z, m));
    }
}
