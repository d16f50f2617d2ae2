// Which tabs listen: a browser keeps six connections to a server, so some tabs listen and the others look in.

const LISTENING = 4; // tabs of a browser; two connections are left for what is asked
const SOON_MS = 3000; // until a tab that is seen looks in again
const LATER_MS = 30_000; // and one in the background
const AFTER_MS = 20_000; // until a tab in the background makes room
const PAUSE_MS = 2 * SOON_MS; // in which another may take the room

export function mountListening(feed) {
  let release = null;
  let timer;

  // whether this tab may go on listening
  async function hasRoom() {
    if (release || !navigator.locks) return true;
    for (let place = 0; place < LISTENING; place += 1) {
      const isMine = await new Promise((told) => {
        navigator.locks.request(`recpilot listens ${place}`, { ifAvailable: true }, (lock) => {
          told(Boolean(lock));
          return lock ? new Promise((done) => (release = done)) : null;
        });
      });
      if (isMine) return true;
    }
    return false;
  }

  async function makeRoom() {
    release?.();
    release = null;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
    if (document.hidden && !(await hasRoom())) feed.lookIn();
  }

  feed.hasRoom = hasRoom;
  feed.pause = () => (document.hidden ? LATER_MS : SOON_MS);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(makeRoom, AFTER_MS);
    else if (!feed.stays) feed.connect();
  });
}
