// graphql-ws and graphql-sse follow the change feed, and resume it without a gap.
import assert from 'node:assert/strict';
import { createClient as createEvents } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import WebSocket from 'ws';

const FOLLOW = 'subscription ($after: Int) { changes(after: $after) { sequence topic indicator { code } } }';

async function follow(client, after, count) {
  const seen = [];
  for await (const answer of client.iterate({ query: FOLLOW, variables: { after } })) {
    assert.equal(answer.errors, undefined);
    seen.push(answer.data.changes.sequence);
    if (seen.length === count) break;
  }
  return seen;
}

async function resumes(client) {
  const all = await follow(client, 0, 6);
  assert.deepEqual(all, [...all].sort((a, b) => a - b));
  assert.equal(new Set(all).size, 6);
  assert.deepEqual(await follow(client, all[2], 3), all.slice(3));
  const [next] = await follow(client, undefined, 1);
  assert.ok(next > all[5]);
}

export function feed(url) {
  const socket = () => createSocket({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  const events = () => createEvents({ url, retryAttempts: 0 });
  const query = async (client) => {
    const answers = [];
    for await (const answer of client.iterate({ query: '{ __typename }' })) answers.push(answer);
    assert.deepEqual(answers.map((answer) => answer.data), [{ __typename: 'Query' }]);
  };
  const refused = async () => {
    await assert.rejects(query.call(null, { iterate: (asked) => socket().iterate({ ...asked, query: '{ nothing }' }) }), (errors) => {
      assert.equal(errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
      return true;
    });
  };
  return [
    ['graphql-ws follows the feed and resumes', async () => resumes(socket())],
    ['graphql-ws asks a query', async () => query(socket())],
    ['graphql-ws is told what is wrong', refused],
    ['graphql-sse follows the feed and resumes', async () => resumes(events())],
    ['graphql-sse asks a query', async () => query(events())],
  ];
}
