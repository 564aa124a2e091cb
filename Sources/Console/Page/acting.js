// Whoever acts gives a name and the admin token first; what many events depend on is counted before it is done.
import { button, field, make } from "./elements.js";
import { act, allow, session } from "./server.js";

let announce = () => {};
export const announceWith = (notify) => { announce = notify; };

const dialog = () => document.getElementById("dialog");

export function actButton(text, name, attributes = {}) {
  return button(text, name, session.acting_allowed ? attributes
    : { ...attributes, disabled: true, title: "Acting is off: set GATEWAY_ADMIN_TOKEN_FILE for telemetry-forwarder, or use gatewayctl." });
}

// Shows a form until it is sent or given up. `submit` may throw: its words are shown and the form stays.
function show({ title, body, confirm, isDangerous, submit, prepare }) {
  return new Promise((resolve) => {
    const box = dialog();
    const problem = make("p", { class: "callout bad", role: "alert", hidden: true });
    const go = make("button", { type: "submit", class: isDangerous ? "danger" : "primary" }, confirm);
    const form = make("form", {}, make("h2", { id: "dialog-title" }, title), body, problem,
      make("div", { class: "dialog-end" }, make("button", { type: "button" }, "Cancel"), go));
    let result = null;
    const fail = (error) => {
      problem.textContent = error.message;
      problem.hidden = false;
    };
    form.querySelector(".dialog-end button").addEventListener("click", () => box.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      go.disabled = true;
      problem.hidden = true;
      try {
        result = await submit(Object.fromEntries(new FormData(form)));
        box.close();
      } catch (error) {
        fail(error);
      } finally {
        go.disabled = false;
      }
    });
    box.addEventListener("close", () => {
      box.replaceChildren();
      resolve(result);
    }, { once: true });
    box.replaceChildren(form);
    box.showModal();
    prepare?.(go, fail);
  });
}

export async function unlock() {
  return await show({
    title: "Who acts?", confirm: "Go on",
    body: [
      make("p", {}, "Acts are recorded under your name. The admin token is what GATEWAY_ADMIN_TOKEN_FILE of the forwarder has; it is asked for again after half an hour."),
      field("Your name", make("input", { name: "name", required: true, maxlength: 64, autocomplete: "name" })),
      field("Admin token", make("input", { name: "token", type: "password", required: true, autocomplete: "off" })),
    ],
    async submit({ name, token }) {
      await allow(name, token);
      document.dispatchEvent(new Event("session"));
      return true;
    },
  });
}

// Asks, counts where there is something to count, and does it.
export async function perform({ title, text, fields = [], confirm, isDangerous, command, arguments: argumentsOf, dryRun, done }) {
  if (!session.actor && !(await unlock())) return;
  const counted = make("p", { class: "counted", role: "status" }, "Counting…");
  const result = await show({
    title, confirm, isDangerous,
    body: [
      make("p", {}, text), dryRun ? counted : null,
      fields.map(({ label, hint, ...attributes }) => field(label, make("input", { autocomplete: "off", ...attributes }), hint)),
      make("p", { class: "note" }, `Recorded under “${session.actor}”.`),
    ],
    submit: (values) => act(command, argumentsOf(values, false)),
    async prepare(go, fail) {
      if (!dryRun) return;
      go.disabled = true;
      try {
        const would = await act(command, argumentsOf({}, true));
        counted.textContent = would.events ? dryRun(would) : "Nothing is meant: there is nothing to do.";
        go.disabled = !would.events;
      } catch (error) {
        counted.remove();
        fail(error);
      }
    },
  });
  if (result) announce(done(result));
}
