// A form that is sent without a connection would leave its page, and what was typed with it. It stays, and says why.
// Unless the page is new, the clinic itself is asked: a browser also thinks so when only the nearest cable is in.
(() => {
  const NEW = 10000, PATIENCE = 8000; // ms
  const says = document.querySelector("#offline");
  const clear = () => ((says.hidden = true), (says.textContent = ""));
  let through = null, asking = false, answered = performance.now();
  addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.method !== "post" || form === through) return void (through = null);
    if (navigator.onLine && performance.now() - answered < NEW) return clear();
    event.preventDefault();
    if (asking) return; // a double click
    asking = true;
    const there = navigator.onLine && (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })
      .then(() => true, () => false));
    asking = false;
    if (there) {
      clear();
      answered = performance.now();
      through = form;
      return form.requestSubmit(submitter);
    }
    says.hidden = false;
    says.textContent = says.dataset.says;
    says.scrollIntoView({ block: "nearest" });
  });
  addEventListener("online", clear);
})();
