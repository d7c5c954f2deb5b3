"use strict";
// Beside a figure: one less, one more. Without this the figure is typed.
for (const stepper of document.querySelectorAll(".stepper")) {
  const figure = stepper.querySelector("input");
  for (const button of stepper.querySelectorAll("button[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const now = parseInt(figure.value || "0", 10) || 0;
      figure.value = Math.max(0, now + Number(button.dataset.step));
    });
  }
}
