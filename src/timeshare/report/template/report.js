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
// Show the rows that hold every word of the filter; say how many they are.
function filter(table, words, count) {
  let shown = 0;
  for (const row of table.tBodies[0].rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
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
  const count = box.querySelector("output");
  const apply = () => filter(table, input.value.toLowerCase().split(/\s+/).filter(Boolean), count);
  input.addEventListener("input", apply);
  apply();
}
