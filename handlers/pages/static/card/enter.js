// The MINI App's first page: LINE's ID token is sent to the server once, and the card opens.
"use strict";

const enter = document.getElementById("enter");

function say(what) {
  for (const part of document.querySelectorAll(".said > *")) part.textContent = part.dataset[what];
  document.getElementById("friend").hidden = what !== "noCard";
}

async function begin() {
  await liff.init({ liffId: enter.dataset.liff });
  const token = liff.getIDToken();
  if (!token) return;
  const answer = await fetch(enter.dataset.sessionUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ id_token: token }),
  });
  if (answer.ok) location.replace((await answer.json()).url);
  else say(answer.status === 404 ? "noCard" : "away");
}

begin().catch(() => say("away"));
