import { type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BINARY,
  type CliResult,
  ended,
  needsBinary,
  needsBuild,
  PROGRAM,
  start,
} from '../support/built-cli.ts';
import { Sandbox } from '../support/run-command.ts';

const PATIENCE = 30_000;

describe.each([
  ['the build', [process.execPath, PROGRAM] as const, needsBuild()],
  ['the executable', [BINARY] as const, needsBinary()],
])('serve of %s', (_what, program, options) => {
  describe('runs', options, () => {
    let sandbox: Sandbox;

    beforeAll(async () => {
      sandbox = await Sandbox.create();
    });

    afterAll(async () => {
      await sandbox[Symbol.asyncDispose]();
    });

    interface Served {
      readonly child: ChildProcess;
      readonly address: string;
      readonly result: Promise<CliResult>;
    }

    function begin(...more: readonly string[]): ChildProcess {
      const [first, ...rest] = program;
      const listen = more.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
      return start(sandbox, [first, ...rest, 'serve', '--demo', ...listen, ...more]);
    }

    async function serving(...more: readonly string[]): Promise<Served> {
      const child = begin(...more);
      const listening = new Promise<string>((resolve, reject) => {
        child.stderr?.on('data', (text: Buffer) => {
          const [, address] = /"address":"([^"]+)"/.exec(String(text)) ?? [];
          if (address !== undefined) resolve(address);
        });
        child.once('close', () => {
          reject(new Error('it ended before it listened'));
        });
      });
      const result = ended(child);
      return { child, result, address: await listening };
    }

    async function untilReady(address: string): Promise<void> {
      for (let tries = 0; tries < 300; tries += 1) {
        if ((await fetch(`${address}/ready`)).status === 200) return;
        await wait(100);
      }
      throw new Error('it never became ready');
    }

    it(
      'answers from the demo, and ends with 0 on SIGTERM',
      async () => {
        const { child, address, result } = await serving();
        expect((await fetch(`${address}/health`)).status).toBe(200);
        await untilReady(address);
        const orphans = (await (await fetch(`${address}/api/v1/orphans`)).json()) as {
          findings: unknown[];
        };
        expect(orphans.findings.length).toBeGreaterThan(10);
        const page = await (await fetch(`${address}/api/v1/reports/detailed?format=html`)).text();
        expect(page.match(/<svg /g)?.length).toBeGreaterThan(5);
        const explained = await fetch(
          `${address}/api/v1/explain?object=pvc/search/data-opensearch-2&format=tree`,
        );
        expect(await explained.text()).toContain('data-opensearch-2');
        expect((await fetch(`${address}/api/v1/explain?object=pv/no-such`)).status).toBe(404);
        child.kill('SIGTERM');
        const { code, signal, stdout, stderr } = await result;
        expect({ code, signal, stdout }).toEqual({ code: 0, signal: null, stdout: '' });
        for (const line of stderr.trimEnd().split('\n')) {
          expect(JSON.parse(line)).toMatchObject({ level: 'info' });
        }
      },
      PATIENCE * 2,
    );

    it(
      'ends with 130 on SIGINT, and in time with a client that never finishes its request',
      async () => {
        const { child, address, result } = await serving();
        const { port } = new URL(address);
        const slow = connect(Number(port), '127.0.0.1');
        slow.on('error', () => undefined);
        slow.write('GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ');
        await wait(200);
        const told = performance.now();
        child.kill('SIGINT');
        expect((await result).code).toBe(130);
        expect(performance.now() - told).toBeLessThan(10_000);
        slow.destroy();
      },
      PATIENCE,
    );

    it(
      'ends within ten seconds in the middle of a scan',
      async () => {
        const state = ['--demo-state', join(sandbox.directory, 'large'), '--demo-size', '10000'];
        const { child, result } = await serving(...state);
        await wait(1_500);
        const told = performance.now();
        child.kill('SIGTERM');
        expect((await result).code).toBe(0);
        expect(performance.now() - told).toBeLessThan(10_000);
      },
      PATIENCE,
    );

    it(
      'goes on where nobody reads its log any more',
      async () => {
        const { child, address } = await serving();
        await untilReady(address);
        child.stderr?.destroy();
        child.stdout?.destroy();
        for (let count = 0; count < 20; count += 1) await fetch(`${address}/api/v1/orphans`);
        expect((await fetch(`${address}/health`)).status).toBe(200);
        const code = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        expect(await code).toBe(0);
      },
      PATIENCE,
    );

    it(
      'tells a second one with the same state, and one whose port is taken, with 2',
      async () => {
        const { child, address, result } = await serving();
        const second = await ended(begin());
        expect(second.code).toBe(2);
        expect(second.stderr).toContain(`process ${String(child.pid)} serves with this state`);
        const other = ['--demo-state', join(sandbox.directory, 'other')];
        const taken = await ended(begin(...other, '--listen', new URL(address).host));
        expect(taken.code).toBe(2);
        expect(taken.stderr).toContain('something listens there already');
        child.kill('SIGTERM');
        expect((await result).code).toBe(0);
      },
      PATIENCE,
    );
  });
});
