// Judging clinics: what is answered is kept in this tab, drawn here, and sent nowhere. Without this script the page is a sheet to print.

const KEPT = "daybreak-check", FORM = "daybreak-check-1", MOST = 3, LARGEST = 1e6;
const page = document.getElementById("check"), says = page.dataset;
const { sealed } = await import(says.sealed);
const id = (name) => document.getElementById(name);
const questions = [...page.querySelectorAll("[data-question]")];
const MARKS = { yes: "✓", no: "✕", unsaid: "?", part: "◐" };
const SHAPES = { yes: "met", no: "not-met", unsaid: "unknown", part: "caution" };

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const element = (name, text = "", kind = "") => Object.assign(document.createElement(name), { textContent: text, className: kind });
const begun = () => ({ clinics: [{ name: "", answers: {}, card: null }], now: 0, at: 0 });
const named = (clinic, n) => clinic.name || fill(says.clinic, { n: n + 1 });
const mine = () => state.clinics[state.now];

let state = begun();
try { state = read(sessionStorage.getItem(KEPT)) || state; } catch { /* the browser keeps nothing: it lasts as long as the page */ }

// A file that somebody made or changed is taken only as far as it is what this page writes.
function read(text) {
  const found = JSON.parse(text);
  if (!found || found.form !== FORM || !Array.isArray(found.clinics) || !found.clinics.length || found.clinics.length > MOST) return null;
  const clinics = found.clinics.map((one) => ({
    name: String(one.name ?? "").slice(0, 80),
    answers: Object.fromEntries(questions.map((question) => [question.dataset.question, answer(question, one.answers?.[question.dataset.question])])),
    card: typeof one.card === "string" ? one.card.slice(0, LARGEST) : null,
  }));
  const within = (n, most) => Math.min(Math.max(Number.isInteger(n) ? n : 0, 0), most);
  return { clinics, now: within(found.now, clinics.length - 1), at: within(found.at, questions.length) };
}

function answer(question, given) {
  const needs = [...question.querySelectorAll("[data-need]")].map((one) => one.name);
  return {
    said: ["yes", "no", "unsaid"].includes(given?.said) ? given.said : "",
    asked: needs.filter((one) => Array.isArray(given?.asked) && given.asked.includes(one)),
    note: String(given?.note ?? "").slice(0, 600),
  };
}

const written = () => JSON.stringify({ form: FORM, ...state });
function keep() {
  try { sessionStorage.setItem(KEPT, written()); } catch { /* see above */ }
}

// A yes counts only when everything that it needs was asked about; what nobody answered was not said.
function counted(clinic, question) {
  const { said, asked } = answer(question, clinic.answers[question.dataset.question]);
  if (said !== "yes") return said || "unsaid";
  const needs = question.querySelectorAll("[data-need]").length;
  return asked.length === needs ? "yes" : asked.length ? "part" : "unsaid";
}

function draw(focus = false) {
  const clinic = mine(), over = state.at >= questions.length;
  id("tabs").replaceChildren(...state.clinics.map((one, n) => {
    const tab = element("button", named(one, n), "button");
    tab.type = "button";
    if (n === state.now) tab.setAttribute("aria-current", "true");
    tab.onclick = () => { state.now = n; turned(); id("tabs").children[n].focus(); };
    return tab;
  }));
  id("add").disabled = state.clinics.length >= MOST;
  id("full").hidden = !id("add").disabled;
  if (document.activeElement !== id("name")) id("name").value = clinic.name;
  const current = questions[state.at]?.dataset.head;
  for (const head of id("heads").children) {
    head.toggleAttribute("aria-current", head.dataset.head === current);
    const own = questions.filter((one) => one.dataset.head === head.dataset.head);
    head.querySelectorAll("i").forEach((step, n) => {
      step.className = own[n] === questions[state.at] ? "now" : clinic.answers[own[n].dataset.question]?.said ? "done" : "";
    });
  }
  questions.forEach((question, n) => {
    question.hidden = n !== state.at;
    const given = answer(question, clinic.answers[question.dataset.question]);
    question.querySelectorAll("[type=radio]").forEach((one) => { one.checked = one.value === given.said; });
    question.querySelectorAll("[data-need]").forEach((one) => { one.checked = given.asked.includes(one.name); });
    question.querySelector("textarea").value = given.note;
    question.querySelector(".kicker").textContent = `${fill(says.place, { n: n + 1, of: questions.length })} · ${named(clinic, state.now)}`;
  });
  id("back").hidden = state.at === 0;
  id("next").hidden = over;
  id("done").hidden = over;
  id("result").hidden = !over;
  if (over) result(clinic);
  if (focus) (over ? id("result") : questions[state.at]).focus();
}

function turned(focus = false) { keep(); draw(focus); }

function verdict(which) { return element("span", says[which], `verdict verdict-${SHAPES[which]}`); }

function result(clinic) {
  id("result-title").textContent = fill(says.title, { name: named(clinic, state.now) });
  for (const list of page.querySelectorAll("#profile .boxes"))
    list.replaceChildren(...questions.filter((one) => one.dataset.head === list.dataset.head).map((one) => {
      const which = counted(clinic, one), box = element("li", "", `box box-${which}`), mark = element("span", MARKS[which]);
      mark.setAttribute("aria-hidden", "true");
      box.append(mark, element("span", `${one.dataset.short}: ${says[which]}`));
      return box;
    }));
  const open = questions.filter((one) => counted(clinic, one) !== "yes");
  open.sort((a, b) => order(clinic, a) - order(clinic, b));
  id("worries").replaceChildren(...(open.length ? open : [null]).map((one) => {
    if (!one) return element("li", says.none);
    const line = element("li", "", "worry"), note = clinic.answers[one.dataset.question]?.note;
    line.append(verdict(counted(clinic, one)), element("strong", ` ${one.dataset.short}`));
    if (counted(clinic, one) === "part") line.append(element("p", says.both));
    line.append(element("p", one.querySelector("[data-why]").textContent));
    if (note) line.append(element("p", note, "beside"));
    return line;
  }));
  id("script").replaceChildren(...open.map((one) => {
    const line = element("li", one.querySelector("h3").textContent), also = element("ul");
    also.append(...[...one.querySelectorAll("[data-ask]")].map((ask) => element("li", ask.textContent)));
    line.append(also, element("span", "", "line-to-write"));
    return line;
  }));
  compare();
  card(clinic);
}

// What was refused comes before what was not said; otherwise the order of the questions, which is no rank.
const order = (clinic, one) => ["no", "part", "unsaid"].indexOf(counted(clinic, one)) * questions.length + questions.indexOf(one);

function compare() {
  id("three").hidden = state.clinics.length < 2;
  const head = id("three").querySelector("thead tr");
  head.replaceChildren(element("td"), ...state.clinics.map((one, n) => Object.assign(element("th", named(one, n)), { scope: "col" })));
  id("three").querySelector("tbody").replaceChildren(...questions.map((question) => {
    const row = element("tr");
    row.append(Object.assign(element("th", question.dataset.short), { scope: "row" }));
    for (const one of state.clinics) row.append(Object.assign(element("td"), {})), row.lastChild.append(verdict(counted(one, question)));
    return row;
  }));
}

async function card(clinic) {
  id("card").hidden = !clinic.card;
  if (!clinic.card) return;
  const found = await sealed(clinic.card, Date.now());
  if (mine() !== clinic) return;
  const on = (at) => (at || "").slice(0, 10);
  id("seal").textContent = fill(says[found.state], { site: found.site, on: on(found.signed), until: on(found.until) });
  if (found.fingerprint) id("seal").append(element("br"), fill(says.fingerprint, { key: found.fingerprint }));
  const answers = found.state === "changed" ? [] : found.answers, list = [];
  for (const ask of page.querySelectorAll("[data-of-card]")) {
    const one = ask.dataset.ofCard && answers.find((each) => each.question === ask.dataset.ofCard);
    if (one) list.push(element("dt", ask.textContent), element("dd", told({ ...found.time, ...one })));
  }
  id("told").replaceChildren(...list);
}

const figure = (shown) => typeof shown === "object" ? fill({ fewer: says.fewer, all_but: says.allBut }[shown.how] || "{n}", { n: shown.value }) : String(shown);

function told(one) {
  if (one.said === "not_recorded") return says.notRecorded;
  const own = one.sentence?.[document.documentElement.lang === "zh-hans" ? "zh-Hans" : "en"];
  const count = one.n != null && one.of != null ? fill(says.of, { n: figure(one.n), of: figure(one.of) }) : one.of != null ? figure(one.of) : "";
  const values = { value: one.value, least: one.least, ...Object.fromEntries(["n", "of", "worst"].map((name) => [name, one[name] == null ? "–" : figure(one[name])])) };
  const time = one.first && one.last ? fill(says.from, one) : "";
  return [own && (one.n ?? one.value) != null ? fill(own, values) : count || one.statement?.text || says.notRecorded, time].filter(Boolean).map(String).join(" · ");
}

async function taken(file) {
  const say = (which) => { id("said").textContent = fill(says[which], { name: file.name }); };
  if (file.size > LARGEST) return say("big");
  const text = await file.text();
  let found = null;
  try {
    found = read(text);
    if (!found && !Array.isArray((await sealed(text, Date.now())).answers)) return say("unreadable");
  } catch { return say("unreadable"); }
  if (found) state = found;
  else { mine().card = text; state.at = questions.length; }
  turned();
  say("taken");
}

id("questions").addEventListener("submit", (event) => event.preventDefault());
id("questions").addEventListener("input", () => {
  const question = questions[state.at];
  mine().answers[question.dataset.question] = {
    said: question.querySelector("[type=radio]:checked")?.value || "",
    asked: [...question.querySelectorAll("[data-need]:checked")].map((one) => one.name),
    note: question.querySelector("textarea").value,
  };
  keep();
});
id("name").addEventListener("input", () => { mine().name = id("name").value; turned(); });
id("add").onclick = () => {
  if (state.clinics.length >= MOST) return;
  state.clinics.push(begun().clinics[0]);
  Object.assign(state, { now: state.clinics.length - 1, at: 0 });
  turned();
  id("name").focus();
};
id("back").onclick = () => { state.at -= 1; turned(true); };
id("next").onclick = () => { state.at += 1; turned(true); };
id("done").onclick = () => { state.at = questions.length; turned(true); };
id("print").onclick = () => window.print();
id("forget").onclick = () => {
  state = begun();
  try { sessionStorage.removeItem(KEPT); } catch { /* nothing was kept */ }
  draw();
  id("name").focus();
};
id("save").onclick = () => {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([written()], { type: "application/json" }));
  link.download = `${says.file}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
id("file").addEventListener("change", () => {
  const [file] = id("file").files;
  if (file) taken(file).then(() => { id("file").value = ""; });
});

for (const one of page.querySelectorAll("[data-script]")) one.hidden = false;
page.classList.add("by-script");
draw();

// After the first visit the page is there without a connection: itself and its files, and nothing that was answered.
async function stay() {
  await navigator.serviceWorker.register("/static/daybreak/check-worker.js", { scope: "/clinics/check/" });
  const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => new URL(one.href || one.src).href);
  const wanted = [location.origin + location.pathname + location.search, ...files, location.origin + says.sealed];
  const cache = await caches.open("check");
  await cache.addAll(wanted);
  for (const old of await cache.keys()) if (old.url.includes("/static/") && !wanted.includes(old.url)) await cache.delete(old);
  await navigator.serviceWorker.ready;
  id("offline-ready").textContent = says.offline;
}
if ("serviceWorker" in navigator && "caches" in window) stay().catch(() => { /* it works with a connection */ });
