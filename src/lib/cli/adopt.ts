import { type Interfaces } from '@oclif/core';
import { adoptDatasets } from '../app/cleanup/adopt.ts';
import { type AdoptionRequest, type ClaimName } from '../core/cleanup/adopt/adoption.ts';
import { UsageError } from '../core/model/errors.ts';
import {
  type AdoptionFormat,
  parseAdoptionFormat,
  renderAdoptions,
} from '../core/render/adoption.ts';
import { type Console } from './base-command.ts';
import { type ADOPTION_FLAGS, type ADOPTION_OUTPUT_FLAGS } from './flags-of-adoption.ts';
import { type DEMO_FLAGS, type FRESH_CONNECTION_FLAGS } from './flags.ts';
import { type ConnectionRequest, readConnection } from './scan-flags.ts';
import { wire } from './wire.ts';

type RawFlags = Interfaces.InferredFlags<
  typeof FRESH_CONNECTION_FLAGS &
    typeof DEMO_FLAGS &
    typeof ADOPTION_FLAGS &
    typeof ADOPTION_OUTPUT_FLAGS
>;

/** What to bring back, and how to show it. */
export interface AdoptRequest {
  readonly wanted: readonly AdoptionRequest[];
  readonly connection: ConnectionRequest;
  readonly format: AdoptionFormat;
  readonly outputFile: string | null;
}

const CLAIM = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\/([a-z0-9](?:[-.a-z0-9]*[a-z0-9])?)$/;

function readClaim(text: string | undefined): ClaimName | null {
  if (text === undefined) return null;
  const [, namespace, name] = CLAIM.exec(text) ?? [];
  if (namespace !== undefined && name !== undefined) return { namespace, name };
  throw new UsageError(`--claim ${JSON.stringify(text)} is not NAMESPACE/NAME`, {
    remediation: ['Name the namespace and the claim, such as --claim shop/postgres-data.'],
  });
}

/** Reads arguments and flags; refuses what is wrong before anything is connected to. */
export function readAdoptRequest(datasets: readonly string[], flags: RawFlags): AdoptRequest {
  if (datasets.length === 0) {
    throw new UsageError('no dataset to bring back is named', {
      remediation: ['Name its path, as orphans -o name lists it behind dataset/ or zvol/.'],
    });
  }
  const claim = readClaim(flags.claim);
  if (claim !== null && datasets.length > 1) {
    throw new UsageError('--claim is for one dataset, and several are named', {
      remediation: ['Adopt them one by one: a claim has one volume.'],
    });
  }
  const shared = {
    claim,
    cluster: flags.cluster ?? null,
    system: flags.system ?? null,
    storageClass: flags['storage-class'] ?? null,
  };
  return {
    wanted: [...new Set(datasets)].map((dataset) => ({ dataset, ...shared })),
    connection: readConnection({ ...flags, 'max-age': undefined }),
    format: parseAdoptionFormat(flags.output),
    outputFile: flags['output-file'] ?? null,
  };
}

/** The manifests as text; what has to be looked at before they are applied goes to stderr as well. */
export async function adoptAndRender(
  { wanted, connection, format }: AdoptRequest,
  console: Console,
  signal: AbortSignal,
): Promise<string> {
  await using wiring = await wire(connection, console, signal);
  const adoptions = await adoptDatasets(wiring.ports, wanted, { ...wiring.settings, signal });
  for (const { dataset, cautions } of adoptions) {
    for (const caution of cautions) console.logger.log('warn', `${dataset}: ${caution}`);
  }
  return renderAdoptions(adoptions, format);
}
