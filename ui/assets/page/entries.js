// One entry of the conversation as an element; one that changes keeps its element, its focus and what is unfolded.
import { columnsCard } from "./columns_card.js";
import { el, fill, icon, iconButton } from "./dom.js";
import { attempt } from "./notices.js";
import { planCard } from "./plan_card.js";
import { proposed, trialCard } from "./trial_card.js";
import { post } from "./wire.js";

const SMALL = { lesson: "Learned", note: "Worth knowing", baselines: "Lines to beat", confirmation: "Confirmation", approval: "Waits for you", question: "Asks you", state: "", finished: "" };

// `known`: {data, node} as it was drawn before
export function drawEntry(data, known, tools) {
  if (data.role === "user") return said(data, tools);
  if (data.kind === "trial" && data.card) return trialCard(data, known?.node);
  if (data.kind === "step") return step(data, known);
  return data.kind in SMALL ? small(data, tools) : answer(data, known, tools);
}

function said(data, { copy, edit }) {
  return el(
    "article",
    { class: "said", "aria-label": "You", "data-testid": "user" },
    el("div", { class: "bubble" }, data.files.map((name) => el("div", { class: "file small" }, icon("attach"), name)), el("div", { class: "words", text: data.text, lang: languageOf(data.text) })),
    el(
      "div",
      { class: "acts" },
      time(data),
      data.text ? iconButton("copy", "Copy this message", () => copy(data.text)) : null,
      data.turn !== undefined && data.text ? iconButton("edit", "Edit and send again", () => edit(data)) : null,
    ),
  );
}

// null: the page's
function languageOf(text) {
  const n = text.match(/[\u4e00-\u9fff]/g)?.length ?? 0;
  return n > 0.2 * (n + (text.match(/[a-z]+/gi)?.length ?? 0)) ? "zh" : null;
}

function time(data) {
  if (!data.at) return null;
  const at = new Date(data.at);
  return el("time", { class: "small soft", datetime: data.at, title: at.toLocaleString(), text: at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) });
}

function answer(data, known, tools) {
  const node = known?.node ?? el("article", { "aria-label": "recpilot", "data-testid": "bot" }, el("div", { class: "words markdown" }));
  const words = node.firstChild;
  words.lang = languageOf(data.html ?? "") ?? "en";
  node.className = ["answer", data.error && "notice bad", node.classList.contains("last") && "last"].filter(Boolean).join(" ");
  if (known?.data.html !== data.html || !known) {
    fill(words, data.html);
    for (const pre of words.querySelectorAll("pre")) pre.before(el("div", { class: "code-tools" }, iconButton("copy", "Copy this code", () => tools.copy(pre.innerText))));
  }
  const after = [
    data.plan ? planCard(data, tools) : null,
    ...(data.files_asked ?? []).map((file) => columnsCard(file, known, tools)),
    buttons(data, tools),
    data.error || data.cut ? el("div", { class: "tools choices retry" }, el("button", { type: "button", text: data.cut ? "Answer again" : "Try again", onclick: () => tools.act("retry") })) : null,
    data.html && !data.pending
      ? el(
          "div",
          { class: "acts" },
          iconButton("copy", "Copy this answer", () => tools.copy(words.innerText)),
          data.error || data.cut ? null : iconButton("retry", "Answer again", () => tools.act("retry"), { class: "icon retry" }),
        )
      : null,
  ];
  node.replaceChildren(words, ...after.filter(Boolean));
  return node;
}

function step(data, known) {
  const node = known?.node ?? el("details", {}, el("summary"), el("div", { class: "inner markdown" }));
  const [summary, inner] = node.children;
  node.className = ["step", data.pending && "pending", data.error && "failed"].filter(Boolean).join(" ");
  summary.textContent = data.title;
  if (known?.data.html !== data.html) fill(inner, data.html);
  return node;
}

function small(data, tools) {
  const isAnswered = data.kind === "approval" && !data.waiting;
  const label = data.title || (isAnswered ? "" : SMALL[data.kind]);
  return el(
    "article",
    { class: ["small-card", data.kind, data.pending && "pending", data.error && "failed"].filter(Boolean).join(" "), "aria-label": label || "Study" },
    label ? el("div", { class: "label", text: label }) : null,
    data.html ? fill(el("div", { class: "words markdown" }), data.html) : null,
    data.card && data.waiting ? proposed(data.card) : null,
    buttons(data, tools),
  );
}

function buttons(data, { speak }) {
  const found = (data.choices ?? []).map((choice) => el("button", { type: "button", text: choice, onclick: () => speak(choice, data.key) }));
  if (data.waiting) {
    const { study, choices, ...body } = data.waiting;
    const path = `/api/studies/${encodeURIComponent(study)}`;
    found.push(
      el("button", { type: "button", class: "primary", text: choices[0], onclick: () => attempt(() => post(`${path}/approve`, body)) }),
      el("button", { type: "button", text: choices[1], onclick: () => attempt(() => post(`${path}/reject`, body)) }),
    );
  }
  if (data.asked) {
    const path = `/api/studies/${encodeURIComponent(data.asked.study)}/answer`;
    for (const text of data.asked.choices) found.push(el("button", { type: "button", text, onclick: () => attempt(() => post(path, { text })) }));
  }
  return found.length ? el("div", { class: "tools choices" }, found) : null;
}
