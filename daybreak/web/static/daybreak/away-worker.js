// When the clinic cannot be reached, a page of a session that is opened is ours all the same: it says that nobody is monitoring,
// and goes on taking what is tapped. Nothing of a patient is kept here: one page that is the same for everybody, and its files.
const CACHE = "away", AWAY = "/sessions/away/", FILES = "/static/daybreak/";
const SHELL = [AWAY, ...["daybreak.css", "cockpit.css", "watch.css", "away.css", "away.js", "kept.js", "sound.js", "icon.svg"].map((one) => FILES + one)];
const PATIENCE = 15000, SOON = 2000; // ms
const GONE = [502, 503, 504]; // what stands before the clinic answers, and the clinic does not

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.method === "GET" && SHELL.includes(new URL(request.url).pathname)) event.respondWith(file(request));
});

const kept = (path) => caches.match(path, { cacheName: CACHE, ignoreVary: true });
const within = (promise, time) => Promise.race([promise, new Promise((_, over) => setTimeout(over, time))]);

async function page(request) {
  let answer;
  try {
    // What is sent is waited for: it may have arrived.
    answer = await (request.method === "GET" ? within(fetch(request), PATIENCE) : fetch(request));
    if (!GONE.includes(answer.status)) return answer;
  } catch { /* gone */ }
  return (await kept(AWAY)) || answer || Response.error();
}

async function file(request) {
  try {
    const answer = await within(fetch(request), SOON);
    if (answer.ok && !answer.redirected) (await caches.open(CACHE)).put(request, answer.clone());
    return answer;
  } catch {
    return (await kept(request.url)) || Response.error();
  }
}
