// Says that nobody is monitoring when the clinic has not said for some seconds that it does: by itself, without the clinic, with
// a bar, in the title of a tab that nobody looks at, and with a sound. And lets the sound be tested.
(() => {
  const SOUNDS_EVERY = 3000, MARGIN = 1250; // milliseconds; the bar stands there before the time is over, not after it
  const bar = document.querySelector("[data-watch]");
  const within = Number(bar.dataset.within) * 1000;
  const title = document.title;
  let audio = null, told = performance.now(), sounded = -SOUNDS_EVERY;

  function sounding() {
    // A browser that nobody has touched lets no sound out, and complains when it is asked to.
    if (!audio && navigator.userActivation?.hasBeenActive !== false) audio = new AudioContext();
    if (audio?.state === "suspended") audio.resume();
    return audio?.state === "running";
  }

  function sound() {
    if (!sounding()) return false;
    for (const [at, pitch] of [[0, 880], [0.2, 880], [0.4, 660]]) {
      const tone = audio.createOscillator(), loud = audio.createGain();
      tone.frequency.value = pitch;
      loud.gain.value = 0.4;
      tone.connect(loud).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.15);
    }
    return true;
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
    bar.querySelector("[data-watch-blocked]").hidden = sound();
  }

  const worker = new Worker(bar.dataset.worker);
  worker.onmessage = ({ data }) => {
    told = performance.now();
    show(data);
  };
  worker.postMessage({ url: new URL(bar.dataset.beatUrl, location.href).href, within });
  setInterval(() => {
    const silent = performance.now() - told;
    if (silent >= within - MARGIN) show(silent); // the worker itself is gone
  }, 500);

  const test = document.querySelector("[data-sound-test]");
  test?.querySelector("[data-sound-play]").addEventListener("click", async () => {
    audio ||= new AudioContext();
    await Promise.race([audio.resume(), new Promise((over) => setTimeout(over, 500))]);
    sound();
    test.elements.state.value = audio.state;
  });
})();
