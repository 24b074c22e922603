import { attendanceParts } from '#domain/records/attendance.ts';
import type { Operation } from '#domain/sync/operation.ts';
import type { App } from '$lib/app/open-app.ts';

/** Where a person corrects what was not accepted; undefined when no screen shows the record. */
export function fixHref(operation: Operation): string | undefined {
  const first = operation.ch[0];
  switch (first?.e) {
    case 'person':
      return `/field/person/${first.k}?replaces=${operation.n}`;
    case 'attendance':
      return `/field/sheet/${attendanceParts(first.k).session}?replaces=${operation.n}`;
    case 'sheet':
      return `/field/sheet/${first.k}?replaces=${operation.n}`;
    case 'event':
      return `/field/event/${first.k}?replaces=${operation.n}`;
    case 'consultation':
      return `/field/consultation/${first.k}?replaces=${operation.n}`;
    case 'response':
      return typeof first.set['campaign'] === 'string'
        ? `/field/survey/${first.set['campaign']}?correct=${first.k}&replaces=${operation.n}`
        : undefined;
    default:
      return undefined;
  }
}

/** «Передать файлом»: unsent work as JSON, shared or downloaded. False = the person changed their mind. */
export async function handOver(
  operations: readonly Operation[],
  device: App['device'],
  nowMs: number
): Promise<boolean> {
  const content = { zimnik: 1, device: device.device, name: device.name, at: nowMs, operations };
  const fileName = `zimnik-${device.device}-${new Date(nowMs).toISOString().slice(0, 10)}.json`;
  const file = new File([JSON.stringify(content, null, 1)], fileName, { type: 'application/json' });
  if (matchMedia('(pointer: coarse)').matches && navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return false;
      console.info('Sharing did not work, the file is downloaded', error);
    }
  }
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}
