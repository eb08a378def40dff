import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Orphans from '../../../src/commands/orphans.ts';
import { Sandbox } from '../../support/run-command.ts';
import { type Served, serveScans, VIEWER } from '../../support/served.ts';

interface Row {
  readonly id: string;
  readonly namespace: string | null;
  readonly kubernetes_reference: string | null;
}

interface Answer {
  readonly findings: readonly Row[];
  readonly suppressed: readonly Row[];
  readonly summary: Readonly<Record<string, unknown>>;
  readonly sources: readonly unknown[];
  readonly stale: boolean;
  readonly age_seconds: number;
  readonly page: { readonly total: number; readonly next: string | null };
}

interface Refused {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: Readonly<Record<string, string>>;
    readonly request_id: string;
    readonly remediation: readonly string[];
  };
}

let served: Served;
let sandbox: Sandbox;

beforeAll(async () => {
  served = await serveScans();
  sandbox = await Sandbox.create();
});

afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

async function ask(path: string, from: Served = served): Promise<Answer> {
  const answer = await from.server.inject(path);
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  return answer.json<Answer>();
}

async function refusal(path: string, from: Served = served): Promise<Refused['error']> {
  const answer = await from.server.inject(path);
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  const { error } = answer.json<Refused>();
  expect(error.request_id).toBe(answer.headers['x-request-id']);
  return error;
}

describe('GET /api/v1/orphans', () => {
  it.each([
    ['', []],
    ['rule=dataset-*&min_severity=low', ['--rule', 'dataset-*', '--min-severity', 'low']],
    ['type=pv,pvc', ['--type', 'pv', '--type', 'pvc']],
    ['older_than=30d', ['--older-than', '30d']],
    ['min_severity=high', ['--min-severity', 'high']],
    ['namespace=web&namespace=data', ['-n', 'web', '-n', 'data']],
    ['selector=app', ['-l', 'app']],
  ])('answers what orphans -o json prints: %s', async (query, flags) => {
    const answer = await ask(`/api/v1/orphans?limit=all&${query}`);
    const printed = await sandbox.run(Orphans, ['--demo', '--demo-reset', '-o', 'json', ...flags]);
    const expected = JSON.parse(printed.stdout) as Answer; // the wire form has tests of its own
    expect(answer.findings).toEqual(expected.findings);
    expect(answer.suppressed).toEqual(expected.suppressed);
    // A scan by a rule or a type does not list what it has no use for, and so knows fewer totals.
    const { total_pvs, total_pvcs, total_snapshots, ...counts } = expected.summary;
    expect(answer.summary).toMatchObject(counts);
    for (const [name, total] of Object.entries({ total_pvs, total_pvcs, total_snapshots })) {
      expect([null, answer.summary[name]]).toContain(total);
    }
  });

  it('hands out every row once, page by page, findings first', async () => {
    const whole = await ask('/api/v1/orphans?limit=all');
    const rows: string[] = [];
    let next: string | null = '/api/v1/orphans?limit=3';
    while (next !== null) {
      const { findings, suppressed, page }: Answer = await ask(next);
      rows.push(...[...findings, ...suppressed].map(({ id }) => id));
      expect(page.total).toBe(whole.page.total);
      next = page.next;
    }
    expect(rows).toEqual([...whole.findings, ...whole.suppressed].map(({ id }) => id));
  });

  it('refuses a cursor of another scan, or of another question, and says where to begin', async () => {
    await using own = await serveScans();
    const { page } = await ask('/api/v1/orphans?limit=2', own);
    const cursor = new URL(page.next ?? '', 'http://x').searchParams.get('cursor') ?? '';
    const other = await refusal(`/api/v1/orphans?type=pv&cursor=${cursor}`, own);
    expect(other.code).toBe('BAD_CURSOR');
    const [scan] = own.monitor.state.current === null ? [] : [own.monitor.state.current];
    if (scan === undefined) throw new Error('there is a scan');
    own.engine.play({ ...scan, id: 'scan-2' });
    await own.scanAgain();
    const answer = await own.server.inject(page.next ?? '');
    expect(answer.statusCode).toBe(410);
    expect(answer.json<Refused>().error).toMatchObject({ code: 'SCAN_CHANGED' });
    expect(answer.json<Refused>().error.remediation[0]).toContain('/api/v1/orphans');
  });

  it.each([
    ['older-than=30d', 'UNKNOWN_PARAMETER', 'Did you mean older_than?'],
    ['min_severity=hihg', 'BAD_REQUEST', 'Did you mean high?'],
    ['older_than=soon', 'BAD_REQUEST', 'such as 30s'],
    ['selector=((', 'BAD_REQUEST', 'as kubectl takes it'],
    ['type=pvv', 'BAD_REQUEST', 'Did you mean pv'],
    ['limit=1001', 'BAD_REQUEST', 'from 1 to 1000'],
    ['limit=0', 'BAD_REQUEST', 'from 1 to 1000'],
    ['limit=1&limit=2', 'BAD_REQUEST', 'from 1 to 1000'],
    ['namespace=', 'BAD_REQUEST', 'Write a name'],
    ['cursor=x', 'BAD_CURSOR', 'page.next'],
    ['rule=dataset-unclamed', 'USAGE', 'Did you mean dataset-unclaimed?'],
  ])('refuses %s and says what is meant', async (query, code, advice) => {
    const error = await refusal(`/api/v1/orphans?${query}`);
    expect(error.code).toBe(code);
    expect(error.remediation.join(' ')).toContain(advice);
  });

  it('is not sent again while nothing changed, and is once what it says is stale', async () => {
    await using own = await serveScans();
    const first = await own.server.inject('/api/v1/orphans');
    const etag = String(first.headers.etag);
    const headers = { 'if-none-match': `"other", ${etag}` };
    const again = await own.server.inject({ url: '/api/v1/orphans', headers });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
    expect(again.headers).toMatchObject({ etag, 'cache-control': 'private, no-cache' });
    own.clock.move(24 * 3_600_000);
    const later = await own.server.inject({ url: '/api/v1/orphans', headers });
    expect(later.statusCode).toBe(200);
    expect(later.headers['x-truenas-monitor-stale']).toBe('true');
    expect(later.json<Answer>()).toMatchObject({ stale: true, age_seconds: 24 * 3_600 });
  });

  it('is the same compressed, under the same ETag', async () => {
    const plain = await served.server.inject('/api/v1/orphans');
    for (const encoding of ['br', 'gzip', 'zstd']) {
      const headers = { 'accept-encoding': encoding };
      const packed = await served.server.inject({ url: '/api/v1/orphans', headers });
      expect(packed.headers['content-encoding']).toBe(encoding);
      expect(packed.headers.etag).toBe(plain.headers.etag);
      expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    }
  });

  it('streams findings one a line, and refuses what it cannot be had as', async () => {
    const headers = { accept: 'application/x-ndjson' };
    const answer = await served.server.inject({ url: '/api/v1/orphans?limit=all', headers });
    const lines = answer.body.trimEnd().split('\n');
    const { findings } = await ask('/api/v1/orphans?limit=all');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(findings);
    const xml = { accept: 'application/xml' };
    const refused = await served.server.inject({ url: '/api/v1/orphans', headers: xml });
    expect(refused.statusCode).toBe(406);
  });

  it('says when to ask again before the first scan is done', async () => {
    await using own = await serveScans({ results: [] });
    const answer = await own.server.inject('/api/v1/orphans');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json<Refused>().error.code).toBe('NO_SCAN_YET');
  });
});

describe('a caller that is limited to namespaces', () => {
  it('sees what lies in them and nothing of the whole estate, whatever is asked', async () => {
    const all = await ask('/api/v1/orphans?limit=all');
    const namespace = all.findings.find((each) => each.namespace !== null)?.namespace ?? '';
    const caller = { ...VIEWER, name: 'dev', namespaces: new Set([namespace]) };
    await using own = await serveScans({ caller });
    const seen = await ask('/api/v1/orphans?limit=all', own);
    expect(seen.findings).not.toHaveLength(0);
    expect(seen.findings).toEqual(
      all.findings.filter(
        (each) =>
          (each.namespace ?? each.kubernetes_reference?.split('/', 1)[0] ?? null) === namespace,
      ),
    );
    expect(seen.sources).toEqual([]);
    expect(seen.summary['total_pvs']).toBeNull();
    expect((await refusal('/api/v1/orphans?namespace=kube-system', own)).code).toBe(
      'FORBIDDEN_NAMESPACE',
    );
    const hidden = all.findings.find((each) => !seen.findings.some(({ id }) => id === each.id));
    expect((await refusal(`/api/v1/findings/${hidden?.id ?? ''}`, own)).code).toBe(
      'FINDING_NOT_FOUND',
    );
    const whole = [
      'analysis',
      'reports/detailed',
      'health',
      'truenas/pools',
      'truenas/info',
      'resources/storageclasses',
    ];
    for (const path of whole) {
      expect((await own.server.inject(`/api/v1/${path}`)).statusCode, path).toBe(403);
    }
  });
});

describe('two callers who ask the same', () => {
  it('are answered by what each of them may see, whoever asked first', async () => {
    const all = await ask('/api/v1/orphans?limit=all');
    const namespace = all.findings.find((each) => each.namespace !== null)?.namespace ?? '';
    const limited = { ...VIEWER, name: 'dev', namespaces: new Set([namespace]) };
    await using own = await serveScans();
    const seenBy = async (who: typeof VIEWER): Promise<number> => {
      own.caller = who;
      return (await ask('/api/v1/orphans', own)).page.total;
    };
    const whole = await seenBy(VIEWER);
    const part = await seenBy(limited);
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(whole);
    expect([await seenBy(VIEWER), await seenBy(limited)]).toEqual([whole, part]);
    const nobody = { ...limited, namespaces: new Set<string>() };
    expect(await seenBy(nobody)).toBe(0);
  });

  it('are answered by their own filters and pages', async () => {
    const total = async (path: string): Promise<number> => (await ask(path)).page.total;
    const whole = await total('/api/v1/orphans');
    const severe = await total('/api/v1/orphans?min_severity=critical');
    expect(severe).toBeLessThan(whole);
    expect(await total('/api/v1/orphans?limit=1')).toBe(whole);
    expect(await total('/api/v1/orphans?min_severity=critical&limit=1')).toBe(severe);
    expect((await ask('/api/v1/orphans?limit=1')).findings).toHaveLength(1);
    expect(await total('/api/v1/orphans/pvs')).toBeLessThan(whole);
  });
});

describe('any path', () => {
  it('says by which methods it can be asked, and what is not there', async () => {
    const posted = await served.server.inject({ method: 'POST', url: '/api/v1/orphans/' });
    expect(posted.statusCode).toBe(405);
    expect(posted.headers.allow).toBe('GET, HEAD');
    expect((await refusal('/api/v1/orphan')).code).toBe('NOT_FOUND');
    expect((await refusal('/api/v1/findings/zz')).code).toBe('BAD_REQUEST');
  });
});
