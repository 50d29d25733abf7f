"use strict";
// The pages work without this file; it only saves a step or two.

// A menu closes when one looks elsewhere, or by Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// After a refused form, the summary of what is wrong takes the focus.
document.querySelector(".error-summary")?.focus();

// What could not be sent is said, not swallowed.
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    const notice = document.createElement("p");
    notice.className = "notice error";
    notice.textContent = document.body.dataset.notSaved;
    document.getElementById("messages").replaceChildren(notice);
    event.preventDefault();
  });
}
