// Makes this tab LINE's browser, as the person who opened the MINI App, and opens its page there.
"use strict";

const { user, endpoint } = document.body.dataset;
sessionStorage.setItem("simulated-line", JSON.stringify({ user }));
location.replace(endpoint);
