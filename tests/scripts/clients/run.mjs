// Tries a running server with the clients that people use: node run.mjs URL SCHEMA, as http://127.0.0.1:8000/graphql and api/schema.graphql.
// Somebody must be committing figures meanwhile. Each rule is one line; the exit code is 1 when one is broken.
import { audits } from './audits.mjs';
import { feed } from './feed.mjs';
import { generate } from './generate.mjs';
import { language } from './language.mjs';
import { persisted } from './persisted.mjs';

const [url, schema] = process.argv.slice(2);
if (!url || !schema) {
  console.error('usage: node run.mjs URL SCHEMA');
  process.exit(2);
}

let broken = 0;
// A rule that never ends is broken.
const inTime = (work) =>
  Promise.race([work(), new Promise((_, fail) => setTimeout(() => fail(new Error('it does not end')), 120_000).unref())]);

for (const [name, work] of [...audits(url), ...feed(url), ...persisted(url), ...language(url, schema), ...generate(schema)]) {
  try {
    await inTime(work);
    console.log(`ok      ${name}`);
  } catch (error) {
    broken += 1;
    console.log(`BROKEN  ${name}: ${error?.stack ?? (error?.code ? `closed with ${error.code} ${error.reason}` : JSON.stringify(error))}`);
  }
}
console.log(broken === 0 ? 'every rule is kept' : `${broken} rules are broken`);
process.exit(broken === 0 ? 0 : 1);
