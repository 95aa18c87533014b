// The work of benchmarks.compile written by hand: what a compiled function is measured against.
// Derivatives in the short forms one writes by hand (1 - y*y for tanh, y*(1-y) for the sigmoid).
#include <math.h>
#include <string.h>

static double sigmoid(double x) { return 1.0 / (1.0 + exp(-x)); }

void xor_epochs(double *w, long epochs) {  // 2-4-1: w[8], b[4], v[4], c
    static const double X[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, Y[4] = {0, 1, 1, 0};
    for (long e = 0; e < epochs; e++) {
        double g[17] = {0};
        for (int s = 0; s < 4; s++) {
            double h[4], z = w[16];
            for (int j = 0; j < 4; j++) {
                h[j] = sigmoid(w[8 + j] + w[2 * j] * X[s][0] + w[2 * j + 1] * X[s][1]);
                z += w[12 + j] * h[j];
            }
            double y = sigmoid(z), d = 2.0 * (y - Y[s]) * y * (1.0 - y);
            g[16] += d;
            for (int j = 0; j < 4; j++) {
                g[12 + j] += d * h[j];
                double dj = d * w[12 + j] * h[j] * (1.0 - h[j]);
                g[8 + j] += dj;
                g[2 * j] += dj * X[s][0];
                g[2 * j + 1] += dj * X[s][1];
            }
        }
        for (int k = 0; k < 17; k++) w[k] -= 0.5 * g[k];
    }
}

// a net of full layers with tanh between them: the squared error of one sample is added to the loss, its gradient to g
static double net(const double *restrict w, double *restrict g, const double *x, const double *y, const int *sizes, int layers) {
    static double h[8][1024], d[8][1024];
    const double *W[8], *in = x;
    double loss = 0.0;
    for (int l = 0; l < layers; l++) {
        int n = sizes[l], m = sizes[l + 1];
        W[l] = w;
        const double *b = w + n * m;
        for (int j = 0; j < m; j++) {
            double s = b[j];
            for (int i = 0; i < n; i++) s += w[j * n + i] * in[i];
            h[l][j] = l < layers - 1 ? tanh(s) : s;
        }
        in = h[l];
        w += n * m + m;
    }
    int last = layers - 1;
    for (int j = 0; j < sizes[layers]; j++) {
        double e = h[last][j] - y[j];
        loss += e * e;
        d[last][j] = 2.0 * e;
    }
    for (int l = last; l >= 0; l--) {
        int n = sizes[l], m = sizes[l + 1];
        const double *below = l ? h[l - 1] : x;
        double *G = g + (W[l] - W[0]);
        for (int j = 0; j < m; j++) {
            for (int i = 0; i < n; i++) G[j * n + i] += d[l][j] * below[i];
            G[n * m + j] += d[l][j];
        }
        if (l) {
            for (int i = 0; i < n; i++) d[l - 1][i] = 0.0;
            for (int j = 0; j < m; j++)
                for (int i = 0; i < n; i++) d[l - 1][i] += d[l][j] * W[l][j * n + i];
            for (int i = 0; i < n; i++) d[l - 1][i] *= 1.0 - h[l - 1][i] * h[l - 1][i];
        }
    }
    return loss;
}

double moons(const double *w, const double *xs, const double *ys, double *g) {
    static const int sizes[] = {2, 16, 16, 1};
    double loss = 0.0;
    memset(g, 0, 337 * sizeof(double));
    for (int s = 0; s < 100; s++) loss += net(w, g, xs + 2 * s, ys + s, sizes, 3);
    return loss;
}

double digit(const double *w, const double *x, const double *y, double *g) {
    static const int sizes[] = {784, 128, 10};
    memset(g, 0, 101770 * sizeof(double));
    return net(w, g, x, y, sizes, 2);
}

double rosenbrock(const double *x, long n, double *g) {
    double total = 0.0;
    memset(g, 0, n * sizeof(double));
    for (long i = 0; i + 1 < n; i++) {
        double t = x[i + 1] - x[i] * x[i], u = 1.0 - x[i];
        total += 100.0 * t * t + u * u;
        g[i] += -400.0 * t * x[i] - 2.0 * u;
        g[i + 1] += 200.0 * t;
    }
    return total;
}

enum { E = 16, H = 4, D = 4, V = 27, T = 16, F = 64 };

static void linear(const double *restrict w, const double *restrict x, double *restrict y, int m, int n) {
    for (int j = 0; j < m; j++) {
        double s = 0.0;
        for (int i = 0; i < n; i++) s += w[j * n + i] * x[i];
        y[j] = s;
    }
}

static void back(const double *restrict w, double *restrict gw, const double *restrict x, double *restrict gx, const double *restrict gy, int m, int n) {
    for (int j = 0; j < m; j++)
        for (int i = 0; i < n; i++) {
            gw[j * n + i] += gy[j] * x[i];
            gx[i] += gy[j] * w[j * n + i];
        }
}

static double norm(const double *x, double *y) {
    double s = 0.0;
    for (int i = 0; i < E; i++) s += x[i] * x[i];
    double scale = 1.0 / sqrt(s / E + 1e-5);
    for (int i = 0; i < E; i++) y[i] = x[i] * scale;
    return scale;
}

static void norm_back(const double *x, double scale, const double *gy, double *gx) {
    double s = 0.0;
    for (int i = 0; i < E; i++) s += gy[i] * x[i];
    for (int i = 0; i < E; i++) gx[i] += gy[i] * scale - x[i] * s * scale * scale * scale / E;
}

double gpt(const double *w, const double *tokens, const double *targets, long n, double *g) {
    const double *wte = w, *wpe = wte + V * E, *head = wpe + T * E, *wq = head + V * E, *wk = wq + E * E, *wv = wk + E * E,
                 *wo = wv + E * E, *f1 = wo + E * E, *f2 = f1 + F * E;
    long at[9] = {0, wpe - w, head - w, wq - w, wk - w, wv - w, wo - w, f1 - w, f2 - w};
    static double x0[T][E], x1[T][E], xn[T][E], q[T][E], k[T][E], v[T][E], p[T][H][T], mixed[T][E], x2[T][E], xm[T][E], hid[T][F],
        x3[T][E], prob[T][V], gk[T][E], gv[T][E], s0[T], s1[T], s2[T];
    double loss = 0.0;
    memset(g, 0, (at[8] + E * F) * sizeof(double));
    memset(gk, 0, sizeof gk), memset(gv, 0, sizeof gv);
    for (int t = 0; t < n; t++) {
        int token = (int)tokens[t];
        for (int i = 0; i < E; i++) x0[t][i] = wte[token * E + i] + wpe[t * E + i];
        s0[t] = norm(x0[t], x1[t]);
        s1[t] = norm(x1[t], xn[t]);
        linear(wq, xn[t], q[t], E, E), linear(wk, xn[t], k[t], E, E), linear(wv, xn[t], v[t], E, E);
        for (int h = 0; h < H; h++) {
            double *a = p[t][h], most = -INFINITY, sum = 0.0;
            for (int u = 0; u <= t; u++) {
                double s = 0.0;
                for (int j = 0; j < D; j++) s += q[t][h * D + j] * k[u][h * D + j];
                a[u] = s * 0.5;
                if (a[u] > most) most = a[u];
            }
            for (int u = 0; u <= t; u++) sum += a[u] = exp(a[u] - most);
            for (int u = 0; u <= t; u++) a[u] /= sum;
            for (int j = 0; j < D; j++) {
                double s = 0.0;
                for (int u = 0; u <= t; u++) s += a[u] * v[u][h * D + j];
                mixed[t][h * D + j] = s;
            }
        }
        linear(wo, mixed[t], x2[t], E, E);
        for (int i = 0; i < E; i++) x2[t][i] += x1[t][i];
        s2[t] = norm(x2[t], xm[t]);
        linear(f1, xm[t], hid[t], F, E);
        for (int i = 0; i < F; i++) hid[t][i] = hid[t][i] > 0.0 ? hid[t][i] : 0.0;
        linear(f2, hid[t], x3[t], E, F);
        for (int i = 0; i < E; i++) x3[t][i] += x2[t][i];
        linear(head, x3[t], prob[t], V, E);
        double most = -INFINITY, sum = 0.0;
        for (int i = 0; i < V; i++) if (prob[t][i] > most) most = prob[t][i];
        for (int i = 0; i < V; i++) sum += prob[t][i] = exp(prob[t][i] - most);
        for (int i = 0; i < V; i++) prob[t][i] /= sum;
        loss -= log(prob[t][(int)targets[t]]);
    }
    for (int t = n - 1; t >= 0; t--) {
        double gl[V], g3[E] = {0}, gh[F] = {0}, gm[E] = {0}, g2[E], gx[E] = {0}, gq[E] = {0}, gn[E] = {0}, g1[E], g0[E] = {0};
        for (int i = 0; i < V; i++) gl[i] = prob[t][i] / n;
        gl[(int)targets[t]] -= 1.0 / n;
        back(head, g + at[2], x3[t], g3, gl, V, E);
        back(f2, g + at[8], hid[t], gh, g3, E, F);
        for (int i = 0; i < F; i++) gh[i] = hid[t][i] > 0.0 ? gh[i] : 0.0;
        back(f1, g + at[7], xm[t], gm, gh, F, E);
        memcpy(g2, g3, sizeof g2);
        norm_back(x2[t], s2[t], gm, g2);
        back(wo, g + at[6], mixed[t], gx, g2, E, E);
        for (int h = 0; h < H; h++) {
            double *a = p[t][h], ga[T], s = 0.0;
            for (int u = 0; u <= t; u++) {
                ga[u] = 0.0;
                for (int j = 0; j < D; j++) {
                    ga[u] += gx[h * D + j] * v[u][h * D + j];
                    gv[u][h * D + j] += gx[h * D + j] * a[u];
                }
                s += ga[u] * a[u];
            }
            for (int u = 0; u <= t; u++) {
                double d = a[u] * (ga[u] - s) * 0.5;
                for (int j = 0; j < D; j++) {
                    gq[h * D + j] += d * k[u][h * D + j];
                    gk[u][h * D + j] += d * q[t][h * D + j];
                }
            }
        }
        back(wq, g + at[3], xn[t], gn, gq, E, E), back(wk, g + at[4], xn[t], gn, gk[t], E, E), back(wv, g + at[5], xn[t], gn, gv[t], E, E);
        memcpy(g1, g2, sizeof g1);
        norm_back(x1[t], s1[t], gn, g1);
        norm_back(x0[t], s0[t], g1, g0);
        for (int i = 0; i < E; i++) g[(int)tokens[t] * E + i] += g0[i], g[at[1] + t * E + i] += g0[i];
    }
    return loss / n;
}

// one step of training by Adam: the gradient in g, then w, m and v; size = lr / (1 - b1^t), correction = sqrt(1 - b2^t)
double gpt_step(double *restrict w, const double *tokens, const double *targets, long n, double *restrict g, double *restrict m,
                double *restrict v, double size, double correction) {
    double loss = gpt(w, tokens, targets, n, g);
    for (long i = 0; i < 4192; i++) {
        m[i] += 0.1 * (g[i] - m[i]);
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        w[i] -= size * m[i] / (sqrt(v[i]) / correction + 1e-8);
    }
    return loss;
}
