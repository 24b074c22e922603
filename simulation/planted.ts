/** A bug planted into a copy of the real code: the simulation must find it. */
export interface PlantedBug {
  readonly name: string;
  /** File from the project's root. */
  readonly file: string;
  /** Stands in the file exactly once, so that a change of the code cannot silently disarm the bug. */
  readonly find: string;
  readonly replace: string;
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'cursor_before_records',
    file: 'src/lib/sync/exchange.ts',
    find: '  const applied = await applyAnswer(database, environment, sent, answer);',
    replace: `  if (answer.kind === 'ok') {
    const before = await database.cursors.toArray();
    const pages = new Map(answer.streams.map((page) => [page.stream, page]));
    for (const cursor of before) {
      const page = pages.get(cursor.stream);
      if (page?.from === cursor.cursor) await database.cursors.put({ ...cursor, cursor: page.to });
    }
    environment.fault?.('apply.cursor_saved');
    await database.cursors.bulkPut(before);
  }
  const applied = await applyAnswer(database, environment, sent, answer);`
  },
  {
    name: 'overlay_dropped_at_ack',
    file: 'src/lib/storage/settle.ts',
    find: 'if (!covered.every(Boolean)) continue;',
    replace: ''
  },
  {
    name: 'page_blocked_by_pending',
    file: 'src/lib/storage/receive.ts',
    find: `  const keys = page.rows.map((row)`,
    replace: `  if ((await database.outbox.count()) > 0) {
    await database.cursors.put({ ...cursor, cursor: page.to });
    return 'taken';
  }
  const keys = page.rows.map((row)`
  },
  {
    name: 'reset_wipes_outbox',
    file: 'src/lib/storage/apply-answer.ts',
    find: '  await offerAgain(database, 1);',
    replace: '  await database.outbox.clear();\n  await offerAgain(database, 1);'
  },
  {
    name: 'ack_by_http_200',
    file: 'src/lib/sync/exchange.ts',
    find: '  const answer = readAnswer(raw);',
    replace: `  const answer: SyncResponse | undefined =
    readAnswer(raw) ??
    (raw.status !== 200
      ? undefined
      : {
          kind: 'ok', z: 1, epoch: state.epoch ?? 'e', now: request.now, head: state.head ?? [0, ''],
          acks: request.ops.map((op) => ({ o: 'applied' as const, n: (op as { n: number }).n, seq: 0 })),
          streams: [], revoked: [], durable: 0, minBuild: ''
        });`
  },
  {
    name: 'no_idempotency',
    file: 'server/sync/push.ts',
    find: "if (incoming.parsed.kind !== 'lost' || incoming.parsed.lost.to < expected) continue;",
    replace: ''
  },
  {
    name: 'base_from_acknowledgement',
    file: 'src/lib/storage/settle.ts',
    find: '        await closeReplaced(database, row);',
    replace: `        await closeReplaced(database, row);
        for (const key of row.keys) await database.records.update(splitKey(key), { seq });`
  },
  {
    name: 'conflict_closed_by_overwrite',
    file: 'domain/sync/apply.ts',
    find: '(value) => !writer.isOwn(value.device, value.n)',
    replace: '() => false'
  },
  {
    name: 'defaults_in_predictable_ids',
    file: 'src/lib/storage/write.ts',
    find: 'const set: Record<string, unknown> = { ...change.set };',
    replace: `const set: Record<string, unknown> = {
    ...(change.type === 'attendance' && row === undefined ? { expected: false } : {}),
    ...change.set
  };`
  },
  {
    name: 'clocks_beat_knowledge',
    file: 'domain/sync/merge.ts',
    find: "if (standing === undefined || standing.s <= base) return 'overrides';",
    replace: "if (standing === undefined) return 'overrides';"
  },
  {
    name: 'confidential_texts_for_all',
    file: 'domain/records/confidential-text.ts',
    find: "typeof values['author'] === 'string' ? ['office', `private/${values['author']}`] : ['office']",
    replace: "['office', 'consultations']"
  },
  {
    name: 'refused_is_forgotten',
    file: 'src/lib/storage/settle.ts',
    find: '        await database.attention.put({',
    replace: "        if (acknowledgement.o === 'held') await database.attention.put({"
  },
  {
    name: 'records_written_after_commit',
    file: 'server/sync/push.ts',
    find: '    await tx.putRecords(start.centre.id, bench.records.changes());',
    replace: `    await tx.appendLog(start.centre.id, []);
    if (bench.records.changes().length < 5) await tx.putRecords(start.centre.id, bench.records.changes());`
  },
  {
    name: 'unlisted_is_acknowledged',
    file: 'src/lib/storage/apply-answer.ts',
    find: '  const mismatches: string[] = [];',
    replace: `  const mismatches: string[] = [];
  const sentRows = await database.outbox.orderBy('n').limit(sent.operations).toArray();
  await database.outbox.bulkDelete(sentRows.map((row) => row.n));`
  },
  {
    name: 'portal_accepted',
    file: 'src/lib/sync/exchange.ts',
    find: "if (answer === undefined) return { type: 'foreign_answer', status: raw.status };",
    replace: `if (answer === undefined) {
    if (raw.status === 200) await database.outbox.clear();
    return { type: 'foreign_answer', status: raw.status };
  }`
  },
  {
    name: 'retention_without_backup',
    file: 'src/lib/storage/apply-answer.ts',
    find: '  await offerAgain(database, 1);',
    replace: '  await database.outbox.count();'
  },
  {
    name: 'restore_nobody_noticed',
    file: 'server/sync/epochs.ts',
    find: "  return hasHead ? { kind: 'same' } : { kind: 'restored', restoredTo: certain };",
    replace:
      "  return hasHead || certain >= 0 ? { kind: 'same' } : { kind: 'restored', restoredTo: certain };"
  },
  {
    name: 'held_leaves_the_screen',
    file: 'src/lib/storage/overlay.ts',
    find: "row.outcome === 'held' && row.state === 'open'",
    replace: "row.outcome === 'held' && row.state === 'closed'"
  },
  {
    name: 'packed_column_off_by_one',
    file: 'domain/sync/codec/columns.ts',
    find: '      taken[kind] = own + 1;',
    replace: '      taken[kind] = kind > 0 && own === 0 ? 0 : own + 1;'
  },
  {
    name: 'packed_shapes_mixed_up',
    file: 'domain/sync/codec/columns.ts',
    find: '      taken[shape] = own + 1;',
    replace: '      taken[shape] = shape > 0 ? own : own + 1;'
  }
];
