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
    find: 'row.keys.every((key) => isCovered(key, row.seq))',
    replace: 'row.keys.every((key) => isCovered(key, row.seq) || true)'
  },
  {
    name: 'page_blocked_by_pending',
    file: 'src/lib/storage/receive.ts',
    find: `  await storeStates(hand, page.stream`,
    replace: `  if ((await database.outbox.count()) > 0) {
    await database.cursors.put({ ...cursor, cursor: page.to });
    return 'taken';
  }
  await storeStates(hand, page.stream`
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
    name: 'base_ignores_own_pending',
    file: 'src/lib/storage/write.ts',
    find: 'Math.min(seen, ...under.map((change) => change.base))',
    replace: 'seen'
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
    find: 'const asked: Record<string, unknown> = { ...set };',
    replace: `const asked: Record<string, unknown> = {
    ...(type === 'attendance' && !known.rows.has(key) ? { expected: false } : {}),
    ...set
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
    find: '      await database.attention.bulkPut(\n        answered.map(',
    replace: "      await database.attention.bulkPut(\n        (outcome === 'held' ? answered : []).map("
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
  await database.outbox.clear();`
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
  },
  {
    name: 'old_epoch_settled',
    file: 'src/lib/storage/apply-answer.ts',
    find: "    if (state.epoch !== sent.epoch || state.device !== sent.device) return { ...nothing, result: 'ignored' };",
    replace: `    if (state.epoch !== sent.epoch || state.device !== sent.device) {
      const hand = new RowsInHand(database);
      if (answer.kind === 'ok') await settleAcknowledgements(hand, environment, answer.acks, answer.now);
      await hand.write();
      return { ...nothing, result: 'ignored' };
    }`
  },
  {
    name: 'overtaken_answer_taken',
    file: 'src/lib/storage/apply-answer.ts',
    find: "        if (state.head?.[1] !== sent.head?.[1]) return { ...nothing, result: 'ignored' };",
    replace: ''
  },
  {
    name: 'base_from_acknowledgement',
    file: 'src/lib/storage/settle.ts',
    find: '      await closeReplaced(hand, rows);',
    replace: `      await closeReplaced(hand, rows);
      for (const { keys, seq } of answered)
        for (const key of keys) await database.records.update(splitKey(key), { seq });`
  },
  {
    name: 'same_device_without_order',
    file: 'domain/sync/merge.ts',
    find: "  if (standing.d === writer.device && standing.n > writer.n) return 'own_later';",
    replace: ''
  },
  {
    name: 'base_of_older_epoch_trusted',
    file: 'server/sync/epochs.ts',
    find: '  return base <= Math.min(shared, seq) ? base : 0;',
    replace: '  return shared >= 0 && base <= seq ? base : 0;'
  },
  {
    name: 'gone_rows_stay',
    file: 'src/lib/storage/receive.ts',
    find: '  for (const [type, id, seq] of page.gone) await leaveStream(hand, cursor, type, id, seq);',
    replace: ''
  },
  {
    name: 'lost_streams_stay',
    file: 'src/lib/storage/apply-answer.ts',
    find: '  for (const stream of answer.revoked) await loseStream(hand, stream);',
    replace:
      '  for (const stream of answer.revoked.slice(answer.revoked.length)) await loseStream(hand, stream);'
  },
  {
    name: 'writes_not_on_the_disk',
    file: 'src/lib/storage/database.ts',
    find: "chromeTransactionDurability: 'strict'",
    replace: "chromeTransactionDurability: 'relaxed'"
  },
  {
    name: 'old_code_writes_newer_database',
    file: 'src/lib/storage/program.ts',
    find: '  return (state?.minWriter ?? 1) > program.writer;',
    replace: '  return (state?.minWriter ?? 1) > program.writer + 1_000;'
  },
  {
    name: 'old_shapes_stay_old',
    file: 'domain/sync/upcast.ts',
    find: '.slice(version - 1, schema.version - 1)',
    replace: '.slice(version, schema.version - 1)'
  },
  {
    name: 'unknown_fields_dropped',
    file: 'src/lib/storage/receive.ts',
    find: '  return { by: state.by, at: state.at, f: state.f };',
    replace: `  const { phoneAgain: _unknown, ...f } = state.f;
  return { by: state.by, at: state.at, f };`
  },
  {
    name: 'merges_in_a_circle',
    file: 'server/sync/refusal.ts',
    find: '      if (next === change.k) return',
    replace: "      if (next === 'nobody') return"
  },
  {
    name: 'copies_taken_for_repeats',
    file: 'server/sync/repeats.ts',
    find: "if (incoming.parsed.kind === 'lost' || sameDigest(incoming.fingerprint, earlier.fingerprint)) return true;",
    replace: "if (incoming.parsed.kind !== 'newer') return true;"
  },
  {
    name: 'overlays_outlive_rights',
    file: 'src/lib/storage/settle.ts',
    find: 'given.length > 0 ? given : enrolled',
    replace: 'given.length > 1_000 ? given : enrolled'
  },
  {
    name: 'ledger_replaced_at_restore',
    file: 'server/erasure-ledger.ts',
    find: '  const missing = ledger.read().filter((entry) => !known.has(keyOf(entry)));',
    replace:
      '  const missing = ledger.read().filter((entry) => known.has(keyOf(entry)) && !known.has(entry.name));'
  },
  {
    name: 'retained_not_wiped',
    file: 'src/lib/storage/wipe.ts',
    find: 'database.retained.bulkPut(emptied(retained, () => false))',
    replace: 'database.retained.bulkPut(retained)'
  },
  {
    name: 'attention_not_wiped',
    file: 'src/lib/storage/wipe.ts',
    find: "database.attention.bulkPut(emptied(attention, ({ outcome }) => outcome === 'refused'))",
    replace: 'database.attention.bulkPut(attention)'
  },
  {
    name: 'raw_form_outlives_erasure',
    file: 'server/sync/log-chain.ts',
    find: '  return { ...row, changes, salts, raw: null };',
    replace: '  return { ...row, changes, salts };'
  },
  {
    name: 'late_work_brings_back',
    file: 'server/sync/erased-arrivals.ts',
    find: '  if (erased.size === 0) return changes;',
    replace: '  if (erased.size >= 0) return changes;'
  },
  {
    name: 'photos_forgotten_with_their_record',
    file: 'src/lib/sync/exchange.ts',
    find: '  return toResult(database, answer, applied, raw);',
    replace: `  const settled = JSON.stringify(await database.retained.toArray());
  await database.attachments.bulkDelete([...settled.matchAll(/[0-9a-f]{64}/g)].map(([sha256]) => sha256));
  return toResult(database, answer, applied, raw);`
  },
  {
    name: 'file_whole_before_its_end',
    file: 'server/files/files.ts',
    find: 'if (isKept || received < length) return ok({ received, length });',
    replace: `if (isKept) return ok({ received, length });
    if (received < length) return ok({ received: received > 0 ? length : 0, length });`
  },
  {
    name: 'files_not_offered_again',
    file: 'src/lib/sync/attachments.ts',
    find: '  if (cuts.length === lookedAt) return lookedAt;',
    replace: '  if (cuts.length >= lookedAt) return lookedAt;'
  },
  {
    name: 'erased_bytes_stay',
    file: 'server/files/files.ts',
    find: '      for (const sha256 of hashes) await store.remove(sha256);',
    replace: ''
  },
  {
    name: 'erased_bytes_stay_until_a_start',
    file: 'server/sync/run-push.ts',
    find: '    if (result.pushed.files.length > 0)',
    replace: '    if (result.pushed.files.length > 1_000)'
  },
  {
    name: 'unnamed_files_taken',
    file: 'server/files/files.ts',
    find: "      if ((await tx.recordsNaming(centre, sha256)).length === 0) return fail('not_named');",
    replace: ''
  },
  {
    name: 'prepared_without_a_count',
    file: 'server/sync/prepared-streams.ts',
    find: 'if (count !== piece.count) return undefined;',
    replace: 'if (count > piece.count) return undefined;'
  },
  {
    name: 'prepared_from_another_history',
    file: 'server/sync/prepared-streams.ts',
    find: 'if ((await snapshot.hashAt(centre.id, piece.head)) !== piece.hash) return undefined;',
    replace: ''
  },
  {
    name: 'changed_names_stay',
    file: 'server/sync/prepared-streams.ts',
    find: 'if (name >= 0) replaced.push([name, id]);',
    replace: 'if (name > changed.length) replaced.push([name, id]);'
  },
  {
    name: 'answer_of_another_state',
    file: 'src/lib/sync/next-page.ts',
    find: '  return told(asked) === told(request);',
    replace: '  return told(asked) === told(request) || true;'
  },
  {
    name: 'echoes_of_other_values',
    file: 'domain/sync/codec/echoes.ts',
    find: 'const fields = canonicalJson(row.f);',
    replace: 'const { fields } = one;'
  }
];
