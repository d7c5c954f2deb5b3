// A display keeps itself up to date: as something happens, and every quarter of a minute for the time that goes on.
(() => {
  const main = document.querySelector("main[data-stream]");
  const EVERY = 15000, PATIENCE = 5000; // ms
  let lately = 0;

  async function look() {
    try {
      const answer = await fetch(location.pathname, { headers: { "Daybreak-By-Itself": "1" }, signal: AbortSignal.timeout(PATIENCE) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.querySelector("main[data-stream]")) return answer.status === 404 ? location.reload() : undefined; // it was ended
      for (const part of document.querySelectorAll("[data-live]"))
        part.replaceChildren(...(page.getElementById(part.id)?.childNodes || []));
    } catch {
      // the watch of the page says so when the clinic is gone
    }
  }

  const stream = new EventSource(main.dataset.stream);
  for (const what of ["noted", "hello"]) {
    stream.addEventListener(what, () => {
      clearTimeout(lately);
      lately = setTimeout(look, 100);
    });
  }
  setInterval(look, EVERY);
})();
