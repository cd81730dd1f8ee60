// What every part of the chat's page needs: its elements, its words, and the way to the server.

export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
export const { base, wordOffline, wordFailed, wordNone, wordFound, wordUpdated } = document.body.dataset;
export const panel = document.getElementById("panel");
export const seen = { after: Number(document.body.dataset.after) };
const state = document.getElementById("state");

export function say(words) { // what stands behind an open dialog is not read out
  const live = find("[role=status]", panel.open ? panel : document.body);
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = words; });
}

export function complain(words) {
  state.textContent = words;
  state.hidden = !words;
}

export async function send(path, fields, signal) { // null for what did not get through, or was given up
  fields.set("after", seen.after);
  try {
    const response = await fetch(`${base}/${path}`, { method: "POST", body: fields, signal });
    if (!response.ok) throw new Error(String(response.status));
    complain("");
    return await response.text();
  } catch (fault) {
    if (fault.name !== "AbortError" && !panel.open) complain(wordFailed);
    return null;
  }
}
