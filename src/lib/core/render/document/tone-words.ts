import { type Tone } from '../../model/document.ts';

/** What a tone says to those who do not see its colour; nothing where there is nothing to say. */
export const TONE_WORDS: Readonly<Record<Tone, string>> = {
  good: 'OK',
  warning: 'Attention',
  bad: 'Problem',
  neutral: '',
};

/** How a note with a tone begins. */
export const NOTE_WORDS: Readonly<Record<Tone, string>> = { ...TONE_WORDS, neutral: 'Note' };
