import { type Connection } from '../../model/connection.ts';
import { type Inventory } from '../../model/inventory.ts';
import { family, knownOf, type Measured, measured } from './family.ts';

const certificate = family(
  'certificate_expiry_timestamp_seconds',
  'When the certificate of a cluster or system ends, in seconds since 1970.',
  ['side', 'member'],
);
const apiKey = family(
  'api_key_expiry_timestamp_seconds',
  'When the API key that a system is read with ends, in seconds since 1970; none for a key that never ends.',
  ['system'],
);

export const EXPIRY_FAMILIES = [certificate, apiKey];

/** What ends by itself, and when: as far as it is known. */
export function expiryMeasures(
  connections: readonly Connection[],
  { systems }: Pick<Inventory, 'systems'>,
): readonly Measured[] {
  return [
    measured(
      certificate,
      knownOf(
        connections,
        ({ side, name }) => [side, name],
        ({ tls }) => (tls === null ? null : secondsOf(tls.validTo)),
      ),
    ),
    measured(
      apiKey,
      knownOf(
        systems.flatMap(({ lists }) => lists.account?.items ?? []),
        ({ system }) => [system],
        ({ key }) => (key?.expiresAt === null || key === null ? null : secondsOf(key.expiresAt)),
      ),
    ),
  ];
}

function secondsOf(at: Date): number {
  return at.getTime() / 1000;
}
