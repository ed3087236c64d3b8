// The language itself, held against its reference implementation: which documents are valid, and what is answered. There the answer comes from one large answer
// of the server, of which the questions ask for parts in ways of their own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  astFromValue,
  buildClientSchema,
  buildSchema,
  execute,
  findBreakingChanges,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
  parse,
  print,
  validate,
} from 'graphql';

const here = dirname(fileURLToPath(import.meta.url));
const QUESTIONS = 150;

async function ask(url, query, variables, operationName) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return answer.json();
}

async function sameVerdicts(url, schema) {
  const documents = readFileSync(join(here, 'documents.graphql'), 'utf8').split(/^# ----.*\n/m).map((text) => text.trim());
  const wrong = [];
  let invalid = 0;
  for (const text of documents) {
    const document = parse(text);
    const faults = validate(schema, document);
    invalid += faults.length > 0 ? 1 : 0;
    const told = await ask(url, text, {}, document.definitions[0].name?.value);
    const codes = (told.errors ?? []).map((error) => error.extensions.code);
    // A valid document may be refused for its values or its cost.
    const refused = faults.length > 0 ? !('data' in told) : codes.includes('GRAPHQL_VALIDATION_FAILED');
    if (refused !== faults.length > 0) {
      wrong.push(`${text}\n  there: ${faults.map((fault) => fault.message)}\n  here: ${JSON.stringify(told.errors)}`);
    }
  }
  assert.ok(documents.length > 100 && invalid > 60, `${documents.length} documents, ${invalid} invalid`);
  assert.deepEqual(wrong, []);
}

/// Numbers that look random, the same each time (mulberry32, which does not come round before 2^32).
function dice(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { below: (n) => Math.floor(next() * n), chance: (part) => next() < part };
}

const fieldsOf = (type) =>
  // The clock says something else each time.
  Object.values(type.getFields()).filter(
    (field) => field.name !== 'computedAt' && !field.deprecationReason && !field.args.some(isRequiredArgument),
  );

/// Everything of a type down to a depth. Where fields of several types would meet under one key, the key carries the type.
function everything(schema, type, depth, path, beside = []) {
  if (isAbstractType(type)) {
    const types = schema.getPossibleTypes(type);
    const parts = types.map((own) => `... on ${own.name} ${everything(schema, own, depth, path, types).replace(/^\{ __typename/, '{')}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  const inner = fieldsOf(type).flatMap((field) => {
    const of = getNamedType(field.type);
    const meets = beside.some((other) => String(other.getFields()[field.name]?.type ?? field.type) !== String(field.type));
    const key = meets ? `${type.name}_${field.name}: ${field.name}` : field.name;
    if (isLeafType(of)) return [key];
    return depth > 0 && !path.includes(of.name) ? [`${key} ${everything(schema, of, depth - 1, [...path, of.name])}`] : [];
  });
  return `{ __typename ${inner.join(' ')} }`;
}

/// The same with the names of the fields.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const strip = (key) => (key.startsWith(`${value.__typename}_`) ? key.slice(value.__typename.length + 1) : key);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [strip(key), plain(inner)]));
}

/// Objects in whatever lists.
const flat = (value) => (Array.isArray(value) ? value.flatMap(flat) : value === null || value === undefined ? [] : [value]);

/// A part of what there is: aliases, fragments, directives and variables as they come.
class Asker {
  constructor(schema, roll) {
    Object.assign(this, { schema, roll, fragments: [], variables: {}, definitions: [] });
  }

  variable(type, fallback, value) {
    const name = `v${this.definitions.length}`;
    this.definitions.push(`$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`);
    if (value !== undefined) this.variables[name] = value;
    return `$${name}`;
  }

  literal(type, value) {
    return print(astFromValue(value, type));
  }

  /// A value as text: it or parts of it may come as variables.
  value(type, value) {
    const { roll } = this;
    const of = getNullableType(type);
    if (this.definitions.length < 12 && roll.chance(0.2)) {
      const way = roll.below(3);
      return this.variable(way === 2 ? type : of, way === 2 ? undefined : this.literal(of, value), way === 0 ? undefined : value);
    }
    if (isListType(of)) return `[${value.map((item) => this.value(of.ofType, item)).join(', ')}]`;
    return isInputObjectType(of) ? `{ ${this.places(Object.values(of.getFields()), value)} }` : this.literal(of, value);
  }

  /// What stands in places, and for what does not now and then a variable without a value.
  places(places, values) {
    const given = places.flatMap(({ name, type, ...place }) => {
      if (name in values) return [`${name}: ${this.value(type, values[name])}`];
      const isOpen = !isRequiredInputField({ type, ...place }) && this.definitions.length < 12 && this.roll.chance(0.1);
      return isOpen ? [`${name}: ${this.variable(getNullableType(type))}`] : [];
    });
    return given.join(', ');
  }

  arguments(field, values = {}) {
    const given = this.places(field.args, values);
    return given && `(${given})`;
  }

  condition() {
    const { roll } = this;
    const [name, value] = [roll.chance(0.5) ? 'skip' : 'include', roll.chance(0.5)];
    if (roll.chance(0.3)) return ` @${name}(if: ${value})`;
    const way = roll.below(3);
    const variable = way === 2 ? this.variable('Boolean!', undefined, value) : this.variable('Boolean', value, way === 1 ? !value : undefined);
    return ` @${name}(if: ${variable})`;
  }

  directives() {
    return this.definitions.length < 12 && this.roll.chance(0.15) ? this.condition() : '';
  }

  set(type, there, depth) {
    const { roll, schema } = this;
    const items = [];
    for (let count = 1 + roll.below(4); count > 0; count -= 1) {
      const way = roll.below(isAbstractType(type) ? 4 : 12);
      if (way < 3 && depth > 0) {
        const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type, ...type.getInterfaces()];
        const on = types[roll.below(types.length)];
        const inner = this.set(on, there, depth - 1);
        if (roll.chance(0.5)) {
          const name = `f${this.fragments.length}`;
          this.fragments.push(`fragment ${name} on ${on.name} ${inner}`);
          items.push(`...${name}${this.directives()}`);
        } else {
          const condition = on === type && roll.chance(0.5) ? '' : ` on ${on.name}`;
          items.push(`...${condition}${this.directives()} ${inner}`);
        }
      } else {
        items.push(this.field(type, there, depth));
      }
    }
    return `{ ${items.filter(Boolean).join(' ') || '__typename'} }`;
  }

  field(type, objects, depth) {
    const { roll } = this;
    const own = isAbstractType(type) ? objects : objects.filter((object) => object.__typename === type.name);
    const there = fieldsOf(type).filter((field) => own.length > 0 && own.every((object) => field.name in object));
    const another = (letter) => (roll.chance(0.2) ? `${letter}${roll.below(4)}: ` : '');
    if (there.length === 0 || roll.chance(0.1)) {
      // A key of its own: there it may meet a field of another shape, which the specification forbids.
      return `${another('t')}__typename${this.directives()}`;
    }
    const alias = another('a');
    const field = there[roll.below(there.length)];
    const of = getNamedType(field.type);
    const name = `${alias}${field.name}${this.arguments(field)}`;
    if (isLeafType(of)) return `${name}${this.directives()}`;
    if (depth === 0) return '';
    return `${name}${this.directives()} ${this.set(of, own.flatMap((object) => flat(object[field.name])), depth - 1)}`;
  }
}

async function roots(url, schema) {
  const given = await ask(url, '{ indicators(first: 2) { nodes { id } } orgUnits(first: 2) { nodes { id } } observations(first: 2) { nodes { id } } }');
  const ids = Object.values(given.data).flatMap((list) => list.nodes.map((node) => node.id));
  // Somebody is committing figures meanwhile.
  const asOf = new Date(Date.now() - 1000).toISOString();
  const args = {
    nodes: { ids },
    indicators: { first: 2 },
    orgUnits: { first: 2 },
    observations: { first: 2, asOf },
    observationRows: { first: 3, asOf },
    observationTable: { limit: 3, asOf },
    compare: { input: { indicators: { theme: 'leadership' }, orgs: { codes: ['shenzhen-longhua-guanhu'] }, period: '2025', asOf } },
  };
  const fields = schema.getQueryType().getFields();
  return Object.entries(args).map(([name, values]) => ({ field: fields[name], values, type: getNamedType(fields[name].type) }));
}

async function sameAnswers(url, schema) {
  const roll = dice(7);
  const asked = new Set();
  for (const root of await roots(url, schema)) {
    const { field, values } = root;
    const plainly = field.args.filter(({ name }) => name in values).map(({ name, type }) => `${name}: ${print(astFromValue(values[name], type))}`);
    const whole = `{ __typename ${field.name}(${plainly.join(', ')}) ${everything(schema, root.type, 3, [root.type.name])} }`;
    const answer = await ask(url, whole);
    assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
    const rootValue = plain(answer.data);
    for (let count = 0; count < QUESTIONS; ) {
      const asker = new Asker(schema, roll);
      const set = asker.set(root.type, flat(rootValue[field.name]), 6);
      const given = `${asker.arguments(field, values)}${asker.directives()}`;
      const definitions = asker.definitions.length > 0 ? `(${asker.definitions.join(', ')})` : '';
      const text = `query Q${definitions} { ${field.name}${given} ${set} } ${asker.fragments.join(' ')}`;
      const document = parse(text);
      if (validate(schema, document).length > 0) continue;
      const there = execute({ schema, document, rootValue, variableValues: asker.variables });
      const here = await ask(url, text, asker.variables);
      assert.equal(JSON.stringify(here.data), JSON.stringify(there.data), `${text}\n${JSON.stringify(asker.variables)}\n${JSON.stringify(here.errors)}`);
      count += 1;
      asked.add(text);
    }
  }
  assert.ok(asked.size >= 1000, `${asked.size} different questions`);
}

/// What clients and tools ask first, with everything that they may ask of it.
async function tellsOfItself(url, schema) {
  const query = getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true });
  const answer = await ask(url, query);
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  const told = buildClientSchema(answer.data);
  assert.deepEqual(findBreakingChanges(schema, told), []);
  assert.deepEqual(findBreakingChanges(told, schema), []);
}

export function language(url, path) {
  const schema = buildSchema(readFileSync(path, 'utf8'));
  return [
    ['the schema tells of itself whatever is asked', () => tellsOfItself(url, schema)],
    ['the same documents are valid as in the reference implementation', () => sameVerdicts(url, schema)],
    ['a question is answered as by the reference implementation', () => sameAnswers(url, schema)],
  ];
}
