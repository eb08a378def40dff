import { type AnalysisSubject } from '../model/analysis.ts';

export function poolSubject({
  system,
  name,
}: {
  readonly system: string;
  readonly name: string;
}): AnalysisSubject {
  return { type: 'Pool', name, namespace: null, cluster: null, system };
}

/** People know a volume by its claim. */
export function volumeSubject(volume: {
  readonly cluster: string;
  readonly system: string;
  readonly volume: string;
  readonly namespace: string | null;
  readonly claim: string | null;
}): AnalysisSubject {
  const { cluster, system, namespace, claim } = volume;
  return claim === null
    ? { type: 'PersistentVolume', name: volume.volume, namespace: null, cluster, system }
    : { type: 'PersistentVolumeClaim', name: claim, namespace, cluster, system };
}
