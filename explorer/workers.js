// Where the editor finds its workers: beside the page, never elsewhere.
const path = (name) => new URL(`./${name}.js`, import.meta.url);

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const name = { json: 'json.worker', graphql: 'graphql.worker' }[label] ?? 'editor.worker';
    return new Worker(path(name), { type: 'module', name: label });
  },
};
