/** What the phone holds: IndexedDB. A promise here is kept only once the write is on the disk. */
const NAME = "safeshore-field";
const VERSION = 1;
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      const db = asked.result;
      db.createObjectStore("meta");
      db.createObjectStore("visits", { keyPath: "id" });
      const photos = db.createObjectStore("photos", { keyPath: "id" });
      photos.createIndex("visit", "visit");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close(); // a newer tab may change the shape
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Run ``work(stores)`` in one transaction; resolves with its result after the commit. */
async function within(names, mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const tx = db.transaction(names, mode, { durability: "strict" });
    let result;
    tx.oncomplete = () => resolve(result);
    tx.onerror = tx.onabort = () => reject(tx.error ?? new Error("aborted"));
    work(Object.fromEntries(names.map((name) => [name, tx.objectStore(name)])), (value) => { result = value; });
  });
}

const read = (store, ask) => within([store], "readonly", (stores, done) => {
  const asked = ask(stores[store]);
  asked.onsuccess = () => done(asked.result);
});

export const getMeta = (key) => read("meta", (store) => store.get(key));
export const setMeta = (key, value) => within(["meta"], "readwrite", (stores) => stores.meta.put(value, key));
export const allVisits = () => read("visits", (store) => store.getAll());
export const getVisit = (id) => read("visits", (store) => store.get(id));
export const photosOf = (visit) => read("photos", (store) => store.index("visit").getAll(visit));
export const allPhotos = () => read("photos", (store) => store.getAll());

/** Write visits and photos together: both, or neither. */
export const save = ({ visits = [], photos = [] }) => within(["visits", "photos"], "readwrite", (stores) => {
  for (const visit of visits) stores.visits.put(visit);
  for (const photo of photos) stores.photos.put(photo);
});

/** Change one row from what it is now, so that two writers never undo each other. */
function change(store, id, edit) {
  return within([store], "readwrite", (stores, done) => {
    const asked = stores[store].get(id);
    asked.onsuccess = () => {
      if (!asked.result) return done(null);
      const row = edit(asked.result) ?? asked.result;
      stores[store].put(row);
      done(row);
    };
  });
}

export const changeVisit = (id, edit) => change("visits", id, edit);
export const changePhoto = (id, edit) => change("photos", id, edit);

/** Throw a draft away, with its photos: only what nobody has finished. */
export const dropDraft = (id) => within(["visits", "photos"], "readwrite", (stores) => {
  const asked = stores.visits.get(id);
  asked.onsuccess = () => {
    if (asked.result?.state !== "draft") return;
    stores.visits.delete(id);
    const keys = stores.photos.index("visit").getAllKeys(id);
    keys.onsuccess = () => keys.result.forEach((key) => stores.photos.delete(key));
  };
});

/** Let the bytes of photos go that the server has had for so many days; the receipt stays. */
export const forgetSentBytes = (before) => within(["photos"], "readwrite", (stores) => {
  stores.photos.openCursor().onsuccess = ({ target }) => {
    const cursor = target.result;
    if (!cursor) return;
    const photo = cursor.value;
    if (photo.done && photo.doneAt < before && photo.blob) cursor.update({ ...photo, blob: null });
    cursor.continue();
  };
});
