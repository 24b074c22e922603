import type { DeviceDatabase } from '$lib/storage/database.ts';
import { readRecord } from '$lib/storage/read.ts';

/** The centre as screens need it; before the first load only the defaults are known. */
export interface Centre {
  readonly name: string;
  readonly shortName: string;
  readonly phone: string;
  /** IANA name; decides what «сегодня» is. */
  readonly zone: string;
  /** «с использованием гранта…», for print. */
  readonly grantLine: string;
  readonly demo: boolean;
}

const defaultZone = 'Asia/Yekaterinburg';

/** The centre's own record. */
export async function readCentre(database: DeviceDatabase): Promise<Centre> {
  const row = await readRecord(database, 'centre', 'centre');
  const values = row?.values ?? {};
  return {
    name: values.name ?? '',
    shortName: values.shortName ?? values.name ?? '',
    phone: values.phone ?? '',
    zone: values.timeZone ?? defaultZone,
    grantLine: values.grantLine ?? '',
    demo: values.demo === true
  };
}
