// Reads QR codes, and what else is asked for, from camera pictures, beside the page so that its buttons never wait.
import { prepareZXingModule, readBarcodes } from "../vendor/zxing-wasm/reader/index.js";

const WASM = new URL("../vendor/zxing-wasm/reader/zxing_reader.wasm", import.meta.url).href;
const OPTIONS = { maxNumberOfSymbols: 2, tryHarder: true };
const ready = prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });

self.addEventListener("message", async ({ data: { picture, formats } }) => {
  try {
    await ready;
    const found = await readBarcodes(picture, { ...OPTIONS, formats });
    self.postMessage({ texts: found.filter((one) => one.isValid).map((one) => one.text) });
  } catch (error) {
    self.postMessage({ texts: [], problem: String(error) });
  }
});
