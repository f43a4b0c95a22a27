// Reading a QR code: a pasted link, a picture file, a pasted picture, or the camera.
import { attempt, byId, make, toast } from "./dom.js";
import { openLink } from "./perform.js";

const SIDE_MAX = 1600;
const LOOK_MS = 200;
const dialog = byId("scan-dialog");
const status = byId("scan-status");
const hint = status.textContent;
let stream = null;

export function openScan() {
  byId("scan-link").value = "";
  status.textContent = hint;
  byId("scan-camera").hidden = !navigator.mediaDevices?.getUserMedia;
  dialog.showModal();
}
for (const id of ["open-scan", "scan-from-attach", "scan-from-tools"]) byId(id).addEventListener("click", openScan);

function follow(text) {
  dialog.close();
  if (!openLink(text)) toast(`リンクではありません: ${text.slice(0, 80)}`);
}
byId("scan-form").addEventListener("submit", (event) => {
  const link = byId("scan-link").value.trim();
  event.preventDefault();
  if (link) follow(link);
  else status.textContent = "リンクを貼り付けてください。";
});

// The text of the QR code in a picture or video frame, or null.
async function decoded(source, width, height) {
  const { decodeQR } = await import("./vendor/qr/decode.js");
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
  const canvas = make("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  try { return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height)); } catch { return null; }
}

async function readPicture(file) {
  status.textContent = "読み取っています…";
  const bitmap = await createImageBitmap(file);
  const text = await decoded(bitmap, bitmap.width, bitmap.height);
  if (text) follow(text);
  else status.textContent = "QRコードが見つかりませんでした。大きく写っている画像を選んでください。";
}
byId("scan-file-button").addEventListener("click", () => byId("scan-file").click());
byId("scan-file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (file) await attempt(() => readPicture(file));
});
dialog.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  attempt(() => readPicture(file));
});

byId("scan-camera").addEventListener("click", async () => {
  const video = byId("scan-video");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    status.textContent = "カメラを使えません。リンクか画像を使ってください。";
    return;
  }
  video.srcObject = stream;
  video.hidden = false;
  status.textContent = "QRコードを写してください。";
  await video.play();
  look(video);
});
async function look(video) {
  if (!stream) return;
  const text = video.videoWidth ? await decoded(video, video.videoWidth, video.videoHeight) : null;
  if (!stream) return;
  if (text) follow(text);
  else setTimeout(look, LOOK_MS, video);
}
dialog.addEventListener("close", () => {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  byId("scan-video").hidden = true;
});
