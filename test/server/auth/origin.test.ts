import { expect, it } from 'vitest';
import { isOriginAllowed } from '../../../src/lib/server/auth/origin.ts';

it.each<[string | undefined, string | undefined, boolean, boolean]>([
  [undefined, 'localhost:8080', false, true],
  ['http://localhost:8080', 'localhost:8080', false, true],
  ['http://LOCALHOST:8080', 'localhost:8080', false, true],
  ['http://localhost', 'localhost:80', false, true],
  ['https://localhost:8080', 'localhost:8080', false, false],
  ['https://monitor.lan', 'monitor.lan', true, true],
  ['http://localhost:3000', 'localhost:8080', false, false],
  ['http://evil.example', 'localhost:8080', false, false],
  ['http://localhost:8080.evil.example', 'localhost:8080', false, false],
  ['null', 'localhost:8080', false, false],
  ['null', undefined, false, false],
  ['', 'localhost:8080', false, false],
  ['file:///etc/passwd', 'localhost:8080', false, false],
  ['https://grafana.lan', 'localhost:8080', false, true],
  ['https://grafana.lan.evil.example', 'localhost:8080', false, false],
])('a page of %s may open a stream of %s (secure: %s): %s', (origin, host, secure, allowed) => {
  expect(isOriginAllowed({ origin, host, secure }, ['https://grafana.lan/'])).toBe(allowed);
});
