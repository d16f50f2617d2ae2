// The way to the server: calls, uploads, and the stream of what changed.

export class Refused extends Error {
  constructor(words, status = 0) {
    super(words);
    this.status = status; // of HTTP; 0: nothing came
  }
}

async function answerOf(response) {
  const kind = response.headers.get("content-type") ?? "";
  const body = kind.includes("json") ? await response.json() : await response.text();
  if (response.status === 401) {
    window.location.assign(`/login${window.location.search}`); // the login has ended
  }
  if (!response.ok) throw new Refused(body.error ?? (String(body).slice(0, 300) || `The server answered ${response.status}.`), response.status);
  return body;
}

async function asked(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refused("The server cannot be reached. Nothing is lost; try it again when the page is connected.");
  }
  return answerOf(response);
}

export const get = (path, options = {}) => asked(path, options);
export const post = (path, body = {}) =>
  asked(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

// resolves to the path that the server gives the file; `onProgress` gets shares from 0 to 1
export function upload(file, onProgress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open("POST", "/gradio_api/upload");
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText)[0]);
      else reject(new Refused(request.responseText.slice(0, 300) || `The server answered ${request.status}.`));
    };
    request.onerror = () => reject(new Refused("It could not be sent: the server cannot be reached."));
    request.onabort = () => reject(new Refused("Its upload was cancelled."));
    const form = new FormData();
    form.append("files", file);
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}

// one stream a tab; it is opened again when it ends, and `onState` is told whether it is there
export class Feed {
  // `whyAway` is asked, with what was asked for, before the stream is opened again
  constructor(handlers, onState, whyAway) {
    this.handlers = handlers;
    this.onState = onState;
    this.whyAway = whyAway;
    this.wait = 500;
    this.stays = true; // else it looks in from time to time
    this.hasRoom = async () => true; // asked before it is opened: whether it may stay
    this.pause = () => 0; // ms until it looks in again
  }

  open(chat, study) {
    this.close();
    const query = new URLSearchParams();
    if (chat) query.set("chat", chat);
    if (study) query.set("study", study);
    this.query = query;
    this.connect();
  }

  async connect() {
    this.close();
    const query = this.query;
    const stays = await this.hasRoom();
    if (query !== this.query || this.source) return; // another was opened meanwhile
    const source = new EventSource(`/api/feed?${query}`);
    this.source = source;
    this.stays = stays;
    for (const [name, handle] of Object.entries(this.handlers)) {
      source.addEventListener(name, (event) => source === this.source && handle(JSON.parse(event.data)));
    }
    source.addEventListener("study", () => source === this.source && !this.stays && this.lookIn()); // it comes last
    source.onopen = () => {
      this.wait = 500;
      this.onState(true);
    };
    source.onerror = () => {
      if (source !== this.source) return;
      source.close();
      this.onState(false);
      this.timer = setTimeout(() => this.check(), this.wait);
      this.wait = Math.min(this.wait * 1.7, 8000);
    };
  }

  async check() {
    const query = this.query;
    await this.whyAway(query).catch(() => {}); // told by the state of the stream
    if (query === this.query) this.connect(); // else another was opened meanwhile
  }

  // leaves, and comes back after a while
  lookIn() {
    this.close();
    this.timer = setTimeout(() => this.connect(), this.pause());
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}
