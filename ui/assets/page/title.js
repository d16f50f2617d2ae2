// The title of the tab: the chat's, and before it what ended while the person was elsewhere.

let chat = "";
let ended = "";

export function setTitle(words) {
  chat = words;
  draw();
}

export function markEnded({ study, error }) {
  if (document.hasFocus()) return;
  ended = error ? `✕ ${study} failed` : `✓ ${study} done`;
  draw();
}

window.addEventListener("focus", () => {
  ended = "";
  draw();
});

function draw() {
  document.title = [ended, chat, "recpilot"].filter(Boolean).join(" – ");
}
