/** Header names are in lower case; a header that came several times is a list. */
export type ReplyHeaders = Record<string, string | string[] | undefined>;

/** A reply of any status. Its headers came whole; what became of its body is said here. */
export type Reply = {
  replied: true;
  status: number;
  headers: ReplyHeaders;
  /** Decoded, and bounded. `''` where it is `unreadable`. */
  body: string;
  /** Why the body cannot be read: too large, or in an encoding that is not known. */
  unreadable?: string;
  /** The code of what ended the reply before its end; `body` is what came until then. */
  cutOff?: string;
};

/** No reply. `sent`: the request had begun to leave, so the other side may have it. */
type NoReply = { replied: false; sent: boolean; code: string };

/** What one call brought. */
export type Delivery = Reply | NoReply;

/** The first of a header that may have come several times. */
export function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
