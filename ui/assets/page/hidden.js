// Tabs in the background: a browser keeps six connections to a server, so only a few of them go on listening.

const LISTENING = 3; // tabs in the background at most
const AFTER_MS = 20_000;

export function mountHidden(feed) {
  let timer;
  let release = null;
  let isClosed = false;

  async function rest() {
    for (let place = 0; place < LISTENING && navigator.locks; place += 1) {
      const isMine = await new Promise((told) => {
        navigator.locks.request(`recpilot listens ${place}`, { ifAvailable: true }, (lock) => {
          told(Boolean(lock));
          return lock ? new Promise((done) => (release = done)) : null;
        });
      });
      if (isMine) return;
    }
    if (!document.hidden) return;
    isClosed = true;
    feed.close();
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      timer = setTimeout(rest, AFTER_MS);
      return;
    }
    release?.();
    release = null;
    if (isClosed) feed.connect();
    isClosed = false;
  });
}
