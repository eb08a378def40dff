import { type BarChart, type ChartLine, type TimeChart } from '../../src/lib/core/model/chart.ts';
import {
  type Block,
  type CardBlock,
  type Cell,
  type Column,
  type DocumentModel,
  type Figure,
  type Section,
  type TableBlock,
} from '../../src/lib/core/model/document.ts';
import { attacks } from './hostile-text.ts';

const SCANNED = new Date('2026-11-22T01:02:03.000Z');
const DAY = 86_400_000;

/** Days counted from the scan of the sample; negative ones are before it. */
function dayAt(offset: number): Date {
  return new Date(Math.floor(SCANNED.getTime() / DAY) * DAY + offset * DAY);
}

export const LONG_PATH =
  'tank/k8s/nfs/vols/pvc-6f1d2c9e-8a4b-4f0e-9d63-0f5b8f2c7a11/a-directory-with-a-name-nobody-would-type/and-one-more-below-it-that-goes-on';

export function aLine(overrides: Partial<ChartLine> = {}): ChartLine {
  return {
    name: 'used',
    role: 'observed',
    points: Array.from({ length: 120 }, (_, index) => ({
      day: dayAt(index - 119),
      value: 28 + index * 0.07 + (index % 7 < 5 ? 0.4 : 0) + (index >= 80 ? 2.5 : 0),
    })),
    ...overrides,
  };
}

/** A growing pool with its forecast, its capacity, and what happened to it. */
export function aTimeChart(overrides: Partial<TimeChart> = {}): TimeChart {
  const ahead = Array.from({ length: 60 }, (_, index) => ({
    day: dayAt(index + 1),
    value: 39.2 + index * 0.08,
  }));
  return {
    kind: 'time',
    id: 'chart-pool-tank',
    title: 'Pool tank: used space and forecast',
    description:
      'Used space of pool tank rose from 28 TiB to 39 TiB in 120 days and is expected to reach the limit of 80 % in about 30 days.',
    unit: 'TiB',
    lines: [aLine(), aLine({ name: 'forecast', role: 'forecast', points: ahead })],
    band: {
      name: '80 % interval',
      points: ahead.map(({ day, value }, index) => ({
        day,
        low: value - 0.3 - index * 0.03,
        high: value + 0.3 + index * 0.03,
      })),
    },
    limits: [
      { label: '80 % of capacity', value: 41.6 },
      { label: 'capacity', value: 52 },
    ],
    events: [
      { day: dayAt(-39), label: 'step +2.5 TiB' },
      { day: dayAt(-37), label: 'unusual growth' },
      { day: dayAt(-5), label: 'unusual growth' },
    ],
    low: false,
    ...overrides,
  };
}

export function aBarChart(overrides: Partial<BarChart> = {}): BarChart {
  return {
    kind: 'bars',
    id: 'chart-top-volumes',
    title: 'Largest volumes',
    description: 'media/library holds 4.1 TiB, more than the three next together.',
    unit: 'TiB',
    adds: true,
    series: ['data', 'snapshots'],
    bars: [
      { label: 'media/library', values: [3.2, 0.9] },
      { label: 'search/data-opensearch-2', values: [0.8, 0.6] },
      { label: 'registry/images', values: [0.9, 0.1] },
      {
        label: 'a-namespace-of-many-words/a-claim-whose-name-goes-on-and-on-and-on',
        values: [0.4, 0],
      },
      { label: 'empty/nothing-yet', values: [0, 0] },
    ],
    ...overrides,
  };
}

export function aColumn(title: string, overrides: Partial<Column> = {}): Column {
  return { title, align: 'start', code: false, ...overrides };
}

export function aCell(text: string, overrides: Partial<Cell> = {}): Cell {
  return { text, detail: '', sort: null, tone: 'neutral', ...overrides };
}

/** Sixty volumes, which no page holds. */
export function aTable(overrides: Partial<TableBlock> = {}): TableBlock {
  return {
    kind: 'table',
    id: 'top-volumes',
    caption: 'Volumes by used space',
    columns: [
      aColumn('Volume', { code: true }),
      aColumn('Storage class'),
      aColumn('Used', { align: 'end' }),
      aColumn('Of quota', { align: 'end' }),
      aColumn('Dataset', { code: true }),
    ],
    rows: Array.from({ length: 60 }, (_, index) => {
      const used = 4.1 / (index + 1);
      const share = 98 - index;
      return [
        aCell(`apps-${String(index % 7)}/data-volume-${String(index)}`),
        aCell(index % 3 === 0 ? 'truenas-iscsi-fast' : 'truenas-nfs'),
        aCell(used >= 1 ? `${used.toFixed(1)} TiB` : `${(used * 1024).toFixed(0)} GiB`, {
          sort: Math.round(used * 2 ** 40),
        }),
        aCell(`${String(share)} %`, {
          sort: share,
          tone: share >= 95 ? 'bad' : share >= 85 ? 'warning' : 'neutral',
        }),
        aCell(
          index === 3
            ? LONG_PATH
            : `tank/k8s/nfs/vols/pvc-6f1d2c9e-8a4b-4f0e-9d63-${String(index).padStart(12, '0')}`,
        ),
      ];
    }),
    omitted: 9940,
    ...overrides,
  };
}

export function aFigure(label: string, value: string, overrides: Partial<Figure> = {}): Figure {
  return { label, value, tone: 'neutral', detail: '', ...overrides };
}

export function aCard(overrides: Partial<CardBlock> = {}): CardBlock {
  return {
    kind: 'card',
    id: 'finding-6f0c1d2e3a4b5c6d',
    title: 'no PersistentVolume in any registered cluster refers to this dataset',
    badge: 'high',
    tone: 'bad',
    text: 'Dataset tank/k8s/nfs/vols/pvc-6f1d2c9e-8a4b-4f0e-9d63-0f5b8f2c7a11 was made by democratic-csi 41 days ago.',
    facts: [
      { label: 'Rule', value: 'dataset-unclaimed' },
      { label: 'Confidence', value: 'certain' },
      { label: 'Reclaimable', value: '1.5 GiB' },
      { label: 'Dataset', value: LONG_PATH },
    ],
    lists: [
      {
        title: 'Evidence',
        ordered: false,
        folded: true,
        items: [
          'passed: no PersistentVolume has this handle',
          'passed: older than the threshold of 1d',
          'unknown: NFS clients cannot be read per dataset',
        ],
      },
      {
        title: 'What to do',
        ordered: true,
        folded: false,
        items: ['look at what it holds', 'put it under quarantine', 'destroy it after 7 days'],
      },
    ],
    command: 'truenas-monitor cleanup plan --rule dataset-unclaimed --output-file plan.json',
    ...overrides,
  };
}

function section(id: Section['id'], title: string, blocks: readonly Block[]): Section {
  return { id, title, blocks };
}

const summary = section('summary', 'Summary', [
  {
    kind: 'figures',
    figures: [
      aFigure('Findings', '7', { tone: 'warning', detail: '2 certain, 5 likely' }),
      aFigure('Reclaimable', '1.5 GiB', { detail: 'certain findings only' }),
      aFigure('Pool tank is full in', '34 days', {
        tone: 'bad',
        detail: 'between 2026-12-19 and 2027-01-12, 80 % interval',
      }),
      aFigure('Checks passed', '41 of 43', { tone: 'good' }),
      aFigure('Sources read', '22 of 22', { tone: 'good', detail: 'nothing was out of sight' }),
    ],
  },
  {
    kind: 'paragraph',
    text: 'Two pools grow. One of them needs a decision this month; everything else is in order.',
  },
  { kind: 'note', tone: 'bad', text: 'pool tank reaches 80 % of its capacity in about 30 days' },
  { kind: 'note', tone: 'warning', text: 'two volumes use more than 95 % of their quota' },
  { kind: 'note', tone: 'good', text: 'every driver is ready' },
  {
    kind: 'note',
    tone: 'neutral',
    text: 'no earlier report was given, so nothing is said of changes',
  },
]);

const findings = section('findings', 'Findings', [
  { kind: 'heading', text: 'Orphans', listed: true },
  aCard(),
  aCard({
    id: 'finding-1111111111111111',
    title: 'the claim was deleted, the volume is kept',
    badge: 'medium',
    tone: 'warning',
    text: '',
    facts: [],
    lists: [],
    command: null,
  }),
  { kind: 'heading', text: 'Drift', listed: true },
  aCard({
    id: 'finding-2222222222222222',
    title: 'the server promises more than the claim asked for',
    badge: 'info',
    tone: 'neutral',
    lists: [],
    command:
      'kubectl get pv pvc-6f1d2c9e-8a4b-4f0e-9d63-0f5b8f2c7a11 -o yaml | grep -A3 capacity: # and compare with the zvol on the server',
  }),
]);

const capacity = section('capacity', 'Capacity and forecast', [
  { kind: 'heading', text: 'Pool tank', listed: true },
  { kind: 'paragraph', text: 'The pool holds 39.1 TiB of 52 TiB and grows by 81 GiB a day.' },
  { kind: 'chart', chart: aTimeChart() },
  { kind: 'heading', text: 'Pool flash', listed: true },
  {
    kind: 'chart',
    chart: aTimeChart({
      id: 'chart-pool-flash',
      title: 'Pool flash: used space',
      description: 'Used space of pool flash is known for six days, too few for a forecast.',
      unit: 'GiB',
      lines: [
        aLine({
          points: Array.from({ length: 6 }, (_, index) => ({
            day: dayAt(index - 5),
            value: 612 + index,
          })),
        }),
        aLine({
          name: 'provisioned',
          role: 'secondary',
          points: Array.from({ length: 6 }, (_, index) => ({ day: dayAt(index - 5), value: 890 })),
        }),
      ],
      band: null,
      limits: [],
      events: [],
    }),
  },
]);

const volumes = section('volumes', 'Volumes', [{ kind: 'chart', chart: aBarChart() }, aTable()]);

const methods = section('methods', 'Methods', [
  {
    kind: 'list',
    items: [
      'growth is the Theil–Sen slope of the last value of each day',
      'a forecast is given from 14 days on',
      'sizes are binary: 1 TiB is 1,099,511,627,776 bytes',
    ],
  },
  {
    kind: 'code',
    text: 'truenas-monitor report -o html,pdf \\\n  --output-file report/\n\ttab and  two spaces',
  },
  aTable({ id: 'empty-table', caption: 'Samples left out', rows: [], omitted: 0 }),
]);

/** Every kind of block, and more of each than fits on a page. */
export const sampleDocument: DocumentModel = {
  title: 'Storage report for prod on nas1',
  subtitle: 'What is forgotten, what grows, and what to do about it',
  at: SCANNED,
  facts: [
    { label: 'Cluster', value: 'prod (Kubernetes v1.35.2)' },
    { label: 'TrueNAS', value: 'nas1 (25.10.1)' },
    { label: 'Scanned', value: '2026-11-22 01:02:03 UTC' },
    { label: 'Complete', value: 'yes' },
  ],
  sections: [summary, findings, capacity, volumes, methods],
  generator: 'truenas-monitor 0.1.0',
};

/** Every text of it is one that has been used to attack. */
export const hostileDocument: DocumentModel = hostile(attacks);

function hostile(texts: readonly string[]): DocumentModel {
  let next = 0;
  const text = (): string => texts[next++ % texts.length] ?? '';
  const facts = texts.map((value) => ({ label: text(), value }));
  const chart = aTimeChart({
    id: 'chart-hostile',
    title: text(),
    description: text(),
    unit: '<b>"&',
    lines: [aLine({ name: '<script>alert(1)</script>' })],
    limits: [{ label: texts.join(' '), value: 40 }],
    events: texts.map((label, index) => ({ day: dayAt(-index), label })),
  });
  const bars = aBarChart({
    id: 'chart-hostile-bars',
    title: texts.join(' '),
    description: texts.join(' '),
    series: ['<script>', '\u202edata'],
    bars: texts.map((label) => ({ label, values: [1, 2] })),
  });
  const blocks: readonly Block[] = [
    ...texts.flatMap((each): Block[] => [
      { kind: 'heading', text: each, listed: true },
      { kind: 'paragraph', text: each },
      { kind: 'note', tone: 'warning', text: each },
      { kind: 'code', text: each },
    ]),
    { kind: 'list', items: texts },
    { kind: 'figures', figures: texts.map((each) => aFigure(each, each, { detail: each })) },
    aTable({
      id: 'hostile',
      caption: texts.join(' '),
      columns: [aColumn('<th>', { code: true }), aColumn('"&\'')],
      rows: texts.map((each) => [aCell(each, { sort: each }), aCell(text())]),
    }),
    { kind: 'chart', chart },
    { kind: 'chart', chart: bars },
    aCard({
      id: 'card-hostile',
      title: text(),
      badge: '<b>high</b>',
      text: texts.join(' '),
      facts,
      lists: [{ title: text(), ordered: false, folded: true, items: texts }],
      command: texts.join('; '),
    }),
  ];
  return {
    title: '</title><script>alert(1)</script>',
    subtitle: texts.join(' '),
    at: SCANNED,
    facts,
    sections: [section('findings', '"><img src=x onerror=alert(1)>', blocks)],
    generator: '<!-- truenas-monitor -->',
  };
}
