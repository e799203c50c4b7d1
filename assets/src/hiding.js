// Somebody comes into the room: one key, or one button, and the page shows nothing of any household (U30). Nothing is
// sent, nothing is lost: what was written stands where it stood. Every page works without this file.

const IDLE_SECONDS = 60;

const [content, cover, hide, show] = ["main", "cover", "hide", "show"].map((id) => document.getElementById(id));
let cameFrom = null;
let guarded = false;  // who has hidden a page once sits where others pass: shown again, it hides by itself
let timer = 0;

const setHidden = (yes) => {
  content.hidden = yes;
  cover.hidden = !yes;
  hide.disabled = yes;
};
const hideNow = () => {
  if (!cover.hidden) return;
  window.clearTimeout(timer);
  guarded = true;
  cameFrom = document.activeElement;
  setHidden(true);
  show.focus();
};
const watchForRest = () => {
  window.clearTimeout(timer);
  if (guarded && cover.hidden) timer = window.setTimeout(hideNow, IDLE_SECONDS * 1000);
};
const showAgain = () => {
  setHidden(false);
  (cameFrom?.isConnected && cameFrom !== document.body ? cameFrom : content).focus();
  watchForRest();
};

if (hide) {
  hide.hidden = false;
  hide.addEventListener("click", hideNow);
  show.addEventListener("click", showAgain);
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") watchForRest();
    else if (cover.hidden) hideNow();
    else showAgain();
  });
  for (const sign of ["pointermove", "pointerdown", "scroll"]) document.addEventListener(sign, watchForRest, { passive: true });
}
