// The page on which a clinic is judged is there without a connection, once it was opened. It fills the cache itself (`check.js`);
// nothing that somebody answered is in it.
const CACHE = "check", PATIENCE = 4000; // ms

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (new URL(request.url).pathname.startsWith("/static/daybreak/")) event.respondWith(file(request));
});

const kept = (request, options) => caches.match(request, { cacheName: CACHE, ignoreVary: true, ...options });

async function page(request) {
  try {
    const late = new Promise((_, over) => setTimeout(over, PATIENCE));
    const answer = await Promise.race([fetch(request), late]);
    if (answer.status < 500) return answer;
  } catch { /* gone */ }
  return (await kept(request)) || (await kept(request, { ignoreSearch: true })) || Response.error();
}

// The address of a file names its content, so what is kept is never old.
async function file(request) {
  return (await kept(request)) || fetch(request);
}
