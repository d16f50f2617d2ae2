// Tables of a view: sorting by a header, a filter, hidden columns, and what is done with chosen rows.
import { el } from "./dom.js";

const kept = new Map(); // what was chosen in a table, by what it is of, while its view is drawn again

export function enhanceTables(root) {
  for (const table of root.querySelectorAll("table[data-table]")) enhance(table);
}

function enhance(table) {
  const name = `${table.dataset.table} ${table.caption?.textContent ?? ""}`; // the caption names the study
  const memory = kept.get(name) ?? { sort: null, filter: "", hidden: new Set(), rows: new Set() };
  kept.set(name, memory);
  const tools = table.closest("[data-tabled]") ?? table.parentElement.parentElement;
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const filter = tools.querySelector("[data-filter]");
  const count = tools.querySelector("[data-count]");
  const picked = tools.querySelector("[data-picked]");
  const columns = tools.querySelector("[data-columns]");

  const labels = heads.map((head) => (head.dataset.fixed === undefined ? head.textContent.trim() : ""));

  heads.forEach((head, place) => {
    const label = labels[place];
    if (!label) return;
    const [first, then] = head.classList.contains("num") ? ["descending", "ascending"] : ["ascending", "descending"];
    const turned = () => (memory.sort?.label === label && memory.sort.by === first ? then : first);
    const button = el("button", { type: "button", class: "sort", text: label, onclick: () => sort(label, turned()) });
    head.replaceChildren(button);
  });

  function sort(label, by) {
    memory.sort = { label, by };
    const place = labels.indexOf(label);
    if (place < 0) return;
    heads.forEach((head, other) => (other === place ? head.setAttribute("aria-sort", by) : head.removeAttribute("aria-sort")));
    const sign = by === "ascending" ? 1 : -1;
    const valueOf = (row) => row.cells[place]?.dataset.value ?? row.cells[place]?.textContent.trim() ?? "";
    rows.sort((a, b) => compare(valueOf(a), valueOf(b), sign));
    table.tBodies[0].append(...rows);
  }

  function narrow() {
    const words = (filter?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    memory.filter = filter?.value ?? "";
    let n = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      n += row.hidden ? 0 : 1;
    }
    if (count) count.textContent = n === rows.length ? `${rows.length}` : `${n} of ${rows.length}`;
    chosen();
  }

  function hide() {
    heads.forEach((_, place) => {
      for (const row of table.rows) if (row.cells[place]) row.cells[place].hidden = memory.hidden.has(labels[place]);
    });
  }

  function chosen() {
    const boxes = [...table.querySelectorAll("input[name=row]:checked")];
    const seen = boxes.filter((box) => !box.closest("tr").hidden); // what is not seen is not meant
    const numbers = seen.map((box) => box.value);
    memory.rows = new Set(boxes.map((box) => box.value));
    if (picked) picked.textContent = numbers.length ? `, ${numbers.length} chosen` : "";
    for (const button of tools.querySelectorAll("[data-rows]")) {
      button.title = whyNot(button, seen);
      button.disabled = button.title !== "";
      for (const kind of ["say", "go", "draft"]) {
        const template = button.dataset[`${kind}Rows`];
        if (template) button.dataset[kind] = template.replaceAll("{rows}", kind === "go" ? numbers.map(encodeURIComponent).join(",") : inWords(numbers));
      }
    }
  }

  if (columns) {
    columns.replaceChildren(
      ...labels.filter(Boolean).map((label) => {
        const box = el("input", { type: "checkbox", checked: !memory.hidden.has(label) });
        box.addEventListener("change", () => (memory.hidden[box.checked ? "delete" : "add"](label), hide()));
        return el("label", { class: "check" }, box, label);
      }),
    );
  }
  if (filter) {
    filter.value = memory.filter;
    filter.addEventListener("input", narrow);
  }
  for (const box of table.querySelectorAll("input[name=row]")) {
    box.checked = memory.rows.has(box.value);
    box.addEventListener("change", chosen);
  }
  if (memory.sort) sort(memory.sort.label, memory.sort.by);
  narrow();
  hide();
}

/** Why a button cannot be pressed for the chosen rows; empty where it can. */
function whyNot(button, chosen) {
  const least = Number(button.dataset.rows || 1), most = Number(button.dataset.most || Infinity);
  if (chosen.length < least) return least === 1 ? "Choose a row first." : `Choose ${least} rows or more first.`;
  if (chosen.length > most) return `It takes ${most === 1 ? "one row" : `${most} rows`} at a time; ${chosen.length} are chosen.`;
  return chosen.map((box) => box.dataset[button.dataset.barred]).find(Boolean) ?? "";
}

/** The order of two cells; an empty one comes last in both directions. */
function compare(a, b, sign) {
  const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
  const isNumber = (value, text) => !Number.isNaN(value) && /^[-+.\d]/.test(text);
  if (!a || !b) return a ? -1 : b ? 1 : 0;
  if (isNumber(x, a) && isNumber(y, b)) return sign * (x - y);
  return sign * a.localeCompare(b, undefined, { numeric: true });
}

function inWords(numbers) {
  return numbers.length < 2 ? numbers.join("") : `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
}
