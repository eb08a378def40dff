import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/lib/core/model/errors.ts';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { parseWorld, serialiseWorld } from '../../../src/lib/lab/scenario/serialise.ts';

const world = demo.build('25.10');
const kept = { scenario: 'demo', world };

function document(changes: Record<string, unknown>): string {
  return JSON.stringify({ schema_version: 2, kind: 'LabWorld', ...kept, ...changes });
}

describe('a kept world', () => {
  it('comes back as it was', () => {
    expect(parseWorld(serialiseWorld(kept))).toEqual(kept);
  });

  it('is one line that says what it is', () => {
    expect(serialiseWorld(kept)).toMatch(/^\{"schema_version":2,"kind":"LabWorld",.*\}\n$/);
  });

  it.each([
    ['cut short', serialiseWorld(kept).slice(0, -200), /is not JSON/],
    ['of something else', '[]', /is not a world/],
    ['of another kind', document({ kind: 'OrphanReport' }), /is not a world/],
    ['of a later version', document({ schema_version: 3 }), /has schema version 3/],
    ['of no scenario', document({ scenario: 7 }), /lacks parts/],
    ['without a world', document({ world: null }), /lacks parts/],
    ['at no instant', document({ world: { ...world, now: 'soon' } }), /lacks parts/],
    ['without clusters', document({ world: { ...world, clusters: {} } }), /lacks parts/],
    [
      'of systems without lists',
      document({ world: { ...world, systems: [{ name: 'nas1' }] } }),
      /lacks parts/,
    ],
    ['of drivers without names', document({ world: { ...world, drivers: [{}] } }), /lacks parts/],
  ])('%s is refused, with what to do', (_, text, message) => {
    const parse = () => parseWorld(text);
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(
      expect.objectContaining({ remediation: ['Start over with --demo-reset.'] }),
    );
  });
});
