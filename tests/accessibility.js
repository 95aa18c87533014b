// Finds what keeps people from using the page: missing names, low contrast, overlaps, texts cut off.
() => {
  const problems = [];
  const seen = new Set();
  for (const e of document.querySelectorAll("[id]")) {
    if (seen.has(e.id)) problems.push("two elements have the id " + e.id);
    seen.add(e.id);
  }
  const named = e => e.getAttribute("aria-label") || e.textContent.trim() || [...(e.labels || [])].map(l => l.textContent).join("");
  const visible = e => e.getClientRects().length > 0;
  for (const e of document.querySelectorAll("button, input, select, [role], [tabindex]")) {
    if (visible(e) && !named(e)) problems.push("no name: " + e.outerHTML.slice(0, 80));
    if (e.getAttribute("role") === "spinbutton" && e.getAttribute("aria-valuenow") === null) problems.push("no value: " + e.id);
  }
  const boxes = [...document.querySelectorAll("header > *, #panel p, #tools button, #tools select, #tools input, footer > *, summary")].filter(visible)
    .map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width && b.height);
  for (const [e, b] of boxes) {
    if (b.left < -1 || b.right > innerWidth + 1) problems.push("cut off: " + e.outerHTML.slice(0, 80));
    if (e.matches("button, select") && (b.height < 24 || b.width < 24)) problems.push("too small to touch: " + e.id);
    for (const [f, c] of boxes) {
      if (e !== f && !e.contains(f) && !f.contains(e) && b.left < c.right - 1 && c.left < b.right - 1 && b.top < c.bottom - 1 && c.top < b.bottom - 1)
        problems.push("overlap: " + e.id + " and " + f.id);
    }
  }
  const rgb = text => (text.match(/[\d.]+/g) || []).map(Number);
  const light = text => { const [r, g, b] = rgb(text).map(c => c / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (rgb(c)[3] !== 0) return c; } return "rgb(255,255,255)"; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  for (const e of document.querySelectorAll("h1, p, span, button, label, output, summary, small, td, th")) {
    if (!visible(e) || !e.textContent.trim() || e.closest("svg")) continue;
    const r = ratio(getComputedStyle(e).color, ground(e));
    if (r < 4.5) problems.push("contrast " + r.toFixed(2) + ": " + e.outerHTML.slice(0, 60));
  }
  for (const t of document.querySelectorAll("svg .card text")) {
    const card = t.closest(".card"), rects = [...card.querySelectorAll("rect")], badge = rects[1].getBoundingClientRect(), b = t.getBoundingClientRect();
    const on = b.left >= badge.left - 1 && b.right <= badge.right + 1 ? rects[1] : rects[0], frame = rects[0].getBoundingClientRect();
    if (t.textContent.trim() && (b.left < frame.left || b.right > frame.right + .5)) problems.push("sticks out: " + t.textContent);
    const r = ratio(getComputedStyle(t).fill, getComputedStyle(on).fill), least = on === rects[1] ? 3 : 4.5;
    if (r < least) problems.push("contrast " + r.toFixed(2) + ": " + t.textContent + " in " + card.getAttribute("class"));
  }
  if (document.documentElement.lang !== "en" || document.querySelectorAll("h1").length !== 1 || !document.title) problems.push("no language, heading or title");
  if (document.documentElement.scrollWidth > innerWidth + 1) problems.push("the page is wider than the screen");
  return problems;
}
