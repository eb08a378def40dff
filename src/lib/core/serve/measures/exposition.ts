import { type Family, type Measured, type Sample } from './family.ts';

/** The form of text in which Prometheus reads numbers, version 0.0.4. */
export function exposition(all: readonly Measured[]): string {
  return all
    .filter(({ samples }) => samples.length > 0)
    .map(textOf)
    .join('');
}

function textOf({ family, samples }: Measured): string {
  const { name, help, type } = family;
  const lines = new Map<string, string>();
  for (const sample of samples) {
    const series = `${name}${labelsOf(family, sample)}`;
    // A series that is there twice makes Prometheus refuse the whole answer.
    if (!lines.has(series)) lines.set(series, `${series} ${numberOf(sample.value)}\n`);
  }
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${[...lines.values()].join('')}`;
}

function labelsOf({ labels }: Family, sample: Sample): string {
  let text = '';
  for (const [index, label] of labels.entries()) {
    const value = sample.labels[index] ?? null;
    if (value === null) continue;
    text += `${text === '' ? '' : ','}${label}="${escapeValue(value)}"`;
  }
  return text === '' ? '' : `{${text}}`;
}

function numberOf(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

const TO_ESCAPE = /[\\"\n]/;

function escapeValue(value: string): string {
  if (!TO_ESCAPE.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
