import { field, make } from "./elements.js";
import { session, signIn } from "./server.js";

// The page of those who are not signed in.
export function signingPage() {
  if (!session.on) {
    return [make("section", { class: "card narrow" }, make("h1", { tabindex: "-1" }, "The console is off"),
      make("p", {}, "It shows events and who sent them, so it needs a secret. Set ", make("code", {}, "DIAGNOSTICS_SECRET"), " for telemetry-forwarder and start it again."),
      make("p", {}, "To act in the console as well, set ", make("code", {}, "GATEWAY_ADMIN_TOKEN_FILE"), "."))];
  }
  return [make("section", { class: "card narrow" }, make("h1", { tabindex: "-1" }, "Sign in"),
    make("form", { "data-form": "sign-in" },
      make("p", {}, "The secret is what ", make("code", {}, "DIAGNOSTICS_SECRET"), " is set to for telemetry-forwarder."),
      // For password managers, which want a name beside a password.
      make("input", { class: "unseen", name: "username", value: "telemetry-gateway", autocomplete: "username", tabindex: "-1", "aria-hidden": "true", readonly: true }),
      field("Diagnostics secret", make("input", { name: "secret", type: "password", required: true, autocomplete: "current-password" })),
      make("p", { class: "callout bad", role: "alert", "data-problem": "", "data-keep": "", hidden: true }),
      make("button", { type: "submit", class: "primary" }, "Sign in")))];
}

export async function submitSigning(form) {
  const problem = form.querySelector("[data-problem]");
  problem.hidden = true;
  try {
    await signIn(new FormData(form).get("secret"));
    return true;
  } catch (error) {
    problem.textContent = error.code === "wrong_secret" ? "This is not the secret." : error.message;
    problem.hidden = false;
    form.querySelector("input[type=password]").select();
    return false;
  }
}
