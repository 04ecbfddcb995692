/** How the command line is run from a checkout, so that an example can be pasted as it stands. */
export const invocation = 'npm run -s proofbox --';

/** An id as orders have it, for examples. */
export const exampleId = 'pb-7m2k9c4x8q1r5t3v6w0y2z4a';
