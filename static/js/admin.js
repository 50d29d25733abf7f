"use strict";
// The search boxes of the admin (select2) have no name of their own: give each its field's label, whenever it appears.
function nameSearchBoxes() {
  for (const box of document.querySelectorAll(".select2-selection, .select2-selection__rendered")) {
    const label = box.closest(".form-row, .fieldBox")?.querySelector("label");
    if (label) box.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
  }
}
new MutationObserver(nameSearchBoxes).observe(document.body, { childList: true, subtree: true });
