/* The limit: the same arithmetic written out by hand for one program, with no graph at all. */

#include <math.h>

/* y ← y + exp(a·y)·0.00001, steps times; keeps what the way back needs: y, and e = exp(a·y). */
double chain_forward(long steps, const double *xs, double *ys, double *es) {
    double y = xs[0];
    for (long i = 0; i < steps; i++) {
        long k = i % 10;
        double e = exp(xs[k] * y);
        ys[i] = y;
        es[i] = e;
        y = y + e * 0.00001;
    }
    return y;
}
void chain_backward(long steps, const double *xs, const double *ys, const double *es, double *grad) {
    double g = 1.0;
    for (long k = 0; k < 10; k++) grad[k] = 0.0;
    for (long i = steps; i-- > 0;) {
        long k = i % 10;
        double t = g * 0.00001 * es[i];
        grad[k] += t * ys[i];
        g += t * xs[k];
    }
    grad[0] += g;
}

/* A 2-4-1 network of sigmoids on XOR, full batch, ½ Σ error²: p holds four times (w, w, b), then (w, w, w, w, b). */
double xor_train(long epochs, double lr, double *p) {
    static const double xs[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, ts[4] = {0, 1, 1, 0};
    double loss = 0.0;
    for (long epoch = 0; epoch < epochs; epoch++) {
        double g[17] = {0.0};
        loss = 0.0;
        for (int s = 0; s < 4; s++) {
            double h[4], z = p[16];
            for (int j = 0; j < 4; j++) {
                const double *w = p + 3 * j;
                h[j] = 1.0 / (1.0 + exp(-(w[2] + w[0] * xs[s][0] + w[1] * xs[s][1])));
                z += p[12 + j] * h[j];
            }
            double y = 1.0 / (1.0 + exp(-z)), error = y - ts[s], d = error * y * (1.0 - y);
            loss += 0.5 * error * error;
            g[16] += d;
            for (int j = 0; j < 4; j++) {
                double e = d * p[12 + j] * h[j] * (1.0 - h[j]);
                g[12 + j] += d * h[j];
                g[3 * j] += e * xs[s][0];
                g[3 * j + 1] += e * xs[s][1];
                g[3 * j + 2] += e;
            }
        }
        for (int i = 0; i < 17; i++) p[i] -= lr * g[i];
    }
    return loss;
}
