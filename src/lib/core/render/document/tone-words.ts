import { type Tone } from '../../model/document.ts';
import { SEVERITIES } from '../../model/finding.ts';

/** What a tone says to those who do not see its colour; nothing where there is nothing to say. */
const TONE_WORDS: Readonly<Record<Tone, string>> = {
  good: 'OK',
  warning: 'Attention',
  bad: 'Problem',
  neutral: '',
};

/** Words that say themselves what their tone says. */
const JUDGEMENTS: ReadonlySet<string> = new Set([
  ...SEVERITIES,
  ...['pass', 'warning', 'fail', 'failed', 'partial', 'degraded', 'faulted', 'offline'],
]);

/** What stands beside a text for its tone: nothing where the text says it already. */
export function toneWord(tone: Tone, text: string): string {
  return JUDGEMENTS.has(text.toLowerCase()) ? '' : TONE_WORDS[tone];
}

/** How a note with a tone begins. */
export const NOTE_WORDS: Readonly<Record<Tone, string>> = { ...TONE_WORDS, neutral: 'Note' };
