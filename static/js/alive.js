/* On every page: the clock runs on between polls, what changed glows once, menus close, the theme changes at once. */
"use strict";
(() => {
  const POLL_SECONDS = 5;
  let askedAt = performance.now();

  const words = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
    weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC",
  });

  /* Never further than the server's word plus one poll: the server's time waits for work that is due. */
  function tick() {
    const clock = document.getElementById("clock");
    if (!clock || document.hidden) return;
    const speed = Number(clock.dataset.speed) || 0;
    const elapsed = Math.min((performance.now() - askedAt) / 1000, POLL_SECONDS);
    const still = "lagging" in clock.dataset || speed === 0;
    const now = new Date(Date.parse(clock.dataset.now) + (still ? 0 : elapsed * speed * 1000));
    if (Number.isNaN(now.getTime())) return;
    const parts = Object.fromEntries(words.formatToParts(now).map((part) => [part.type, part.value]));
    const time = clock.querySelector("time");
    const text = `${parts.weekday} ${parts.day} ${parts.month} ${parts.year}, ${parts.hour}:${parts.minute}`;
    if (time.textContent !== text) time.textContent = text;
    const share = ((now.getTime() / 1000) % 86400) / 864;
    document.getElementById("daybar")?.setAttribute("width", share.toFixed(2));
  }

  const seen = new Map();
  function remember() {
    document.querySelectorAll("[data-glow]").forEach((element) => seen.set(element.dataset.glow, element.textContent.trim()));
  }
  function glow() {
    document.querySelectorAll("[data-glow]").forEach((element) => {
      const before = seen.get(element.dataset.glow);
      const now = element.textContent.trim();
      if (before === undefined || before === now) return;
      element.classList.add("glow");
      const news = document.getElementById("news");
      if (news && element.dataset.glow === "unread" && Number(now) > Number(before)) news.textContent = news.dataset.words;
    });
    remember();
  }

  function closeMenus(event) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (event.type === "keydown") {
        if (event.key !== "Escape") return;
        menu.querySelector("summary").focus();
      } else if (menu.contains(event.target)) return;
      menu.open = false;
    });
  }

  /* The form works by itself; here the page is spared a reload. */
  function switchTheme(event) {
    const form = event.target.closest("[data-theme-switch]");
    const theme = event.submitter?.value;
    if (!form || !theme) return;
    event.preventDefault();
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button === event.submitter)));
    document.dispatchEvent(new CustomEvent("themechange"));
  }

  function submitOnChange(event) {
    const form = event.target.closest?.("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "status" || event.detail?.target?.id === "status") askedAt = performance.now();
    glow();
    tick();
  });
  /* A page that nobody looks at asks for nothing. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.detail.elt.getAttribute("hx-trigger")?.startsWith("every")) event.preventDefault();
  });
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("submit", switchTheme);
  document.addEventListener("change", submitOnChange);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });
  remember();
  tick();
  setInterval(tick, 1000);
})();
