// Says that nobody is monitoring when the clinic has not said for some seconds that it does: by itself, without the clinic, with
// a bar, in the title of a tab that nobody looks at, and with a sound. Sounds the alarms that the page shows and nobody has seen:
// softly beside the patient, loudly where the whole floor is, which says that it listens. And lets the sound be tested.
import { sound, sounded as tested, sounding } from "./sound.js";

(() => {
  const SOUNDS_EVERY = 3000, MARGIN = 1250, LOUD = 0.4, SOFT = 0.12; // milliseconds; the bar stands there before the time is over, not after it
  const bar = document.querySelector("[data-watch]");
  const blocked = document.querySelector("[data-watch-blocked]");
  const within = Number(bar.dataset.within) * 1000;
  const title = document.title;
  let told = performance.now(), sounded = -SOUNDS_EVERY;
  let ringing = new Set(), rang = 0;

  const loudly = (volume) => (blocked.hidden = sound(volume));

  // A sound that somebody has switched off is on again when the time is over, also when the clinic cannot be asked.
  function left(one, seconds) {
    one.quietUntil ??= performance.now() + 1000 * Number(seconds);
    return Math.max(0, Math.ceil((one.quietUntil - performance.now()) / 1000));
  }

  function alarms() {
    for (const one of document.querySelectorAll("[data-left]")) {
      const seconds = left(one, one.dataset.left);
      one.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (!seconds) one.parentElement.hidden = true;
    }
    const loud = [...document.querySelectorAll(".alarm-open:not(.alarm-seen), .tile-unseen")];
    const open = loud.filter((one) => !one.dataset.quiet || !left(one, one.dataset.quiet));
    const names = open.map((one) => `${one.id} ${one.className}`);
    const fresh = names.some((one) => !ringing.has(one));
    ringing = new Set(names);
    if (!open.length) return;
    const loudest = open.some((one) => one.matches(".alarm-alarm, .alarm-emergency, .tile-unseen"));
    const again = 1000 * Number(loudest ? bar.dataset.again : bar.dataset.againSoftly);
    if (!fresh && performance.now() - rang < again) return;
    rang = performance.now();
    loudly(open.some((one) => one.matches(".tile-unseen")) ? LOUD : SOFT);
  }

  // From a device that somebody heard: says to the clinic that it would sound. The page itself says so, and not its worker:
  // one that stands still would not sound.
  let said = -Infinity;
  function hears() {
    if (!bar.dataset.hears || performance.now() - said < 1000 * Number(bar.dataset.hearsEvery)) return;
    blocked.hidden = sounding();
    if (!blocked.hidden) return;
    said = performance.now();
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const form = { site: bar.dataset.site || "", state: "running", csrfmiddlewaretoken: token };
    fetch(bar.dataset.hears, { method: "POST", body: new URLSearchParams(form), headers: { "Daybreak-By-Itself": "1" } }).catch(() => {});
  }

  function show(silent) {
    const lost = silent >= within - MARGIN;
    if (bar.hidden === lost) {
      bar.hidden = !lost;
      document.title = lost ? `${bar.dataset.title} – ${title}` : title;
    }
    if (!lost) return;
    bar.querySelector("[data-watch-since]").textContent = bar.dataset.says.replace("%", Math.floor(silent / 1000));
    if (performance.now() - sounded < SOUNDS_EVERY) return;
    sounded = performance.now();
    loudly(LOUD);
  }

  const worker = new Worker(bar.dataset.worker);
  worker.onmessage = ({ data }) => {
    told = performance.now();
    show(data);
    alarms();
    hears();
  };
  worker.postMessage({ url: new URL(bar.dataset.beatUrl, location.href).href, within });
  setInterval(() => {
    const silent = performance.now() - told;
    if (silent >= within - MARGIN) show(silent); // the worker itself is gone
  }, 500);

  const test = document.querySelector("[data-sound-test]");
  test?.querySelector("[data-sound-play]").addEventListener("click", async () => {
    test.elements.state.value = await tested(LOUD);
  });
})();
