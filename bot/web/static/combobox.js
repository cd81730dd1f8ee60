// A list of suggestions under a field (the combobox pattern of WAI-ARIA).

import { all, say, wordFound, wordNone } from "./page.js";

export function combobox(input, list, suggest, choose) {
  let active = -1, turn = 0, timer = 0;
  const options = () => all("[role=option]", list).filter((option) => !option.hidden);
  const activate = (number) => {
    options().forEach((option, n) => option.setAttribute("aria-selected", String(n === number)));
    active = number;
    const option = options()[number];
    option ? input.setAttribute("aria-activedescendant", option.id) : input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    turn += 1;
    clearTimeout(timer);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  };
  const open = async (asked) => {
    const mine = ++turn;
    await suggest(input.value, asked);
    if (mine !== turn || document.activeElement !== input) return;
    const count = options().length;
    list.hidden = !count && !list.textContent.trim();
    input.setAttribute("aria-expanded", String(!list.hidden));
    activate(-1);
    if (!list.hidden) say(count ? `${count} ${wordFound}` : wordNone);
  };
  const pick = (option) => {
    close();
    choose(option);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(open, 120);
  });
  input.addEventListener("click", () => { if (list.hidden) open(); });
  input.addEventListener("keydown", (event) => {
    const count = options().length, step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) open(true);
      else if (count) activate(active < 0 && step < 0 ? count - 1 : (active + step + count) % count);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      pick(options()[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) pick(option);
  });
  return close;
}
