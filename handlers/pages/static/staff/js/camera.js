// The camera: opened, looked through again and again, put out when nobody sees the page.
const SIDE_MAX = 1280;
const LOOK_MS = 60;
const WIDE = { width: { ideal: 1280 }, height: { ideal: 720 } };

// Why there is no picture: "insecure", "absent", "denied", "busy".
export class NoCamera extends Error {
  constructor(why) { super(why); this.why = why; }
}

const WHY = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "absent", OverconstrainedError: "absent", NotReadableError: "busy", AbortError: "busy" };

async function stream(wanted) {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...WIDE, ...wanted } });
  } catch (problem) {
    throw new NoCamera(WHY[problem.name] ?? "busy");
  }
}

export class Camera {
  #video;
  #found;
  #others;
  #stream = null;
  #worker = null;
  #canvas = document.createElement("canvas");
  #timer = 0;

  // `found(text)` is called for every code in every picture, a QR or of the kinds that `others()` names.
  constructor(video, found, others = () => []) {
    this.#video = video;
    this.#found = found;
    this.#others = others;
  }

  get isOn() { return this.#stream !== null; }
  get id() { return this.#track?.getSettings().deviceId ?? ""; }
  get canLight() { return Boolean(this.#track?.getCapabilities?.().torch); }
  get #track() { return this.#stream?.getVideoTracks()[0] ?? null; }

  // The camera of that id, or the one that looks away from its user. NoCamera if there is none.
  async open(id = "") {
    this.close();
    if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera(window.isSecureContext ? "absent" : "insecure");
    const away = { facingMode: { ideal: "environment" } };
    const opened = id
      ? await stream({ deviceId: { exact: id } }).catch(() => stream(away))
      : await stream(away);
    this.#stream = opened;
    this.#track.addEventListener("ended", () => { if (this.#stream === opened) this.close(); });
    this.#video.srcObject = opened;
    await this.#video.play().catch(() => {});
    this.#startWorker();
  }

  close() {
    clearTimeout(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
    this.#worker?.terminate();
    this.#worker = null;
  }

  async light(on) {
    await this.#track?.applyConstraints({ advanced: [{ torch: on }] }).catch(() => {});
  }

  // All cameras, [{id, label}]; their labels are told once one was allowed.
  async choices() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((one) => one.kind === "videoinput").map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  #startWorker() {
    this.#worker = new Worker(new URL("./decode-worker.js", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }) => {
      for (const text of data.texts) this.#found(text);
      this.#timer = setTimeout(() => this.#look(), LOOK_MS);
    });
    this.#look();
  }

  #look() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!this.isOn) return;
    if (!width || document.hidden) {
      this.#timer = setTimeout(() => this.#look(), 4 * LOOK_MS);
      return;
    }
    const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const pen = this.#canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height);
    const picture = pen.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
    this.#worker.postMessage({ picture, formats: ["QRCode", ...this.#others()] }, [picture.data.buffer]);
  }
}

// Lets a code through once while it is held before the camera, and again when it was away a while.
export class Once {
  #seen = new Map();
  #away;

  constructor(awayMs) { this.#away = awayMs; }

  isNew(code, now) {
    for (const [known, at] of this.#seen) if (now - at > this.#away) this.#seen.delete(known);
    const fresh = !this.#seen.has(code);
    this.#seen.set(code, now);
    return fresh;
  }
}
