// One tab of a phone: the real queue on its real store. It is gone with the frame it lives in.

import { Outbox } from "door/outbox.js";
import { openStore } from "door/store.js";

// `phone` is what all tabs of a run share: its number, the token of its device, its clock and its pace.
window.openTab = async ({ name, now, pace, patience, mostAtOnce, ...phone }, isCured) => {
  const store = await openStore(name);
  const request = (session, body, signal) =>
    fetch(`/sessions/${session}/scans`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${phone.token}`,
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-Run": phone.number,
        ...(isCured() && { "X-Cured": "yes" }),
      },
      body: JSON.stringify(body),
      signal,
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
    });
  const outbox = new Outbox({ store, name, request, now, pace, patience, mostAtOnce });
  outbox.flush(); // as the page does when it opens
  return { outbox, store };
};
