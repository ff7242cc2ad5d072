"use strict";
// Sort a table by a column: numbers as numbers, the rest as text, nothing-known last.
function value(row, place) {
  const text = row.cells[place].dataset.value ?? row.cells[place].textContent.trim();
  const number = Number(text);
  return text !== "" && !Number.isNaN(number) ? number : text;
}
function compare(one, other) {
  const empty = (entry) => (entry === "" ? 1 : 0);
  if (empty(one) || empty(other)) return { order: empty(one) - empty(other), fixed: true };
  if (typeof one === "number" && typeof other === "number") return { order: one - other };
  return { order: String(one).localeCompare(String(other), "en", { numeric: true }) };
}
function sort(table, heading) {
  const place = heading.cellIndex;
  const down = heading.getAttribute("aria-sort") === "ascending";
  for (const each of heading.parentNode.cells) each.setAttribute("aria-sort", "none");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const rows = [...body.rows].sort((a, b) => {
    const found = compare(value(a, place), value(b, place));
    return down && !found.fixed ? -found.order : found.order;
  });
  body.append(...rows);
}
// Show the rows that hold every word and have the chosen task and schedule; say how many they are.
function filter(table, words, chosen, count) {
  let shown = 0;
  for (const row of table.tBodies[0].rows) {
    const text = ` ${row.textContent} ${row.dataset.words} `.toLowerCase();
    // A word such as T=16 is a whole word: T=160 is another length.
    const holds = (word) => text.includes(word.includes("=") ? ` ${word} ` : word);
    const same = ([name, value]) => !value || row.dataset[name] === value;
    row.hidden = !words.every(holds) || !Object.entries(chosen).every(same);
    shown += row.hidden ? 0 : 1;
  }
  count.textContent = `${shown} of ${table.tBodies[0].rows.length} rows`;
}
// Paper shows what is folded away on the screen.
const folded = () => document.querySelectorAll("details:not([open])");
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = [...folded()];
  for (const each of unfolded) each.open = true;
});
window.addEventListener("afterprint", () => {
  for (const each of unfolded) each.open = false;
});
for (const box of document.querySelectorAll(".conditions")) {
  const table = box.querySelector("table");
  for (const heading of table.tHead.rows[0].cells) {
    heading.querySelector("button").addEventListener("click", () => sort(table, heading));
  }
  const input = box.querySelector("input");
  const selects = [...box.querySelectorAll("select")];
  const count = box.querySelector("output");
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = Object.fromEntries(selects.map((each) => [each.dataset.column, each.value]));
    filter(table, words, chosen, count);
  };
  for (const each of [input, ...selects]) each.addEventListener("input", apply);
  apply();
}
// A link to a folded part unfolds it.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
window.addEventListener("hashchange", unfold);
unfold();
