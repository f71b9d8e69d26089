// The notebooks and the progress of a visitor: JupyterLite keeps them in a database of this browser,
// in which the course leaves progress.json at each answer. Nothing of it leaves the machine.

const DATABASE = `JupyterLite Storage - ${LAB.pathname}`;

function asked(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

// The store of files, or null where nothing was ever done: opening a database would make it.
async function drive(mode) {
  const known = indexedDB.databases ? await indexedDB.databases() : [];
  if (!known.some((one) => one.name === DATABASE)) return null;
  const database = await asked(indexedDB.open(DATABASE));
  if (!database.objectStoreNames.contains("files")) return null;
  return database.transaction("files", mode).objectStore("files");
}
