import { type VolumeAnalysis } from '../model/analysis.ts';
import { type Block } from '../model/document.ts';
import { type FullReport } from '../model/full-report.ts';
import { counted } from '../render/text/format.ts';
import {
  cell,
  column,
  growthCell,
  listedHeading,
  names,
  NOTHING,
  numbers,
  paragraph,
  sizeCell,
  sorted,
  table,
} from './blocks.ts';
import { eventsOf, scaleFor, sizeChart } from './charts.ts';
import { volumeName } from './names.ts';
import {
  dayText,
  forecastOrder,
  forecastText,
  growthText,
  percentText,
  sizeText,
  timesText,
} from './words.ts';

const ROWS = 50;
const BARS = 15;
const CHARTS = 5;

export function volumesBlocks({ analysis }: FullReport): readonly Block[] {
  const { volumes } = analysis;
  if (volumes.length === 0) return [paragraph('No volume of Kubernetes was found on TrueNAS.')];
  const pressed = volumes.filter(({ pressure }) => pressure !== null);
  return [
    paragraph(
      `${counted(volumes.length, 'volume')}; ${counted(pressed.length, 'volume')} near the end of what was promised. Those that grow most come first. A zvol that is full for ZFS need not be full inside.`,
    ),
    ...volumeTable('volumes', 'Volumes by growth, then by size', volumes),
    ...volumeTable('volumes-pressed', 'Volumes near the end of what was promised', pressed),
    ...largest(volumes),
    ...growers(volumes),
  ];
}

function volumeTable(
  id: string,
  caption: string,
  volumes: readonly VolumeAnalysis[],
): readonly Block[] {
  return table(
    id,
    caption,
    volumes,
    [
      names('volume', volumeName, ({ dataset }) => dataset),
      column('class', ({ storageClass }) => (storageClass === null ? NOTHING : cell(storageClass))),
      numbers('promised', ({ provisioned }) => sizeCell(provisioned)),
      numbers('used', ({ used }) => sizeCell(used)),
      numbers('used part', ({ usedRatio, pressure }) =>
        usedRatio === null
          ? NOTHING
          : sorted(percentText(usedRatio), usedRatio, PRESSURE_TONES[pressure ?? 'none']),
      ),
      numbers('snapshots', ({ snapshots }) => sizeCell(snapshots)),
      numbers('compression', ({ compression }) =>
        compression === null ? NOTHING : sorted(timesText(compression), compression),
      ),
      numbers('growth a day', ({ growth }) => growthCell(growth)),
      numbers('full', ({ forecast }) => sorted(forecastText(forecast), forecastOrder(forecast))),
    ],
    ROWS,
  );
}

const PRESSURE_TONES = { none: 'neutral', warning: 'warning', critical: 'bad' } as const;

function sizeOf({ used, snapshots }: VolumeAnalysis): number {
  return used + snapshots;
}

function largest(volumes: readonly VolumeAnalysis[]): readonly Block[] {
  const shown = volumes.toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, BARS);
  const [first] = shown;
  if (first === undefined || sizeOf(first) === 0) return [];
  const scale = scaleFor(sizeOf(first));
  return [
    {
      kind: 'chart',
      chart: {
        kind: 'bars',
        id: 'volumes-largest',
        title: shown.length < volumes.length ? 'Largest volumes' : 'Volumes by size',
        description: shown
          .map(
            (each) =>
              `${volumeName(each)}: ${sizeText(each.used)} used, ${sizeText(each.snapshots)} in snapshots`,
          )
          .join('; '),
        unit: scale.unit,
        adds: true,
        series: ['used', 'snapshots'],
        bars: shown.map((each) => ({
          label: volumeName(each),
          values: [each.used, each.snapshots].map(scale.of),
        })),
      },
    },
  ];
}

/** Those that grow most, over time. */
function growers(volumes: readonly VolumeAnalysis[]): readonly Block[] {
  const shown = volumes
    .filter(
      ({ growth, history }) =>
        growth.state === 'known' && growth.bytesPerDay > 0 && history.length > 1,
    )
    .slice(0, CHARTS);
  if (shown.length === 0) return [];
  return [listedHeading('What grows most'), ...shown.flatMap(growerBlocks)];
}

function growerBlocks(volume: VolumeAnalysis, index: number): readonly Block[] {
  const { history, growth, provisioned } = volume;
  const title = `Used space of ${volumeName(volume)}`;
  const ends = [history[0], history.at(-1)]
    .flatMap((point) => point ?? [])
    .map(({ day, value }) => `${sizeText(value)} on ${dayText(day)}`);
  return [
    {
      kind: 'chart',
      chart: sizeChart({
        id: `volume-${String(index + 1)}`,
        title,
        description: `${title}, snapshots apart: from ${ends.join(' to ')}; growth: ${growthText(growth)}.`,
        observed: 'used',
        history,
        ahead: [],
        limits: provisioned === 0 ? [] : [{ label: 'promised', value: provisioned }],
        events: eventsOf(growth, []),
        low: true,
      }),
    },
  ];
}
