// A form that is sent without a connection would leave its page, and what was typed with it. It stays, and says why.
(() => {
  const says = document.querySelector("#offline");
  const clear = () => ((says.hidden = true), (says.textContent = ""));
  addEventListener("submit", (event) => {
    if (navigator.onLine) return clear();
    event.preventDefault();
    says.hidden = false;
    says.textContent = says.dataset.says;
    says.scrollIntoView({ block: "nearest" });
  });
  addEventListener("online", clear);
})();
