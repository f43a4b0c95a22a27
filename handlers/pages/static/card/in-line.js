// What LINE's browser lends the card: its camera, its picker of friends, its way back to a friend.
// What it hasn't, isn't shown.
"use strict";

const lent = document.getElementById("lent");

function offer(id, action) {
  const button = document.getElementById(id);
  button.hidden = false;
  lent.hidden = false;
  button.addEventListener("click", () => action().catch(() => {}));
}

// A second tap while the first is on its way, or a person who closes LINE's window, is no error.
async function scan() {
  const { value } = await liff.scanCodeV2();
  if (!value) return;
  const answer = await fetch(lent.dataset.checkInUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": lent.dataset.token },
    body: JSON.stringify({ code: value }),
  });
  document.getElementById("lent-said").textContent = answer.ok ? "" : (await answer.json()).said ?? "";
  if (answer.ok) look();
}

async function share() {
  const { said } = await ask(lent.dataset.invitationUrl);
  await liff.shareTargetPicker(said.messages);
}

async function befriend() {
  await liff.requestFriendship();
  document.getElementById("befriend").hidden = (await liff.getFriendship()).friendFlag;
}

async function begin() {
  await liff.init({ liffId: lent.dataset.liff });
  if (!liff.isInClient()) {
    keepAtHand();
    return;
  }
  page.classList.add("in-line");
  if (liff.isApiAvailable("scanCodeV2")) offer("scan", scan);
  if (liff.isApiAvailable("shareTargetPicker")) offer("share", share);
  const { friendFlag } = await liff.getFriendship();
  if (!friendFlag && typeof liff.requestFriendship === "function") offer("befriend", befriend);
}

begin().catch(() => {});
