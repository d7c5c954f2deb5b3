// Lets an alarm sound. A browser that nobody has touched lets no sound out, and complains when it is asked to: then this says no.
let audio = null;

export function sounding() {
  if (!audio && navigator.userActivation?.hasBeenActive !== false) audio = new AudioContext();
  if (audio?.state === "suspended") audio.resume();
  return audio?.state === "running";
}

export function sound(volume) {
  if (!sounding()) return false;
  for (const [at, pitch] of [[0, 880], [0.2, 880], [0.4, 660]]) {
    const tone = audio.createOscillator(), loud = audio.createGain();
    tone.frequency.value = pitch;
    loud.gain.value = volume;
    tone.connect(loud).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.15);
  }
  return true;
}

// By somebody's own touch, for a test: what became of it, as the browser calls it.
export async function sounded(volume) {
  audio ||= new AudioContext();
  await Promise.race([audio.resume(), new Promise((over) => setTimeout(over, 500))]);
  sound(volume);
  return audio.state;
}
