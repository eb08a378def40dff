import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { handOver } from '../../../src/lib/cli/serve/transfers.ts';
import { type EngineAnswer } from '../../../src/lib/ports/scan-engine.ts';

const { port1: here, port2: there } = new MessageChannel();

afterEach(() => {
  while (receiveMessageOnPort(there) !== undefined);
});

function sent(answer: EngineAnswer): EngineAnswer {
  const [message, transfer] = handOver(answer);
  here.postMessage(message, [...transfer]);
  const received: { message: EngineAnswer } | undefined = receiveMessageOnPort(there);
  if (received === undefined) throw new Error('nothing came over');
  return received.message;
}

function textOf(answer: EngineAnswer): string {
  if (answer.state !== 'done') throw new Error('there is no body');
  return Buffer.from(answer.body).toString();
}

describe('an answer that goes from thread to thread', () => {
  it('is moved, and not copied, where its bytes are all there is', () => {
    const body = new TextEncoder().encode('a report');
    expect(textOf(sent({ state: 'done', body }))).toBe('a report');
    expect(body.buffer.detached).toBe(true);
  });

  it('takes nothing along that lies beside it in memory, and leaves that where it is', () => {
    const whole = new TextEncoder().encode('before|a report|after');
    const answer = sent({ state: 'done', body: whole.subarray(7, 15) });
    expect(textOf(answer)).toBe('a report');
    expect(answer.state === 'done' && answer.body.buffer.byteLength).toBe(8);
    expect(Buffer.from(whole).toString()).toBe('before|a report|after');
  });

  it('says what went wrong where there is none', () => {
    const error = { code: 'X', class: 'transient', message: 'm', details: {}, remediation: [] };
    const answer: EngineAnswer = { state: 'failed', error: { ...error, class: 'transient' } };
    expect(sent(answer)).toEqual(answer);
  });
});
