/* The composer: counts as the server counts, says at once whether the category is welcome, guards unsent text. */
"use strict";
(() => {
  /* Code points after CRLF -> LF, as inmail/ counts them. */
  const length = (text) => [...text.replace(/\r\n?/g, "\n")].length;

  function count(field) {
    const counter = document.querySelector(`[data-counter-for="${field.id}"]`);
    if (!counter) return;
    const used = length(field.value);
    const most = Number(counter.dataset.max);
    counter.textContent = `${used}/${most}`;
    counter.classList.toggle("counter-over", used > most);
  }

  function match(form) {
    const category = form.querySelector("[name=category]");
    if (!category) return;
    const interests = (form.dataset.interests || "").split(" ").filter(Boolean);
    const verdict = !category.value ? "none" : !interests.length ? "undeclared" : interests.includes(category.value) ? "match" : "mismatch";
    form.querySelectorAll("[data-hint]").forEach((hint) => { hint.hidden = hint.dataset.hint !== verdict; });
    document.querySelectorAll("[data-interest]").forEach((item) => item.classList.toggle("chosen", item.dataset.interest === category.value));
  }

  document.querySelectorAll("[data-counter-for]").forEach((counter) => {
    const field = document.getElementById(counter.dataset.counterFor);
    if (!field) return;
    field.addEventListener("input", () => count(field));
    count(field);
  });

  const form = document.querySelector("form[data-composer]");
  if (!form) return;
  const written = () => ["subject", "body"].map((name) => form.elements[name]?.value || "").join("\n");
  let kept = written();
  form.addEventListener("change", () => match(form));
  form.addEventListener("submit", () => { kept = null; });
  form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) kept = written(); });
  window.addEventListener("beforeunload", (event) => {
    if (kept !== null && kept !== written()) event.preventDefault();
  });
  match(form);
})();
