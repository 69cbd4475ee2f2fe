/* Around allauth's webauthn.js: show the buttons where the browser knows passkeys, say in words when it failed. */
"use strict";
(() => {
  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    document.querySelectorAll("[data-passkey]").forEach((element) => { element.hidden = false; });
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.querySelectorAll("[data-passkey-error]").forEach((place) => {
      place.textContent = place.dataset.passkeyError;
      place.hidden = false;
    });
  });
})();
