// What a phone keeps: who it is as a device, what it may know of the event, and what it has not handed in yet.
// No name, no title, no organisation is ever written here; details of walk-ins are sealed for the server first.

import { openDB } from "../../vendor/idb.js";

export async function openStore(name = "door") {
  const database = await openDB(name, 1, {
    upgrade(made) {
      made.createObjectStore("queue", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", { unique: true });
      made.createObjectStore("kept"); // single things by name: device, snapshot, clock, choices
      made.createObjectStore("seen", { keyPath: ["session", "code"] }); // codes read here, so that one is not read twice
    },
  });
  // Another tab wants a newer form of the store: let go, and go on after a reload.
  database.addEventListener("versionchange", () => database.close());
  return database;
}

export const kept = (store, name) => store.get("kept", name);
export const keep = (store, name, value) => store.put("kept", value, name);

// Everything but the queue: what a phone must not know any more when its work has ended.
export async function forget(store) {
  const change = store.transaction(["kept", "seen"], "readwrite", { durability: "strict" });
  const things = change.objectStore("kept");
  const [device, tokens] = [await things.get("device"), await things.get("tokens")];
  await things.clear();
  await change.objectStore("seen").clear();
  // What is still unsent is handed in under the token that read it.
  if (device) await things.put({ ...device, ended: true }, "device");
  if (tokens) await things.put(tokens, "tokens");
  await change.done;
}

export async function forgetAll(store) {
  const change = store.transaction(["kept", "seen", "queue"], "readwrite", { durability: "strict" });
  await Promise.all(["kept", "seen", "queue"].map((part) => change.objectStore(part).clear()));
  await change.done;
}
