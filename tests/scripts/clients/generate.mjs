// relay-compiler and graphql-codegen accept the schema and generate from real documents.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate as codegen } from '@graphql-codegen/cli';

const here = dirname(fileURLToPath(import.meta.url));

function relay(schema) {
  const desk = mkdtempSync(join(tmpdir(), 'plumbline-relay-'));
  try {
    mkdirSync(join(desk, 'src'));
    cpSync(join(here, 'Board.js'), join(desk, 'src', 'Board.js'));
    cpSync(schema, join(desk, 'schema.graphql'));
    const settings = { src: './src', schema: './schema.graphql', language: 'typescript', eagerEsModules: true };
    writeFileSync(join(desk, 'relay.config.json'), JSON.stringify(settings));
    writeFileSync(join(desk, 'package.json'), '{}');
    const compiler = join(here, 'node_modules', 'relay-compiler', 'cli.js');
    execFileSync(process.execPath, [compiler, 'relay.config.json'], { cwd: desk, stdio: 'pipe' });
    for (const name of ['BoardQuery', 'Board_page', 'BoardPageQuery', 'BoardSubscription']) {
      assert.ok(existsSync(join(desk, 'src', '__generated__', `${name}.graphql.ts`)), name);
    }
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout ?? ''}\n${error.stderr ?? ''}`);
  } finally {
    rmSync(desk, { recursive: true, force: true });
  }
}

async function types(schema) {
  const files = await codegen(
    {
      schema: resolve(schema),
      documents: [join(here, 'board.graphql')],
      silent: true,
      errorsOnly: true,
      generates: { 'types.ts': { plugins: ['typescript', 'typescript-operations'], config: { strictScalars: true, scalars: { DateTime: 'string', Period: 'string', Date: 'string', Upload: 'File', JSON: 'unknown' } } } },
    },
    false,
  );
  const text = files[0].content;
  for (const name of ['BoardQuery', 'BoardQueryVariables', 'FollowSubscription']) {
    assert.ok(text.includes(`export type ${name} =`), name);
  }
  assert.ok(readFileSync(schema, 'utf8').includes('type Subscription'));
}

export function generate(schema) {
  return [
    ['relay-compiler generates from a real document', async () => relay(schema)],
    ['graphql-codegen generates from a real document', () => types(schema)],
  ];
}
