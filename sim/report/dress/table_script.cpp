#include "report/dress/assets.hpp"

namespace chipmix::report {

const char* const table_script = R"(
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
for (const one of document.querySelectorAll(".scripted")) one.hidden = false;
const folded = document.getElementById("appendix");
addEventListener("beforeprint", () => { folded.dataset.was = folded.open; folded.open = true; });
addEventListener("afterprint", () => { folded.open = folded.dataset.was === "true"; });
const unfold = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target && folded.contains(target)) folded.open = true;
};
addEventListener("hashchange", unfold);
unfold();
)";

}  // namespace chipmix::report
