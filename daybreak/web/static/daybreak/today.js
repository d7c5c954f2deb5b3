// Looks again every minute how the day stands, and keeps focus and place. It says so when the clinic cannot be reached.
// The clinic is told that nobody pressed anything: a page that looks by itself keeps no session awake.
(() => {
  const now = document.querySelector("#now");
  const stale = document.querySelector("#stale");

  function put(fresh) {
    const focused = now.contains(document.activeElement) ? document.activeElement.id : "";
    const left = now.querySelector(".scrolls")?.scrollLeft || 0;
    now.replaceChildren(...fresh.childNodes);
    if (now.querySelector(".scrolls")) now.querySelector(".scrolls").scrollLeft = left;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  // Behind another tab it looks on all the same where there are rooms: what it shows is what sounds.
  async function look() {
    if ((document.hidden && !now.querySelector(".tile")) || now.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { "Daybreak-By-Itself": "1" } });
      if (answer.redirected) return location.reload(); // nobody is signed in any more
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = answer.ok && page.querySelector("#now");
      stale.hidden = Boolean(fresh);
      if (fresh) put(fresh);
    } catch {
      stale.hidden = false;
    }
  }

  // What happens in a session is looked at as it happens.
  let lately = 0;
  const stream = new EventSource(now.dataset.stream);
  for (const what of ["noted", "hello"]) {
    stream.addEventListener(what, () => {
      clearTimeout(lately);
      lately = setTimeout(look, 100);
    });
  }
  stream.addEventListener("beat", (event) => {
    document.dispatchEvent(new CustomEvent("daybreak:beat", { detail: event.data }));
    if (now.querySelector("[data-monitored]")) look(); // what a monitor sends is no event
  });
  setInterval(look, Number(now.dataset.every) * 1000);
  for (const what of ["visibilitychange", "daybreak:locked"]) document.addEventListener(what, look);
})();
