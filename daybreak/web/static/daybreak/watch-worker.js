// Asks the clinic again and again whether it monitors, and tells the page for how long it has not said so. A worker of its own:
// a browser slows down the timers of a page that nobody looks at, and not these. Time is counted by two clocks, because one of
// them stands still while a machine sleeps and the other may be set; the longer one counts.
const ASKS_EVERY = 1000, TELLS_EVERY = 250; // milliseconds
let heard = performance.now();
let clock = Date.now();

async function ask(url, within) {
  const given_up = new AbortController();
  const patience = setTimeout(() => given_up.abort(), within / 2);
  try {
    const answer = await fetch(url, { cache: "no-store", headers: { "Daybreak-By-Itself": "1" }, signal: given_up.signal });
    if (answer.ok && !answer.redirected && (await answer.text()).trim() === "monitoring") {
      heard = performance.now();
      clock = Date.now();
    }
  } catch {
    // not heard
  }
  clearTimeout(patience);
  setTimeout(ask, ASKS_EVERY, url, within);
}

onmessage = ({ data }) => {
  ask(data.url, data.within);
  setInterval(() => postMessage(Math.max(performance.now() - heard, Date.now() - clock)), TELLS_EVERY);
};
