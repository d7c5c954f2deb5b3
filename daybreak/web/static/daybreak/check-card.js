// Is a clinic card still what the clinic signed? The same as `daybreak card verify`, as far as this browser can.
const FORM = "daybreak-signed-1", WHAT = "card";
const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hex = (buffer) => [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, "0")).join("");

export async function sealed(text, now) {
  const envelope = JSON.parse(text); // whoever calls says so when it is none
  const document = envelope?.signature === undefined ? envelope : envelope.document;
  const told = { state: "unsigned", site: envelope?.site || document?.site || "", signed: envelope?.signed, until: envelope?.until, answers: document?.answers,
    time: { first: document?.first, last: document?.last } };
  if (envelope?.signature === undefined) return told;
  const broken = { ...told, state: "changed" };
  const { form, what, key, signature } = envelope;
  if (form !== FORM || what !== WHAT || !/^[0-9a-f]{64}$/.test(key?.public) || !/^[0-9a-f]{128}$/.test(signature)) return broken;
  // There is one way to write it, so everything but the signature is what was signed, byte for byte.
  const part = `"signature":"${signature}",`, at = text.lastIndexOf(part);
  if (at < 0 || !text.endsWith("\n")) return broken;
  const body = new TextEncoder().encode(text.slice(0, at) + text.slice(at + part.length, -1));
  try {
    const fingerprint = hex(await crypto.subtle.digest("SHA-256", bytes(key.public))).slice(0, 32).match(/..../g).join(" ");
    const own = await crypto.subtle.importKey("raw", bytes(key.public), { name: "Ed25519" }, false, ["verify"]);
    if (!(await crypto.subtle.verify({ name: "Ed25519" }, own, bytes(signature), body))) return broken;
    const state = now < Date.parse(told.signed) ? "early" : now < Date.parse(told.until) ? "holds" : "stale";
    return { ...told, state, fingerprint };
  } catch {
    return { ...told, state: "unchecked" }; // no such signatures in this browser
  }
}
