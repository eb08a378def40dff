import { type LightMyRequestResponse } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aFinding } from '../../support/report-builders.ts';
import { type Served, serveScans, VIEWER } from '../../support/served.ts';
import { aServedScan, leftAlone } from '../../support/served-scans.ts';

describe('a finding by its id', () => {
  const open = aFinding({ id: '00000000000000aa' });
  const silenced = aFinding({ id: '00000000000000bb' });
  const inNamespace = aFinding({
    id: '00000000000000cc',
    subject: {
      type: 'PersistentVolumeClaim',
      name: 'data',
      namespace: 'a',
      discriminator: null,
      location: 'kubernetes',
      cluster: 'prod',
    },
  });

  async function found(): Promise<Served> {
    const { findings, suppressed } = {
      findings: [open],
      suppressed: [leftAlone(silenced), leftAlone(inNamespace)],
    };
    const served = await serveScans({ results: [aServedScan('first', { findings, suppressed })] });
    onTestFinished(async () => {
      await served[Symbol.asyncDispose]();
    });
    return served;
  }

  it('says of one that is left alone who said so and why, and has all the same evidence', async () => {
    const served = await found();
    const answer = await served.server.inject(`/api/v1/findings/${silenced.id}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      finding: { id: silenced.id, rule: silenced.rule },
      suppressed: { by: 'configuration', origin: 'ignore[0]', reason: 'known' },
    });
    const other = await served.server.inject(`/api/v1/findings/${open.id}`);
    expect(other.json()).toMatchObject({ finding: { id: open.id }, suppressed: null });
    const keys = (each: LightMyRequestResponse): readonly string[] =>
      Object.keys(each.json<{ finding: object }>().finding).toSorted();
    expect(keys(answer)).toEqual(keys(other));
  });

  it('is not there for those who may not see it, left alone or not', async () => {
    const served = await found();
    served.caller = { ...VIEWER, namespaces: new Set(['b']) };
    for (const { id } of [open, silenced, inNamespace]) {
      const answer = await served.server.inject(`/api/v1/findings/${id}`);
      expect([answer.statusCode, codeOf(answer)]).toEqual([404, 'FINDING_NOT_FOUND']);
    }
    served.caller = { ...VIEWER, namespaces: new Set(['a']) };
    expect((await served.server.inject(`/api/v1/findings/${inNamespace.id}`)).statusCode).toBe(200);
  });
});

function codeOf(answer: LightMyRequestResponse): string {
  return answer.json<{ readonly error: { readonly code: string } }>().error.code;
}
