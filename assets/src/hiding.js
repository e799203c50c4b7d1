// Somebody comes into the room: one key, or one button, and the page shows nothing of any household (U30). Nothing is
// sent, nothing is lost: what was written stands where it stood. Every page works without this file.

const IDLE_SECONDS = 60;

const [content, instead, button] = ["main", "instead", "hide"].map((id) => document.getElementById(id));
let cover = null;
let cameFrom = null;
let guarded = false;  // who has hidden a page once sits where others pass: shown again, it hides by itself
let timer = 0;

const hide = () => {
  if (cover) return;
  window.clearTimeout(timer);
  guarded = true;
  cameFrom = document.activeElement;
  cover = instead.content.firstElementChild.cloneNode(true);
  content.after(cover);
  content.hidden = true;
  const back = cover.querySelector("button");
  back.addEventListener("click", show);
  back.focus();
};
const show = () => {
  cover.remove();
  cover = null;
  content.hidden = false;
  (cameFrom?.isConnected && cameFrom !== document.body ? cameFrom : content).focus();
  watchForRest();
};
const watchForRest = () => {
  window.clearTimeout(timer);
  if (guarded && !cover) timer = window.setTimeout(hide, IDLE_SECONDS * 1000);
};

if (button) {
  button.hidden = false;
  button.addEventListener("click", hide);
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") watchForRest();
    else if (cover) show();
    else hide();
  });
  for (const sign of ["pointermove", "pointerdown", "scroll"]) {
    document.addEventListener(sign, watchForRest, { passive: true });
  }
}
