// The line that follows the study at the foot of the chat while it goes on, or waits.
import { el, keepingFocus } from "./dom.js";
import { attempt } from "./notices.js";
import { addressOf } from "./state.js";
import { post } from "./wire.js";

const FOLLOWED = ["queued", "running", "waiting", "paused"];

export function statusLine() {
  const part = el("div", { class: "status", id: "status", hidden: true });

  function take(line) {
    part.hidden = !line.name || !FOLLOWED.includes(line.state);
    if (part.hidden) return;
    const path = `/api/studies/${encodeURIComponent(line.name)}`;
    const bar = el("i");
    bar.style.width = `${Math.round(100 * (line.share ?? 0))}%`;
    const draw = () => part.replaceChildren(
      el(
        "div",
        { class: "line" },
        el("a", { href: addressOf({ view: "overview" }), "data-go": "overview", class: "name", text: line.title }),
        el("span", { class: "small", text: line.words }),
        line.waits !== null && line.waits !== undefined
          ? el(
              "span",
              { class: "tools" },
              el("span", { class: "small", text: `Trial ${line.waits} waits:` }),
              el("button", { type: "button", class: "primary", text: "Run it", onclick: () => attempt(() => post(`${path}/approve`, { trial: line.waits })) }),
              el("button", { type: "button", text: "Reject it", onclick: () => attempt(() => post(`${path}/reject`, { trial: line.waits })) }),
            )
          : null,
      ),
      el("div", { class: "bar" }, bar),
    );
    keepingFocus(part, draw, { isSame: false }); // the next trial that waits is another one
  }

  return { part, take };
}
