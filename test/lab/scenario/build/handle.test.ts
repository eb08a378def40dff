import { describe, expect, it } from 'vitest';
import {
  CLAIM_TEMPLATE,
  fillTemplate,
  hashedHandle,
} from '../../../../src/lib/lab/scenario/build/handle.ts';

const NAME = 'pvc-6f1d2c9e-3b0a-4a58-9d25-1f9f4a5b7c11';

describe('a volume id', () => {
  // Worked out by the driver itself.
  it.each([
    ['crc8', '128'],
    ['crc16', '8479'],
    ['crc32', '3277392580'],
    ['md5', '38e50863dec120c323d381dd779f93fb'],
  ] as const)('by %s is the one the driver gives', (hash, id) => {
    expect(hashedHandle(hash, NAME)).toBe(id);
  });

  it('by template is put together from the claim', () => {
    const values = { name: NAME, namespace: 'media', claimName: 'library' };
    expect(fillTemplate(CLAIM_TEMPLATE, values)).toBe('media-library');
    expect(fillTemplate('k8s-{{ name }}', values)).toBe(`k8s-${NAME}`);
  });
});
