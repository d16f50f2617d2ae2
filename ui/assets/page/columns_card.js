// Which column of a file is what: a role for each, sample rows next to it, and one sentence that says so.
import { el, fill } from "./dom.js";
import { notice } from "./notices.js";
import { settled } from "./plan_card.js";

export function columnsCard(data, known, tools) {
  const old = known?.node.querySelector(".ask-card.columns");
  const asked = JSON.stringify(data.columns);
  if (old?.dataset.asked === asked) return old; // what is chosen stays
  const { why, columns, words, settled: is } = data.columns;
  const selects = is ? null : new Map(columns.map((column) => [column.name, choice(column, words)])); // what was chosen is said below it
  const card = el(
    "div",
    { role: "group", class: "ask-card columns", "aria-label": words.title },
    el("h3", { text: words.title }),
    fill(el("div", { class: "markdown" }), why),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": words.samples }, table(columns, selects, words)),
    is ? settled(data.columns) : el("div", { class: "tools" }, el("button", { type: "button", class: "primary", text: words.read, onclick: () => answer(selects, data.columns, data.key, tools) })),
  );
  card.dataset.asked = asked;
  return card;
}

function choice({ name, role }, words) {
  return el("select", { "aria-label": words.is_what.replace("{}", () => name) }, Object.entries(words.roles).map(([value, text]) => el("option", { value, text, selected: value === role })));
}

function table(columns, selects, words) {
  const n = Math.max(...columns.map((column) => column.samples.length));
  const heads = [words.column, ...(selects ? [words.read_as] : []), ...Array.from({ length: n }, (_, place) => words.row.replace("{}", place + 1))];
  return el(
    "table",
    {},
    el("caption", { class: "sr", text: words.samples }),
    el("thead", {}, el("tr", {}, heads.map((text) => el("th", { scope: "col", text })))),
    el("tbody", {}, columns.map((column) => el("tr", {}, el("th", { scope: "row", text: column.name }), selects && el("td", {}, selects.get(column.name)), column.samples.map((text) => el("td", { class: "sample", text }))))),
  );
}

function answer(selects, { columns, words }, key, { speak }) {
  const chosen = [...selects].map(([name, select]) => [name, select.value]);
  const named = (role) => chosen.filter(([, value]) => value === role).map(([name]) => `"${name}"`);
  for (const role of ["user", "item", "time", "weight"]) {
    const said = { role: words.roles[role].toLowerCase(), columns: named(role).join(words.joined) };
    if (named(role).length > 1) return notice(words.one_only.replace(/\{(\w+)\}/g, (_, place) => said[place]), { bad: true });
  }
  if (!named("user").length || !named("item").length) return notice(words.both, { bad: true });
  const says = (role) => named(role).map((name) => words.says[role].replace("{}", () => name));
  const hasNoWeight = !named("weight").length && columns.some((column) => column.role === "weight");
  const parts = [...["user", "item", "time", "weight"].flatMap(says), ...(hasNoWeight ? [words.no_weight] : []), ...says("ignore")];
  return speak(parts.join(words.comma), key);
}
