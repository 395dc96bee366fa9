#include "report/dress/assets.hpp"

namespace chipmix::report {

// The same sums as decision/bill_terms.cpp; state: what was moved, by lever, share of peak ("m0") or tokens ("n").
const char* const what_if_script = R"(
(() => {
  const panel = document.getElementById("what-if");
  if (!panel) return;
  const model = JSON.parse(panel.dataset.model), words = model.words;
  const zh = model.language === "zh", state = new Map();
  const make = (tag, text, kind) => {
    const one = document.createElement(tag);
    if (text !== undefined) one.textContent = text;
    if (kind) one.className = kind;
    return one;
  };
  const spaced = text => zh ? text.replace(/([\u4e00-\u9fff])(?=[A-Za-z0-9])/g, "$1 ")
    .replace(/([A-Za-z0-9])(?=[\u4e00-\u9fff])/g, "$1 ") : text;
  const say = (text, ...parts) => spaced(text.replace(/\{(\d)\}/g, (gap, i) => parts[i]));
  const round = (x, digits) => x.toLocaleString("en-US", {maximumSignificantDigits: digits});
  const threeDigits = x => Math.abs(x) >= 1000 ? round(Math.round(x), 21) : x.toLocaleString("en-US",
    Math.abs(x) < 1 ? {minimumFractionDigits: 3, maximumFractionDigits: 3}
                    : {minimumSignificantDigits: 3, maximumSignificantDigits: 3});
  const money = x => {
    const size = Math.abs(x);
    const steps = zh ? [[1e8, " 亿 "], [1e4, " 万 "]] : [[1e9, " bn "], [1e6, " M "], [1e4, " k "]];
    for (const [from, name] of steps)
      if (size >= from) return threeDigits(x / (from === 1e4 && !zh ? 1e3 : from)) + name + model.currency;
    return x.toFixed(2) + " " + model.currency;
  };

  const factor = i => state.has("f" + i) ? state.get("f" + i) / model.levers[i].value : 1;
  const times = option => option.runs.map(run => {
    const tokens = state.has("n") ? state.get("n") / model.tokens : 1;
    const i = model.rates.findIndex(rate => rate.option === run.option);
    return i >= 0 && state.has("m" + i) ? tokens * run.mfu / state.get("m" + i) : tokens;
  });
  const value = (name, time, moved) => {
    const i = +name.slice(1);
    if (name[0] === "t") return time[i];
    const f = factor(i) * (moved && moved.has(i) ? moved.get(i) : 1);
    return name[0] === "f" ? f : 1 / f;
  };
  const product = (start, names, time, moved) => names.reduce((sum, name) => sum * value(name, time, moved), start);
  const totalOf = (option, moved) => {
    const time = times(option);
    let sum = 0;
    for (const [amount, names] of option.terms) sum += product(amount, names, time, moved);
    for (const [second, whole, names, parts] of option.rests) {
      let left = whole;
      for (const [run, fixed, variable] of parts) left -= fixed + variable * time[run];
      sum += product(second, names, time, moved) * Math.max(0, left);
    }
    return sum;
  };
  const daysOf = option => {
    const time = times(option);
    return option.runs.reduce((sum, run, i) => sum + run.moving + run.days * time[i], 0);
  };
  const missed = one => [model.deadline !== null && one.days > model.deadline && words.late,
                         model.budget !== null && one.total > model.budget && words.over].filter(Boolean);
  const ranked = moved => {
    const list = model.options.map(option => ({option, total: totalOf(option, moved), days: daysOf(option)}));
    for (const one of list) one.missed = missed(one);
    const late = one => one.missed.length > 0;
    return list.sort((a, b) => late(a) - late(b) || a.total - b.total);
  };
  const reported = model.options[0];

  // The rise of the prices of an option's devices at which another one is first.
  const tie = best => {
    const own = new Map();
    const at = f => {
      model.levers.forEach((lever, i) => {
        if (lever.kind === "price" && best.option.runs.some(run => lever.options.includes(run.option))) own.set(i, f);
      });
      return ranked(own)[0].option === best.option;
    };
    let low = 1, high = 100;
    if (at(high)) return null;
    for (let i = 0; i < 60; ++i) {
      const middle = (low + high) / 2;
      if (at(middle)) low = middle; else high = middle;
    }
    return low;
  };

  const sentence = make("p", "", "decision"), note = make("p", ""), results = make("div", undefined, "results");
  results.setAttribute("aria-live", "polite");
  const show = () => {
    const list = ranked(), most = Math.max(...list.map(one => one.total)), [best, next] = list;
    const less = next && (1 - best.total / next.total) * 100;
    const compared = next ? round(Math.abs(less), 3) + (zh ? "%" : " %") : "–";
    const words_of = !next ? words.alone : less < 0 ? words.dearer : words.sentence;
    sentence.textContent = say(words_of, best.option.label, money(best.total), round(best.days, 3), compared,
                               next ? next.option.label : "–");
    const rise = next && best.option.runs.length && best.missed.length === 0 ? tie(best) : undefined;
    const parts = [best.option === reported ? words.same : say(words.changed, reported.label)];
    if (rise !== undefined) parts.push(rise === null ? words.noTie : say(words.tie, round((rise - 1) * 100, 3)));
    note.textContent = parts.join(" ");
    results.replaceChildren(sentence, note);
    list.forEach((one, i) => {
      const bar = make("div", undefined, "bar"), strip = make("i"), fill = make("b");
      bar.dataset.name = one.option.name;
      bar.dataset.total = one.total;
      const days = one.option.runs.length ? [say(words.days, round(one.days, 3))] : [];
      bar.append(make("span", one.option.label),
                 make("span", [money(one.total), ...days, ...one.missed].join(" · ")), strip);
      fill.style.width = 100 * one.total / most + "%";
      fill.style.background = one.option.colour;
      fill.style.opacity = i ? 0.45 : 1;
      strip.append(fill);
      results.append(bar);
    });
    const moved = [...state].map(([key, number]) => key + "=" + number).join("&");
    history.replaceState(null, "", moved ? "#what-if&" + moved : location.pathname + location.search);
  };

  const inputs = new Map();
  // Fields show a figure in units of `size`, rounded until somebody types into them.
  const shown = (number, size) => +(number / size).toPrecision(6);
  const set = (key, number) => {
    const {first, size, range, field} = inputs.get(key);
    if (!(number > 0) || !isFinite(number)) return;
    if (number === first) state.delete(key); else state.set(key, number);
    range.value = number;
    if (document.activeElement !== field) field.value = shown(number, size);
  };
  const lever = (group, key, label, first, unit, path, size = 1) => {
    const row = make("label"), range = make("input"), field = make("input");
    range.type = "range";
    field.type = "number";
    for (const input of [range, field]) {
      input.min = range === input ? first / 2 : 0;
      input.max = range === input ? first * 2 : "";
      input.step = range === input ? first / 200 : "any";
      input.value = range === input ? first : shown(first, size);
      input.setAttribute("aria-label", label);
      input.dataset.key = key;
      if (path) input.dataset.path = path;
      input.addEventListener("input", () => {
        const typed = input === range ? +input.value : size < 1 ? input.value / (1 / size) : input.value * size;
        const isFirst = input === range ? Math.abs(typed / first - 1) < 1e-9 : +input.value === shown(first, size);
        set(key, isFirst ? first : typed);
        show();
      });
    }
    inputs.set(key, {first, size, range, field});
    row.append(make("span", label), range, field, make("span", unit, "unit"));
    group.append(row);
  };
  const sides = make("div", undefined, "sides"), levers = make("div", undefined, "levers");
  const group = name => {
    const box = make("fieldset");
    box.append(make("legend", name));
    return box;
  };
  const prices = group(words.prices), rates = group(words.rates), other = group(words.other);
  model.levers.forEach((one, i) => {
    if (one.fits) lever(one.kind === "price" ? prices : other, "f" + i, one.label, one.value, one.unit, one.path);
  });
  model.rates.forEach((one, i) => lever(rates, "m" + i, one.label, one.value, "%", one.path, 0.01));
  if (model.canMoveTokens) lever(other, "n", words.tokens, model.tokens, "T", "job.tokens", 1e12);
  for (const box of [prices, rates, other]) if (box.children.length > 1) levers.append(box);
  const reset = make("button", words.reset), link = make("button", words.link), buttons = make("p");
  reset.type = link.type = "button";
  reset.addEventListener("click", () => {
    state.clear();
    for (const {first, size, range, field} of inputs.values()) {
      range.value = first;
      field.value = shown(first, size);
    }
    show();
  });
  link.addEventListener("click", () => {
    if (!navigator.clipboard) return;
    navigator.clipboard.writeText(location.href).then(() => { link.textContent = words.copied; });
  });
  buttons.append(reset, link);
  levers.append(buttons);
  sides.append(levers, results);
  panel.append(sides);
  const kept = location.hash.split("&");
  if (kept[0] === "#what-if") {
    for (const one of kept.slice(1)) {
      const [key, number] = one.split("=");
      if (inputs.has(key)) set(key, +number);
    }
    panel.scrollIntoView();
  }
  show();
})();
)";

}  // namespace chipmix::report
