import {
  type MonitorError,
  TrueNasForbiddenError,
  TrueNasProtocolError,
} from '../../core/model/errors.ts';
import { httpGet, unexpectedAnswer } from './http-get.ts';
import { connectionError, type Link, unreachable } from './link.ts';
import { BadFrameError, ConnectionLostError } from './rpc-socket.ts';

/** TrueNAS closes so what is outside `system.general.ui_allowlist`. */
const POLICY_VIOLATION = 1008;

/** Close codes that mean the same connection would only end the same way again. */
const FINAL: Readonly<Record<number, string>> = {
  1003: 'it does not take the kind of message that was sent',
  1007: 'a message was not valid text, or too long before login',
  1009: 'a message was longer than it accepts',
};

/** Whether a read may be sent again over a new connection. */
export function mayReconnect(error: unknown): boolean {
  if (!(error instanceof ConnectionLostError) || !error.wasOpen) return false;
  return error.closeCode !== POLICY_VIOLATION && FINAL[error.closeCode] === undefined;
}

/** What ended a connection, as an error for people. */
export function explainClosed(link: Link, error: unknown): MonitorError {
  if (error instanceof BadFrameError) {
    return new TrueNasProtocolError(`${link.endpoint.label} sent something that is not JSON-RPC`, {
      cause: error,
      remediation: ['Check that no proxy rewrites the WebSocket connection.'],
    });
  }
  if (!(error instanceof ConnectionLostError)) return connectionError(link, error);
  if (error.closeCode === POLICY_VIOLATION) {
    return new TrueNasForbiddenError(
      `${link.endpoint.label} does not accept connections from this address`,
      {
        cause: error,
        remediation: [
          'Add this address to "Allowed IP Addresses" under System > General Settings in TrueNAS.',
        ],
      },
    );
  }
  const final = FINAL[error.closeCode];
  if (final !== undefined) {
    return new TrueNasProtocolError(
      `${link.endpoint.label} closed the connection: ${final} (code ${error.closeCode})`,
      { cause: error, remediation: ['Report this: the message sent was not one TrueNAS takes.'] },
    );
  }
  return unreachable(link, `it closed the connection (code ${error.closeCode})`, error);
}

/** Something at that address answers, and opens no WebSocket: perhaps only for now. */
export class UpgradeRefusedError extends TrueNasProtocolError {}

/**
 * Why an upgrade to WebSocket was refused. The WebSocket API hides the answer, so the same address is asked once more
 * without an upgrade: TrueNAS itself then answers 400.
 */
export async function explainRefusedUpgrade(
  link: Link,
  path: string,
  signal: AbortSignal,
): Promise<MonitorError> {
  const answer = await httpGet(link, path, {}, signal);
  if (answer.status !== 400 && answer.status !== 426) return unexpectedAnswer(link, answer);
  return new UpgradeRefusedError(`${link.endpoint.label} does not open a WebSocket at ${path}`, {
    remediation: ['If a proxy stands in between, let it pass WebSocket upgrades.'],
  });
}
