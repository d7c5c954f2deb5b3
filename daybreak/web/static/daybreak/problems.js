// Joins each problem to the field that it is about, so that a screen reader says it there; focus comes first to the list.
// Only where one form has that field: of several forms nobody knows here which one was sent.
(() => {
  for (const problem of document.querySelectorAll("#problems [data-field]")) {
    const fields = [...document.querySelectorAll("main [name]")].filter(
      (one) => one.name === problem.dataset.field && one.type !== "hidden" && one.type !== "submit",
    );
    if (new Set(fields.map((one) => one.form)).size !== 1) continue;
    for (const field of fields) {
      const before = field.getAttribute("aria-describedby");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", before ? `${problem.id} ${before}` : problem.id);
    }
  }
})();
