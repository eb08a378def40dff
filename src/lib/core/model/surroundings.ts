import { type Connection } from './connection.ts';
import { type ResourceRef, type ResourceType } from './resource-ref.ts';

/*
 * References to what is around storage.
 */

/** An object of a cluster that is not storage. */
export function refInCluster(
  type: ResourceType,
  object: { readonly cluster: string; readonly name: string; readonly namespace?: string | null },
): ResourceRef {
  return {
    location: 'kubernetes',
    cluster: object.cluster,
    type,
    name: object.name,
    // What only a file speaks of has no namespace, and is no object of a cluster yet.
    namespace: object.namespace === '' ? null : (object.namespace ?? null),
    discriminator: null,
  };
}

/** An object of a TrueNAS system that is not storage. */
export function refOnSystem(
  type: ResourceType,
  system: string,
  name: string,
  discriminator: string | null = null,
): ResourceRef {
  return { location: 'truenas', system, type, name, namespace: null, discriminator };
}

/** A whole cluster. */
export function refToCluster(name: string): ResourceRef {
  return refInCluster('Cluster', { cluster: name, name });
}

/** A whole system. */
export function refToSystem(name: string): ResourceRef {
  return refOnSystem('System', name, name);
}

/** The cluster or system a connection leads to. */
export function refToConnected({ side, name }: Connection): ResourceRef {
  return side === 'kubernetes' ? refToCluster(name) : refToSystem(name);
}
