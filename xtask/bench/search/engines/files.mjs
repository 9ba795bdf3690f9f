// The table that every engine without a store of its own is given: number of a record → [id, title].

export const RECORDS = 'records.json';

/** The title a list of results shows; a record without one shows how its text begins. */
export function title(doc) {
  return doc.title || [...doc.body].slice(0, 40).join('');
}

export function records(docs) {
  return [RECORDS, JSON.stringify(docs.map(doc => [doc.id, title(doc)]))];
}

export async function text(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

/** What `search` returns: ids, the best first, and the title of the first as it would be shown. */
export function hits(table, numbers) {
  return { ids: numbers.map(number => table[number][0]), title: numbers.length > 0 ? table[numbers[0]][1] : '' };
}
