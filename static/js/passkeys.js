"use strict";
// Passkeys work in browsers that can do them; elsewhere the page says so, and other ways stand beside it.
const show = (kind, shown) => {
  for (const part of document.querySelectorAll(`[data-passkey=${kind}]`)) part.hidden = !shown;
};

if (window.PublicKeyCredential) {
  show("yes", true);
  show("no", false);
}

// Somebody turned away, or the device has no passkey for this site.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  show("failed", true);
});
