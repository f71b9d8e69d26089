// Every window whose settings stand on the page is opened, once.

import { open } from "./window.js";

for (const data of document.querySelectorAll("script.stepper-values")) {
  if (data.dataset.taken) continue;
  data.dataset.taken = "yes"; // there may be a second copy of this module on the page
  open(JSON.parse(data.textContent), data.previousElementSibling);
}
