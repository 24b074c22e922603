// `npm run check`: the quick gates without running anything of the product.
import { run } from './run.mjs';

const { code } = await run(process.execPath, ['scripts/test.mjs', '--only', 'types,lint,canaries,knip']);
process.exit(code);
