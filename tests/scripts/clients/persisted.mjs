// Apollo's persisted-query link: a hash that is not known, the text with it, then the hash alone; by POST and by GET.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function client(url, useGETForHashedQueries) {
  const sent = [];
  const counting = (address, options) => {
    const asked = options.body ? JSON.parse(options.body) : Object.fromEntries(new URL(address).searchParams);
    sent.push({ method: options.method, text: asked.query !== undefined });
    return fetch(address, options);
  };
  const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries });
  const link = ApolloLink.from([persisted, new HttpLink({ uri: url, fetch: counting })]);
  return { sent, apollo: new ApolloClient({ link, cache: new InMemoryCache() }) };
}

async function flow(url, byGet) {
  const query = byGet ? gql`query ByGet { indicators(first: 2) { nodes { id code } } }` : gql`query ByPost { indicators(first: 3) { nodes { id code } } }`;
  const method = byGet ? 'GET' : 'POST';
  const first = client(url, byGet);
  const answer = await first.apollo.query({ query });
  assert.ok(answer.data.indicators.nodes.length > 1);
  assert.deepEqual(first.sent.map((request) => request.text), [false, true]);
  const second = client(url, byGet);
  await second.apollo.query({ query });
  assert.deepEqual(second.sent, [{ method, text: false }]);
}

export function persisted(url) {
  return [
    ["Apollo's persisted-query link by POST", () => flow(url, false)],
    ["Apollo's persisted-query link by GET", () => flow(url, true)],
  ];
}
