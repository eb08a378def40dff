import { describe, expect, it } from 'vitest';
import { decodeDriverConnection } from '../../../src/lib/adapters/kubernetes/driver-http-connection.ts';

const CONFIG = `
driver: freenas-api-nfs
httpConnection:
  protocol: https
  host: nas1.example
  port: 443
  apiKey: 1-PLANTED
`;

const KEY = { kind: 'key', apiKey: '1-PLANTED' };

function decoded(text: string, environment: Record<string, string> = {}) {
  return decodeDriverConnection(text, new Map(Object.entries(environment)));
}

function connectionOf(text: string, environment: Record<string, string> = {}) {
  const answer = decoded(text, environment);
  if (answer.kind !== 'connection') throw new Error(`no connection: ${answer.fault}`);
  return answer.connection;
}

describe('decodeDriverConnection', () => {
  it('reads where the API is and how to log in, without a look at where volumes are made', () => {
    expect(connectionOf(CONFIG)).toEqual({
      host: 'nas1.example',
      port: 443,
      secure: true,
      login: KEY,
    });
  });

  it.each([
    ['host: NAS1.example', { host: 'nas1.example' }],
    ['host: fd00::5', { host: 'fd00::5' }],
    ['host: "[fd00::5]:8443"\n  port:', { host: 'fd00::5', port: 8443 }],
    ['host: nas1.example:8443\n  port:', { host: 'nas1.example', port: 8443 }],
    ['host: https://nas1.example/ui', { host: 'nas1.example', port: 443 }],
    ['host: "${NAS}"', { host: 'nas9.example' }],
    ['host: "127.1"', { host: '127.0.0.1' }],
  ])('reads %j', (line, expected) => {
    const text = CONFIG.replace('host: nas1.example', line);
    const once = line.includes('port:') ? text.replace('  port: 443\n', '') : text;
    expect(connectionOf(once, { NAS: 'nas9.example' })).toMatchObject(expected);
  });

  it.each([
    ['protocol: HTTPS', true],
    ['protocol: http', false],
    ['protocol: ftp', false],
    ['apiVersion: 2', false],
  ])('takes %j for a connection that is secure: %j', (line, secure) => {
    expect(connectionOf(CONFIG.replace('protocol: https', line)).secure).toBe(secure);
  });

  it.each(['port: 443', 'port: "443"', 'port: ${PORT}', 'port:', 'x: y'])('takes %j', (line) => {
    const { port } = connectionOf(CONFIG.replace('port: 443', line), { PORT: '443' });
    expect(port).toBe(line === 'port:' || line === 'x: y' ? null : 443);
  });

  it('prefers the key, as the driver does, and then has no user name', () => {
    expect(connectionOf(`${CONFIG}  username: root\n  password: PLANTED\n`).login).toEqual(KEY);
  });

  it('reads a key that was pasted with its newline', () => {
    const text = CONFIG.replace('apiKey: 1-PLANTED', 'apiKey: |\n    1-PLANTED');
    expect(connectionOf(text).login).toEqual(KEY);
  });

  it.each(['apiKey:', 'apiKey: ""', 'x: y'])('takes user and password beside %j', (line) => {
    const text = `${CONFIG.replace('apiKey: 1-PLANTED', line)}  username: csi\n  password: 123456\n`;
    expect(connectionOf(text).login).toEqual({
      kind: 'password',
      username: 'csi',
      password: '123456',
    });
  });

  it.each([
    ['is for a driver that works over SSH alone', CONFIG.replace('freenas-api', 'zfs-generic')],
    ['is for no driver of TrueNAS', CONFIG.replace('freenas-api-nfs', 'synology-iscsi')],
  ])('has no use for what %s', (fault, text) => {
    expect(decoded(text)).toEqual({ kind: 'elsewhere', fault });
  });

  it.each([
    ['is not YAML', 'driver: [PLANTED'],
    ['is not YAML', 'PLANTED'],
    ['names no driver', CONFIG.replace('driver: freenas-api-nfs', '')],
    ['has no host in httpConnection that can be read', 'driver: freenas-nfs'],
    [
      'has no host in httpConnection that can be read',
      CONFIG.replace('nas1.example', '${PLANTED}'),
    ],
    ['has no host in httpConnection that can be read', CONFIG.replace('nas1.example', '"{{ a }}"')],
    ['has no host in httpConnection that can be read', CONFIG.replace('nas1.example', 'PLANTED:x')],
    ['names several hosts in httpConnection', CONFIG.replace('nas1.example', 'a.example,PLANTED')],
    ['has a port in httpConnection that is none', CONFIG.replace('443', 'PLANTED')],
    ['has a port in httpConnection that is none', CONFIG.replace('443', '70000')],
    [
      'has neither a key nor user and password in httpConnection',
      CONFIG.replace('1-PLANTED', '${PLANTED}'),
    ],
    [
      'has neither a key nor user and password in httpConnection',
      CONFIG.replace('apiKey: 1-PLANTED', 'password: PLANTED'),
    ],
  ])('says that it %s, and not what is written there', (fault, text) => {
    const answer = decoded(text);
    expect(answer).toEqual({ kind: 'unreadable', fault });
    expect(JSON.stringify(answer)).not.toContain('PLANTED');
  });
});
