// What htmx leaves to us. Every page works without this file.

const found = (id) => document.getElementById(id ?? "");

// What asks by itself in the background disturbs nobody: its element says `data-quiet`.
const isQuiet = (ctx) => "quiet" in (ctx?.sourceElement?.dataset ?? {});

// No answer at all, or a failure that is not told in our words: say so where the person is looking (U14).
const unreachable = () => {
  const words = document.createElement("p");
  words.className = "ds-alert";
  words.dataset.color = "danger";
  words.tabIndex = -1;
  words.textContent = document.body.dataset.unreachable;
  found("problems").replaceChildren(words);
  words.focus();
};
document.addEventListener("htmx:error", ({ detail }) => {
  if (!isQuiet(detail.ctx)) unreachable();
});
document.addEventListener("htmx:before:response", (event) => {
  const { status, headers } = event.detail.ctx.response;
  if (status < 500 || headers.has("HX-Retarget")) return;
  event.preventDefault();
  if (!isQuiet(event.detail.ctx)) unreachable();
});

// While an answer is on its way, its target says that it is busy (U12), and what was wrong before is gone.
const busy = new WeakMap();  // a refusal is led elsewhere, so the request no longer knows its own target
document.addEventListener("htmx:before:request", ({ detail }) => {
  if (isQuiet(detail.ctx)) return;
  busy.set(detail.ctx, detail.ctx.target);
  detail.ctx.target.setAttribute("aria-busy", "true");
  found("problems").replaceChildren();
});
document.addEventListener("htmx:finally:request", ({ detail }) => {
  busy.get(detail.ctx)?.removeAttribute("aria-busy");
});

// After a swap the focus is on something decided, never lost on the body (U10): where it was before the warning came
// up, else on what was swapped, else on the content.
let before = null;
document.addEventListener("focusin", ({ target }) => {
  if (!target.closest("#time-left")) before = target;
});
const take = (element) => {
  if (!element?.isConnected || element.closest("[hidden]")) return false;
  if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  return document.activeElement === element;
};
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const now = document.activeElement;
  if ((now && now !== document.body) || isQuiet(detail.ctx)) return;
  const id = detail.ctx.target.id;
  const places = id === "time-left" ? [before] : [found(id)];
  [...places, found("main")].some(take);
});

// A form is sent once: a second click while the first is on its way does nothing. (htmx drops its own second clicks.)
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// Coming back to a page: its forms can be sent again, and nothing is shown from memory after sign-out (S54).
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) window.location.reload();
  for (const form of document.forms) delete form.dataset.sent;
});

// A page that came as the answer to a form is an ordinary page from here on: the browser would otherwise keep what was
// sent, in its memory and on disk, to send it again (S52).
const { again } = document.body.dataset;
if (again) window.history.replaceState(null, "", again);

// What must be mended takes the focus, also where the browser has not done so by itself (U16).
found("error-summary")?.focus();

// Two minutes before the session ends the warning comes up, and is read out (U35).
const WARN_SECONDS = 2 * 60;
const watch = () => {
  const box = found("time-left");
  if (!box) return;
  const warn = () => {
    box.hidden = false;
    if (box.isConnected) found("status").textContent = box.querySelector("p").textContent;
  };
  window.setTimeout(warn, Math.max(0, box.dataset.seconds - WARN_SECONDS) * 1000);
};
watch();
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx.target.id !== "time-left") return;
  found("status").textContent = "";
  watch();
});

// Printing is a button where paper is wanted.
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-print]")) window.print();
});
