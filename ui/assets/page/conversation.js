// The conversation: its entries in their order, the place that is looked at, and what is done with messages.
import { drawEntry } from "./entries.js";
import { el, iconButton, keepingFocus } from "./dom.js";
import { layOut } from "./folds.js";
import { attempt, notice, say } from "./notices.js";
import { spoken } from "./spoken.js";
import { state } from "./state.js";
import { markBest } from "./trial_card.js";
import { get, post } from "./wire.js";

const NEAR_PX = 80; // from the end, within which the view follows what comes

export function conversationPart(speak) {
  const entries = new Map(); // key → {data, node, instead}
  let order = []; // keys
  const folds = new Map(); // the first key → the fold that holds it
  const older = el("button", { type: "button", class: "plain older", text: "Show earlier messages", onclick: showOlder });
  const flow = el("div", { class: "flow", id: "chat", role: "log", "aria-live": "off", "aria-label": "Conversation", tabindex: 0 });
  const start = el("div", { class: "start" });
  const down = iconButton("down", "Go to the end", () => follow(), { class: "icon to-end", hidden: true });
  const box = el("div", { class: "flow-box" }, flow, down);
  const tools = { speak, act, copy, edit, hasAnswered };
  let isFollowing = true;
  let isAnswering = false;
  let nEarlier = 0;
  let shownChat = null;
  let onEnd = () => {};

  let top = 0; // where the view was last

  flow.addEventListener("scroll", () => {
    const isAtEnd = flow.scrollHeight - flow.scrollTop - flow.clientHeight < NEAR_PX;
    if (isAtEnd) isFollowing = true;
    else if (flow.scrollTop < top - 1) isFollowing = false; // a person went up; what comes below moves nothing
    top = flow.scrollTop;
    down.hidden = isAtEnd;
  });
  new ResizeObserver(() => isFollowing && toEnd()).observe(flow);

  function toEnd() {
    flow.scrollTop = flow.scrollHeight;
    top = flow.scrollTop;
  }

  // who says something looks at what is answered
  function follow() {
    isFollowing = true;
    toEnd();
  }

  function take({ reset, earlier, entries: changed, gone }) {
    const place = flow.scrollTop;
    const isSameChat = reset && shownChat === state.chat;
    const old = isSameChat ? new Map(entries) : new Map(); // what stands there already stays as it is folded
    if (reset) {
      entries.clear();
      if (!isSameChat) folds.clear();
      order = [];
      nEarlier = earlier;
      isFollowing = isFollowing || !isSameChat;
      shownChat = state.chat;
    }
    for (const key of gone ?? []) {
      entries.delete(key);
      order = order.filter((other) => other !== key);
    }
    const news = changed.map((data) => put(data, old));
    settle();
    if (!reset || isSameChat) for (const one of news) tell(one); // as they stand in the page now
    if (isFollowing) {
      toEnd();
      if (reset) requestAnimationFrame(() => isFollowing && toEnd());
    } else if (isSameChat) flow.scrollTop = place;
  }

  function put(data, old = new Map()) {
    const isThere = entries.has(data.key);
    const known = entries.get(data.key) ?? old.get(data.key);
    if ("keep" in data) data.html = (known?.data.html ?? "").slice(0, data.keep) + data.add;
    const node = drawEntry(data, known, tools);
    node.dataset.key = data.key;
    if (!isThere) order.splice(data.after ? order.indexOf(data.after) + 1 : 0, 0, data.key);
    entries.set(data.key, { data, node, instead: known?.instead });
    return { data, before: known?.data, node };
  }

  function tell({ data, before, node }) {
    spoken(data, before, node);
    if (!before && (data.kind === "finished" || (data.kind === "state" && data.error))) onEnd(data);
  }

  function settle() {
    older.hidden = nEarlier === 0;
    const shown = order.map((key) => entries.get(key));
    keepingFocus(flow, () => layOut(flow, shown.length ? [older] : [older, start], shown, folds), { isSame: false });
    const answers = shown.filter((one) => one.data.kind === "answer");
    for (const one of answers) one.node.classList.toggle("last", one === answers.at(-1));
    const bests = shown.filter((one) => one.data.card?.best);
    for (const one of bests) markBest(one.node, one === bests.findLast((other) => other.data.study === one.data.study));
  }

  async function copy(text) {
    await attempt(() => navigator.clipboard.writeText(text));
    say("Copied.");
    notice("Copied.");
  }

  async function act(name, body = {}) {
    const answer = await attempt(() => post(`/api/chats/${state.chat}/${name}`, { study: state.study, ...body }));
    if (answer?.said) notice(answer.said);
    if (answer && (name === "retry" || name === "edit")) {
      notice("The answer that stood there was replaced.", { action: { label: "Undo", run: () => act("undo") } });
    }
    return answer;
  }

  // whether something was said after an entry
  function hasAnswered(key) {
    return order.slice(order.indexOf(key) + 1).some((other) => entries.get(other).data.role === "user");
  }

  function edit(data) {
    const area = el("textarea", { "aria-label": "Edit the message", rows: Math.min(10, data.text.split("\n").length + 1) });
    area.value = data.text;
    const turn = (node) => {
      entries.get(data.key).instead = node;
      settle();
    };
    const close = () => turn(undefined);
    const form = el(
      "form",
      {
        class: "editing",
        onsubmit: async (event) => {
          event.preventDefault();
          if (area.value.trim() && (await act("edit", { turn: data.turn, text: area.value })) !== undefined && entries.has(data.key)) close();
        },
        onkeydown: (event) => event.key === "Escape" && close(),
      },
      area,
      el("p", { class: "small soft", text: "What was said after it leaves the chat; what was done stays done." }),
      el("div", { class: "tools" }, el("button", { class: "primary", text: "Send again" }), el("button", { type: "button", text: "Cancel", onclick: close })),
    );
    turn(form);
    area.focus();
  }

  async function showOlder() {
    if (!order.length) return;
    const answer = await attempt(() => get(`/api/chats/${state.chat}/earlier?${new URLSearchParams({ before: order[0] })}`));
    if (!answer) return;
    const height = flow.scrollHeight;
    let after = null;
    for (const data of answer.entries) {
      put({ ...data, after });
      after = data.key;
    }
    nEarlier = answer.earlier;
    settle();
    flow.scrollTop += flow.scrollHeight - height;
  }

  return {
    part: box,
    take,
    act,
    follow,
    isAnswering: () => isAnswering,
    answering(is) {
      isAnswering = is;
      flow.classList.toggle("answering", is);
    },
    start(node) {
      start.replaceChildren(node);
    },
    // `work` is told the entry that says that a study ended
    whenEnded(work) {
      onEnd = work;
    },
    lastSaid: () => [...entries.values()].filter((one) => one.data.role === "user" && one.data.text).at(-1)?.data.text,
  };
}
