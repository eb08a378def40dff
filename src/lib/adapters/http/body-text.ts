import { type Dispatcher } from 'undici';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The body of an answer as text, decoded while it arrives. In one piece it would lie outside of V8's heap, which is searched
 * from end to end each time 64 MB of such pieces have come together: the larger the heap, the longer that takes.
 */
export async function bodyText(body: Dispatcher.ResponseData['body']): Promise<string> {
  body.setEncoding('utf8');
  let text = '';
  for await (const part of body) text += part as string; // a stream with an encoding gives text
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
