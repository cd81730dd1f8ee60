// The web chat's script: sends what one does, and puts into the page what the server answers or streams.

const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const { base, wordOffline, wordFailed, wordNone, wordFound, wordUpdated } = document.body.dataset;
const [messages, panel, state, down, composer, text] = ["messages", "panel", "state", "down", "composer", "text"]
  .map((id) => document.getElementById(id));
const sheet = find("div", panel);
const BOTTOM = 160;
let after = Number(document.body.dataset.after);

// --- what the server says

function say(words) { // what stands behind an open dialog is not read out
  const live = find("[role=status]", panel.open ? panel : document.body);
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = words; });
}

function complain(words) {
  state.textContent = words;
  state.hidden = !words;
}

function failed() {
  if (!panel.open) return complain(wordFailed);
  const error = document.createElement("li");
  error.textContent = wordFailed;
  mark([error]);
}

const nearBottom = () => innerHeight + scrollY > document.documentElement.scrollHeight - BOTTOM;
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
  const follow = nearBottom(), before = messages.childElementCount;
  const said = all("[data-message]", answer).map(place).filter(Boolean);
  after = Math.max(after, Number(answer.dataset.upto));
  for (const count of all("[data-count]")) {
    count.textContent = answer.dataset.waiting;
    count.hidden = answer.dataset.waiting === "0";
  }
  if (messages.childElementCount > before) follow ? toBottom() : (down.hidden = false);
  if (find("[data-close-form]", answer)) panel.close();
  if (said.length) say(said.join(". "));
  const form = find("[data-form] > form", answer), errors = find("[data-errors]", answer);
  if (form) show(form);
  if (errors) mark(all("li", errors));
}

async function send(path, fields, signal) {
  fields.set("after", after);
  try {
    const response = await fetch(`${base}/${path}`, { method: "POST", body: fields, signal });
    if (!response.ok) throw new Error(String(response.status));
    complain("");
    return await response.text();
  } catch (fault) {
    if (fault.name !== "AbortError") failed();
    return null;
  }
}

function listen() {
  const stream = new EventSource(`${base}/events?after=${after}`);
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

// --- a list of suggestions under a field (the combobox pattern of WAI-ARIA)

function combobox(input, list, suggest, choose) {
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

// --- forms

let changes = null, typing = 0;
const PAUSE = 700;

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
    if (now) checkable(control) ? now.checked = control.checked : now.value = control.value;
  }
}

function show(form) {
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

function mark(errors) {
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
  if (html) apply(html);
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
  if (event.target.closest("[data-dismiss]")) panel.close();
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
panel.addEventListener("close", () => {
  changes?.abort();
  sheet.replaceChildren();
});

if (!new URLSearchParams(location.search).has("before")) toBottom();
listen();
