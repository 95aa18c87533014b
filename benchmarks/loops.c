// The programs of benchmarks.loops written by hand: value and gradient, what a reverse sweep needs kept in arrays of the caller.
// p are the parameters, g their gradient, k is memory to work in.
#include <math.h>

double kalman(const double *p, const double *xs, long n, double *g, double *k) {
    double m = 0.0, v = 1.0, total = 0.0;
    for (long i = 0; i < n; i++) {
        k[5 * i] = m, k[5 * i + 1] = v;
        double mp = p[0] * m, w = p[0] * p[0] * v + p[1], s = w + p[2], gain = w / s, e = xs[i] - mp;
        m = mp + gain * e, v = (1.0 - gain) * w, total -= 0.5 * (log(s) + e * e / s);
        k[5 * i + 2] = s, k[5 * i + 3] = gain, k[5 * i + 4] = e;
    }
    double dm = 0.0, dv = 0.0, d0 = 0.0, d1 = 0.0, d2 = 0.0;
    for (long i = n - 1; i >= 0; i--) {
        double m0 = k[5 * i], v0 = k[5 * i + 1], s = k[5 * i + 2], gain = k[5 * i + 3], e = k[5 * i + 4], w = s - p[2];
        double de = dm * gain - e / s, dgain = dm * e - dv * w;
        double dw = dv * (1.0 - gain) + dgain / s, ds = -dgain * gain / s - 0.5 * (1.0 / s - e * e / (s * s));
        double dmp = dm - de;
        dw += ds, d2 += ds, d1 += dw;
        d0 += dmp * m0 + 2.0 * p[0] * v0 * dw;
        dm = dmp * p[0], dv = p[0] * p[0] * dw;
    }
    g[0] = d0, g[1] = d1, g[2] = d2;
    return total;
}

double garch(const double *p, const double *xs, long n, double *g, double *k) {
    double s = 1.0, total = 0.0;
    for (long i = 0; i < n; i++) {
        k[i] = s;
        s = p[0] + p[1] * xs[i] * xs[i] + p[2] * s;
        total += 0.5 * (log(s) + xs[i] * xs[i] / s);
    }
    double ds = 0.0, d0 = 0.0, d1 = 0.0, d2 = 0.0;
    for (long i = n - 1; i >= 0; i--) {
        double x = xs[i] * xs[i];
        ds += 0.5 * (1.0 / s - x / (s * s));
        d0 += ds, d1 += ds * x, d2 += ds * k[i];
        ds *= p[2], s = k[i];
    }
    g[0] = d0, g[1] = d1, g[2] = d2;
    return total;
}

static void field(const double *p, double x, double y, double *f) {
    f[0] = p[0] * x - p[1] * x * y, f[1] = p[2] * x * y - p[3] * y;
}
// The adjoint of the field: d is that of what it gives; u and g are added to.
static void pull(const double *p, double x, double y, const double *d, double *u, double *g) {
    u[0] += d[0] * (p[0] - p[1] * y) + d[1] * p[2] * y;
    u[1] += -d[0] * p[1] * x + d[1] * (p[2] * x - p[3]);
    g[0] += d[0] * x, g[1] -= d[0] * x * y, g[2] += d[1] * x * y, g[3] -= d[1] * y;
}
double lotka_volterra(const double *p, const double *seen, long n, double *g, double *k) {  // seen at every tenth of the steps
    double h = 0.01, x = 1.0, y = 1.0, total = 0.0;
    for (long i = 0; i < n; i++) {
        double *s = k + 10 * i, a[2], b[2], c[2], d[2];
        s[0] = x, s[1] = y;
        field(p, x, y, a);
        field(p, s[2] = x + 0.5 * h * a[0], s[3] = y + 0.5 * h * a[1], b);
        field(p, s[4] = x + 0.5 * h * b[0], s[5] = y + 0.5 * h * b[1], c);
        field(p, s[6] = x + h * c[0], s[7] = y + h * c[1], d);
        if (i % (n / 10) == 0) {
            long j = i / (n / 10);
            s[8] = x - seen[2 * j], s[9] = y - seen[2 * j + 1], total += s[8] * s[8] + s[9] * s[9];
        }
        x += h / 6.0 * (a[0] + 2.0 * b[0] + 2.0 * c[0] + d[0]), y += h / 6.0 * (a[1] + 2.0 * b[1] + 2.0 * c[1] + d[1]);
    }
    double dx = 0.0, dy = 0.0;
    for (int i = 0; i < 4; i++) g[i] = 0.0;
    for (long i = n - 1; i >= 0; i--) {
        const double *s = k + 10 * i;
        double w = h / 6.0, u[2] = {dx, dy}, t[2] = {0, 0}, z[2] = {w * dx, w * dy};
        pull(p, s[6], s[7], z, t, g);
        u[0] += t[0], u[1] += t[1];
        double c[2] = {2.0 * w * dx + h * t[0], 2.0 * w * dy + h * t[1]}, r[2] = {0, 0};
        pull(p, s[4], s[5], c, r, g);
        u[0] += r[0], u[1] += r[1];
        double b[2] = {2.0 * w * dx + 0.5 * h * r[0], 2.0 * w * dy + 0.5 * h * r[1]}, q[2] = {0, 0};
        pull(p, s[2], s[3], b, q, g);
        u[0] += q[0], u[1] += q[1];
        double a[2] = {w * dx + 0.5 * h * q[0], w * dy + 0.5 * h * q[1]};
        pull(p, s[0], s[1], a, u, g);
        dx = u[0], dy = u[1];
        if (i % (n / 10) == 0) dx += 2.0 * s[8], dy += 2.0 * s[9];
    }
    return total;
}

double monte_carlo(const double *p, const double *zs, long paths, double *g, double *k) {  // 50 steps a path
    double drift = (p[1] - 0.5 * p[2] * p[2]) / 50.0, root = sqrt(1.0 / 50.0), scale = p[2] * root, total = 0.0;
    double d0 = 0.0, ddrift = 0.0, dscale = 0.0, last = exp(-p[1]) / (double)paths;
    for (long j = 0; j < paths; j++) {
        const double *z = zs + 50 * j;
        double s = p[0];
        for (int i = 0; i < 50; i++) k[i] = s, s *= k[50 + i] = exp(drift + scale * z[i]);
        if (s <= 1.0) continue;
        total += s - 1.0;
        double ds = last;
        for (int i = 49; i >= 0; i--) {
            double de = ds * k[i] * k[50 + i];
            ddrift += de, dscale += de * z[i], ds *= k[50 + i];
        }
        d0 += ds;
    }
    g[0] = d0, g[1] = ddrift / 50.0 - total * last, g[2] = dscale * root - ddrift * p[2] / 50.0;
    return total * last;
}

double holt(const double *p, const double *xs, long n, double *g, double *k) {  // level and trend, squared errors
    double l = xs[0], b = 0.0, total = 0.0;
    for (long i = 1; i < n; i++) {
        k[3 * i] = l, k[3 * i + 1] = b;
        double e = k[3 * i + 2] = xs[i] - (l + b), l1 = p[0] * xs[i] + (1.0 - p[0]) * (l + b);
        b = p[1] * (l1 - l) + (1.0 - p[1]) * b, l = l1, total += e * e;
    }
    double dl = 0.0, db = 0.0, d0 = 0.0, d1 = 0.0;
    for (long i = n - 1; i >= 1; i--) {
        double l0 = k[3 * i], b0 = k[3 * i + 1], e = k[3 * i + 2], l1 = p[0] * xs[i] + (1.0 - p[0]) * (l0 + b0);
        d1 += db * (l1 - l0 - b0), dl += db * p[1];
        d0 += dl * e;
        double both = dl * (1.0 - p[0]) - 2.0 * e;
        dl = both - db * p[1], db = both + db * (1.0 - p[1]);
    }
    g[0] = d0, g[1] = d1;
    return total;
}

double pendulum(const double *p, const double *xs, long n, double *g, double *k) {  // damped, symplectic Euler, angles seen
    double h = 0.01, a = 1.0, v = 0.0, total = 0.0;
    for (long i = 0; i < n; i++) {
        k[4 * i] = a, k[4 * i + 1] = v, k[4 * i + 2] = sin(a);
        v += h * (-p[0] * k[4 * i + 2] - p[1] * v), a += h * v;
        double e = k[4 * i + 3] = a - xs[i];
        total += e * e;
    }
    double da = 0.0, dv = 0.0, d0 = 0.0, d1 = 0.0;
    for (long i = n - 1; i >= 0; i--) {
        da += 2.0 * k[4 * i + 3], dv += h * da;
        d0 -= dv * h * k[4 * i + 2], d1 -= dv * h * k[4 * i + 1];
        da -= dv * h * p[0] * cos(k[4 * i]), dv -= dv * h * p[1];
    }
    g[0] = d0, g[1] = d1;
    return total;
}
