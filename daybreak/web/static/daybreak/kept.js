// What is tapped in a session while the clinic cannot be reached: kept in this browser, sent later with an honest time, and shown
// when the clinic did not take it, until whoever tapped it sends it once more or discards it with a reason.
const PATIENCE = 5000; // ms
const main = document.querySelector("main");
const queued = document.querySelector("#queued"), refused = document.querySelector("#refused");

export const session = location.pathname.match(/^\/sessions\/([0-9a-f-]{36})\//)?.[1];
const store = `later /sessions/${session}/cockpit/`, place = `chair ${session}`;

// Who is at work here and at which chair, and the last word of the clinic: its own time, and when it came by our running clock. Kept with the tab,
// for the page that stands here when the clinic is gone; the first word is the page itself.
const before = JSON.parse(sessionStorage.getItem(place) || "null");
export const who = main.dataset.who || before?.who;
export const chair = main.dataset.chair || before?.chair;
let heard = before && { at: before.at, by: before.by - performance.timeOrigin };
export function hear(at, by = performance.now()) {
  heard = { at, by };
  sessionStorage.setItem(place, JSON.stringify({ who, chair, at, by: by + performance.timeOrigin }));
}
if (main.dataset.made) hear(main.dataset.made, performance.getEntriesByType("navigation")[0].responseStart);

export const kept = () => JSON.parse(localStorage.getItem(store) || "[]");
const key = (one) => one.fields.find(([name]) => name === "key")[1];

function keep(all) {
  if (all.length) localStorage.setItem(store, JSON.stringify(all));
  else localStorage.removeItem(store);
  show(all);
}

// When it was tapped, for whoever sends it.
export const now = () => ({ by: performance.now(), origin: performance.timeOrigin, heard: heard && { ...heard } });
export function add(all, when) {
  const fields = all.filter(([name]) => name !== "pin");
  keep([...kept(), { who, fields, said: said(fields), ...when }]);
}

// In the words of the sheet on which it was tapped.
function said(fields) {
  const told = Object.fromEntries(fields), words = [];
  const sheet = document.querySelector(`#tap-${told.sheet}`);
  if (sheet) words.push(sheet.querySelector("h2").textContent);
  for (const [name, value] of fields) {
    if (["key", "sheet"].includes(name) || !value) continue;
    const option = sheet?.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`);
    const label = sheet?.querySelector(`label[for="${told.sheet}-${name}"]`);
    words.push(option ? (option.matches("button") ? option : option.parentElement).textContent.trim() : `${label?.textContent.trim() || name} ${value}`);
  }
  return words.join(" · ");
}

// "taken", "asks" (for a PIN), "refused" with the sentence, or "away".
export async function sent(path, fields, token = document.querySelector("[name=csrfmiddlewaretoken]")?.value) {
  try {
    const answer = await fetch(`/sessions/${session}/${path}/`, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "Daybreak-Quietly": "1", "X-CSRFToken": token || "" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.redirected) return ["asks", queued.dataset.pin];
    if (answer.ok) return ["taken"];
    if (answer.status >= 500) return ["away", queued.dataset.away];
    return ["refused", (await answer.json().catch(() => ({}))).says || queued.dataset.refused];
  } catch {
    return ["away", queued.dataset.away];
  }
}

// How long ago by our running clock; of what was tapped on another page, how long after the last word of the clinic. A clock on
// the wall may have been set since: without either nobody knows when it was.
function late(one) {
  const found = [["later", "1"]];
  if (one.origin === performance.timeOrigin) found.push(["age", Math.max(0, Math.round(performance.now() - one.by))]);
  if (one.heard) found.push(["heard", one.heard.at], ["since", Math.round(one.by - one.heard.by)]);
  return found;
}

let sending = false;
export async function send(token) {
  const mine = kept().filter((each) => each.who === who && !each.refused);
  if (sending || !mine.length) return;
  sending = true;
  for (const one of mine) {
    const [how, text] = await sent("checks", [...one.fields, ...late(one)], token);
    if (how === "away" || how === "asks") break;
    if (how === "taken") keep(kept().filter((each) => key(each) !== key(one)));
    else keep(kept().map((each) => (key(each) === key(one) ? { ...each, refused: text } : each)));
  }
  sending = false;
  document.dispatchEvent(new CustomEvent("daybreak:sent"));
}

// ---------- what the clinic did not take ----------
function show(all) {
  const waits = all.filter((one) => !one.refused);
  queued.hidden = !waits.length;
  queued.textContent = waits.length ? queued.dataset.says.replace("{n}", waits.length) : "";
  if (!refused) return;
  const not = all.filter((one) => one.refused), list = refused.querySelector("ul");
  refused.hidden = !not.length;
  const here = new Map([...list.children].map((line) => [line.dataset.key, line]));
  for (const one of not) {
    const line = here.get(key(one)) || list.appendChild(refused.querySelector("template").content.cloneNode(true).firstElementChild);
    here.delete(key(one));
    line.dataset.key = key(one);
    line.querySelector("[data-what]").textContent = one.said;
    line.querySelector("[data-why]").textContent = one.refused;
    line.querySelector("[data-again]").hidden = one.who !== who;
    line.querySelector("[data-other]").hidden = one.who === who;
    for (const [n, field] of line.querySelectorAll("input").entries()) {
      field.id ||= `${key(one)}-${n}`;
      field.previousElementSibling.htmlFor = field.id;
    }
  }
  for (const line of here.values()) line.remove(); // it was taken, or discarded
}

refused?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-again]")) return;
  const id = event.target.closest("li").dataset.key;
  keep(kept().map((each) => (key(each) === id ? { ...each, refused: undefined } : each)));
  send();
});

refused?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { target: form } = event;
  if (form.dataset.sending) return; // a double tap
  form.dataset.sending = "1";
  const id = form.closest("li").dataset.key, one = kept().find((each) => key(each) === id);
  const [how, text] = one ? await sent("discarded", [...one.fields, ...late(one), ...new FormData(form)]) : ["taken"];
  delete form.dataset.sending;
  if (how !== "taken") return void (form.querySelector("[role=alert]").textContent = text);
  keep(kept().filter((each) => key(each) !== id));
  document.dispatchEvent(new CustomEvent("daybreak:sent"));
});

if (queued) show(kept());
