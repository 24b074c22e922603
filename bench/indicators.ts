import { openBrowser } from './browser.ts';
import { percentile } from './big-tablet.ts';
import type { Figure } from './result.ts';
import { bundle } from './wire/bundle.ts';
import type { IndicatorsPage } from './wire/page-indicators.ts';

const records = 100_000;
const times = 21;

/** The coordinator's desk counts all indicators of a project in its browser: over everything, and after one more mark. */
export async function indicators(): Promise<readonly Figure[]> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: await bundle('wire/page-indicators.ts') });
    const { wholeMs, oneMoreMs } = await page.evaluate(
      ([wanted, runs]) =>
        (globalThis as unknown as { indicators: IndicatorsPage }).indicators.measure(wanted, runs),
      [records, times] as const
    );
    return [
      {
        question: 'indicators over 100,000 records',
        ours: percentile(wholeMs, 0.5),
        unit: 'ms',
        target: 300
      },
      {
        question: 'indicators over 100,000 records, the first time',
        ours: Math.round((wholeMs[0] ?? 0) * 10) / 10,
        unit: 'ms'
      },
      {
        question: 'indicators over 100,000 records, one more mark',
        ours: percentile(oneMoreMs, 0.5),
        unit: 'ms',
        target: 5
      }
    ];
  } finally {
    await browser.close();
  }
}
