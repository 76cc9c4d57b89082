// This phone as a device of one event: its token, what it may keep, and how it speaks with the server.

import { forget, keep, kept } from "./store.js";

const PATIENCE = 10000;

export class Device {
  constructor(store) {
    this.store = store;
    this.isCutOff = false; // while a rehearsal pretends that there is no network
  }

  async load() {
    this.known = await kept(this.store, "device");
    this.snapshot = await kept(this.store, "snapshot");
    this.tokens = (await kept(this.store, "tokens")) ?? {}; // session → token: of other events too, until all is sent
    this.offset = (await kept(this.store, "clock")) ?? 0;
    if (this.snapshot && Date.parse(this.snapshot.ends_at) < this.now()) await this.end();
    return this;
  }

  get isPaired() {
    return Boolean(this.known?.token);
  }

  get hasEnded() {
    return Boolean(this.known?.ended);
  }

  // The server's time, as far as this phone knows.
  now() {
    return Date.now() + this.offset;
  }

  async noteClock(offset) {
    if (offset === null || offset === undefined) return;
    this.offset = Math.abs(offset) < 2000 ? 0 : offset; // smaller differences are the network's
    await keep(this.store, "clock", this.offset);
  }

  async pair(secret, name) {
    const answer = await fetch("/door/pairings", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      credentials: "omit",
      body: JSON.stringify({ secret, name }),
    });
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.message);
    await forget(this.store); // what was known of another event
    await keep(this.store, "device", { token: content.token, uid: content.device });
    await this.load();
    await this.refresh();
  }

  // Any request of this device. Never with cookies: the token alone says who asks.
  request(path, { method = "GET", body, headers = {}, signal, token = this.known.token } = {}) {
    if (this.isCutOff) return Promise.reject(new TypeError("rehearsal: no network"));
    return fetch(path, {
      method,
      body: body && JSON.stringify(body),
      headers: { Accept: "application/json", Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }), ...headers },
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      signal: signal ?? AbortSignal.timeout(PATIENCE),
    });
  }

  // Hand in items of one session; the queue's way out.
  handIn = (session, body, signal) => this.request(`/sessions/${session}/scans`, { method: "POST", body, signal, token: this.tokens[session] });

  // Bring what is kept up to date. True when the server answered as ours does.
  async refresh() {
    const etag = await kept(this.store, "etag");
    const answer = await this.request("/door/snapshot", { headers: etag && this.snapshot ? { "If-None-Match": etag } : {} }).catch(() => null);
    if (!answer) return false;
    if (answer.status === 304) return true;
    const content = await answer.json().catch(() => null);
    if ([401, 403].includes(answer.status) && content?.error) await this.end();
    if (!answer.ok || !content?.codes) return false;
    await this.noteClock(Date.parse(answer.headers.get("X-Now")) - Date.now());
    this.snapshot = content;
    await keep(this.store, "snapshot", content);
    for (const { uid } of content.sessions) this.tokens[uid] = this.known.token;
    await keep(this.store, "tokens", this.tokens);
    await keep(this.store, "etag", answer.headers.get("ETag"));
    return true;
  }

  // The work has ended: everything known of the event goes, the unsent and their token stay until they are handed in.
  async end() {
    await forget(this.store);
    this.snapshot = undefined;
    this.known = await kept(this.store, "device");
  }

  // Who a badge code stands for, as far as this phone may know: {code, state}, or null for a code that is not on the list.
  async lookUp(code) {
    if (!this.snapshot) return null;
    const found = this.snapshot.codes[(await digest(`${this.snapshot.salt}:${code}`)).slice(0, 24)];
    if (found) return { code: found[0], state: found[1] };
    // A participant's own code, said aloud and typed.
    const own = Object.values(this.snapshot.codes).find(([participant]) => participant === code);
    return own ? { code, state: own[1] } : null;
  }

  nameOf(code) {
    return this.snapshot?.names?.[code];
  }

  // The codes of everybody who is expected.
  expected() {
    const places = Object.values(this.snapshot?.codes ?? {});
    return new Set(places.filter(([code, state]) => code && ["registered", "invited"].includes(state)).map(([code]) => code));
  }

  async presences(session) {
    const answer = await this.request(`/door/sessions/${session}/presences`).catch(() => null);
    const content = answer?.ok ? await answer.json().catch(() => null) : null;
    return Array.isArray(content?.present) ? content.present : null;
  }

  async find(session, text) {
    const answer = await this.request(`/door/sessions/${session}/search?text=${encodeURIComponent(text)}`);
    return (await answer.json()).found ?? [];
  }

  farewell() {
    return this.request("/door/farewell", { method: "POST", body: {} }).catch(() => null);
  }
}

async function digest(text) {
  const content = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(content, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
