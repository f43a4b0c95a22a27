// The same code twice in a moment: a trigger that was held, or somebody in doubt. It is one scan.
import { identity, numberOf, selects } from "./codes.js";
import { feel } from "./feedback.js";

const MOMENT_MS = 3_000;

export class Again {
  #what = "";
  #at = 0;
  #scan = null;
  // The scan whose code was read again, by its id; null while none was.
  of = null;

  // A scan of `code` begins, by its id.
  begins(code, scan) {
    [this.#what, this.#at, this.#scan, this.of] = [whose(code), performance.now(), scan, null];
  }

  // Whether `code` belongs to the scan that is `shown`, or on its way, and was read a moment ago.
  is(code, shown) {
    const now = performance.now();
    const isIt = this.#scan !== null && this.#scan === shown && this.#what === whose(code) && now - this.#at < MOMENT_MS;
    if (!isIt) return false;
    [this.#at, this.of] = [now, shown];
    feel("info");
    return true;
  }

  // It came to nothing, or was taken back: the next one is a scan.
  forget() { this.#what = ""; }
}

// With rewards selected the same card is another scan.
const whose = (code) => (selects(code) ? identity(code) : (numberOf(code) ?? identity(code)));
