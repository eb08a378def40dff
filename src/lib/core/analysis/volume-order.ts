import { type VolumeAnalysis } from '../model/analysis.ts';

type Order = (one: VolumeAnalysis, other: VolumeAnalysis) => number;

function growthOf({ growth }: VolumeAnalysis): number {
  return growth.state === 'known' ? growth.bytesPerDay : 0;
}

/** Days until its quota is reached; what never is comes last. */
function daysLeft({ forecast }: VolumeAnalysis): number {
  return forecast.state === 'fills' ? forecast.daysUntilFull : Number.MAX_SAFE_INTEGER;
}

const byName: Order = (one, other) => {
  const names = [one, other].map(({ cluster, volume }) => `${cluster} ${volume}`);
  return (names[0] ?? '') < (names[1] ?? '') ? -1 : 1;
};

export const bySize: Order = (one, other) => other.used - one.used || byName(one, other);

export const byGrowth: Order = (one, other) =>
  growthOf(other) - growthOf(one) || bySize(one, other);

/** Whichever way they change. */
export const byChange: Order = (one, other) =>
  Math.abs(growthOf(other)) - Math.abs(growthOf(one)) || bySize(one, other);

export const byTimeLeft: Order = (one, other) =>
  daysLeft(one) - daysLeft(other) || bySize(one, other);
