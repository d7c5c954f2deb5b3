// A form that is answered from home goes on without a connection: an answer that does not arrive is kept in this browser and sent when
// the clinic is there again, what was asked about suicide first. Without this file every answer is an ordinary form.
// It also reads a question aloud, by a voice of this device only: another one would send the words away.
(() => {
  const PATIENCE = 8000, TRIES = 3000, GONE = [429, 502, 503, 504]; // ms; what stands before the clinic answers, or it is asked too much
  const along = document.querySelector("#along"), card = document.querySelector("#crisis-along");
  const { form: id, language, questions, says } = JSON.parse(along.dataset.told);
  const store = `form ${id}`, said = {};
  const kept = () => JSON.parse(localStorage.getItem(store) || "[]");
  const keep = (all) => (all.length ? localStorage.setItem(store, JSON.stringify(all)) : localStorage.removeItem(store));
  const question = (fields) => questions.find((one) => one.id === new Map(fields).get("question"));
  const value = (fields) => fields.filter(([name]) => ["value", "typed"].includes(name)).map(([, one]) => one).filter(Boolean).join(" ");
  let busy = false, flushing = false;

  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (!form.querySelector("[name=question]")) return;
    event.preventDefault();
    if (busy) return; // a double tap
    const fields = [...new FormData(form, submitter)];
    said[question(fields).id] = value(fields);
    if (kept().length || flushing) return away(fields); // what waits goes first
    busy = true;
    const answer = await sent(fields);
    busy = false;
    if (answer) await show(answer);
    else away(fields);
  }, true);

  // The answer of the clinic, or null while there is none.
  async function sent(fields) {
    try {
      const place = /^\/form\/\d+\/$/.test(location.pathname) ? location.pathname : "/form/1/"; // the answer itself says to what it is one
      const answer = await fetch(place, { method: "POST", body: new URLSearchParams(fields), signal: AbortSignal.timeout(PATIENCE) });
      return GONE.includes(answer.status) ? null : answer;
    } catch {
      return null;
    }
  }

  async function show(answer) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), main = page.querySelector("main.asked");
    if (!main) return location.assign(answer.url);
    document.title = page.title;
    put(...main.childNodes);
    if (answer.url !== location.href) history.pushState(null, "", answer.url);
  }

  function put(...nodes) {
    document.querySelector("main").replaceChildren(...nodes);
    const title = document.querySelector("main h1");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    scrollTo(0, 0);
    offer();
  }
  addEventListener("popstate", () => location.reload());

  // --- without a connection
  function away(fields) {
    const one = question(fields);
    keep([...kept().filter((each) => question(each) !== one), fields]);
    if (one.calls.includes(value(fields))) {
      put(heading(one.words), said_so(says.away_help), card.content.cloneNode(true), row(button(says.onward, () => next(one, fields)), leave()));
    } else next(one, fields);
    flush(); // it may have been this one answer alone
  }

  function next(one, fields) {
    const asked = (each) => !each.after || each.after[1].some((needs) => (said[each.after[0]] || "").split(" ").includes(needs));
    const onward = questions.slice(questions.indexOf(one) + 1).find(asked);
    if (onward) return put(...ask(onward, fields));
    put(heading(says.away_done_title), said_so(says.away_done), text("p", says.away_leave, "quiet"), card.content.cloneNode(true), row(leave()));
  }
  const leave = () => button(says.leave, () => location.replace("about:blank"));

  function ask(one, fields) {
    const form = text("form", "", "stack");
    form.method = "post";
    form.lang = language;
    for (const [name, hidden] of [...fields.filter(([name]) => !["value", "typed", "question"].includes(name)), ["question", one.id]]) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: hidden }));
    }
    if (one.stem) form.append(text("p", one.stem, "stem"));
    const title = heading(one.words);
    title.id = "asked";
    form.append(title);
    if (one.help) form.append(text("p", one.help, "quiet"));
    const picks = text("div", "", "picks");
    if (one.kind === "choice") for (const each of one.options) picks.append(pick(each, "pick"));
    else if (one.kind === "several") {
      for (const [chosen, words] of one.options) {
        const label = text("label", "", "pick"), box = document.createElement("input");
        label.append(Object.assign(box, { type: "checkbox", name: "value", value: chosen }), text("span", words));
        picks.append(label);
      }
    } else {
      const box = document.createElement(one.kind === "text" ? "textarea" : "input");
      box.name = "typed";
      box.setAttribute("aria-labelledby", "asked");
      if (one.kind === "number") box.inputMode = "decimal";
      const field = text("div", "", "field");
      field.append(box, ...(one.unit ? [text("span", one.unit, "quiet")] : []));
      picks.append(field);
    }
    form.append(picks);
    if (one.kind !== "choice") form.append(text("button", says.onward, "button button-main"));
    for (const each of one.others) form.append(pick(each, "pick pick-other"));
    const loud = button(says.aloud, null);
    loud.dataset.aloud = language;
    loud.hidden = true;
    return [row(leave()), said_so(says.away), form, loud];
  }

  const text = (tag, words, looks = "") => Object.assign(document.createElement(tag), { textContent: words, className: looks });
  const heading = (words) => text("h1", words);
  function row(...nodes) {
    const line = text("p", "", "row");
    line.append(...nodes);
    return line;
  }
  function said_so(words) {
    const line = text("p", words, "card");
    line.setAttribute("role", "status");
    return line;
  }
  function button(words, does) {
    const made = text("button", words, "button");
    made.type = "button";
    if (does) made.addEventListener("click", does);
    return made;
  }
  const pick = ([chosen, words], looks) => Object.assign(text("button", words, looks), { name: "value", value: chosen });

  // --- when it is back: one answer after the other, about suicide first; then on with what the clinic asks next
  async function flush() {
    if (busy || flushing || !kept().length) return;
    flushing = true;
    const plain = ([name]) => !["value", "typed"].includes(name);
    const form = document.querySelector("main form:has([name=question])");
    const tokens = form ? [...new FormData(form)].filter((one) => plain(one) && one[0] !== "question") : [];
    let called = "", refused = null;
    for (const fields of kept().sort((one, other) => question(other).safety - question(one).safety)) {
      const hidden = new Map([...fields.filter(plain), ...tokens]);
      const answer = await sent([...hidden, ...fields.filter((one) => !plain(one))]);
      if (!answer) break;
      if (!answer.ok) refused = answer; // the page that says what became of it
      if (answer.url.endsWith("/help/")) called = answer.url;
      keep(kept().filter((each) => question(each) !== question(fields)));
    }
    flushing = false;
    const typing = document.querySelector("main [name=typed]")?.value; // what somebody is writing is not taken from their hands
    if (kept().length || typing) return;
    if (refused) await show(refused);
    else location.assign(called || "/form/");
  }
  addEventListener("online", flush);
  setInterval(flush, TRIES);

  // --- aloud
  const voice = (lang) => window.speechSynthesis?.getVoices().find((one) => one.localService && one.lang.toLowerCase().startsWith(lang.slice(0, 2).toLowerCase()));
  function offer() {
    for (const one of document.querySelectorAll("[data-aloud]")) one.hidden = !voice(one.dataset.aloud);
  }
  document.addEventListener("click", ({ target }) => {
    if (!target.matches?.("[data-aloud]")) return;
    const speaks = speechSynthesis.speaking;
    speechSynthesis.cancel();
    target.textContent = speaks ? says.aloud : says.silent;
    if (speaks) return;
    const words = [...document.querySelectorAll("main .stem, main h1, main #help, main .pick")].map((one) => one.textContent.trim());
    const spoken = new SpeechSynthesisUtterance(words.join(". "));
    Object.assign(spoken, { lang: target.dataset.aloud, voice: voice(target.dataset.aloud), onend: () => (target.textContent = says.aloud) });
    speechSynthesis.speak(spoken);
  });
  window.speechSynthesis?.addEventListener?.("voiceschanged", offer);
  offer();
  flush(); // what another tab, or this one before it was closed, could not send
})();
