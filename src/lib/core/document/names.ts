import { type AnalysisSubject, type PoolAnalysis, type VolumeAnalysis } from '../model/analysis.ts';
import { typedName } from '../model/resource-ref.ts';

/* What things are called in a document. */

/** A pool with its system: pools of several systems may share a name. */
export function poolName({ system, name }: Pick<PoolAnalysis, 'system' | 'name'>): string {
  return `${system}/${name}`;
}

/** A volume by its claim, which people know, or by itself. */
export function volumeName({ namespace, claim, volume }: VolumeAnalysis): string {
  return namespace === null || claim === null ? volume : `${namespace}/${claim}`;
}

export function subjectName(subject: AnalysisSubject): string {
  return typedName(subject);
}

/** The cluster or system a subject is in. */
export function subjectHome({ cluster, system }: AnalysisSubject): string {
  return cluster ?? system ?? '';
}
