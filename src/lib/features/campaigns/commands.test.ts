import { describe, expect, it } from 'vitest';
import type { RecordRow } from '#domain/records/registry.ts';
import type { AnyChange } from '$lib/storage/write.ts';
import type { App } from '$lib/app/open-app.ts';
import { setCampaignState, setContactState, startCampaign } from './commands.ts';

function recorder() {
  const written: AnyChange[] = [];
  let ids = 0;
  const app = {
    newId: () => `new${ids++}`,
    write: async (changes: readonly AnyChange[]) => {
      written.push(...changes);
    }
  } as unknown as Pick<App, 'write' | 'newId'>;
  return { app, written };
}

describe('campaigns', () => {
  it('starts open, with the version of the form and a link of its own', async () => {
    const { app, written } = recorder();
    const id = await startCampaign(app, {
      title: ' Что нужно НКО ',
      description: '',
      form: 'needs~2',
      project: '',
      from: '2026-11-24',
      to: '',
      asks: 'Ресурсный центр',
      phone: '+73467000000',
      contactName: '',
      resultsNote: '',
      doneNote: ''
    });
    expect(written).toEqual([
      {
        type: 'campaign',
        id,
        set: {
          title: 'Что нужно НКО',
          form: 'needs~2',
          version: 2,
          from: '2026-11-24',
          state: 'open',
          link: expect.stringMatching(/^[a-km-np-z2-9]+$/) as string,
          asks: 'Ресурсный центр',
          phone: '+73467000000'
        }
      }
    ]);
    expect(id).not.toBe('new1');
  });

  it('closes against the row that was shown', async () => {
    const { app, written } = recorder();
    const campaign: RecordRow<'campaign'> = {
      type: 'campaign',
      id: 'c1',
      seq: 12,
      by: 'u1',
      at: 1,
      values: {}
    };
    await setCampaignState(app, campaign, 'closed');
    expect(written).toEqual([{ type: 'campaign', id: 'c1', set: { state: 'closed' }, shown: 12 }]);
  });

  it('keeps how far a contact request is', async () => {
    const { app, written } = recorder();
    await setContactState(app, 'k1', 'called');
    expect(written).toEqual([{ type: 'contact', id: 'k1', set: { state: 'called' } }]);
  });
});
