// The cockpit keeps itself up to date, and keeps what is tapped while the clinic cannot be reached. All of it works without
// this script too, by looking at the page again: what it adds is that nobody has to.
import { add, hear, now, send, sent } from "./kept.js";

(() => {
  const main = document.querySelector("main[data-stream]");
  const says = document.querySelector("#says");
  const AGES = 15000, PATIENCE = 5000; // ms
  let busy = false, again = false;

  // ---------- what is shown ----------
  const open = (part) => part.querySelector("details[open]") || (part.contains(document.activeElement) && part.querySelector("input:focus"));
  // A new alarm is seen at once, also by whoever is about to acknowledge another one: that form stays as it is.
  function alarm(part, newer) {
    const form = part.querySelector("details[open]");
    const at = form?.parentElement.id;
    const focused = document.activeElement;
    part.replaceChildren(...newer.childNodes);
    const place = at && document.getElementById(at)?.querySelector("details");
    if (!place) return;
    place.replaceWith(form);
    if (form.contains(focused)) focused.focus({ preventScroll: true });
  }

  async function refresh() {
    if (busy) return void (again = true);
    busy = true;
    try {
      const answer = await fetch(location.pathname, { headers: { "Daybreak-By-Itself": "1" }, signal: AbortSignal.timeout(PATIENCE) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = answer.ok && !answer.redirected && page.querySelector("main[data-stream]");
      if (fresh) {
        main.dataset.seq = fresh.dataset.seq;
        main.toggleAttribute("data-monitored", fresh.hasAttribute("data-monitored"));
        for (const part of document.querySelectorAll("[data-live]")) {
          const newer = page.getElementById(part.id);
          if (newer && part.id === "live-alarms") alarm(part, newer);
          else if (newer && !open(part)) part.replaceChildren(...newer.childNodes);
        }
      }
    } catch { /* the watch of the page says so when the clinic is gone */ }
    busy = false;
    const undo = document.querySelector("[data-undo]");
    if (undo) setTimeout(refresh, 1000 * Number(undo.dataset.undo) + 200); // it is offered for a moment only
    if (again) ((again = false), refresh());
  }

  // ---------- what happens, as it happens ----------
  let lately = 0, measured = -Infinity;
  const SILENT = 3000; // ms, after which what a monitor sends is asked for: it may be old by now, or lost
  const stream = new EventSource(`${main.dataset.stream}?after=${main.dataset.seq}`);
  stream.addEventListener("noted", () => {
    clearTimeout(lately);
    lately = setTimeout(refresh, 50);
  });
  stream.addEventListener("measured", (event) => {
    measured = performance.now(); // what a monitor sends is no event of the session: its tiles come as they are
    for (const [id, tile] of Object.entries(JSON.parse(event.data))) {
      const newer = new DOMParser().parseFromString(tile, "text/html").body.firstElementChild;
      document.querySelector(`[data-vital="${id}"]`)?.replaceWith(newer);
    }
  });
  stream.addEventListener("beat", (event) => {
    hear(event.data);
    document.dispatchEvent(new CustomEvent("daybreak:beat", { detail: event.data }));
    if (main.hasAttribute("data-monitored") && performance.now() - measured > SILENT) refresh();
    send();
  });
  setInterval(refresh, AGES);

  // ---------- what is tapped ----------
  function tell(text) {
    says.hidden = !text;
    says.textContent = text || "";
  }

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (!form.matches("[data-later]")) return;
    event.preventDefault();
    if (form.dataset.sending) return; // a double tap
    form.dataset.sending = "1";
    const tapped = now();
    const fields = [...new FormData(form, submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const [how, text] = await sent("checks", fields);
    delete form.dataset.sending;
    tell(how === "refused" || how === "asks" ? text : "");
    if (how === "refused" || how === "asks") return;
    form.elements.key.value = crypto.randomUUID();
    for (const field of form.querySelectorAll("input:not([type=hidden])")) {
      if (field.type === "radio") field.checked = false;
      else field.value = "";
    }
    form.closest("details").open = false;
    if (how === "taken") return refresh();
    add(fields, tapped);
  });

  // Figures are typed at once; "toggle" does not bubble.
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches(".tap-sheet")) event.target.querySelector("input[enterkeyhint=next]")?.focus();
  }, true);
  document.addEventListener("daybreak:sent", refresh);
})();
