// Which column of a file is what: a role for each, sample rows next to it, and one sentence that says so.
import { el, fill } from "./dom.js";
import { notice } from "./notices.js";
import { settled } from "./plan_card.js";

const ROLES = [["", "As it is"], ["user", "User"], ["item", "Item"], ["time", "Time"], ["weight", "Rating or count"], ["ignore", "Ignore"]];

export function columnsCard(data, known, tools) {
  const old = known?.node.querySelector(".ask-card.columns");
  const asked = JSON.stringify(data.columns);
  if (old?.dataset.asked === asked) return old; // what is chosen stays
  const { why, columns, settled: words } = data.columns;
  const selects = words ? null : new Map(columns.map((column) => [column.name, choice(column)])); // what was chosen is said below it
  const card = el(
    "div",
    { role: "group", class: "ask-card columns", "aria-label": "Which columns are what?" },
    el("h3", { text: "Which columns are what?" }),
    fill(el("div", { class: "markdown" }), why),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Columns and sample rows" }, table(columns, selects)),
    words ? settled(data.columns) : el("div", { class: "tools" }, el("button", { type: "button", class: "primary", text: "Read it so", onclick: () => answer(selects, columns, data.key, tools) })),
  );
  card.dataset.asked = asked;
  return card;
}

function choice({ name, role }) {
  return el("select", { "aria-label": `Column ${name} is` }, ROLES.map(([value, text]) => el("option", { value, text, selected: value === role })));
}

function table(columns, selects) {
  const n = Math.max(...columns.map((column) => column.samples.length));
  const heads = ["Column", ...(selects ? ["Read as"] : []), ...Array.from({ length: n }, (_, place) => `Row ${place + 1}`)];
  return el(
    "table",
    {},
    el("caption", { class: "sr", text: "Columns and sample rows" }),
    el("thead", {}, el("tr", {}, heads.map((text) => el("th", { scope: "col", text })))),
    el("tbody", {}, columns.map((column) => el("tr", {}, el("th", { scope: "row", text: column.name }), selects && el("td", {}, selects.get(column.name)), column.samples.map((text) => el("td", { class: "sample", text }))))),
  );
}

function answer(selects, columns, key, { speak }) {
  const chosen = [...selects].map(([name, select]) => [name, select.value]);
  const named = (role) => chosen.filter(([, value]) => value === role).map(([name]) => `"${name}"`);
  for (const [role, label] of [["user", "user"], ["item", "item"], ["time", "time"], ["weight", "rating"]]) {
    if (named(role).length > 1) return notice(`Only one column can be the ${label}; ${named(role).join(" and ")} are chosen.`, { bad: true });
  }
  if (!named("user").length || !named("item").length) return notice("Choose which column is the user and which is the item.", { bad: true });
  const hadWeight = columns.some((column) => column.role === "weight");
  const words = [`the user is ${named("user")}`, `the item is ${named("item")}`];
  if (named("time").length) words.push(`the time is ${named("time")}`);
  if (named("weight").length) words.push(`the rating is ${named("weight")}`);
  else if (hadWeight) words.push("it has no rating");
  if (named("ignore").length) words.push(`ignore the ${named("ignore").length > 1 ? "columns" : "column"} ${named("ignore").join(", ")}`);
  return speak(words.join(", "), key);
}
