// A page of a session leaves a page of ours in the browser for the time when the clinic cannot be reached (`away-worker.js`), and
// sends what was kept meanwhile.
import { send, session } from "./kept.js";

const AWAY = "/sessions/away/", TRIES = 3000; // ms
navigator.serviceWorker?.register("/static/daybreak/away-worker.js", { scope: "/sessions/" }).then(() => {
  // In the language of this page, with the numbers of today.
  fetch(AWAY, { cache: "no-store" }).then(
    async (answer) => answer.ok && !answer.redirected && (await caches.open("away")).put(AWAY, answer),
    () => {}, // the one that is kept already does
  );
}, () => {}); // a browser that keeps no page shows its own

if (session) {
  addEventListener("online", () => send());
  setInterval(send, TRIES);
  send();
}
