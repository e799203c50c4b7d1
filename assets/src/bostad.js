// What htmx leaves to us. The pages work without this file.

const problems = () => document.getElementById("problems");

// No answer at all: say so where the person is looking.
document.addEventListener("htmx:error", () => {
  const place = problems();
  if (!place) return;
  const words = document.createElement("p");
  words.className = "ds-alert";
  words.dataset.color = "danger";
  words.tabIndex = -1;
  words.textContent = document.body.dataset.unreachable;
  place.replaceChildren(words);
  words.focus();
});

// While an answer is on its way: its target says that it is busy (U12).
document.addEventListener("htmx:before:request", ({ detail }) => {
  detail.ctx?.target?.setAttribute?.("aria-busy", "true");
});
document.addEventListener("htmx:finally:request", ({ detail }) => {
  detail.ctx?.target?.removeAttribute?.("aria-busy");
});

// After a swap the focus is on something decided, never lost on the body (U10).
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const busy = document.activeElement && document.activeElement !== document.body;
  if (busy) return;
  const target = document.getElementById(detail.ctx?.target?.id ?? "") ?? document.getElementById("main");
  if (!target) return;
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
});

// A form is sent once: a second click while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  if (!form.hasAttribute("hx-post")) form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// The error summary takes the focus when a page comes back with something to mend.
document.getElementById("error-summary")?.focus();

// The warning before a session ends, two minutes ahead; a late form is sent as it is, so that its answers are kept.
const WARN_MS = 2 * 60 * 1000;
const watch = () => {
  const box = document.getElementById("time-left");
  if (!box) return;
  const left = Date.parse(box.dataset.ends) - Date.now();
  window.setTimeout(() => { box.hidden = false; }, Math.max(0, left - WARN_MS));
};
watch();
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx?.target?.id === "time-left") watch();
});

// Printing is a button where paper is wanted.
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) window.print();
});
