import type { RecordRow } from '#domain/records/registry.ts';
import type { Desk } from '$lib/features/office/index.ts';

/** Projects, the running one first, then by their beginning, latest first. */
export function projectsOf(desk: Desk): readonly RecordRow<'project'>[] {
  return [...desk.records.all('project').values()].sort(
    (left, right) =>
      Number(isRunning(desk, right)) - Number(isRunning(desk, left)) ||
      (right.values.from ?? '').localeCompare(left.values.from ?? '', 'en')
  );
}

function isRunning(desk: Desk, { values }: RecordRow<'project'>): boolean {
  return values.state === 'running' || ((values.from ?? '') <= desk.today && (values.to ?? '') >= desk.today);
}
