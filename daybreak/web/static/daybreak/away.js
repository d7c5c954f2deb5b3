// The page that stands in the place of a session's while the clinic cannot be reached: counts, sounds, keeps what is tapped, and
// goes back by itself when the clinic answers.
import { add, chair, now, send, session, who } from "./kept.js";
import { sound } from "./sound.js";

const TRIES = 2000, PATIENCE = 5000, SOUNDS_EVERY = 3000, LOUD = 0.4; // ms
const page = document.querySelector("main");
const blocked = document.querySelector("[data-watch-blocked]"), back = document.querySelector("#back");
const takes = document.querySelector("#takes"), cannot = document.querySelector("#cannot");
const began = performance.now();
// Back to where somebody was; an address that only takes forms has no page.
const home = session && (/\/(cockpit|leave|late|record)\/$/.test(location.pathname) ? location.pathname : `/sessions/${session}/cockpit/`);

takes.hidden = !(session && who);
cannot.hidden = !takes.hidden;
document.querySelector("#chair").textContent = chair || ""; // whose it is nobody keeps here; where, whoever taps has to see

setInterval(() => {
  const since = Math.floor((performance.now() - began) / 1000);
  document.querySelector("[data-since]").textContent = `${Math.floor(since / 60)}:${String(since % 60).padStart(2, "0")}`;
}, 1000);
if (session) {
  back.querySelector("a").href = home;
  const sounds = () => (blocked.hidden = sound(LOUD));
  sounds();
  setInterval(sounds, SOUNDS_EVERY);
  setTimeout(look, TRIES);
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  const fields = [...new FormData(form, submitter)].filter(([, value]) => value !== "");
  if (fields.length > 1) add([["key", crypto.randomUUID()], ...fields], now()); // more than the name of the sheet
  form.reset();
  form.closest("details").open = false;
});
document.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("input[enterkeyhint=next]")?.focus();
}, true);

const asked = (path) => fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });

async function look() {
  try {
    if ((await asked("/healthz")).ok) await leave();
  } catch { /* not yet */ }
  setTimeout(look, TRIES);
}

// What was tapped here is sent from here: only this page's own clock knows how long ago it was.
async function leave() {
  const answer = await asked(`/sessions/${session}/cockpit/`);
  const there = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.ok && there.querySelector(`main[data-who="${who}"]`)) await send(there.querySelector("[name=csrfmiddlewaretoken]").value);
  back.hidden = false;
  if (!page.querySelector("details[open]")) location.replace(home); // what somebody is typing is not taken from their hands
}
