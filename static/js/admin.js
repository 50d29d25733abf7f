"use strict";
// The search boxes of the admin (select2) have no names of their own: give each its field's label, whenever it appears.
function nameSearchBoxes() {
  for (const box of document.querySelectorAll(".select2-selection, .select2-selection__rendered")) {
    const label = box.closest(".form-row, .fieldBox")?.querySelector("label");
    if (label) box.setAttribute("aria-label", label.textContent.replace(/:\s*$/, ""));
  }
  const open = document.querySelector(".select2-container--open .select2-selection");
  if (!open) return;
  open.setAttribute("aria-controls", open.getAttribute("aria-owns"));
  for (const part of document.querySelectorAll(".select2-search__field, .select2-results__options")) {
    part.setAttribute("aria-label", open.getAttribute("aria-label"));
  }
}
new MutationObserver(nameSearchBoxes).observe(document.body, { childList: true, subtree: true });
