// What a code says, and whether this shop signed it, without asking anybody: bot/codes.py in JS.
import { verifyAsync } from "../vendor/noble-ed25519/index.js";

const SIGNATURE = 64;
const LIVE = new TextEncoder().encode("kayoi live card\0");
// Rewards selected go with a moving code: their name, and six bytes for each of up to five.
const SELECTED = 0x5b;
const [NAME, EACH, SELECTED_MAX] = [8, 6, 5];
// By its first byte: a card's lasting code and its moving ones, where what they say ends, and what is
// signed with it.
const CARDS = new Map([
  [0x51, { payloads: [12], context: new TextEncoder().encode("kayoi card\0") }],
  [0x59, { payloads: [17], context: LIVE }],
  [SELECTED, { payloads: Array.from({ length: SELECTED_MAX }, (_, place) => 17 + NAME + EACH * (place + 1)), context: LIVE }],
]);
// The code of a reward about to be used; its page's nonce tells it from others.
const USE = 0x5a;
const LENGTH_MAX = 400;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// What a scanner may put before a code ("AIM"), as keyboards of several countries type it; and the
// same code twice or more in one run. As rules/characters.py has both.
const SYMBOLOGY = /[[\]{}「」\\¥][A-Za-z][0-9A-Za-z]/g;
const READ_AGAIN = /^(.{8,}?)\s*(?:\1\s*)+$/s;
// How the codes of a card begin, still or moving, and that of a reward, by their first byte and, of the
// reward's, the number's first bits; of those the shortest has 68 letters. Nobody types that by hand.
const OURS = /^(?:[KL][E-H][A-Z2-7]{120,}|L[M-P][A-Z2-7]{140,}|LIA[A-Z2-7]{65,})$/;

// The code that a scanner sent, once, and without what says of which kind it is.
export function scanned(text) {
  if (text.length > LENGTH_MAX) return text;
  const code = text.normalize("NFKC").replace(/\p{Cf}/gu, "").replace(SYMBOLOGY, " ").trim();
  return READ_AGAIN.exec(code)?.[1] ?? code;
}

// Whether it looks like one of our codes, whoever signed it.
export const isOurs = (text) => OURS.test(plain(scanned(text)));

// The letters and digits of a code as a scanner should have sent them; "" if it is too long.
export function plain(code) {
  if (code.length > LENGTH_MAX) return "";
  return code.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]|ー/gu, "");
}

// The bytes of unpadded Base32 (RFC 4648); null if it isn't, or could be written in another way.
export function fromBase32(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (bits >> held) & 0xff;
  }
  const rest = bits & ((1 << held) - 1);
  return held >= 5 || rest ? null : bytes;
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

// What a card's code says, {number, issue}, or null for anything this shop didn't sign.
export async function openCard(code, publicKeys) {
  const data = fromBase32(plain(code));
  const kind = data && CARDS.get(data[0]);
  const end = data?.length - SIGNATURE;
  if (!kind || !kind.payloads.includes(end)) return null;
  const payload = data.subarray(0, end);
  const signed = new Uint8Array([...kind.context, ...payload]);
  const signature = data.subarray(end);
  const checked = await Promise.all(publicKeys.map((key) => isSigned(signature, signed, key)));
  if (!checked.includes(true)) return null;
  return { number: digits(payload.subarray(5, 10)), issue: payload[10] * 256 + payload[11] };
}

// What stays the same while a moving code moves, so that who holds a phone still is scanned once: with
// rewards selected it is another scan than without.
export function identity(code) {
  const data = fromBase32(plain(code));
  if (data?.length > SIGNATURE && data[0] === SELECTED) return `card ${digits(data.subarray(5, 10))} ${data.subarray(17, 17 + NAME)}`;
  if (data?.length > SIGNATURE && CARDS.has(data[0])) return `card ${digits(data.subarray(5, 10))}`;
  if (data?.length > 21 && data[0] === USE) return `use ${data.subarray(13, 21)}`;
  return code;
}

// Whether rewards are selected with the card.
export const selects = (code) => fromBase32(plain(code))?.[0] === SELECTED;

// The number of the card that a code says, whoever signed it; null where it says none.
export const numberOf = (code) => cardNumber(code) ?? /^card (\d{10})\b/.exec(identity(code))?.[1] ?? null;

function digits(bytes) {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0).toString().padStart(10, "0");
}

// The browser's own Ed25519 where there is one, else the one we bring.
async function isSigned(signature, message, publicKey) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  } catch {
    return verifyAsync(signature, message, publicKey, { zip215: false });
  }
  return crypto.subtle.verify("Ed25519", key, signature, message);
}

// What was typed or pasted as a number, without marks, and the invisible ones that copying brings.
const digitsOf = (text) => text.normalize("NFKC").replace(/[\s\-‐-―ー−.\p{Cf}]/gu, "");

// What the JAN on this shop's cards may begin with, as rules/programme/card.py has it; told with the
// programme.
let prefixes = [];
export const learnPrefixes = (told) => { prefixes = told ?? []; };

// A card number, typed or of a barcode: its ten digits; null if it isn't one or a check digit is wrong.
export function cardNumber(text) {
  const typed = digitsOf(text);
  const isCards = isJan(typed) && prefixes.includes(typed.slice(0, 2));
  const number = isCards ? typed.slice(2, -1) : typed;
  return /^\d{10}$/.test(number) && luhn(number) ? number : null;
}

// Whether it is ten digits, right or wrong: somebody meant a card number.
export const looksLikeNumber = (text) => /^\d{10}$/.test(digitsOf(text));

// Whether it is the barcode of goods, or one that a shop gave to something else than its cards.
export const isOfGoods = (text) => isJan(digitsOf(text)) && cardNumber(text) === null;

function isJan(digits) {
  const sum = [...digits].reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 3 : 1), 0);
  return /^\d{13}$/.test(digits) && sum % 10 === 0;
}

function luhn(typed) {
  const sum = [...typed].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
