// Stands in for LINE's SDK (LIFF v2 API reference) on the pages of a MINI App, in a tab that plays
// LINE's browser: as far as such a page of ours asks for it. In any other tab it says that it is none.
"use strict";

window.liff = (() => {
  const played = JSON.parse(sessionStorage.getItem("simulated-line") ?? "null");
  const root = "/simulator";
  const HAS = ["scanCodeV2", "shareTargetPicker", "requestFriendship"];
  let token = null;

  const post = (path, body) => fetch(root + path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });

  return {
    async init() {
      if (!played) return;
      const answer = await post("/page/id-token", { user: played.user });
      token = (await answer.json()).id_token ?? null;
    },
    isInClient: () => played !== null,
    isLoggedIn: () => token !== null,
    getIDToken: () => token,
    isApiAvailable: (name) => played !== null && HAS.includes(name),
    async scanCodeV2() {
      return { value: prompt("カメラのかわりに、QRコードの中身を貼り付けてください。") };
    },
    async shareTargetPicker(messages) {
      const said = messages.map((message) => message.text).join("\n");
      return confirm(`友だちに送りますか？\n\n${said}`) ? { status: "success" } : undefined;
    },
    async getFriendship() {
      const state = await (await fetch(`${root}/page/state?user=${played.user}`)).json();
      return { friendFlag: state.person?.status === "friend" };
    },
    async requestFriendship() {
      await post("/page/act/follow", { user: played.user });
    },
  };
})();
