import { describe, expect, it } from 'vitest';
import { parseEndpoint, refuseInsecure } from '../../../src/lib/adapters/truenas/endpoint.ts';
import { ConfigError, InsecureTransportError } from '../../../src/lib/core/model/errors.ts';

describe('parseEndpoint', () => {
  it.each([
    ['nas1.example', 'https://nas1.example', 'nas1.example'],
    ['https://nas1.example:8443/ui/', 'https://nas1.example:8443', 'nas1.example'],
    ['wss://nas1.example/api/current', 'https://nas1.example', 'nas1.example'],
    ['ws://127.0.0.1:81', 'http://127.0.0.1:81', '127.0.0.1'],
    ['https://[fd00::1]', 'https://[fd00::1]', 'fd00::1'],
  ])('reads %s', (url, origin, host) => {
    expect(parseEndpoint('nas1', url)).toMatchObject({ origin, host });
  });

  it('names the host in messages only where the name does not say it', () => {
    expect(parseEndpoint('nas1', 'nas1.example').label).toBe('nas1 (nas1.example)');
    expect(parseEndpoint('nas1.example', 'nas1.example').label).toBe('nas1.example');
  });

  it.each(['ftp://nas1.example', 'https://', 'file:///etc/passwd', 'https://a b'])(
    'refuses %s',
    (url) => {
      expect(() => parseEndpoint('nas1', url)).toThrow(ConfigError);
    },
  );

  it('refuses a password in the URL without repeating it', () => {
    const parse = () => parseEndpoint('nas1', 'https://root:hunter2@nas1.example');
    expect(parse).toThrow('the url of nas1 holds a user name or password');
    expect(parse).not.toThrow(/hunter2/);
  });
});

describe('refuseInsecure', () => {
  it.each([
    'https://nas1.example',
    'http://localhost:80',
    'http://127.0.0.1',
    'http://127.8.9.1',
    'ws://[::1]',
  ])('lets a secret travel to %s', (url) => {
    expect(() => {
      refuseInsecure(parseEndpoint('nas1', url));
    }).not.toThrow();
  });

  it.each([
    'http://nas1.example',
    'ws://nas1.example',
    'http://192.168.1.10',
    'http://localhost.example',
    'http://127.0.0.1.example',
    'http://0.0.0.0',
    'http://[::ffff:127.0.0.1]',
  ])('keeps a secret from %s', (url) => {
    expect(() => {
      refuseInsecure(parseEndpoint('nas1', url));
    }).toThrow(InsecureTransportError);
  });
});
