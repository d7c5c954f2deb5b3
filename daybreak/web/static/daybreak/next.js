"use strict";
// The key "next" of a keyboard leads from one figure to the next; at the last one, and without this, it sends the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input[enterkeyhint=next]")) return;
  const fields = [...event.target.form.querySelectorAll("input[inputmode]")];
  const next = fields[fields.indexOf(event.target) + 1];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
