"use strict";
// Before the first paint, so that nothing flashes; without a choice the system's one counts.
try {
  const choice = localStorage.getItem("gateway-theme");
  if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
} catch {
  // A browser that stores nothing follows the system.
}
