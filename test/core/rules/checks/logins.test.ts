import { expect, test } from 'vitest';
import { detailOf, type Check } from '../../../../src/lib/core/model/check.ts';
import { COMPLETE, failed, listed } from '../../../../src/lib/core/model/coverage.ts';
import { iscsiLogins, nvmetLogins } from '../../../../src/lib/core/rules/checks/logins.ts';

const said = ({ id, result, ...rest }: Check) => [id, result, detailOf({ id, result, ...rest })];
const login = (initiator: string, target: string) => ({ system: 'nas1', initiator, target });
const connection = (host: string, subsystemId: number) => ({ system: 'nas1', subsystemId, host });

test('who is logged in to any of several targets is named, however the session writes the target', () => {
  const noLogin = iscsiLogins(listed([login('a', 'iqn.2005-10.org.x:Disk'), login('b', 'vm')]));
  expect(said(noLogin(['disk']))).toEqual(['no-iscsi-session', 'failed', 'a']);
  expect(said(noLogin(['vm', 'disk']))).toEqual(['no-iscsi-session', 'failed', 'b, a']);
  expect(said(noLogin(['other']))).toEqual(['no-iscsi-session', 'passed', 'none']);
  expect(said(noLogin([]))).toEqual(['no-iscsi-session', 'passed', 'none']);
});

test('who is connected to a subsystem is named', () => {
  const noLogin = nvmetLogins(listed([connection('a', 5), connection('b', 6)]));
  expect(said(noLogin([6]))).toEqual(['no-nvme-session', 'failed', 'b']);
  expect(said(noLogin([7]))).toEqual(['no-nvme-session', 'passed', 'none']);
});

test('that nobody is counts only where the sessions, and what leads to their targets, were read', () => {
  const unknown = ['unknown', 'could not be read: no'];
  for (const unread of [
    iscsiLogins(listed([], failed('no')))(['disk']),
    nvmetLogins(listed([], failed('no')))([5]),
    iscsiLogins(listed([]))(['disk'], [COMPLETE, failed('no')]),
  ]) {
    expect(said(unread).slice(1)).toEqual(unknown);
  }
});
