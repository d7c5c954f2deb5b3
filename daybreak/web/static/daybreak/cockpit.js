// The cockpit keeps itself up to date, and keeps what is tapped while the clinic cannot be reached. All of it works without
// this script too, by looking at the page again: what it adds is that nobody has to.
(() => {
  const main = document.querySelector("main[data-stream]");
  const says = document.querySelector("#says");
  const queued = document.querySelector("#queued");
  const AGES = 15000, PATIENCE = 5000, TRIES = 3000; // ms
  const store = `later ${location.pathname}`;
  // The last word of the clinic: its own time, and when it came by our running clock. The first one is the page itself.
  let heard = { at: main.dataset.made, by: performance.getEntriesByType("navigation")[0].responseStart };
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
  let lately = 0;
  const stream = new EventSource(`${main.dataset.stream}?after=${main.dataset.seq}`);
  stream.addEventListener("noted", () => {
    clearTimeout(lately);
    lately = setTimeout(refresh, 50);
  });
  stream.addEventListener("beat", (event) => {
    heard = { at: event.data, by: performance.now() };
    document.dispatchEvent(new CustomEvent("daybreak:beat", { detail: event.data }));
    send();
  });
  setInterval(refresh, AGES);

  // ---------- what is tapped ----------
  const kept = () => JSON.parse(localStorage.getItem(store) || "[]");
  function keep(all) {
    if (all.length) localStorage.setItem(store, JSON.stringify(all));
    else localStorage.removeItem(store);
    queued.hidden = !all.length;
    queued.textContent = all.length ? queued.dataset.says.replace("{n}", all.length) : "";
  }

  function tell(text) {
    says.hidden = !text;
    says.textContent = text || "";
  }

  const post = (path, fields) =>
    fetch(path, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "Daybreak-Quietly": "1", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
      signal: AbortSignal.timeout(PATIENCE),
    });

  // "taken", "asks" (for a PIN), "refused" with the sentence, or "away".
  async function sent(path, fields) {
    try {
      const answer = await post(path, fields);
      if (answer.redirected) return ["asks", main.dataset.pin];
      if (answer.ok) return ["taken"];
      if (answer.status >= 500) return ["away"];
      return ["refused", (await answer.json().catch(() => ({}))).says || main.dataset.refused];
    } catch {
      return ["away"];
    }
  }

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (!form.matches("[data-later]")) return;
    event.preventDefault();
    if (form.dataset.sending) return; // a double tap
    form.dataset.sending = "1";
    const tapped = { by: performance.now(), origin: performance.timeOrigin, heard };
    const fields = [...new FormData(form, submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const [how, text] = await sent(form.action, fields);
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
    keep([...kept(), { path: form.action, who: main.dataset.who, fields: fields.filter(([name]) => name !== "pin"), ...tapped }]);
  });

  // Figures are typed at once; "toggle" does not bubble.
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches(".tap-sheet")) event.target.querySelector("input[enterkeyhint=next]")?.focus();
  }, true);

  // How long ago by our running clock; of what was tapped before the browser was closed, how long after the last word of the clinic.
  // A clock on the wall may have been set since: without either nobody knows when it was.
  function late(one) {
    const running = one.origin === performance.timeOrigin;
    const found = [["later", "1"]];
    if (running) found.push(["age", Math.max(0, Math.round(performance.now() - one.by))]);
    found.push(["heard", one.heard.at], ["since", Math.round(one.by - one.heard.by)]);
    return found;
  }

  let sending = false;
  async function send() {
    if (sending || !kept().length) return;
    sending = true;
    for (const one of kept().filter((each) => each.who === main.dataset.who && !each.refused)) {
      const [how, text] = await sent(one.path, [...one.fields, ...late(one)]);
      if (how === "away" || how === "asks") break;
      const key = (each) => each.fields.find(([name]) => name === "key")[1];
      if (how === "taken") keep(kept().filter((each) => key(each) !== key(one)));
      else {
        keep(kept().map((each) => (key(each) === key(one) ? { ...each, refused: text } : each)));
        tell(text);
      }
    }
    sending = false;
    refresh();
  }

  keep(kept());
  addEventListener("online", send);
  setInterval(send, TRIES);
})();
