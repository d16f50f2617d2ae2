// Which column of a file is what: a role for each, sample rows next to it, and one sentence that says so.
import { el, fill } from "./dom.js";
import { settled } from "./plan_card.js";

const ONCE = ["user", "item", "time", "weight"]; // roles of one column each
const chosen = new Map(); // key of a question → column → role, while it is open
const put = (text, value) => text.replace("{}", () => value);

export function columnsCard(data, known, tools) {
  const old = [...(known?.node.querySelectorAll(".ask-card.columns") ?? [])].find((card) => card.dataset.key === data.key);
  const asked = JSON.stringify(data);
  if (old?.dataset.asked === asked) return old; // what is chosen stays
  const { why, columns, words, file, problem, settled: is } = data;
  const title = put(words.title, file);
  const error = el("p", { class: "notice bad", role: "alert", hidden: true });
  const selects = is ? null : choices(data, error); // what was chosen is said below it
  const card = el(
    "div",
    { role: "group", class: "ask-card columns", "aria-label": title },
    el("h3", { text: title }),
    fill(el("div", { class: "markdown" }), why),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `${words.samples}: ${file}` }, table(columns, selects, words)),
    is ? settled(data) : el("p", { class: "small soft", text: words.no_role }),
    problem ? fill(el("div", { class: "notice bad problem" }), problem) : null,
    is ? null : error,
    is ? null : el("div", { class: "tools" }, el("button", { type: "button", class: "primary", text: words.read, onclick: () => answer(selects, data, error, tools) })),
  );
  card.dataset.key = data.key;
  card.dataset.asked = asked;
  return card;
}

// a select for each column; a role that one column gets goes from another that had it
function choices({ key, columns, words }, error) {
  const before = chosen.get(key) ?? new Map();
  chosen.set(key, before);
  const selects = new Map();
  for (const { name, role } of columns) {
    const options = Object.entries(words.roles).map(([value, text]) => el("option", { value, text, selected: value === (before.get(name) ?? role) }));
    const select = el("select", { "aria-label": put(words.is_what, name) }, options);
    select.addEventListener("change", () => {
      error.hidden = true;
      for (const [other, one] of selects) {
        if (one !== select && ONCE.includes(select.value) && one.value === select.value) one.value = "";
        before.set(other, one.value);
      }
    });
    selects.set(name, select);
  }
  return selects;
}

function table(columns, selects, words) {
  const n = Math.max(...columns.map((column) => column.samples.length));
  const heads = [words.column, ...(selects ? [words.read_as] : []), ...Array.from({ length: n }, (_, place) => put(words.row, place + 1))];
  return el(
    "table",
    {},
    el("caption", { class: "sr", text: words.samples }),
    el("thead", {}, el("tr", {}, heads.map((text) => el("th", { scope: "col", text })))),
    el("tbody", {}, columns.map((column) => el("tr", {}, el("th", { scope: "row", text: column.name }), selects && el("td", {}, selects.get(column.name)), column.samples.map((text) => el("td", { class: "sample", text }))))),
  );
}

function answer(selects, { key, file, columns, words }, error, { speak }) {
  const says = (role) => [...selects].filter(([, select]) => select.value === role).map(([name]) => put(words.says[role], `"${name}"`));
  const missing = Object.entries(words.missing).filter(([role]) => !says(role).length);
  if (missing.length) {
    error.textContent = missing.map(([, text]) => text).join(" ");
    error.hidden = false;
    return null;
  }
  const hasNoWeight = !says("weight").length && columns.some((column) => column.role === "weight");
  const parts = [...ONCE.flatMap(says), ...(hasNoWeight ? [words.no_weight] : []), ...says("ignore")];
  return speak(`${put(words.in_file, file)}${parts.join(words.comma)}`, key);
}
