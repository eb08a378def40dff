import { type FastifyRequest } from 'fastify';
import { refuse } from '../http-error.ts';

interface Wanted {
  readonly type: string;
  readonly quality: number;
}

function wantedOf(header: string): readonly Wanted[] {
  return header.split(',').map((each) => {
    const [type = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((part) => part.startsWith('q='));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
  });
}

/** How much a media type is wanted: the pattern that names it most closely decides. */
function qualityOf(type: string, wanted: readonly Wanted[]): number {
  const [family = ''] = type.split('/');
  for (const pattern of [type, `${family}/*`, '*/*']) {
    const found = wanted.find((each) => each.type === pattern);
    if (found !== undefined) return found.quality;
  }
  return 0;
}

/** Which of the media types an answer can be had in is wanted most; the first of them where nothing is said. Throws an `HttpError` for none. */
export function chooseType<const T extends string>(
  { headers: { accept } }: Pick<FastifyRequest, 'headers'>,
  types: readonly [T, ...T[]],
): T {
  const [first] = types;
  if (accept === undefined || accept.trim() === '') return first;
  const wanted = wantedOf(accept);
  let best: T | undefined;
  let most = 0;
  for (const type of types) {
    const quality = qualityOf(type, wanted);
    if (quality <= most) continue;
    best = type;
    most = quality;
  }
  if (best !== undefined) return best;
  throw refuse(406, {
    code: 'NOT_ACCEPTABLE',
    message: 'this cannot be had in what Accept asks for',
    details: { available: types.join(', ') },
    remediation: [`Send Accept: ${first}, or none.`],
  });
}
