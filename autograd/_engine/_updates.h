/* Written by `python -m autograd.generate` from update_rules.py: edit that, not this file. */

static int update_sgd(UPDATE_PARAMETERS) {
    int refused = 0;
    const double lr = options[0];
    const double momentum = options[1];
    const double weight_decay = options[2];
    const double nesterov = options[3];
    for (Py_ssize_t i = 0; i < n; i++) {
        double p = columns[0][i];
        double g = columns[1][i];
        double b = columns[2][i];
        if ((weight_decay != 0.0)) {
            g = (g + (weight_decay * p));
        }
        double step = g;
        if ((momentum != 0.0)) {
            b = ((momentum * b) + g);
            step = ((nesterov != 0.0) ? (g + (momentum * b)) : b);
        }
        results[0][i] = (p - (lr * step));
        results[1][i] = b;
    }
    return !refused;
}

static int update_rmsprop(UPDATE_PARAMETERS) {
    int refused = 0;
    const double lr = options[0];
    const double alpha = options[1];
    const double rest = options[2];
    const double eps = options[3];
    const double weight_decay = options[4];
    const double momentum = options[5];
    for (Py_ssize_t i = 0; i < n; i++) {
        double p = columns[0][i];
        double g = columns[1][i];
        double s = columns[2][i];
        double b = columns[3][i];
        if ((weight_decay != 0.0)) {
            g = (g + (weight_decay * p));
        }
        s = ((alpha * s) + ((rest * g) * g));
        double step = divided(g, (root(s, &refused) + eps), &refused);
        if ((momentum != 0.0)) {
            b = ((momentum * b) + step);
            step = b;
        }
        results[0][i] = (p - (lr * step));
        results[1][i] = s;
        results[2][i] = b;
    }
    return !refused;
}

static int update_adam(UPDATE_PARAMETERS) {
    int refused = 0;
    const double size = options[0];
    const double correction = options[1];
    const double rest1 = options[2];
    const double beta2 = options[3];
    const double rest2 = options[4];
    const double eps = options[5];
    const double weight_decay = options[6];
    const double decoupled = options[7];
    const double keep = options[8];
    for (Py_ssize_t i = 0; i < n; i++) {
        double p = columns[0][i];
        double g = columns[1][i];
        double m = columns[2][i];
        double v = columns[3][i];
        if ((decoupled != 0.0)) {
            p = (p * keep);
        }
        if ((weight_decay != 0.0)) {
            g = (g + (weight_decay * p));
        }
        m = (m + (rest1 * (g - m)));
        v = ((beta2 * v) + ((rest2 * g) * g));
        results[0][i] = (p - divided((size * m), (divided(root(v, &refused), correction, &refused) + eps), &refused));
        results[1][i] = m;
        results[2][i] = v;
    }
    return !refused;
}

static const Formula formulas[] = {
    {"sgd", 3, 4, 2, update_sgd},
    {"rmsprop", 4, 6, 3, update_rmsprop},
    {"adam", 4, 9, 3, update_adam},
};
