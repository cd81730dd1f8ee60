// The open form, and those that wait under it.

import { combobox } from "./combobox.js";
import { all, complain, find, panel, say, send, wordFailed, wordNone } from "./page.js";

const PAUSE = 700;
const sheet = find("div", panel), beneath = [];
let changes = null, typing = 0, apply = null;

export function whenAnswered(then) { // what the server answers may concern more than the form
  apply = then;
}

function filled(form) {
  return new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
}

const controls = (form) => all("input:not([type=hidden]), select, textarea", form);
const checkable = (control) => ["radio", "checkbox"].includes(control.type);
const valueOf = (control) => String(checkable(control) ? control.checked : control.value);

function keepUp(old, form) { // with what was filled in while the answer was on its way
  for (const control of controls(old)) {
    if (control.dataset.sent === undefined || control.dataset.sent === valueOf(control)) continue;
    const now = controls(form).find((other) => checkable(control)
      ? other.name === control.name && other.value === control.value : other.id === control.id);
    if (!now) continue;
    now.dataset.sent = valueOf(now);
    checkable(control) ? now.checked = control.checked : now.value = control.value;
  }
}

export function show(form) {
  const old = find("form", panel);
  const focused = panel.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = old ? find(".fields", old).scrollTop : 0;
  const told = new Set(all(".notice", panel).map((notice) => notice.textContent));
  const renewed = old && find("[name=nonce]", old).value === find("[name=nonce]", form).value;
  sheet.replaceChildren(form);
  if (renewed) keepUp(old, form);
  for (const field of all("[data-search]", form)) search(field, form);
  if (!panel.open) panel.showModal();
  const notices = all(".fields > .notice:not(.summary)", form), news = notices.find((notice) => !told.has(notice.textContent));
  const again = document.getElementById(focused);
  if (!renewed) find("h2", form).focus();
  else if (old.dataset.sending === "submit" && notices[0]) notices[0].focus();
  else if (news && (!again || news.matches(".error"))) news.focus(); // a refusal is seen, wherever one was
  else {
    find(".fields", form).scrollTop = scrolled;
    (again ?? find("h2", form)).focus({ preventScroll: true });
    if (again?.getAttribute("role") === "combobox" && again.value) again.dispatchEvent(new Event("input"));
    if (news) say(news.textContent);
  }
}

export function push(form, below) { // above the open one, which waits as it is
  show(below);
  beneath.push({ form: below, focused: document.activeElement.id, scrolled: find(".fields", below).scrollTop });
  show(form);
}

function back() {
  const { form, focused, scrolled } = beneath.pop();
  clearTimeout(typing);
  changes?.abort();
  sheet.replaceChildren(form);
  find(".fields", form).scrollTop = scrolled;
  (document.getElementById(focused) ?? find("h2", form)).focus({ preventScroll: true });
}

export function pop(form) {
  if (beneath.length) back();
  show(form);
}

export function mark(errors) {
  const form = find("form", panel);
  if (!form) return complain(errors[0].textContent);
  const summary = find(".summary", form), list = find("ul", summary);
  clear(form);
  for (const error of errors) {
    const box = all("[data-field]", form).find((field) => field.dataset.field === error.dataset.field);
    const item = document.createElement("li"), id = `f-${error.dataset.field}`;
    if (box) {
      const words = document.getElementById(`e-${error.dataset.field}`), link = document.createElement("a");
      words.textContent = error.textContent;
      words.hidden = false;
      box.classList.add("invalid");
      (document.getElementById(id) ?? box).setAttribute("aria-invalid", "true");
      link.href = `#${id}`;
      link.textContent = error.textContent;
      item.append(link);
    } else item.textContent = error.textContent;
    list.append(item);
  }
  summary.hidden = false;
  summary.focus();
}

function failed() {
  const error = document.createElement("li");
  error.textContent = wordFailed;
  mark([error]);
}

function clear(form) {
  find(".summary", form).hidden = true;
  find(".summary ul", form).replaceChildren();
  for (const words of all(".wrong", form)) words.hidden = true;
  for (const field of all(".invalid", form)) field.classList.remove("invalid");
  for (const field of all("[aria-invalid]", form)) field.removeAttribute("aria-invalid");
}

async function submit(form, path, fields = filled(form)) {
  clearTimeout(typing);
  changes?.abort();
  const { signal } = changes = new AbortController();
  form.dataset.sending = path;
  for (const control of controls(form)) control.dataset.sent = valueOf(control);
  form.setAttribute("aria-busy", "true");
  const html = await send(path, fields, signal);
  if (signal.aborted || !panel.open) return; // overtaken by another change, or closed
  form.removeAttribute("aria-busy");
  html ? apply(html) : failed();
}

function changed(form, field) {
  const fields = filled(form);
  fields.set("changed", field);
  submit(form, "change", fields);
}

function search(field, form) {
  const input = find("[role=combobox]", field), list = find("[role=listbox]", field), chips = find(".chips", field);
  const id = field.dataset.search, multiple = "multiple" in field.dataset;
  combobox(input, list, async (query) => {
    const fields = filled(form);
    fields.set("field", id);
    fields.set("query", query);
    const html = await send("options", fields);
    if (html === null) failed();
    const found = new DOMParser().parseFromString(html ?? "", "text/html").body;
    const taken = new Set(all("input", chips).map((chip) => chip.value));
    for (const option of all("[role=option]", found)) option.hidden = taken.has(option.dataset.value);
    list.replaceChildren(...found.childNodes);
    if (!all("[role=option]:not([hidden])", list).length) list.textContent = wordNone;
  }, (option) => {
    const chip = find("template", field).content.firstElementChild.cloneNode(true), remove = find("button", chip);
    find("input", chip).value = option.dataset.value;
    find("span", chip).textContent = option.dataset.label;
    remove.setAttribute("aria-label", `${remove.dataset.word} ${option.dataset.label}`);
    multiple ? chips.append(chip) : chips.replaceChildren(chip);
    input.value = "";
    say(option.dataset.label);
    if ("refreshesSearch" in field.dataset) changed(form, id);
  });
}

panel.addEventListener("click", (event) => {
  const remove = event.target.closest("[data-remove]"), link = event.target.closest(".summary a");
  if (event.target.closest("[data-dismiss]")) beneath.length ? back() : panel.close();
  if (link) {
    event.preventDefault();
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    (field.matches("fieldset") ? find("input:not([type=hidden])", field) ?? field : field).focus();
  }
  if (remove) {
    const field = remove.closest("[data-search]");
    remove.closest("li").remove();
    find("[role=combobox]", field).focus();
    if ("refreshesSearch" in field.dataset) changed(field.closest("form"), field.dataset.search);
  }
});
panel.addEventListener("change", (event) => {
  const { form, type, dataset: { refreshes } } = event.target;
  if (!refreshes) return;
  clearTimeout(typing);
  if (!["date", "time"].includes(type)) return changed(form, refreshes);
  typing = setTimeout(() => { if (form.isConnected) changed(form, refreshes); }, PAUSE); // it is typed part by part
});
panel.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target, "submit");
});
panel.addEventListener("cancel", (event) => { // Escape
  if (!beneath.length) return;
  event.preventDefault();
  back();
});
panel.addEventListener("close", () => {
  changes?.abort();
  beneath.length = 0;
  sheet.replaceChildren();
});
