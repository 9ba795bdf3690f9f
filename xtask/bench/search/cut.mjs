// Text to terms, for the peers that let a site bring its own cutting.

const RUN = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;

/**
 * The terms of a text, in their order: Latin words and numbers whole, Chinese in overlapping pairs.
 * With `characters` also each Chinese character by itself; without it, one that stands alone.
 */
export function cut(text, characters = false) {
  const terms = [];
  for (const [run] of text.normalize('NFKC').toLowerCase().matchAll(RUN)) {
    if (!/^\p{Script=Han}/u.test(run)) {
      terms.push(run);
      continue;
    }
    const signs = [...run];
    for (let at = 0; at < signs.length; at += 1) {
      if (characters || signs.length === 1) terms.push(signs[at]);
      if (at + 1 < signs.length) terms.push(signs[at] + signs[at + 1]);
    }
  }
  return terms;
}

/** The terms of a question, each once. */
export function asked(text, characters = false) {
  return [...new Set(cut(text, characters))];
}
