"use strict";
// The search boxes of the admin (select2) have no name of their own: give each its field's label.
window.addEventListener("load", () => {
  for (const box of document.querySelectorAll(".select2-selection")) {
    const label = box.closest(".form-row, .fieldBox")?.querySelector("label");
    if (label) box.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
  }
});
