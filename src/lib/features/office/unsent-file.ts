import type { App } from '$lib/app/open-app.ts';
import { open } from '$lib/storage/sealing.ts';
import { downloadText } from './csv.ts';

/** «Передать файлом»: everything that waits here, as JSON that people and programs can read. */
export async function downloadUnsent(app: App): Promise<void> {
  const rows = await app.database.outbox.orderBy('n').toArray();
  const content = {
    zimnik: 1,
    device: app.device.device,
    by: app.device.user,
    operations: rows.map((row) => open(row.body))
  };
  downloadText(`zimnik-${app.device.device}.json`, 'application/json', JSON.stringify(content, null, 2));
}
