import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import * as v from 'valibot';
import { middle } from '#simulation/processes/outcome.ts';
import { enrolTablet } from '../e2e/page-models/field-notebook.ts';
import { removeData, startServer } from '../e2e/server.ts';
import { openProfile } from './browser.ts';
import { importPeer } from './peers.ts';
import type { Figure } from './result.ts';

const runs = 3;
/** The least that each category of Lighthouse is to give. */
const wanted = { performance: 95, accessibility: 100, 'best-practices': 100 } as const;
const categories = ['performance', 'accessibility', 'best-practices'] as const;

const reportSchema = v.object({
  categories: v.record(
    v.string(),
    v.object({
      score: v.nullable(v.number()),
      auditRefs: v.array(v.object({ id: v.string(), weight: v.number() }))
    })
  ),
  audits: v.record(v.string(), v.object({ title: v.string(), score: v.nullable(v.number()) }))
});
/** `isKept`: what the browser has stored stays; otherwise every run is a first visit. */
type Audit = (url: string, port: number, isKept: boolean) => Promise<unknown>;
type Report = v.InferOutput<typeof reportSchema>;

/**
 * Lighthouse with its own telephone and its own slow network (simulated): the survey link as somebody opens it for the first
 * time, and the field notebook as a connected tablet starts it. What costs points is printed.
 */
export async function lighthouse(): Promise<readonly Figure[]> {
  const { audit } = (await importPeer('lighthouse/audit.mjs')) as { audit: Audit };
  const server = await startServer({ mode: 'demo' });
  const profile = await mkdtemp(join(tmpdir(), 'zimnik-bench-lighthouse-'));
  try {
    const survey = server.links().find((link) => link.includes('/survey/')) ?? '';
    const first = await figuresOf('survey link', () =>
      inBrowser(profile, (_context, port) => audit(survey, port, false))
    );
    await inBrowser(profile, async (context) => {
      await enrolTablet(await context.newPage(), server.url, server.links());
    });
    const start = await figuresOf('field start', () =>
      inBrowser(profile, (_context, port) => audit(`${server.url}/field`, port, true))
    );
    return [...first, ...start];
  } finally {
    await rm(profile, { recursive: true, force: true });
    await server.stop();
    await removeData(server);
  }
}

/**
 * A browser that has just been started, as a tablet's is in the morning and as Lighthouse starts one by itself: in one that
 * has shown another page before, its profiler first walks what that page has left in memory, and counts that as ours.
 */
async function inBrowser<Value>(
  profile: string,
  act: (context: BrowserContext, port: number) => Promise<Value>
): Promise<Value> {
  const portFile = join(profile, 'DevToolsActivePort');
  await rm(portFile, { force: true });
  const context = await openProfile(profile, { locale: 'ru-RU' }, ['--remote-debugging-port=0']);
  try {
    const [port = ''] = (await readFile(portFile, 'utf8')).split('\n');
    return await act(context, Number(port));
  } finally {
    await context.close();
  }
}

async function figuresOf(name: string, auditOnce: () => Promise<unknown>): Promise<readonly Figure[]> {
  const reports: Report[] = [];
  for (let run = 0; run < runs; run += 1) {
    const report = v.parse(reportSchema, await auditOnce());
    reports.push(report);
    for (const lost of pointsLost(report)) console.log(`  ${name}, run ${run + 1}: ${lost}`);
  }
  return categories.map((category) => {
    const score = middle(
      reports.map((report) => Math.round((report.categories[category]?.score ?? 0) * 100))
    );
    // Points lost, so that less is better, as everywhere.
    return {
      question: `Lighthouse, ${name}: points that ${category} lacks of 100`,
      ours: 100 - score,
      unit: 'points',
      target: 100 - wanted[category]
    };
  });
}

function pointsLost(report: Report): readonly string[] {
  return categories.flatMap((category) =>
    (report.categories[category]?.auditRefs ?? [])
      .filter(({ id, weight }) => weight > 0 && (report.audits[id]?.score ?? 1) < 1)
      .map(({ id, weight }) => `${category}: ${id} ${report.audits[id]?.score ?? ''} of 1, weight ${weight}`)
  );
}
