// A signature with a finger or a pen: strokes as places within 600 x 200, in a hidden field. Without it the typed name counts.
(() => {
  for (const field of document.querySelectorAll("[data-draw]")) {
    const sheet = field.querySelector("svg");
    const path = sheet.querySelector("path");
    const kept = field.querySelector("input");
    let strokes = "";
    let stroke = "";

    function place(event) {
      const box = sheet.getBoundingClientRect();
      const within = (part, most) => Math.max(0, Math.min(most, Math.round(part * most)));
      return `${within((event.clientX - box.left) / box.width, 600)} ${within((event.clientY - box.top) / box.height, 200)}`;
    }

    function show() {
      kept.value = strokes;
      path.setAttribute("d", strokes + stroke);
    }

    sheet.addEventListener("pointerdown", (event) => {
      if (stroke || event.button > 0) return;
      sheet.setPointerCapture(event.pointerId);
      stroke = `M${place(event)}`;
      show();
    });
    sheet.addEventListener("pointermove", (event) => {
      const next = `L${place(event)}`;
      if (!stroke || stroke.endsWith(next) || strokes.length + stroke.length > 19900) return;
      stroke += next;
      show();
    });
    for (const ends of ["pointerup", "pointercancel"]) {
      sheet.addEventListener(ends, (event) => {
        if (!stroke) return;
        strokes += stroke.includes("L") ? stroke : `${stroke}L${place(event)}`;
        stroke = "";
        show();
      });
    }
    field.querySelector("button").addEventListener("click", () => {
      strokes = stroke = "";
      show();
    });
    field.hidden = false;
  }
})();
