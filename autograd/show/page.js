// The page: the same graph as in Python, computed anew whenever a number is changed, and shown step by step.
// Names come from users, so texts are set as text and never as markup.

const spec = JSON.parse(document.getElementById("spec").textContent);
const $ = id => document.getElementById(id);
const nodes = spec.nodes.map((n, id) => {
  const rows = n.edges && n.edges.map((edge, k) => edge ? k : null), data = Number(n.data ?? NaN);
  return { name: `v${id}`, kind: "operation", operands: [], edges: [], rows, locked: false, ...n, ...spec.ops[n.op], id, data, start: data, grad: 0, local: [] };
});
const output = nodes[nodes.length - 1], L = output.name;
const quiet = matchMedia("(prefers-reduced-motion: reduce)");

// ---- numbers and names

const minus = text => text.replace(/-/g, "−");
function fmt(x) {
  if (x === null) return "–";
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "NaN" : x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  if (size >= 1000 && size < 99999.5) return minus(x.toFixed(0));
  const [mantissa, exponent] = x.toExponential(2).split("e");
  if (exponent >= -3 && exponent < 3) return minus(String(+x.toPrecision(3)));
  return minus(`${+mantissa}e${+exponent}`);
}
const exact = x => x === null ? "–" : Number.isFinite(x) ? minus(String(x)) : fmt(x);
const d = (a, b) => `∂${a}/∂${b}`;

// ---- values and gradients

const operand = x => typeof x === "string" ? Number(x) : nodes[x].data;
const list = new Set(["sum", "prod", "dot", "mean", "hypot", "sumexp", "logsumexp"]);

function evaluate(n) {
  if (!n.op || n.fixed) return;
  const xs = n.operands.map(operand);
  n.data = list.has(n.op) ? F[n.op](xs) : F[n.op](...xs);
}

function differentiate(n) {
  if (n.fixed) return n.local = n.fixed.map(l => l === null ? null : Number(l));
  if (!n.op) return n.local = [];
  const xs = n.operands.map(operand);
  n.local = list.has(n.op) ? D[n.op](xs, n.data) : D[n.op].map(f => f(...xs, n.data));
}

// Contributions are added in reverse order of recording and in the order of operands, as Python adds them.
const steps = [...nodes.filter(n => n.op).map(node => ({ kind: "forward", node })), { kind: "seed", node: output }];
for (const node of [...nodes].reverse()) {
  node.operands.forEach((x, k) => {
    if (typeof x === "number") steps.push({ kind: "backward", node, k, to: nodes[x] });
  });
}
const contribution = s => s.node.grad === 0 || s.node.grad === null || s.node.local[s.k] === null ? 0 : s.node.grad * s.node.local[s.k];

function compute() {
  for (const n of nodes) { evaluate(n); differentiate(n); n.full = 0; }
  output.full = 1;
  for (const { kind, node, k, to } of steps) {
    if (kind === "backward" && node.full !== 0 && node.local[k] !== null) to.full += node.full * node.local[k];
  }
}

// ---- the picture: cards from their stencils, edges from their bends

function element(tag, attributes, ...inner) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  made.append(...inner);
  return made;
}

function cut([kind, values, ...inner]) {
  const [tag, own, shared] = spec.kinds[kind];
  const made = element(tag, shared, ...inner.map(part => typeof part === "string" ? part : cut(part)));
  own.forEach((key, k) => made.setAttribute(key, values[k]));
  return made;
}

function arrow(from, to, bends, width) {
  const [stencil, left, top] = from.at, [wide, high] = spec.stencils[stencil];
  let [x, y] = [left + wide, top + high / 2];
  let path = `M${x},${y}`;
  for (let k = 0; k < bends.length; k += 2) {
    const [a, b] = spec.gaps[bends[k]], middle = (a + b) / 2;
    path += `${a > x ? `H${a}` : ""}C${middle},${y} ${middle},${bends[k + 1]} ${b},${bends[k + 1]}`;
    [x, y] = [b, bends[k + 1]];
  }
  const end = to.at[1], line = { d: `${path}H${end - 6}`, fill: "none", stroke: "var(--line)", "stroke-width": Math.abs(width) };
  if (width < 0) line["stroke-dasharray"] = "4 3";
  return element("g", { class: "edge" }, element("path", line), element("path", { d: `M${end},${y}l-8,-3.4v6.8z`, fill: "var(--line)" }));
}

for (const n of nodes) {
  n.arrows = n.edges.map((bends, k) => bends && arrow(nodes[n.operands[k]], n, bends, n.widths?.[k] ?? 1.2));
  $("graph").append(...n.arrows.filter(a => a));
}
const patterns = spec.stencils.map(([, , parts]) => cut(parts));
for (const n of nodes) {
  n.card = patterns[n.at[0]].cloneNode(true);
  n.card.id = `n${n.id}`;
  n.card.setAttribute("transform", `translate(${n.at[1]},${n.at[2]})`);
  $("graph").append(n.card);
  n.texts = { value: n.card.querySelector(".value"), gradient: n.card.querySelector(".gradient") };
  n.pins = n.operands.map((_, k) => n.rows[k] === null ? null : n.card.querySelector(`.p${n.rows[k]}`));
  n.card.dataset.node = n.id;
}

// ---- what the page shows

// In a rule, a letter stands for each name that the operation was recorded with.
function rule(n, k) {
  const names = [n.name, ...n.operands.filter(x => typeof x === "number").map(called)];
  return n.rules[k].replace(/[\u4e00-\u9fff]/g, c => names[c.charCodeAt(0) - 0x4e00]);
}

let step = 0, timer = null, quiz = null, marked = [];

// The page is quick with hundreds of cards because only what has changed is written.
function write(element, text) {
  if (element && element.shown !== text) element.textContent = element.shown = text;
}

function mark(element, kind) {
  if (!element) return;
  element.classList.add(kind);
  marked.push([element, kind]);
}

function part(text, kind) {
  const span = document.createElement("span");
  span.textContent = text;
  if (kind) span.className = kind;
  return span;
}

function tell(phase, formula, ...parts) {
  $("phase").textContent = phase;
  $("formula").textContent = formula;
  $("numbers").replaceChildren(...parts.map(p => typeof p === "string" ? document.createTextNode(p) : p));
}

function spelled(n, of) {
  const xs = n.operands.map(of);
  if (n.infix && xs.length === 2) return `${xs[0]} ${n.infix} ${xs[1]}`;
  return `${n.sign}(${xs.join(", ")})`;
}
const called = x => typeof x === "string" ? fmt(Number(x)) : nodes[x].name;

function explain(s) {
  const n = s.node;
  if (s.kind === "forward") {
    tell("forward pass", `${n.name} = ${spelled(n, called)}`, `= ${spelled(n, x => fmt(operand(x)))} = `, part(fmt(n.data), "v"));
  } else if (s.kind === "seed") {
    tell("backward pass — seed", `${d(L, L)} = 1`, "The output changes one for one with itself.");
  } else {
    const local = n.local[s.k], before = s.before, small = document.createElement("small");
    small.textContent = n.rules[s.k] ? `${d(n.name, s.to.name)} = ${rule(n, s.k)}` : "";
    tell("backward pass — chain rule", `${d(L, s.to.name)} += ${d(L, n.name)} × ${d(n.name, s.to.name)}`,
      part(fmt(before), "g"), " + ", part(fmt(n.grad), "g"), " × ", part(fmt(local === null ? 0 : local), "d"), " = ",
      part(fmt(s.to.grad), "g"), small);
  }
}

function show() {
  for (const n of nodes) {
    n.grad = null;
    n.done = !n.op;
  }
  for (const [element, kind] of marked) element.classList.remove(kind);
  marked = [];
  for (const s of steps.slice(0, step)) {
    if (s.kind === "forward") s.node.done = true;
    else if (s.kind === "seed") s.node.grad = 1;
    else {
      s.before = s.to.grad ?? 0;
      s.to.grad = s.before + contribution(s);
    }
  }
  for (const n of nodes) {
    n.card.classList.toggle("later", !n.done);
    write(n.texts.value, n.done ? fmt(n.data) : "?");
    write(n.texts.gradient, `∇ ${quiz && quiz.node === n && !quiz.known ? "?" : fmt(n.grad)}`);
    n.pins.forEach((pin, k) => {
      const local = n.local[k];
      write(pin, local === null || local === 1 || n.plain ? "" : `∂ ${n.done ? fmt(local) : "?"}`);
    });
    if (!n.op) {
      n.card.setAttribute("aria-valuenow", n.data);
      n.card.setAttribute("aria-valuetext", `${fmt(n.data)}, gradient ${fmt(n.grad)}`);
    }
  }
  const s = steps[step - 1];
  if (!s) tell("start", `${L} = ${spec.expression || spelled(output, called)}`,
    nodes.some(n => !n.op && !n.locked) ? "Step forward with →; drag a number with a dotted line to change it." : "Step forward with →.");
  else {
    const now = s.kind === "backward" ? s.to : s.node;
    mark(now.card, "now");
    if (s.kind === "forward") s.node.arrows.forEach(a => mark(a, "ahead"));
    if (s.kind === "backward") mark(s.node.arrows[s.k], "back");
    explain(s);
    if (!drag) reveal(now.card);
  }
  $("slider").value = step;
  $("slider").setAttribute("aria-valuetext", `step ${step} of ${steps.length}: ${$("phase").textContent}`);
  $("count").textContent = `${step} / ${steps.length}`;
  $("result").textContent = `${L} = ${fmt(output.data)}`;
  if ($("all").open) table();
  nudge();
  ask();
}

function reveal(card) {
  const box = card.getBoundingClientRect(), view = $("view"), frame = view.getBoundingClientRect();
  const dx = box.left < frame.left ? box.left - frame.left - 40 : box.right > frame.right ? box.right - frame.right + 40 : 0;
  const dy = box.top < frame.top ? box.top - frame.top - 20 : box.bottom > frame.bottom ? box.bottom - frame.bottom + 20 : 0;
  if (dx || dy) view.scrollBy({ left: dx, top: dy, behavior: quiet.matches || timer ? "auto" : "smooth" });
}

function table() {
  $("rows").replaceChildren(...nodes.map(n => {
    const row = document.createElement("tr");
    [n.name, n.op ? spelled(n, called) : n.kind, exact(n.data), exact(n.full)].forEach((text, k) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      if (k > 1) cell.className = "n";
      row.append(cell);
    });
    return row;
  }));
}

// ---- stepping

function go(k) {
  step = Math.max(0, Math.min(steps.length, k));
  show();
}

function play(on) {
  clearInterval(timer);
  timer = null;
  if (on && step >= steps.length) step = 0;
  if (on) timer = setInterval(() => step < steps.length ? go(step + 1) : play(false), steps.length > 100 ? 250 : 800);
  $("play").textContent = on ? "pause" : "play";
}

$("slider").max = steps.length;
$("slider").oninput = e => go(+e.target.value);
$("first").onclick = () => go(0);
$("previous").onclick = () => go(step - 1);
$("next").onclick = () => go(step + 1);
$("last").onclick = () => go(steps.length);
$("play").onclick = () => play(!timer);
$("reset").onclick = () => { for (const n of nodes) n.data = n.start; compute(); show(); };
$("all").ontoggle = () => $("all").open && table();
$("theme").onclick = () => {
  const root = document.documentElement, now = getComputedStyle(root).getPropertyValue("--dark").trim() === "1";
  root.className = now ? "light" : "dark";
  $("theme").setAttribute("aria-pressed", String(!now));
};
document.addEventListener("keydown", e => {
  if (e.target.matches("input, select, .leaf, summary") || e.ctrlKey || e.metaKey || e.altKey) return;
  const move = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
  if (move) go(step + move);
  else if (e.key === "Home") go(0);
  else if (e.key === "End") go(steps.length);
  else if (e.key === " " && e.target.tagName !== "BUTTON") play(!timer);
  else return;
  e.preventDefault();
});

// ---- changing a leaf

let drag = null;

function set(n, value) {
  n.data = value;
  compute();
  show();
}

function about(n) {
  tell(n.op ? "operation" : n.kind, n.op ? `${n.name} = ${spelled(n, called)}` : n.name,
    "value ", part(exact(n.data), "v"), ` · ${d(L, n.name)} = `, part(quiz && quiz.node === n && !quiz.known ? "?" : exact(n.full), "g"),
    n.locked ? " · fixed: its use is not known to this page" : "");
}

for (const n of nodes) {
  n.card.addEventListener("pointerenter", () => {
    if (!timer && !drag) { about(n); n.arrows.forEach(a => mark(a, "ahead")); }
  });
  n.card.addEventListener("pointerleave", () => { if (!timer && !drag) show(); });
  if (n.op) continue;
  n.card.classList.add("leaf");
  n.card.classList.toggle("locked", n.locked);
  n.card.setAttribute("role", "spinbutton");
  n.card.setAttribute("aria-label", `${n.name}, ${n.kind}`);
  n.card.setAttribute("tabindex", "0");
  if (n.locked) { n.card.setAttribute("aria-readonly", "true"); continue; }
  n.card.addEventListener("pointerdown", e => {
    drag = { n, x: e.clientX, from: n.data };
    n.card.setPointerCapture(e.pointerId);
    e.preventDefault();
    n.card.focus({ preventScroll: true });
  });
  n.card.addEventListener("pointermove", e => {
    if (drag && drag.n === n) { set(n, Math.round((drag.from + (e.clientX - drag.x) / 50) * 100) / 100); about(n); mark(n.card, "now"); }
  });
  for (const end of ["pointerup", "pointercancel"]) n.card.addEventListener(end, () => { drag = null; });
  n.card.addEventListener("keydown", e => {
    const by = { ArrowUp: .1, ArrowRight: .1, ArrowDown: -.1, ArrowLeft: -.1, PageUp: 1, PageDown: -1 }[e.key];
    if (!by) return;
    set(n, Math.round((n.data + by) * 1e6) / 1e6);
    about(n);
    e.preventDefault();
  });
}

// ---- nudge: what the gradient predicts, and what happens

const free = nodes.filter(n => !n.op && !n.locked);
for (const n of free) $("which").append(new Option(n.name, n.id));
$("nudge").hidden = !free.length;

function nudge() {
  if (!free.length) return;
  const n = nodes[+$("which").value], by = +$("size").value, before = output.data, data = n.data;
  n.data = data + by;
  nodes.forEach(evaluate);
  const truth = output.data - before;
  n.data = data;
  nodes.forEach(evaluate);
  $("by").textContent = fmt(by);
  $("predicted").textContent = `predicted Δ${L} = ${fmt(n.full)} × ${fmt(by)} = ${fmt(n.full * by)}`;
  $("true").textContent = `true Δ${L} = ${fmt(truth)}`;
}
$("which").onchange = $("size").oninput = nudge;

// ---- quiz: guess this gradient

function question() {
  const open = nodes.filter(n => n !== output && Number.isFinite(n.full));
  const node = open[Math.floor(Math.random() * open.length)];
  if (!node) return;
  quiz = { node, known: false, right: quiz ? quiz.right : 0, asked: quiz ? quiz.asked : 0 };
  $("guess").value = "";
  // All that the answer needs has been computed, the answer itself has not.
  go(Math.max(0, steps.findIndex(s => s.kind === "backward" && s.to === node)));
  $("guess").focus({ preventScroll: true });
}

function ask() {
  $("answer").hidden = !quiz;
  $("quiz").textContent = quiz ? "next question" : "quiz";
  $("stop").hidden = !quiz;
  if (!quiz) return;
  for (const kind of ["asked", "now"]) mark(quiz.node.card, kind);
  if (!quiz.known) tell("quiz", `${d(L, quiz.node.name)} = ?`, "Multiply the gradient of each card that uses it by the ∂ at its pin, and add.");
  $("asks").textContent = `${d(L, quiz.node.name)} =`;
}

function check() {
  const guess = parseFloat($("guess").value.replace("−", "-").replace(",", ".")), truth = quiz.node.full;
  if (Number.isNaN(guess) || quiz.known) return;
  const right = Math.abs(guess - truth) <= Math.max(.02 * Math.abs(truth), 1e-3);
  quiz.known = true;
  quiz.asked += 1;
  quiz.right += right ? 1 : 0;
  const last = steps.map(s => s.to === quiz.node).lastIndexOf(true);
  go(last + 1);
  tell(right ? "quiz — right" : "quiz — not quite", `${d(L, quiz.node.name)} = ${fmt(truth)}`, `You said ${fmt(guess)}. ${quiz.right} of ${quiz.asked} right.`);
}
$("quiz").onclick = question;
$("stop").onclick = () => { quiz = null; show(); };
$("answer").onsubmit = e => { e.preventDefault(); check(); };

// ---- size: a small graph fills the page, a large one scrolls

function fit() {
  const svg = $("graph"), { width, height } = svg.viewBox.baseVal, view = $("view");
  const scale = Math.max(.85, Math.min(1.5, (view.clientWidth - 20) / width, (view.clientHeight - 20) / height));
  svg.setAttribute("width", Math.floor(width * scale));
  svg.setAttribute("height", Math.floor(height * scale));
}
addEventListener("resize", fit);
window.page = { nodes, steps, go, set: (id, value) => set(nodes[id], value), state: () => nodes.map(n => [n.data, n.full]) };
compute();
fit();
show();
