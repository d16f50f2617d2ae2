// What the page does in the browser itself: handlers that Gradio calls with the values of components.
window.recpilot = {
  sent: { text: "", files: [] },
  touched: false, // something was typed or sent since the page was loaded

  // Enter: what is in the box goes to the server, and is remembered until it is taken
  send(message, chat) {
    recpilot.touched = true;
    recpilot.sent = message ?? { text: "", files: [] };
    return [recpilot.sent, chat];
  },

  // the server took it: it leaves the box, and whatever was typed or attached since stays
  takeOut(message) {
    const { text, files } = message ?? { text: "", files: [] };
    const sent = recpilot.sent;
    const paths = new Set((sent.files ?? []).map((file) => file.path));
    return {
      text: text.startsWith(sent.text) ? text.slice(sent.text.length) : text,
      files: (files ?? []).filter((file) => !paths.has(file.path)),
    };
  },

  // a plot that was drawn while its tab was hidden has no width yet
  fit() {
    requestAnimationFrame(() => window.dispatchEvent(new Event("resize")));
  },

  download(file) {
    if (!file) return;
    const link = document.createElement("a");
    link.href = file.url;
    link.download = file.orig_name;
    link.click();
  },
};

// what is typed and not sent outlives a reload, such as the one after the server was away
(() => {
  const key = "recpilot draft";
  const box = () => document.querySelector("#say textarea");
  let restoring = false;
  document.addEventListener("input", (event) => {
    if (restoring || event.target !== box()) return;
    recpilot.touched = true;
    sessionStorage.setItem(key, event.target.value);
  });
  setInterval(() => {
    const area = box();
    if (!area || area.disabled) return; // the page is still opening
    if (recpilot.touched) {
      sessionStorage.setItem(key, area.value);
      return;
    }
    // until the first key is pressed an opening page may empty the box once more
    const draft = sessionStorage.getItem(key);
    if (draft && !area.value) {
      restoring = true;
      area.value = draft;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      restoring = false;
    }
  }, 300);
})();

// a page whose login has ended asks for it again, instead of failing at every turn
(() => {
  const ask = window.fetch;
  window.fetch = async (...request) => {
    const answer = await ask(...request);
    if (answer.status === 401 && !recpilot.leaving) {
      recpilot.leaving = true;
      window.location.assign("/login");
    }
    return answer;
  };
})();
