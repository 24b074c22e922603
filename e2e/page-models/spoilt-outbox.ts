/** What an app of another age could have written: a status that the office does not know. */
export async function spoilOutbox(): Promise<void> {
  const [known] = (await indexedDB.databases()).filter(({ name }) => name?.startsWith('zimnik/field-'));
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open(known?.name ?? '');
    opening.onerror = () => reject(new Error('The database did not open'));
    opening.onsuccess = () => {
      const database = opening.result;
      const writing = database.transaction('outbox', 'readwrite');
      const outbox = writing.objectStore('outbox');
      outbox.openCursor().onsuccess = ({ target }) => {
        const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
        if (cursor === null) return;
        const row = cursor.value as { body: { plain: { ch: { set: Record<string, unknown> }[] } } };
        for (const change of row.body.plain.ch) change.set['status'] = 'asleep';
        cursor.update(row);
        cursor.continue();
      };
      writing.oncomplete = () => {
        database.close();
        resolve();
      };
    };
  });
}
