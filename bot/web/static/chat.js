// The web chat's script: sends what one does, and puts into the page what the server answers or streams.

import { combobox } from "./combobox.js";
import { mark, pop, push, show, whenAnswered } from "./forms.js";
import { all, base, complain, find, panel, say, seen, send, wordOffline, wordUpdated } from "./page.js";

const [messages, down, composer, text] = ["messages", "down", "composer", "text"]
  .map((id) => document.getElementById(id));
const BOTTOM = 160, AT_BOTTOM = 8;

// --- what the server says

const nearBottom = (near = BOTTOM) => innerHeight + scrollY > document.documentElement.scrollHeight - near;
const toBottom = () => scrollTo({ top: document.documentElement.scrollHeight });

function place(message) {
  const id = Number(message.dataset.message), there = document.getElementById(message.id);
  if (there) {
    if (Number(there.dataset.seq) >= Number(message.dataset.seq)) return "";
    const focused = there.contains(document.activeElement) ? document.activeElement.dataset.ref ?? "" : null;
    const same = there.innerHTML === message.innerHTML;
    there.replaceWith(message);
    if (focused !== null) {
      const again = all("[data-ref]", message).find((control) => control.dataset.ref === focused);
      (again ?? message).focus({ preventScroll: true });
    }
    if (same) return "";
    message.classList.add("fresh");
    return message.dataset.say ? `${wordUpdated}: ${message.dataset.say}` : "";
  }
  const shown = all("[data-message]", messages), next = shown.find((other) => Number(other.dataset.message) > id);
  if (next && next === shown[0]) return ""; // it belongs to the pages above, which are not open
  messages.insertBefore(message, next ?? null);
  message.classList.add("fresh");
  return message.dataset.say ?? "";
}

function apply(html) {
  const answer = find("[data-upto]", new DOMParser().parseFromString(html, "text/html"));
  if (!answer) return;
  const follow = nearBottom(), at = nearBottom(AT_BOTTOM), before = messages.childElementCount;
  const said = all("[data-message]", answer).map(place).filter(Boolean);
  seen.after = Math.max(seen.after, Number(answer.dataset.upto));
  for (const count of all("[data-count]")) {
    count.textContent = answer.dataset.waiting;
    count.hidden = answer.dataset.waiting === "0";
  }
  if (messages.childElementCount > before) follow ? toBottom() : (down.hidden = false);
  else if (at) toBottom(); // a card that grew would push the newest message out of sight
  if (find("[data-close-form]", answer)) panel.close();
  if (find("[data-anew]", answer)) location.reload();
  if (said.length) say(said.join(". "));
  const [form, below] = ["form", "below"].map((name) => find(`[data-${name}] > form`, answer));
  const errors = find("[data-errors]", answer);
  if (below) push(form, below);
  else if (form) find("[data-popped]", answer) ? pop(form) : show(form);
  if (errors) mark(all("li", errors));
}

function listen() {
  const stream = new EventSource(`${base}/events?after=${seen.after}`);
  stream.addEventListener("open", () => complain(""));
  stream.addEventListener("messages", (event) => apply(event.data));
  stream.addEventListener("reset", () => location.reload());
  stream.addEventListener("error", () => {
    complain(wordOffline);
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  });
}

// --- messages: buttons, older pages, commands

function shut(menu) {
  if (!menu) return;
  menu.open = false;
  find("summary", menu).focus();
}

async function act(control) {
  if (control.getAttribute("aria-busy")) return;
  const message = control.closest("[data-message]"), pick = control.closest(".pick");
  const value = pick ? find("select", pick).value : control.dataset.value ?? "";
  if (pick && !value) return;
  control.setAttribute("aria-busy", "true");
  const { message: id, seq } = message.dataset;
  const html = await send("act", new URLSearchParams({ message: id, seq, ref: control.dataset.ref, value }));
  control.removeAttribute("aria-busy");
  if (html) apply(html);
}

async function older(link) {
  const response = await fetch(`${base}/older${new URL(link.href).search}`);
  const page = find("[data-older]", new DOMParser().parseFromString(await response.text(), "text/html"));
  const height = document.documentElement.scrollHeight, first = find("[data-message]", messages);
  all("[data-message]", page.parentElement).forEach((message) => messages.insertBefore(message, first));
  scrollBy(0, document.documentElement.scrollHeight - height);
  if (page.dataset.older === "0") link.remove();
  else link.search = `?before=${page.dataset.older}`;
}

const write = async (words) => {
  const html = await send("say", new URLSearchParams({ text: words, nonce: crypto.randomUUID() }));
  if (html) {
    apply(html);
    if (!panel.open) toBottom();
  }
  return html;
};

messages.addEventListener("click", (event) => {
  const control = event.target.closest("[data-ref]"), link = event.target.closest(".older");
  if (control) {
    act(control);
    shut(control.closest("details.menu[open]"));
  }
  if (link) {
    event.preventDefault();
    older(link);
  }
});
document.addEventListener("click", (event) => {
  for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const command = event.target.closest("[data-command]");
  if (command) write(command.dataset.command);
});
document.addEventListener("toggle", ({ target: menu }) => { // the sheet opens to where there is room for it
  if (!menu.matches("details.menu[open]")) return;
  const sheet = find(".sheet", menu), { left, bottom } = menu.getBoundingClientRect();
  sheet.classList.toggle("up", bottom + sheet.offsetHeight + 8 > composer.getBoundingClientRect().top);
  sheet.classList.toggle("start", left + sheet.offsetWidth < document.documentElement.clientWidth);
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") shut(event.target.closest("details.menu[open]"));
});
composer.addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = text.value;
  if (!words.trim()) return;
  text.value = "";
  if (!await write(words) && !text.value) text.value = words;
});
down.addEventListener("click", toBottom);
addEventListener("scroll", () => { if (nearBottom()) down.hidden = true; }, { passive: true });

const commands = document.getElementById("text-list");
const closeCommands = combobox(text, commands, (typed, asked) => {
  for (const option of all("[role=option]", commands)) {
    option.hidden = !(typed ? typed.startsWith("/") && option.dataset.value.startsWith(typed) && option.dataset.value !== typed : asked);
  }
  commands.hidden = true;
}, (option) => {
  text.value = option.dataset.value;
  text.focus();
});
composer.addEventListener("submit", closeCommands);
for (const control of all("input, button", composer)) control.disabled = false; // earlier, Enter would leave the page

whenAnswered(apply);
if (!new URLSearchParams(location.search).has("before")) toBottom();
listen();
