import { describe, expect, test } from 'vitest';
import {
  hostOf,
  ipKey,
  isUnspecified,
  isWithin,
  parseIp,
  parseNetwork,
} from '../../../../src/lib/core/rules/checks/ip-addresses.ts';

describe('parseIp', () => {
  test.each([
    ['10.0.0.5', 32, 0x0a000005n],
    ['::1', 128, 1n],
    ['[fd00::5%eth0]', 128, (0xfd00n << 112n) | 5n],
    ['2001:db8:0:0:0:0:0:1', 128, (0x20010db8n << 96n) | 1n],
    ['::ffff:10.0.0.5', 32, 0x0a000005n],
    ['::', 128, 0n],
  ] as const)('reads %s', (text, bits, value) => {
    expect(parseIp(text)).toEqual({ bits, value });
  });

  test.each([
    'nas1',
    'nas1.example',
    '10.0.0',
    '10.0.0.256',
    '1:2:3',
    '1::2::3',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'fd00::g',
    '',
  ])('does not take %j for an address', (text) => {
    expect(parseIp(text)).toBeUndefined();
  });
});

describe('parseNetwork and isWithin', () => {
  test.each([
    ['10.0.0.11', '10.0.0.0/24', true],
    ['10.0.1.11', '10.0.0.0/24', false],
    ['10.0.0.11', '10.0.0.99/24', true],
    ['10.0.0.11', '10.0.0.11', true],
    ['10.0.0.12', '10.0.0.11/32', false],
    ['203.0.113.1', '0.0.0.0/0', true],
    ['fd00::5', 'fd00::/8', true],
    ['fd00::5', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, network, expected) => {
    const ip = parseIp(address);
    const range = parseNetwork(network);
    expect(ip && range && isWithin(ip, range)).toBe(expected);
  });

  test.each(['10.0.0.0/33', '10.0.0.0/24/8', '10.0.0.0/x', 'office'])('%s is none', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});

test('one address has one key', () => {
  expect(ipKey('FD00:0::5')).toBe(ipKey('fd00::5'));
  expect(ipKey('::ffff:10.0.0.5')).toBe(ipKey('10.0.0.5'));
  expect(ipKey('nas1')).toBeUndefined();
});

test('all addresses of a machine', () => {
  for (const text of ['0.0.0.0', '::']) {
    const ip = parseIp(text);
    expect(ip && isUnspecified(ip)).toBe(true);
  }
});

test.each([
  ['10.0.0.5:3260', '10.0.0.5'],
  ['10.0.0.5', '10.0.0.5'],
  ['[fd00::5]:3260', 'fd00::5'],
  ['[fd00::5]', 'fd00::5'],
  ['fd00::5', 'fd00::5'],
  ['nas1.example:3260', 'nas1.example'],
  [' nas1 ', 'nas1'],
])('the host of %s is %s', (text, host) => {
  expect(hostOf(text)).toBe(host);
});
