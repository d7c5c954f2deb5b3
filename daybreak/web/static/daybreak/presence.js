// Says to the clinic that somebody is typing, and covers the page when nobody was there for as long as a session may rest.
// What was typed stays in the page beneath. Without this script the session is locked all the same, by the clinic.
(() => {
  const veil = document.querySelector("#veil");
  const rests = veil || document.querySelector("[data-idle]");
  if (!rests) return;
  const idle = Number(rests.dataset.idle) * 1000;
  const minute = 60 * 1000;
  let told = Date.now(), locked = false, locking = Promise.resolve();

  // Shared by all pages of this browser: who types in one of them has not left the others.
  const lastSeen = () => Number(localStorage.getItem("seen")) || 0;
  const seen = () => localStorage.setItem("seen", String(Date.now()));
  const send = (address, form) =>
    fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)) });

  function cover() {
    if (!veil) return location.assign("/tablet/");
    if (!veil.hidden || locked) return;
    if ("stays" in veil.dataset) return lock();
    for (const part of document.body.children) part.hidden = part !== veil;
    document.title = veil.dataset.title;
    veil.querySelector("input[type=password]").focus();
    locking = send("/lock/", veil.querySelector("form")).catch(() => {});
  }

  // A page that shows treatments stays, without what nobody has to see in them; it asks the clinic what that leaves.
  function lock() {
    locked = true;
    for (const part of document.querySelectorAll("[data-unlocked]")) part.hidden = true;
    const look = () => document.dispatchEvent(new CustomEvent("daybreak:locked"));
    send("/lock/", veil.querySelector("form")).then(look, look);
  }

  function uncover(title) {
    for (const part of document.body.children) part.hidden = part === veil;
    document.title = title;
    seen();
  }

  function look() {
    if (locked) return;
    if (Date.now() - lastSeen() >= idle) return cover();
    if (veil && veil.hidden && lastSeen() - told >= minute) {
      told = Date.now();
      send("/here/", veil.querySelector("form")).then((answer) => answer.redirected && cover(), () => {});
    }
  }

  const title = document.title;
  seen();
  for (const happens of ["keydown", "pointerdown", "input", "scroll"])
    addEventListener(happens, () => (!veil || veil.hidden) && !locked && seen(), { passive: true, capture: true });
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
  if (!veil) return;

  veil.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const says = veil.querySelector("[role=alert]");
    says.textContent = "";
    try {
      await locking;  // else the clinic could hear of it last, and lock what was just unlocked
      const answer = await send("/unlock/", form);
      form.elements.pin.value = "";
      if (answer.url.includes("/login/")) return location.reload();
      if (answer.ok) return uncover(title);
      says.textContent = veil.dataset.wrong;
    } catch {
      says.textContent = veil.dataset.unreachable;
    }
    form.elements.pin.focus();
  });
})();
