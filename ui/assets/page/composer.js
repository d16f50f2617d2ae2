// The message box. It belongs to the person: only what the server took leaves it, and drafts outlive a reload.
import { el, icon, iconButton } from "./dom.js";
import { notice, say } from "./notices.js";
import { visible } from "./outside.js";
import { state } from "./state.js";
import { post, upload } from "./wire.js";

const MOST_FILES = 10;
const MOST_LINES_PX = 240;
const draftKey = (chat) => `recpilot draft ${chat}`;
const filesKey = (chat) => `recpilot files ${chat}`;

export function composerPart({ stop, lastSaid, sent }) {
  const area = el("textarea", { rows: 1, placeholder: "Say something, or drop a file here", "aria-label": "Message", "aria-describedby": "say-hint", maxlength: 12_000, disabled: true });
  const picker = el("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files", tabindex: -1, onchange: () => (add([...picker.files]), (picker.value = "")) });
  const chips = el("ul", { class: "chips", "aria-label": "Attached files" });
  const about = el("span", { class: "about small soft", id: "say-hint" });
  const send = el("button", { class: "primary round", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
  const halt = iconButton("stop", "Stop the answer", stop, { class: "round", hidden: true, id: "stop-answer" });
  const form = el(
    "form",
    { id: "say", "aria-label": "Message", onsubmit: (event) => (event.preventDefault(), submit()) },
    chips,
    area,
    el("div", { class: "line" }, el("span", { class: "tools" }, iconButton("attach", "Attach files", () => picker.click()), about), el("span", { class: "tools" }, halt, send)),
    picker,
  );
  let limits = { uploadMib: 1024, fileTypes: [] };
  let shown = null; // the chat whose draft and files stand in the box
  const attached = new Map(); // by chat
  let files = []; // of the chat that is shown: {name, size, path?, problem?, share, cancel}
  let isSending = false;
  let sendsLater = false;
  let refused = null; // the notice that says why the last message was not taken

  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && !area.value && lastSaid()) {
      event.preventDefault();
      area.value = lastSaid();
      changed();
    } else if (event.key === "Escape" && !halt.hidden) {
      stop();
    }
  });
  area.addEventListener("input", changed);
  area.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      add([...event.clipboardData.files]);
    }
  });

  function changed() {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, MOST_LINES_PX, Math.max(56, window.innerHeight / 4))}px`;
    keep();
  }

  function keep(chat = state.chat) {
    if (!chat) return;
    const key = draftKey(chat);
    for (const store of [sessionStorage, localStorage]) area.value ? store.setItem(key, area.value) : store.removeItem(key);
  }

  function turn(chat) {
    if (chat === shown) return;
    const key = draftKey(chat);
    area.value = sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? "";
    changed();
    if (shown) attached.set(shown, files);
    sendsLater = false; // it stays in the box of the chat that was left
    files = attached.get(chat) ?? JSON.parse(sessionStorage.getItem(filesKey(chat)) ?? "[]");
    shown = chat;
    draw();
  }

  // what has arrived outlives a reload of this tab
  function keepFiles() {
    const arrived = files.filter((one) => one.path).map(({ name, size, path }) => ({ name, size, path }));
    arrived.length ? sessionStorage.setItem(filesKey(shown), JSON.stringify(arrived)) : sessionStorage.removeItem(filesKey(shown));
  }

  function add(dropped) {
    for (const file of dropped) {
      const one = { name: visible(file.name), size: file.size, share: 0 };
      one.problem = problemOf(file);
      files.push(one);
      if (one.problem) {
        say(`${one.name} is not taken: ${one.problem}`);
        continue;
      }
      const sent = upload(file, (share) => ((one.share = share), draw()));
      one.cancel = sent.cancel;
      sent.done
        .then((path) => (one.path = path))
        .catch((error) => (one.problem = error.message))
        .finally(() => {
          draw();
          if (sendsLater && !files.some(isOnItsWay)) submit();
        });
    }
    draw();
  }

  function put(text) {
    area.value = text;
    changed();
    area.focus();
    area.setSelectionRange(text.length, text.length);
  }

  function problemOf(file) {
    const end = file.name.toLowerCase();
    if (limits.fileTypes.length && !limits.fileTypes.some((type) => end.endsWith(type))) return `this kind of file is not read; ${limits.fileTypes.slice(0, 6).join(", ")} and others are`;
    if (file.size > limits.uploadMib * 2 ** 20) return `it is larger than ${limits.uploadMib.toLocaleString()} MiB`;
    if (file.size === 0) return "it is empty";
    if (files.filter((one) => !one.problem).length >= MOST_FILES) return `up to ${MOST_FILES} files go with a message`;
    return null;
  }

  const isOnItsWay = (one) => !one.path && !one.problem;

  function draw() {
    if (shown) keepFiles();
    chips.replaceChildren(
      ...files.map((one) => {
        const told = one.problem ?? (one.path ? sizeOf(one.size) : `${Math.round(100 * one.share)} % of ${sizeOf(one.size)}`);
        return el(
          "li",
          { class: `chip ${one.problem ? "bad" : ""}` },
          el("span", { class: "wrap" }, el("b", { text: one.name }), " ", el("span", { class: "small", text: told })),
          isOnItsWay(one) ? el("progress", { max: 1, value: one.share, "aria-label": `Upload of ${one.name}` }) : null,
          iconButton("close", `Remove ${one.name}`, () => remove(one)),
        );
      }),
    );
  }

  function remove(one) {
    one.cancel?.();
    files = files.filter((other) => other !== one);
    draw();
  }

  async function submit() {
    if (isSending || area.disabled) return;
    const text = area.value;
    const ready = files.filter((one) => one.path);
    if (files.some(isOnItsWay)) {
      sendsLater = true;
      notice("It is sent as soon as the files have arrived.");
      return;
    }
    sendsLater = false;
    if (!text.trim() && !ready.length) return;
    isSending = true;
    const chat = state.chat;
    try {
      await post("/api/say", { chat, study: state.study, text, files: ready.map((one) => ({ path: one.path })) });
      refused?.remove();
      sent();
    } catch (error) {
      refused = notice(error.message, { bad: true });
      return;
    } finally {
      isSending = false;
    }
    if (chat !== shown) {
      for (const store of [sessionStorage, localStorage]) store.removeItem(draftKey(chat));
      attached.delete(chat);
      sessionStorage.removeItem(filesKey(chat));
      return;
    }
    if (area.value.startsWith(text)) area.value = area.value.slice(text.length); // what was typed since stays
    files = files.filter((one) => !ready.includes(one) && !one.problem);
    draw();
    changed();
  }

  return {
    form,
    area,
    add,
    turn,
    keep,
    ready(hello) {
      limits = { ...limits, ...hello };
      picker.accept = limits.fileTypes.join(",");
      area.disabled = false;
    },
    answering(is) {
      halt.hidden = !is;
    },
    about(title) {
      about.textContent = title ? `about ${title}` : "";
    },
    // what was being typed can be put back
    draft(text) {
      const before = area.value;
      put(text);
      if (before.trim() && before !== text) notice("What you had typed gave way.", { action: { label: "Put it back", run: () => put(before) } });
    },
    // as if typed, whatever stands in the box
    // `answers`: the key of the entry whose button says it
    async speak(text, answers = null) {
      try {
        await post("/api/say", { chat: state.chat, study: state.study, text, answers });
        sent();
      } catch (error) {
        notice(error.message, { bad: true });
      }
    },
  };
}

function sizeOf(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 10 && unit ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}
