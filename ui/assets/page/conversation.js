// The conversation: what was said, answers as they grow, steps, trials in their order, and questions with buttons.
import { el, fill, icon, iconButton } from "./dom.js";
import { attempt, notice, say } from "./notices.js";
import { state } from "./state.js";
import { get, post } from "./wire.js";

const NEAR_PX = 80; // from the end, within which the view follows what comes

export function conversationPart(speak) {
  const entries = new Map(); // key → {data, html, node}
  const older = el("button", { type: "button", class: "plain older", text: "Show earlier messages", onclick: showOlder });
  const flow = el("div", { class: "flow", id: "chat", role: "log", "aria-live": "off", "aria-label": "Conversation", tabindex: 0 });
  const start = el("div", { class: "start" });
  const down = iconButton("down", "Go to the end", () => toEnd(), { class: "icon to-end", hidden: true });
  const box = el("div", { class: "flow-box" }, flow, down);
  let isFollowing = true;
  let isAnswering = false;
  let nEarlier = 0;
  let shownChat = null;

  flow.addEventListener("scroll", () => {
    isFollowing = flow.scrollHeight - flow.scrollTop - flow.clientHeight < NEAR_PX;
    down.hidden = isFollowing;
  });
  new ResizeObserver(() => isFollowing && toEnd()).observe(flow);

  function toEnd() {
    flow.scrollTop = flow.scrollHeight;
  }

  function take({ reset, earlier, entries: changed, gone }) {
    const place = flow.scrollTop;
    const isSameChat = reset && shownChat === state.chat;
    if (reset) {
      entries.clear();
      flow.replaceChildren(older);
      nEarlier = earlier;
      isFollowing = isFollowing || !isSameChat;
      shownChat = state.chat;
    }
    for (const key of gone ?? []) {
      entries.get(key)?.node.remove();
      entries.delete(key);
    }
    for (const data of changed) put(data);
    older.hidden = nEarlier === 0;
    if (!entries.size) flow.append(start);
    else start.remove();
    if (isFollowing) toEnd();
    else if (isSameChat) flow.scrollTop = place;
  }

  function put(data) {
    const known = entries.get(data.key);
    if ("keep" in data) data.html = (known?.data.html ?? "").slice(0, data.keep) + data.add;
    const node = draw(data, known?.node);
    if (!known) {
      const before = data.after ? entries.get(data.after)?.node : older;
      if (before) before.after(node);
      else flow.append(node);
    } else if (known.node !== node) {
      known.node.replaceWith(node);
    }
    if (known?.data.pending && !data.pending && data.kind === "answer") say(node.innerText.slice(0, 400));
    entries.set(data.key, { data, node });
  }

  function draw(data, old) {
    const node = data.role === "user" ? said(data) : data.title ? step(data, old) : answer(data);
    node.dataset.key = data.key;
    return node;
  }

  function said(data) {
    return el(
      "article",
      { class: "said", "aria-label": "You", "data-testid": "user" },
      el("div", { class: "bubble" }, data.files.map((name) => el("div", { class: "file small" }, icon("attach"), name)), el("div", { class: "words", text: data.text })),
      el(
        "div",
        { class: "acts" },
        time(data),
        data.text ? iconButton("copy", "Copy this message", () => copy(data.text)) : null,
        data.turn !== undefined && data.text ? iconButton("edit", "Edit and send again", () => edit(data)) : null,
      ),
    );
  }

  function time(data) {
    if (!data.at) return null;
    const at = new Date(data.at);
    return el("time", { class: "small soft", datetime: data.at, title: at.toLocaleString(), text: at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) });
  }

  function answer(data) {
    const words = fill(el("div", { class: "words markdown" }), data.html);
    for (const pre of words.querySelectorAll("pre")) {
      pre.before(el("div", { class: "code-tools" }, iconButton("copy", "Copy this code", () => copy(pre.innerText))));
    }
    return el(
      "article",
      { class: `answer ${data.kind ?? ""}`, "aria-label": "recpilot", "data-testid": "bot" },
      words,
      buttons(data),
      data.html && !data.pending ? el("div", { class: "acts" }, iconButton("copy", "Copy this answer", () => copy(words.innerText)), data.is_last ? iconButton("retry", "Answer again", () => act("retry")) : null) : null,
    );
  }

  function step(data, old) {
    const isOpen = old?.open ?? false;
    const details = el(
      "details",
      { class: `step ${data.kind ?? ""} ${data.pending ? "pending" : ""}`, open: isOpen },
      el("summary", {}, el("span", { class: "words", text: data.title })),
      fill(el("div", { class: "inner markdown" }), data.html),
      buttons(data),
    );
    return details;
  }

  function buttons(data) {
    const found = [];
    for (const choice of data.choices ?? []) found.push(el("button", { type: "button", text: choice, onclick: () => speak(choice) }));
    if (data.waiting) {
      const { study, trial } = data.waiting;
      const path = `/api/studies/${encodeURIComponent(study)}`;
      found.push(
        el("button", { type: "button", class: "primary", text: "Run it", onclick: () => attempt(() => post(`${path}/approve`, { trial })) }),
        el("button", { type: "button", text: "Reject it", onclick: () => attempt(() => post(`${path}/reject`, { trial })) }),
      );
    }
    if (data.asked) {
      const path = `/api/studies/${encodeURIComponent(data.asked.study)}/answer`;
      for (const text of data.asked.choices) found.push(el("button", { type: "button", text, onclick: () => attempt(() => post(path, { text })) }));
    }
    return found.length ? el("div", { class: "tools choices" }, found) : null;
  }

  async function copy(text) {
    await attempt(() => navigator.clipboard.writeText(text));
    say("Copied.");
    notice("Copied.");
  }

  function act(name, body = {}) {
    return attempt(() => post(`/api/chats/${state.chat}/${name}`, body));
  }

  function edit(data) {
    const entry = entries.get(data.key);
    const area = el("textarea", { "aria-label": "Edit the message", rows: Math.min(10, data.text.split("\n").length + 1) });
    area.value = data.text;
    const close = () => form.replaceWith(entry.node);
    const form = el(
      "form",
      {
        class: "editing",
        onsubmit: async (event) => {
          event.preventDefault();
          if (area.value.trim() && (await act("edit", { turn: data.turn, text: area.value })) !== undefined) close();
        },
        onkeydown: (event) => event.key === "Escape" && close(),
      },
      area,
      el("p", { class: "small soft", text: "What was said after it leaves the chat; what was done stays done." }),
      el("div", { class: "tools" }, el("button", { class: "primary", text: "Send again" }), el("button", { type: "button", text: "Cancel", onclick: close })),
    );
    entry.node.replaceWith(form);
    area.focus();
  }

  async function showOlder() {
    const first = flow.querySelector("[data-key]");
    if (!first) return;
    const answer = await attempt(() => get(`/api/chats/${state.chat}/earlier?${new URLSearchParams({ before: first.dataset.key })}`));
    if (!answer) return;
    const height = flow.scrollHeight;
    let before = older;
    for (const data of answer.entries) {
      const node = draw(data);
      before.after(node);
      before = node;
      entries.set(data.key, { data, node });
    }
    nEarlier = answer.earlier;
    older.hidden = nEarlier === 0;
    flow.scrollTop += flow.scrollHeight - height;
  }

  return {
    part: box,
    take,
    act,
    isAnswering: () => isAnswering,
    answering(is) {
      isAnswering = is;
      flow.classList.toggle("answering", is);
    },
    start(node) {
      start.replaceChildren(node);
    },
    lastSaid: () => [...entries.values()].filter((one) => one.data.role === "user" && one.data.text).at(-1)?.data.text,
  };
}
