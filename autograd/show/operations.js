// What the rows of the table call and JavaScript's Math does not have.

function exp2(x) {
  return Math.pow(2, x);
}

function c_pow(a, b) {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b);
}

function rint(x) {
  const low = Math.floor(x), rest = x - low;
  const y = rest < 0.5 ? low : rest > 0.5 ? low + 1 : low % 2 === 0 ? low : low + 1;
  return Number.isFinite(x) ? copysign(y, x) : x;
}

function round_digits(x, digits) {
  if (!Number.isFinite(x)) return x;
  digits = Math.trunc(digits);
  if (digits < 0) return rint(x / 10 ** -digits) * 10 ** -digits;
  const text = x.toFixed(Math.min(100, digits)), down = +text, step = 10 ** -digits;
  const tie = Math.abs(x) * 10 ** digits % 1 === 0.5;
  return tie ? rint(x / step) * step : down;
}

function copysign(a, b) {
  const size = Math.abs(a);
  return b < 0 || Object.is(b, -0) ? -size : size;
}

function fmod(a, b) {
  return a % b;
}

function mod(a, b) {
  const m = a % b;
  return m === 0 ? copysign(0, b) : (m < 0) !== (b < 0) ? m + b : m;
}

function floordiv(a, b) {
  if (b === 0) return NaN;
  const q = (a - mod(a, b)) / b, low = Math.floor(q);
  return q === 0 ? copysign(0, a / b) : q - low > 0.5 ? low + 1 : low;
}

function no_derivative() {
  return NaN;
}

function two_sum(a, b) {
  const s = a + b, t = s - a;
  return [s, a - (s - t) + (b - t)];
}

function fma(a, b, c) {
  // The product as an exact sum of two numbers (Dekker, 1971), then both added; exact but for the last rounding.
  const p = a * b;
  if (!Number.isFinite(p) || !Number.isFinite(c) || Math.abs(a) > 1e140 || Math.abs(b) > 1e140) return p + c;
  const u = 134217729 * a, ah = u - (u - a), al = a - ah;
  const v = 134217729 * b, bh = v - (v - b), bl = b - bh;
  const e = al * bl - (p - ah * bh - al * bh - ah * bl);
  const [s, r] = two_sum(p, c);
  return s + (r + e);
}

function erf(x) {
  // exp(−x²)·2/√π·Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!, terms of one sign (NIST Digital Library of Mathematical Functions, 7.6.2).
  const size = Math.abs(x);
  if (size > 2.5) return copysign(1 - erfc(size), x);
  let term = x, sum = x;
  for (let n = 1; n < 80; n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

function erfc(x) {
  // The continued fraction 7.9.4, from the back; for small x, 1 − erf(x).
  if (!(x > 1.5)) return 1 - erf(x);
  if (x > 30) return 0;
  let tail = 0;
  for (let k = 120; k > 0; k--) tail = k / 2 / (x + tail);
  return Math.exp(-x * x) / (x + tail) / Math.sqrt(Math.PI);
}

function erfinv(x) {
  // As `special.erfinv` has it, and so the next four.
  const size = Math.abs(x);
  if (size > 0.5) return copysign(erfcinv(1 - size), x);
  if (!(size > 1e-8)) return x * Math.sqrt(Math.PI) / 2;
  let y = copysign(near_erfinv(Math.log1p(-x * x)), x);
  for (let k = 0; k < 2; k++) {
    const step = (erf(y) - x) * Math.sqrt(Math.PI) / 2 * Math.exp(y * y);
    y -= step / (1 + y * step);
  }
  return y;
}

function erfcinv(x) {
  if (!(x > 0 && x < 2)) return NaN;
  if (x > 1.5) return -erfcinv(2 - x);
  if (x >= 0.5) return erfinv(1 - x);
  let y = near_erfinv(Math.log(x) + Math.log(2 - x));
  for (let k = 0; k < 3; k++) {
    const scaled = y > 0.7 ? ierfcx(0, y) : erfc(y) * Math.exp(y * y);
    y += (Math.log(scaled) - y * y - Math.log(x)) * scaled * Math.sqrt(Math.PI) / 2;
  }
  return y;
}

function near_erfinv(log) {
  const a = -log / 0.147, b = 2 / (Math.PI * 0.147) + log / 2;
  return Math.sqrt(a / (Math.sqrt(b * b + a) + b));
}

function ierfcx(n, x) {
  if (!(n >= 0 && n <= 100 && n === Math.floor(n) && x >= 0.7)) return NaN;
  const last = Math.floor(n + 6 + (40 + 20 * Math.sqrt(n)) / x + 110 / x / x);
  let ratio = 1 / (x + Math.sqrt(x * x + 2 * last + 2)), y = 2 / Math.sqrt(Math.PI);
  for (let k = last; k >= 0; k--) {
    ratio = 0.5 / (x + (k + 1) * ratio);
    if (k <= n) y *= ratio;
  }
  return y;
}

function sinc_slope(n, x) {
  if (!(n >= 0 && n <= 100 && n === Math.floor(n) && Number.isFinite(x))) return NaN;
  const r = x - 2 * rint(x / 2), size = Math.abs(r), cos = Math.sin(Math.PI * (0.5 - size));
  const sin = Math.sin(Math.PI * (size > 0.5 ? copysign(1 - size, r) : r)), turned = [sin, cos, -sin, -cos];
  let y = x === 0 ? 1 : sin / (Math.PI * x);
  if (n > 0 && Math.PI * Math.abs(x) > n + 1.5) {
    for (let k = 1; k <= n; k++) y = (Math.PI ** (k - 1) * turned[k % 4] - k * y) / x;
  } else if (n > 0) {
    y = 0;
    for (let k = n + 25 + Math.floor(7 * Math.sqrt(n)); k > n; k--) y = (Math.PI ** (k - 1) * turned[k % 4] - x * y) / k;
  }
  return y;
}

function gamma(x) {
  if (x < 0.5) return x === Math.floor(x) ? NaN : Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  if (x === Math.floor(x) && x < 24) {
    let y = 1;
    for (let k = 2; k < x; k++) y *= k;
    return y;
  }
  if (x > 171.7) return Infinity;
  let shift = 1;
  while (x < 16) shift *= x++;
  const half = Math.pow(x, (x - 0.5) / 2);
  return Math.sqrt(2 * Math.PI) * half * Math.exp(-x + stirling(x)) * half / shift;
}

function stirling(x) {
  // The correction of Stirling's formula, 5.11.1.
  const s = 1 / (x * x);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s / 156)))))) / x;
}

function lgamma(x) {
  if (x <= 0 && x === Math.floor(x)) return Infinity;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x);
  if (x < 16) return Math.log(Math.abs(gamma(x)));
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + stirling(x);
}

function polygamma(n, x) {
  // Recurrence up to a large argument, then the asymptotic series 5.15.8; for negative x, by reflection.
  if (n < 0 || n !== Math.floor(n) || (x <= 0 && x === Math.floor(x))) return NaN;
  if (x < 0) return polygamma_reflected(n, x);
  const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];
  const factorial = k => k < 2 ? 1 : k * factorial(k - 1);
  let sum = 0;
  for (; x < 16 + n; x++) sum += factorial(n) / Math.pow(x, n + 1);
  sum += n === 0 ? -Math.log(x) : factorial(n - 1) / Math.pow(x, n);
  sum += factorial(n) / Math.pow(x, n + 1) / 2;
  bernoulli.forEach((b, i) => {
    const k = 2 * (i + 1);
    sum += b * factorial(k + n - 1) / factorial(k) / Math.pow(x, k + n);
  });
  return n % 2 ? sum : -sum;
}

function polygamma_reflected(n, x) {
  // Derivatives of cot are polynomials in cot: d/dx c = −π(1 + c²), 5.15.6.
  const cot = 1 / Math.tan(Math.PI * (x - rint(x)));
  let p = [0, 1];
  for (let k = 0; k < n; k++) {
    const slope = p.map((q, i) => i * q).slice(1);
    p = [...slope, 0, 0].map((q, i) => -q - (i > 1 ? slope[i - 2] || 0 : 0));
  }
  const turned = Math.PI ** (n + 1) * p.reduce((sum, q, i) => sum + q * cot ** i, 0);
  const mirrored = polygamma(n, 1 - x);
  return (n % 2 ? -mirrored : mirrored) - turned;
}

function total(xs, start = 0) {
  return xs.reduce((a, b) => a + b, start);
}

function product(xs) {
  return xs.reduce((a, b) => a * b, 1);
}

function others(xs) {
  return xs.map((_, i) => product(xs.slice(0, i)) * product(xs.slice(i + 1)));
}

function zip(xs, ys) {
  return xs.slice(0, ys.length).map((x, i) => [x, ys[i]]);
}

function products(xs, ys) {
  return zip(xs, ys).map(([x, y]) => x * y);
}

function swapped(xs) {
  return xs.map((_, i) => xs[i % 2 ? i - 1 : i + 1]);
}

function largest(xs) {
  return Math.max(...xs);
}

function but_largest(xs) {
  const at = xs.indexOf(largest(xs));
  return xs.filter((_, i) => i !== at);
}

function length(xs) {
  return Math.hypot(...xs);
}
