#include "report/dress/assets.hpp"

namespace chipmix::report {

const char* const page_style = R"(
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --soft: #555555; --rule: #d0d0d0; --band: #f4f6f8;
  --link: #0058a3; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --paper: #16181b; --soft: #b4b4b4; --rule: #3a3f45; --band: #1f2328; --link: #7fbfff; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.25; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; border-bottom: 2px solid var(--rule); padding-bottom: .2rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .4rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; }
.lead { font-size: 1.15rem; border-left: .3rem solid #0072b2; padding-left: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule);
  min-width: 4rem; }
td.words { min-width: 9rem; max-width: 28rem; }
th { font-weight: 600; vertical-align: bottom; } tbody tr:nth-child(even) { background: var(--band); }
.number { text-align: right; } td.number { white-space: nowrap; }
th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid var(--link); }
th[aria-sort=ascending] button::after { content: " \2191"; }
th[aria-sort=descending] button::after { content: " \2193"; }
figure { margin: 1.5rem 0 2rem; } figcaption { color: var(--soft); margin-bottom: .4rem; }
figcaption strong { color: var(--ink); display: block; }
summary { color: var(--link); cursor: pointer; width: fit-content; }
svg { display: block; width: 100%; height: auto; min-width: 600px; max-width: 800px; }
svg text { font: 13px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; fill: var(--ink); }
svg .axis { stroke: var(--ink); stroke-width: 1.2; } svg .grid { stroke: var(--rule); }
svg .thin, svg .leader { stroke: var(--soft); stroke-width: .7; } svg .limit { stroke: var(--ink); stroke-width: 3; }
#tip { position: fixed; pointer-events: none; max-width: 22rem; padding: .3rem .6rem; font-size: .85rem; z-index: 1;
  color: var(--paper); background: var(--ink); border-radius: .25rem; }
@page { margin: 15mm; }
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #444; --rule: #bbb; --band: #f4f4f4; }
  body { max-width: none; padding: 0; font-size: 10.5pt; } nav, summary { display: none; }
  figure, tr { break-inside: avoid; } h2, h3, figcaption { break-after: avoid; }
  .scroll { overflow: visible; } table { font-size: 7pt; } th, td { padding: .15rem .25rem; min-width: 0; }
  td.words { min-width: 0; } td.number { white-space: normal; } svg { min-width: 0; }
}
)";

const char* const page_script = R"(
"use strict";
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      const key = row => row.cells[column].dataset.v;
      const order = (a, b) => {
        const x = key(a), y = key(b);
        if (x !== undefined && y !== undefined) return x - y;
        if (x !== undefined || y !== undefined) return x === undefined ? 1 : -1;
        return a.cells[column].textContent.localeCompare(b.cells[column].textContent);
      };
      const rows = [...body.rows].sort((a, b) => up ? order(a, b) : order(b, a));
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      body.append(...rows);
    });
  });
}
const tip = document.createElement("div");
tip.id = "tip";
tip.hidden = true;
document.body.append(tip);
for (const title of document.querySelectorAll("svg * > title")) {
  const mark = title.parentNode;
  mark.dataset.tip = title.textContent;
  title.remove();
  mark.addEventListener("pointerenter", () => {
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
  });
  mark.addEventListener("pointerleave", () => { tip.hidden = true; });
  mark.addEventListener("pointermove", event => {
    tip.style.left = Math.max(4, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 4)) + "px";
    tip.style.top = Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 4) + "px";
  });
}
)";

const char* const page_script_digest = "IF2cLryrgjayMyix+uiiir17yTgkf5N09Vycgqtsn94=";

}  // namespace chipmix::report
