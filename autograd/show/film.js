// The film: one picture whose numbers follow a slider, the loss curve, and the map of predictions.

const spec = JSON.parse(document.getElementById("spec").textContent);
const $ = id => document.getElementById(id);
const frames = spec.frames;
let at = 0, timer = null;

const minus = text => text.replace(/-/g, "−");
function fmt(x) {
  if (x === null) return "–";
  x = Number(x);
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "NaN" : x > 0 ? "∞" : "−∞";
  if (Math.abs(x) >= 1000 && Math.abs(x) < 99999.5) return minus(x.toFixed(0));
  const [mantissa, exponent] = x.toExponential(2).split("e");
  return minus(exponent >= -3 && exponent < 3 ? String(+x.toPrecision(3)) : `${+mantissa}e${+exponent}`);
}

const cards = frames[0].cards.map((_, k) => {
  const g = $(`n${k}`), all = kind => g.querySelector(`.${kind}`);
  return { value: all("value"), gradient: all("gradient"), rows: frames[0].cards[k].slice(2).map((_, r) => [all(`rv${r}`), all(`rg${r}`)]) };
});
const write = (element, text) => { if (element && element.shown !== text) element.textContent = element.shown = text; };
const part = (name, attributes, parent) => {
  const e = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) e.setAttribute(key, attributes[key]);
  parent.append(e);
  return e;
};

// ---- the loss, on a logarithmic scale where it can be

const losses = frames.map(f => Number(f.loss)), finite = losses.filter(Number.isFinite);
const log = finite.every(x => x > 0) && Math.max(...finite) > 10 * Math.min(...finite);
const scaled = x => log ? Math.log10(x) : x;
const low = Math.min(...finite.map(scaled)), high = Math.max(...finite.map(scaled)), span = high - low || 1;
const px = k => 42 + 250 * k / Math.max(1, frames.length - 1), py = x => 165 - 150 * (scaled(x) - low) / span;
for (const x of [low, low + span / 2, high]) {
  const y = 165 - 150 * (x - low) / span;
  part("path", { d: `M42,${y}H292`, stroke: "var(--border)" }, $("curve"));
  part("text", { x: 38, y: y + 3, "text-anchor": "end", "font-size": 9, fill: "var(--mute)" }, $("curve")).textContent = fmt(+(log ? 10 ** x : x).toPrecision(2));
}
const drawn = losses.map((x, k) => Number.isFinite(x) ? `${px(k).toFixed(1)},${py(x).toFixed(1)}` : "").filter(Boolean);
part("polyline", { points: drawn.join(" "), fill: "none", stroke: "var(--operation)", "stroke-width": 2 }, $("curve"));
const dot = part("circle", { r: 4.5, fill: "var(--gradient)" }, $("curve"));

// ---- what the model predicts

const blend = (a, b, t) => a.map((v, k) => Math.round(v + (b[k] - v) * t));
const targets = spec.points.map(p => p[2]), least = targets.length ? Math.min(...targets) : 0, most = targets.length ? Math.max(...targets) : 1;
function colour(value) {
  const t = Math.max(0, Math.min(1, (value - least) / (most - least || 1)));
  return `rgb(${t < .5 ? blend([77, 148, 220], [245, 245, 245], t * 2) : blend([245, 245, 245], [240, 140, 80], t * 2 - 1)})`;
}
function map(cells) {
  const canvas = $("map"), pen = canvas.getContext("2d"), n = spec.cells, size = canvas.width / n;
  cells.forEach((value, k) => {
    pen.fillStyle = colour(value);
    pen.fillRect(Math.floor(k % n * size), Math.floor(Math.floor(k / n) * size), Math.ceil(size), Math.ceil(size));
  });
  const [left, bottom, right, top] = spec.box;
  for (const [x, y, target] of spec.points) {
    pen.beginPath();
    pen.arc((x - left) / (right - left) * canvas.width, (top - y) / (top - bottom) * canvas.height, 7, 0, 7);
    pen.fillStyle = target > (least + most) / 2 ? "#e8590c" : "#1971c2";
    pen.strokeStyle = "#ffffff";
    pen.lineWidth = 2.5;
    pen.fill();
    pen.stroke();
  }
}

// ---- the slider

function go(k) {
  at = Math.max(0, Math.min(frames.length - 1, k));
  const frame = frames[at];
  frame.cards.forEach(([value, gradient, ...rows], c) => {
    if (value !== null) write(cards[c].value, fmt(value));
    write(cards[c].gradient, `∇ ${fmt(gradient)}`);
    rows.forEach((row, r) => {
      if (!row) return;
      write(cards[c].rows[r][0], fmt(row[0]));
      write(cards[c].rows[r][1], `∇ ${fmt(row[1])}`);
    });
  });
  if (frame.map) map(frame.map);
  if (Number.isFinite(losses[at])) {
    dot.setAttribute("cx", px(at));
    dot.setAttribute("cy", py(losses[at]));
  }
  $("slider").value = at;
  $("slider").setAttribute("aria-valuetext", `step ${frame.step}, loss ${fmt(frame.loss)}`);
  $("now").textContent = `loss = ${fmt(frame.loss)}`;
  $("count").textContent = `step ${frame.step}`;
}
function play(on) {
  clearInterval(timer);
  if (on && at === frames.length - 1) at = 0;
  timer = on ? setInterval(() => at < frames.length - 1 ? go(at + 1) : play(false), Math.max(30, 6000 / frames.length)) : null;
  $("play").textContent = on ? "pause" : "play";
}
$("slider").max = frames.length - 1;
$("slider").oninput = e => go(+e.target.value);
$("first").onclick = () => go(0);
$("last").onclick = () => go(frames.length - 1);
$("play").onclick = () => play(!timer);
$("theme").onclick = () => {
  const root = document.documentElement, dark = getComputedStyle(root).getPropertyValue("--dark").trim() === "1";
  root.className = dark ? "light" : "dark";
  $("theme").setAttribute("aria-pressed", String(!dark));
};
document.addEventListener("keydown", e => {
  if (e.target.matches("input, #view") || e.ctrlKey || e.metaKey || e.altKey) return;
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: frames.length - 1 }[e.key];
  if (to === undefined) return;
  go(to);
  e.preventDefault();
});
$("boundary").hidden = !frames[0].map;
window.film = { frames, go };
go(0);
