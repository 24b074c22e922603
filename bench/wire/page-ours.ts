import { offerBench } from './bench-page.ts';
import { changeOurs, deliver, openOurs, prepareOurs, storeOurs } from './ours.ts';

offerBench(async (_client, marks, code) => {
  const device = await openOurs('bench-zimnik', code);
  await prepareOurs(device, marks);
  await storeOurs(device, marks);
  return {
    send: () => deliver(device),
    change: (count) => changeOurs(device, marks.slice(0, count)),
    exchange: () => deliver(device)
  };
});
