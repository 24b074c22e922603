import type { App } from '$lib/app/open-app.ts';
import { open } from '$lib/storage/sealing.ts';
import { downloadText } from './csv.ts';

/** «Передать файлом»: everything that waits here or was not accepted, as JSON that people and programs can read. */
export async function downloadUnsent(app: App): Promise<void> {
  const waiting = await app.database.outbox.orderBy('n').toArray();
  const refused = await app.database.attention.where('state').equals('open').toArray();
  const content = {
    zimnik: 1,
    device: app.device.device,
    by: app.device.user,
    operations: [...waiting, ...refused].map((row) => open(row.body)).sort((left, right) => left.n - right.n)
  };
  downloadText(`zimnik-${app.device.device}.json`, 'application/json', JSON.stringify(content, null, 2));
}
